import { readStored, writeStored } from '../kit/storage.ts';
import { createStore } from '../kit/store.ts';
import { readToken, type TokenClaims, takeToken } from './token.ts';

const KEY = 'study-paths.token';
/** Longest delay that a timer can hold. */
const LONGEST_TIMER_MS = 2_147_483_647;

export type Session =
  | ({ state: 'signed-in'; token: string } & TokenClaims)
  | { state: 'signed-out'; why: 'never' | 'left' | 'expired' };

export const session = createStore<Session>({ state: 'signed-out', why: 'never' });

let expiry: ReturnType<typeof setTimeout> | undefined;

function begin(token: string): void {
  const claims = readToken(token);
  if (claims === null) return;
  const left = claims.expiresAt - Date.now();
  if (left <= 0) {
    endSession('expired');
    return;
  }
  writeStored('session', KEY, token);
  clearTimeout(expiry);
  expiry = setTimeout(() => endSession('expired'), Math.min(left, LONGEST_TIMER_MS));
  session.set({ state: 'signed-in', token, ...claims });
}

/** Forgets the token. `expired` also stands for a token that the Worker no longer accepts. */
export function endSession(why: 'left' | 'expired'): void {
  clearTimeout(expiry);
  writeStored('session', KEY, null);
  session.set({ state: 'signed-out', why });
}

/**
 * Takes the token from the address (`#token=...`, as the issuer or another front end hands it over), removes it from
 * there and from the history, and keeps it for this tab; without one, goes on with the tab's own.
 */
export function openSession(): void {
  const { token, rest } = takeToken(window.location.hash);
  if (token !== null) {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', `${pathname}${search}${rest}`);
  }
  const kept = token ?? readStored('session', KEY);
  if (kept !== null) begin(kept);
}

/** Where signing in begins; it ends on the page that was open. */
export function signInUrl(): string {
  const { pathname, search } = window.location;
  return `/sign-in?to=${encodeURIComponent(`${pathname}${search}`)}`;
}
