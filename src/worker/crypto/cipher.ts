import type { Config } from '../env.ts';
import { AppError } from '../errors.ts';
import { decrypt, encrypt, IV_BYTES, importKey } from './aes-gcm.ts';
import { fromBase64, fromBase64Url, toBase64Url } from './base64url.ts';

/** The row that a sealed text belongs to; a text moved to another row does not open there. */
export type SealContext = { table: string; learnerId: string; taskId: string; rowId: string };

/** Encryption of learners' code at rest. */
export type CodeCipher = {
  /** `v1.<kid>.<IV>.<ciphertext and tag>`, the last two in base64url; never the same twice. */
  seal(plain: string, context: SealContext): Promise<string>;
  /** @throws AppError `integrity-error` when the text was changed, moved, or sealed with a key that is gone. */
  open(sealed: string, context: SealContext): Promise<string>;
};

const FORMAT = 'v1';

/** Cipher over a key ring: the first key seals, every key opens (decisions, section 8). */
export function createCipher(keys: Config['CODE_ENCRYPTION_KEYS']): CodeCipher {
  const raw = new Map(keys);
  // Keys, not promises of them: on Workers a promise can die with the request that made it.
  const imported = new Map<string, CryptoKey>();
  const newest = keys[0]?.[0];

  async function keyOf(kid: string | undefined): Promise<CryptoKey> {
    const known = imported.get(kid ?? '');
    if (known !== undefined) return known;
    const base64 = raw.get(kid ?? '');
    if (kid === undefined || base64 === undefined) throw refused('unknown-key');
    const key = await importKey(fromBase64(base64));
    imported.set(kid, key);
    return key;
  }

  return {
    async seal(plain, context) {
      // UTF-8 would turn a lone surrogate into another character without a word.
      if (!plain.isWellFormed()) throw new TypeError('only well-formed text can be sealed');
      const key = await keyOf(newest);
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await encrypt(key, iv, utf8(plain), additionalData(newest, context));
      return [FORMAT, newest, toBase64Url(iv), toBase64Url(sealed)].join('.');
    },
    async open(sealed, context) {
      const [format, kid, iv, text, ...rest] = sealed.split('.', 5);
      const ivBytes = fromBase64Url(iv ?? '');
      const bytes = fromBase64Url(text ?? '');
      if (format !== FORMAT || ivBytes === null || bytes === null || rest.length > 0) throw refused('format');
      const plain = await decrypt(await keyOf(kid), ivBytes, bytes, additionalData(kid, context));
      if (plain === null) throw refused('does-not-open');
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
    },
  };
}

/** A JSON list keeps its parts apart whatever they hold; the key's name is among them, so that it cannot be swapped. */
function additionalData(kid: string | undefined, { table, learnerId, taskId, rowId }: SealContext) {
  return utf8(JSON.stringify([FORMAT, kid, table, learnerId, taskId, rowId]));
}

/** The runtimes' types disagree on whose buffer the encoder fills; it is never a shared one. */
function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function refused(reason: 'unknown-key' | 'format' | 'does-not-open'): AppError {
  return new AppError('integrity-error', { cause: reason });
}
