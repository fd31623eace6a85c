import { useEffect } from 'preact/hooks';
import { singleKeys } from './preferences.ts';
import { createStore } from './store.ts';

/** `keys` is one key (`j`, `?`, `Enter`) or a sequence of two with a space between (`g r`). */
export type Shortcut = {
  keys: string;
  label: string;
  run(event: KeyboardEvent): void;
  /** Whether the keys act right now; the help lists them in any case. */
  when?(): boolean;
};
export type ShortcutGroup = { title: string; shortcuts: readonly Shortcut[] };

/** What the keyboard can do right now, for the help dialog. */
export const shortcutGroups = createStore<readonly ShortcutGroup[]>([]);

/** Milliseconds in which the second key of a sequence has to follow. */
const SEQUENCE_MS = 1000;

function isEditing(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Starts listening for the shortcuts of all groups; keys in a field or an open dialog are none. */
export function listenForShortcuts(): void {
  let first = { key: '', at: 0 };
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (singleKeys.get() === 'off' || isEditing(event) || document.querySelector('dialog[open]')) return;
    const all = shortcutGroups
      .get()
      .flatMap((group) => group.shortcuts)
      .filter(({ when }) => when?.() ?? true);
    const sequence = event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : '';
    const match = all.find(({ keys }) => keys === sequence) ?? all.find(({ keys }) => keys === event.key);
    first = { key: event.key, at: event.timeStamp };
    if (match === undefined) return;
    event.preventDefault();
    match.run(event);
  });
}

/** Makes shortcuts act while the component is shown. Pass a constant or memoised list. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    const group = { title, shortcuts };
    shortcutGroups.set([...shortcutGroups.get(), group]);
    return () => shortcutGroups.set(shortcutGroups.get().filter((other) => other !== group));
  }, [title, shortcuts]);
}
