import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { PageSkeleton, Skeleton } from '../ui/skeleton.tsx';
import { ErrorState } from '../ui/states.tsx';

export type Lazy<Props> = ComponentType<Props> & { preload(): void };
export type LazyPage = Lazy<object>;

type Meanwhile = { waiting(): ComponentChildren; failed(): ComponentChildren };

function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { waiting, failed }: Meanwhile,
): Lazy<Props> {
  let Loaded: ComponentType<Props> | null = null;
  async function fetchCode() {
    Loaded = await load();
  }
  function Part(props: Props) {
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
    if (Loaded !== null) return <Loaded {...props} />;
    return <>{state === 'failed' ? failed() : waiting()}</>;
  }
  // A failed early fetch is no news: showing the part tries again and reports.
  Part.preload = () => void fetchCode().catch(() => undefined);
  return Part;
}

function Failed({ what }: { what: string }) {
  return (
    <ErrorState
      title={`This ${what} could not be loaded`}
      detail="You may be offline, or a newer version has been published since you opened the app."
      onRetry={() => window.location.reload()}
      retryLabel="Reload"
    />
  );
}

/** A page whose code is fetched when it is first shown; says so when it cannot be had. */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  return lazy(load, {
    waiting: () => <PageSkeleton />,
    failed: () => (
      <main id="main" class="page">
        <Failed what="page" />
      </main>
    ),
  });
}

/** The same for a part of a page. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): Lazy<Props> {
  return lazy(load, { waiting: () => <Skeleton />, failed: () => <Failed what="part" /> });
}

/** The same for a dialog, which has no place on the page that could be held free for it. */
export function lazyDialog<Props extends object>(load: () => Promise<ComponentType<Props>>): Lazy<Props> {
  return lazy(load, { waiting: () => null, failed: () => <Failed what="part" /> });
}
