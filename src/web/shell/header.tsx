import { useCallback, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { lazyDialog } from '../kit/lazy.tsx';
import { useShortcuts } from '../kit/shortcuts.ts';
import { useStore } from '../kit/store.ts';
import { session, signOut } from '../session/session.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import {
  chartNoAxesColumn,
  circleQuestionMark,
  code,
  listChecks,
  logOut,
  slidersHorizontal,
} from '../ui/icons.ts';
import { Logo } from './logo.tsx';
import { ThemeButton } from './theme-button.tsx';

const HelpDialog = lazyDialog(() => import('./help.tsx').then((part) => part.HelpDialog));

const LINKS = [
  { href: '/', label: 'Practice', icon: code, keys: 'g p' },
  { href: '/review', label: 'Review', icon: listChecks, keys: 'g r' },
  { href: '/progress', label: 'Progress', icon: chartNoAxesColumn, keys: 'g o' },
  { href: '/settings', label: 'Settings', icon: slidersHorizontal, keys: 'g s' },
] as const;

/** Brand, the four pages, and what holds for all of them; on a phone the pages are at the bottom, under the thumb. */
export function Header({ preload }: { preload(path: string): void }) {
  const { path, route } = useLocation();
  const current = useStore(session);
  const [help, setHelp] = useState(false);
  // Stays once it was opened: closing it gives the focus back.
  const [asked, setAsked] = useState(false);
  const showHelp = useCallback(() => {
    setAsked(true);
    setHelp(true);
  }, []);
  const shortcuts = useMemo(
    () => [
      { keys: '?', label: 'Show what the keyboard can do', run: showHelp },
      ...LINKS.map(({ keys, label, href }) => ({ keys, label: `Go to ${label}`, run: () => route(href) })),
    ],
    [route, showHelp],
  );
  useShortcuts('Everywhere', shortcuts);
  return (
    <>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="/">
            <Logo />
            <span>Study Paths</span>
          </a>
          {current.state === 'signed-in' && (
            <nav class="nav" aria-label="Pages">
              <ul>
                {LINKS.map(({ href, label, icon }) => (
                  <li key={href}>
                    <a
                      href={href}
                      aria-current={path === href ? 'page' : undefined}
                      onPointerEnter={() => preload(href)}
                      onFocus={() => preload(href)}
                    >
                      <Icon of={icon} size={18} />
                      <span>{label}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          <div class="tools">
            {current.state === 'signed-in' && (
              <span class="learner" title={current.learner}>
                <span class="hidden">Signed in as </span>
                {current.learner}
              </span>
            )}
            <IconButton
              icon={circleQuestionMark}
              label="Keyboard help"
              onPointerEnter={HelpDialog.preload}
              onFocus={HelpDialog.preload}
              onClick={showHelp}
            />
            <ThemeButton />
            {current.state === 'signed-in' && <IconButton icon={logOut} label="Sign out" onClick={signOut} />}
          </div>
        </div>
      </header>
      {asked && <HelpDialog open={help} onClose={() => setHelp(false)} />}
    </>
  );
}
