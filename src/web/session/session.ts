import { randomId } from '../kit/ids.ts';
import { forgetWork, readStored, storeWorkOf, writeStored } from '../kit/storage.ts';
import { createStore } from '../kit/store.ts';
import { readToken, type TokenClaims, takeToken } from './token.ts';

const KEY = 'study-paths.token';
/** What this tab sends along to recognize its own sign-in; used once. */
const STATE_KEY = 'study-paths.sign-in-state';
/** Longest delay that a timer can hold. */
const LONGEST_TIMER_MS = 2_147_483_647;

export type Session =
  | ({ state: 'signed-in'; token: string } & TokenClaims)
  | { state: 'signed-out'; why: 'never' | 'left' | 'expired' };

export const session = createStore<Session>({ state: 'signed-out', why: 'never' });

/** A token that this tab did not ask for: taken only when the learner says so. */
export type Offer = { token: string; learner: string };
export const offered = createStore<Offer | null>(null);

/** Tells the other tabs who has signed out. */
const tabs = new BroadcastChannel('study-paths.signed-out');

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
  storeWorkOf(claims.learner);
  clearTimeout(expiry);
  expiry = setTimeout(() => endSession('expired'), Math.min(left, LONGEST_TIMER_MS));
  session.set({ state: 'signed-in', token, ...claims });
}

/** Forgets the token. `expired` also stands for a token that the Worker no longer accepts; drafts then wait for the learner. */
export function endSession(why: 'left' | 'expired'): void {
  clearTimeout(expiry);
  writeStored('session', KEY, null);
  session.set({ state: 'signed-out', why });
}

function forget(learner: string): void {
  storeWorkOf(null);
  forgetWork(learner);
  endSession('left');
}

/** Signs out, here and in other tabs, and removes what this device holds of the learner. Preferences stay. */
export function signOut(): void {
  const current = session.get();
  if (current.state !== 'signed-in') return;
  forget(current.learner);
  tabs.postMessage(current.learner);
}

tabs.addEventListener('message', ({ data }: MessageEvent<string>) => {
  const current = session.get();
  if (current.state === 'signed-in' && current.learner === data) forget(data);
  else forgetWork(data); // what this tab alone still holds of an earlier session
});

/** Whether a token that was handed over may be taken without a question: this tab asked for it, or it renews its own. */
function isExpected(state: string | null, learner: string, current: string | null): boolean {
  const own = readStored('session', STATE_KEY);
  if (state !== null && state === own) {
    writeStored('session', STATE_KEY, null);
    return true;
  }
  return learner === current;
}

/**
 * Takes a token from the address (`#token=...`, as the issuer or another front end hands it over) and removes it from
 * there and from the history. Anybody can make such a link: one that this tab did not ask for is only offered. Without a
 * token it goes on with the tab's own.
 */
export function openSession(): void {
  const { token, state, rest } = takeToken(window.location.hash);
  const stored = readStored('session', KEY);
  const { state: before } = session.get();
  if (stored !== null && before === 'signed-out') begin(stored);
  if (token === null) return;
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, '', `${pathname}${search}${rest}`);
  const claims = readToken(token);
  if (claims === null) return;
  const current = session.get();
  const learner = current.state === 'signed-in' ? current.learner : null;
  const isOver = claims.expiresAt <= Date.now();
  if (isExpected(state, claims.learner, learner)) begin(token);
  else if (!isOver) offered.set({ token, learner: claims.learner });
  else if (learner === null) endSession('expired');
}

/** Answers the offer of a token. */
export function answerOffer(accepted: boolean): void {
  const offer = offered.get();
  offered.set(null);
  if (accepted && offer !== null) begin(offer.token);
}

/** Where signing in begins; it ends on the page that was open. */
export function signInUrl(): string {
  const state = readStored('session', STATE_KEY) ?? randomId();
  writeStored('session', STATE_KEY, state);
  const { pathname, search } = window.location;
  return `/sign-in?to=${encodeURIComponent(`${pathname}${search}`)}&state=${state}`;
}
