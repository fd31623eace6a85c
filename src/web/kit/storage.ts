type Kind = 'local' | 'session';

function open(kind: Kind): Storage | null {
  try {
    return kind === 'local' ? window.localStorage : window.sessionStorage;
  } catch {
    return null;
  }
}

/** Text kept under a key; null when there is none, or when the browser keeps nothing for this site. */
export function readStored(kind: Kind, key: string): string | null {
  try {
    return open(kind)?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it with null. @returns whether it was kept: storage can be full or forbidden. */
export function writeStored(kind: Kind, key: string, value: string | null): boolean {
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
