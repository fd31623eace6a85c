import type { KeySet } from './jwks.ts';
import type { Scopes } from './scopes.ts';

/** Whom a token speaks for, what it may do beyond a learner's own rights, and until when (seconds since 1970). */
export type VerifiedToken = { learnerId: string; scopes: Scopes; expiresAt: number };

type Entry = VerifiedToken & { keys: KeySet };

/**
 * Remembers verified tokens, the longest unused forgotten first; 1000 of them are 8 MB at most, and mostly half a one. An
 * entry is tied to the key set that verified it: when the issuer's keys change, every token is verified again, so none
 * outlives its key.
 */
export function createVerifiedTokens(capacity = 1000) {
  const entries = new Map<string, Entry>();
  return {
    get(token: string): Entry | undefined {
      const entry = entries.get(token);
      if (entry !== undefined) {
        entries.delete(token);
        entries.set(token, entry);
      }
      return entry;
    },
    set(token: string, entry: Entry): void {
      entries.delete(token);
      entries.set(token, entry);
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
