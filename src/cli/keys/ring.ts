import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The row that a sealed text belongs to, as the Worker names it when it opens the text. */
export type SealContext = { table: string; learnerId: string; taskId: string; rowId: string };
export type Seal = (plain: string, context: SealContext) => string;

/** Why a text does not open; a word, never a piece of the text. */
export type Unreadable = 'format' | 'unknown-key' | 'does-not-open';

/** The Worker's key ring in Node: the first key seals, every key opens. */
export type KeyRing = {
  newest: string;
  seal: Seal;
  open(sealed: string, context: SealContext): { ok: true; plain: string } | { ok: false; reason: Unreadable };
};

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/** What the text is bound to besides its key: format, key id, table, learner, task and row. */
function additionalData(kid: string, { table, learnerId, taskId, rowId }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, kid, table, learnerId, taskId, rowId]));
}

/**
 * Seals and opens texts as the Worker does (decisions, section 8): AES-256-GCM, written as
 * `v1.<kid>.<IV>.<ciphertext and tag>`.
 * @param text `CODE_ENCRYPTION_KEYS`: `kid:base64` of 32 bytes, newest first, separated by commas.
 * @throws Error when the ring is not of that form.
 */
export function createKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>();
  for (const entry of text.split(',')) {
    const [kid = '', base64 = '', ...rest] = entry.trim().split(':');
    const key = Buffer.from(base64, 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(kid) || key.byteLength !== 32 || rest.length > 0)
      throw new Error('CODE_ENCRYPTION_KEYS must hold entries of an id, a colon and 32 bytes in base64');
    if (keys.has(kid)) throw new Error(`CODE_ENCRYPTION_KEYS holds the id ${kid} twice`);
    keys.set(kid, key);
  }
  const [[newest, first]] = [...keys] as [[string, Buffer]];

  return {
    newest,
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first, iv);
      cipher.setAAD(additionalData(newest, context));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [FORMAT, newest, iv.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [, kid = '', iv = '', body = ''] = SEALED.exec(sealed) ?? [];
      const bytes = Buffer.from(body, 'base64url');
      // Several spellings decode to the same bytes; the Worker takes the canonical one alone.
      if (kid === '' || bytes.toString('base64url') !== body) return { ok: false, reason: 'format' };
      const key = keys.get(kid);
      if (key === undefined) return { ok: false, reason: 'unknown-key' };
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
      decipher.setAAD(additionalData(kid, context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const head = decipher.update(bytes.subarray(0, -TAG_BYTES));
      try {
        return { ok: true, plain: Buffer.concat([head, decipher.final()]).toString('utf8') };
      } catch {
        return { ok: false, reason: 'does-not-open' };
      }
    },
  };
}
