import { afterEach, beforeEach, expect, test } from 'vitest';

type StorageModule = {
  readStored(kind: 'local' | 'session', key: string): string | null;
  writeStored(kind: 'local' | 'session', key: string, value: string | null): boolean;
  storeWorkOf(learner: string | null): void;
  forgetWork(learner: string): void;
};

// Loaded without its types: they are those of a browser, which this program is not.
const { forgetWork, readStored, storeWorkOf, writeStored }: StorageModule = await import(
  new URL('../../src/web/kit/storage.ts', import.meta.url).href
);

/** The two places where a browser stores text, as far as the app uses them. */
class Memory {
  setItem(key: string, value: string) {
    Object.defineProperty(this, key, { value, enumerable: true, configurable: true });
  }
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(Reflect.get(this, key)) : null;
  }
  removeItem(key: string) {
    Reflect.deleteProperty(this, key);
  }
}

beforeEach(() => {
  Object.defineProperty(globalThis, 'window', {
    value: { localStorage: new Memory(), sessionStorage: new Memory() },
    configurable: true,
  });
});

afterEach(() => {
  storeWorkOf(null);
  Reflect.deleteProperty(globalThis, 'window');
});

const draft = (learner: string) => `study-paths.draft:${encodeURIComponent(learner)}:task-1:python`;

test('forgets one learner\u2019s work, and neither preferences nor the work of another', () => {
  for (const learner of ['zoë:1', 'zoë', 'bob']) {
    storeWorkOf(learner);
    expect(writeStored('local', draft(learner), 'code')).toBe(true);
    expect(writeStored('session', `study-paths.unanswered:${encodeURIComponent(learner)}:t`, '{}')).toBe(
      true,
    );
  }
  expect(writeStored('local', 'study-paths.theme', 'dark')).toBe(true);
  forgetWork('zoë:1');
  expect(readStored('local', draft('zoë:1'))).toBeNull();
  expect(readStored('session', 'study-paths.unanswered:zo%C3%AB%3A1:t')).toBeNull();
  expect(readStored('local', draft('zoë'))).toBe('code');
  expect(readStored('local', draft('bob'))).toBe('code');
  expect(readStored('local', 'study-paths.theme')).toBe('dark');
});

test('what is still being written when the learner has signed out is not stored', () => {
  storeWorkOf('bob');
  writeStored('local', draft('bob'), 'first');
  storeWorkOf(null);
  forgetWork('bob');
  expect(writeStored('local', draft('bob'), 'late')).toBe(false);
  expect(readStored('local', draft('bob'))).toBeNull();
  storeWorkOf('alice');
  expect(writeStored('local', draft('bob'), 'late')).toBe(false);
  expect(writeStored('local', 'study-paths.code-size', '16')).toBe(true);
});
