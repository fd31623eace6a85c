import { createCipheriv, randomBytes } from 'node:crypto';

/** The row that a sealed text belongs to, as the Worker names it when it opens the text. */
export type SealContext = { table: string; learnerId: string; taskId: string; rowId: string };
export type Seal = (plain: string, context: SealContext) => string;

/**
 * Seals texts as the Worker does (decisions, section 8): AES-256-GCM under the first key of the ring, written as
 * `v1.<kid>.<IV>.<ciphertext and tag>`.
 * @param keyRing `kid:base64` of 32 bytes, newest first, separated by commas.
 * @throws Error when the ring is not of that form.
 */
export function createSeal(keyRing: string): Seal {
  const [kid = '', base64 = ''] = keyRing.split(',', 1)[0]?.trim().split(':') ?? [];
  const key = Buffer.from(base64, 'base64');
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(kid) || key.byteLength !== 32)
    throw new Error('CODE_ENCRYPTION_KEYS must begin with an id, a colon and 32 bytes in base64');
  return (plain, { table, learnerId, taskId, rowId }) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(JSON.stringify(['v1', kid, table, learnerId, taskId, rowId])));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return ['v1', kid, iv.toString('base64url'), text.toString('base64url')].join('.');
  };
}
