import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { PageSkeleton } from '../ui/skeleton.tsx';
import { ErrorState } from '../ui/states.tsx';

export type LazyPage = ComponentType & { preload(): void };

/** A page whose code is fetched when it is first shown; says so when it cannot be had. */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  let Loaded: ComponentType | null = null;
  async function fetchCode() {
    Loaded = await load();
  }
  function Page() {
    const [state, setState] = useState<'loading' | 'ready' | 'failed'>(Loaded === null ? 'loading' : 'ready');
    useEffect(() => {
      if (state !== 'loading') return;
      let shown = true;
      fetchCode().then(
        () => shown && setState('ready'),
        () => shown && setState('failed'),
      );
      return () => {
        shown = false;
      };
    }, [state]);
    if (Loaded !== null) return <Loaded />;
    if (state !== 'failed') return <PageSkeleton />;
    return (
      <main id="main" class="page">
        <ErrorState
          title="This page could not be loaded"
          detail="You may be offline, or a newer version has been published since you opened the app."
          onRetry={() => window.location.reload()}
          retryLabel="Reload"
        />
      </main>
    );
  }
  // A failed early fetch is no news: showing the page tries again and reports.
  Page.preload = () => void fetchCode().catch(() => undefined);
  return Page;
}
