import { readStored, writeStored } from './storage.ts';
import { createStore, type Store } from './store.ts';

/** A choice from a closed list, remembered on this device. */
function preference<const T extends string>(name: string, choices: readonly [T, ...T[]]): Store<T> {
  const key = `study-paths.${name}`;
  const kept = readStored('local', key);
  const store = createStore<T>(choices.find((choice) => choice === kept) ?? choices[0]);
  return {
    ...store,
    set(value) {
      writeStored('local', key, value);
      store.set(value);
    },
  };
}

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = preference<Theme>('theme', THEMES);
/** Whether single keys act, as `?` does; WCAG 2.1.4 asks for a way to turn them off. */
export const singleKeys = preference('single-keys', ['on', 'off']);
/** Difficulty biases practice, so it can be hidden everywhere. */
export const difficultyShown = preference('difficulty', ['shown', 'hidden']);
/** Language that the learner last wrote in. */
export const codeLanguage = preference('language', ['python', 'javascript']);
/** Size of code in the editor, in sixteenths of the page's own text. */
export const codeSize = preference('code-size', ['14', '12', '13', '16', '18', '20']);
