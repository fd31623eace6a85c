/** Names a learner in logs and to the evaluator: always the same 16 hex digits, which cannot be traced back without the key. */
export type Pseudonyms = (learnerId: string) => Promise<string>;

/** Learners whose name is kept per isolate. */
const KEPT = 5000;
const BYTES = 8;

/**
 * Keyed digest of learner ids (HMAC-SHA-256, RFC 2104, cut to 64 bits). A plain hash would not do: ids can be guessed
 * and tried.
 * @param secret of at least 32 characters; the purpose is part of the message, so that it may sign other things too.
 */
export function createPseudonyms(secret: string): Pseudonyms {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = new TextEncoder();
  const known = new Map<string, string>();
  // The key, not the promise of it: on Workers a promise can die with the request that made it.
  let key: CryptoKey | null = null;

  async function digest(learnerId: string): Promise<string> {
    key ??= await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign']);
    const mac = await crypto.subtle.sign('HMAC', key, bytes.encode(`log-pseudonym\0${learnerId}`));
    return new Uint8Array(mac, 0, BYTES).toHex();
  }

  return async (learnerId) => {
    const found = known.get(learnerId);
    if (found !== undefined) return found;
    const made = await digest(learnerId);
    if (known.size >= KEPT) known.clear();
    known.set(learnerId, made);
    return made;
  };
}
