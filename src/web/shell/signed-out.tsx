import { useLocation } from 'preact-iso/router';
import { type Session, signInUrl } from '../session/session.ts';
import { Icon } from '../ui/icon.tsx';
import { arrowRight, chartNoAxesColumn, code, lightbulb, rotateCcw } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';

type Why = Extract<Session, { state: 'signed-out' }>['why'];

const TEXTS: Record<Why, { title: string; lead: string; button: string }> = {
  never: {
    title: 'Practise with a plan',
    lead: 'One task at a time, chosen for what you know, and back again just before you forget it.',
    button: 'Sign in',
  },
  left: {
    title: 'You have signed out',
    lead: 'What you submitted is in your account; what you had only typed is gone from this device.',
    button: 'Sign in again',
  },
  expired: {
    title: 'Please sign in again',
    lead: 'Your session has ended. Everything you did is kept, and you come back to this page.',
    button: 'Sign in again',
  },
};

const POINTS = [
  {
    icon: code,
    title: 'Real problems',
    text: 'Python or JavaScript, judged against hidden tests in a sandbox.',
  },
  {
    icon: lightbulb,
    title: 'Hints, not answers',
    text: 'A tutor that goes up a ladder, one rung at a time.',
  },
  { icon: rotateCcw, title: 'Spaced reviews', text: 'Each problem returns on the day that memory needs it.' },
  {
    icon: chartNoAxesColumn,
    title: 'Honest progress',
    text: 'Every figure comes from a log of what you did.',
  },
] as const;

/** All that a visitor without a valid token sees; the address stays, so that signing in leads back to it. */
export function SignedOut({ why }: { why: Why }) {
  const { query } = useLocation();
  const { title, lead, button } = TEXTS[why];
  return (
    <Page title={title} lead={lead}>
      {query.sign_in === 'unavailable' ? (
        <p class="note note-warn" role="alert">
          There is no sign-in page here. Open the app from where you usually sign in: it hands your session
          over.
        </p>
      ) : (
        // `_top` keeps the router from taking the address for one of its own.
        <a class="button button-primary button-large" href={signInUrl()} target="_top">
          <span>{button}</span>
          <Icon of={arrowRight} size={18} />
        </a>
      )}
      {why === 'never' && (
        <ul class="points">
          {POINTS.map((point) => (
            <li key={point.title} class="card">
              <Icon of={point.icon} size={22} />
              <h2>{point.title}</h2>
              <p>{point.text}</p>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
