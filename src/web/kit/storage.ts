type Kind = 'local' | 'session';

function open(kind: Kind): Storage | null {
  try {
    return kind === 'local' ? window.localStorage : window.sessionStorage;
  } catch {
    return null;
  }
}

/** Keys of a learner's work, `study-paths.<what>:<learner, percent-encoded>:<rest>`; preferences of the device have no colon. */
const OWNED = /^study-paths\.[a-z-]+:([^:]*):/;
let owner: string | null = null;

/** Says whose work this tab may store from now on; null after signing out, when what is still being written must not return. */
export function storeWorkOf(learner: string | null): void {
  owner = learner === null ? null : encodeURIComponent(learner);
}

/** Text kept under a key; null when there is none, or when the browser keeps nothing for this site. */
export function readStored(kind: Kind, key: string): string | null {
  try {
    return open(kind)?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/**
 * Stores a text, or forgets it with null.
 * @returns whether it was stored: storage can be full or forbidden, and another learner's work is not stored.
 */
export function writeStored(kind: Kind, key: string, value: string | null): boolean {
  const [, learner] = OWNED.exec(key) ?? [];
  if (value !== null && learner !== undefined && learner !== owner) return false;
  try {
    const storage = open(kind);
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, value);
    return storage !== null;
  } catch {
    return false;
  }
}

/** Keys of all that is kept and begins with `prefix`. */
export function storedKeys(kind: Kind, prefix: string): string[] {
  try {
    return Object.keys(open(kind) ?? {}).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Forgets all that this device holds of a learner's work: drafts, clocks, unanswered requests. Preferences stay. */
export function forgetWork(learner: string): void {
  const mine = encodeURIComponent(learner);
  for (const kind of ['local', 'session'] as const) {
    for (const key of storedKeys(kind, 'study-paths.')) {
      if (OWNED.exec(key)?.[1] === mine) writeStored(kind, key, null);
    }
  }
}
