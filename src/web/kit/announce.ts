import { createStore } from './store.ts';

export type Toast = { id: number; text: string; tone: 'info' | 'good' | 'bad' };

/** How long a message stays (WCAG 2.2.1 does not apply: each is also where it belongs on the page). */
const SHOWN_MS = 6000;

export const toasts = createStore<readonly Toast[]>([]);
/** Text for screen readers alone, such as a new number of results. */
export const liveText = createStore('');

let lastId = 0;

/** Shows a short message and has it read out. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  lastId += 1;
  const id = lastId;
  toasts.set([...toasts.get(), { id, text, tone }].slice(-3));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((entry) => entry.id !== id));
}

/** Has a text read out without showing it. */
export function announce(text: string): void {
  // The same text twice in a row is no change, so nothing would be read.
  liveText.set(liveText.get() === text ? `${text}\u00a0` : text);
}
