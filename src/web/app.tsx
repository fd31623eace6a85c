import { useEffect, useState } from 'preact/hooks';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { lazyDialog, lazyPage } from './kit/lazy.tsx';
import { useStore } from './kit/store.ts';
import { offered, session } from './session/session.ts';
import { Header } from './shell/header.tsx';
import { NotFound } from './shell/not-found.tsx';
import { OfflineNote } from './shell/offline-note.tsx';
import { SignedOut } from './shell/signed-out.tsx';
import { headingWanted } from './ui/page.tsx';
import { Sprite } from './ui/sprite.tsx';
import { Toasts } from './ui/toasts.tsx';

const pages = {
  '/': lazyPage(() => import('./pages/practice/index.tsx').then((page) => page.PracticePage)),
  '/review': lazyPage(() => import('./pages/review/index.tsx').then((page) => page.ReviewPage)),
  '/progress': lazyPage(() => import('./pages/progress/index.tsx').then((page) => page.ProgressPage)),
  '/settings': lazyPage(() => import('./pages/settings/index.tsx').then((page) => page.SettingsPage)),
} as const;

/** Fetches a page's code before it is shown. */
export function preload(path: string): void {
  for (const [route, page] of Object.entries(pages)) if (route === path) page.preload();
}

function Pages() {
  const current = useStore(session);
  if (current.state === 'signed-out') return <SignedOut why={current.why} />;
  return (
    // Another learner's pages begin anew: nothing of the one before may stay on the screen.
    <Router key={current.learner} onRouteChange={() => headingWanted.set(true)}>
      <Route path="/" component={pages['/']} />
      <Route path="/review" component={pages['/review']} />
      <Route path="/progress" component={pages['/progress']} />
      <Route path="/settings" component={pages['/settings']} />
      <Route default component={NotFound} />
    </Router>
  );
}

const HandOver = lazyDialog(() => import('./shell/hand-over.tsx').then((part) => part.HandOver));

/** The question about a token that was handed over; stays once it was asked, so that closing it gives the focus back. */
function Offers() {
  const offer = useStore(offered);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (offer !== null) setAsked(true);
  }, [offer]);
  return asked ? <HandOver /> : null;
}

export function App() {
  return (
    <LocationProvider>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Sprite />
      <Header preload={preload} />
      <OfflineNote />
      <Pages />
      <Offers />
      <Toasts />
    </LocationProvider>
  );
}
