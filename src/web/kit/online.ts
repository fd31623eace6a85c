import { createStore } from './store.ts';

/** Whether the browser believes that it has a network. */
export const online = createStore(navigator.onLine);

export function watchOnline(): void {
  for (const name of ['online', 'offline'] as const) {
    window.addEventListener(name, () => online.set(name === 'online'));
  }
}
