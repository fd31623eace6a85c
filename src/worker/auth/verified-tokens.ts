import type { KeySet } from './jwks.ts';

/** Who a token speaks for, and until when (seconds since 1970). */
export type VerifiedToken = { learnerId: string; expiresAt: number };

type Entry = VerifiedToken & { keys: KeySet };

/**
 * Remembers verified tokens under their SHA-256, the longest unused forgotten first. An entry is tied to the key set
 * that verified it: when the issuer's keys change, every token is verified again, so none outlives its key.
 */
export function createVerifiedTokens(capacity = 1000) {
  const entries = new Map<string, Entry>();
  return {
    get(digest: string): Entry | undefined {
      const entry = entries.get(digest);
      if (entry !== undefined) {
        entries.delete(digest);
        entries.set(digest, entry);
      }
      return entry;
    },
    set(digest: string, entry: Entry): void {
      entries.delete(digest);
      entries.set(digest, entry);
      if (entries.size > capacity) {
        const [oldest] = entries.keys();
        if (oldest !== undefined) entries.delete(oldest);
      }
    },
    get size(): number {
      return entries.size;
    },
  };
}
