import { fromBase64Url, toBase64Url } from '../crypto/base64url.ts';

/** Minutes in which an erasure can be confirmed. */
const LIFETIME_MS = 10 * 60_000;

/** Keeps these signatures apart from all others under the same key, and from later forms of this token. */
const PURPOSE = 'study-paths/erase-learner/v1';

const SHAPE = /^([1-9][0-9]{12,14})\.([A-Za-z0-9_-]{43})$/;

/** What a token turned out to be; a foreign one cannot be told from a forged one. */
export type ConfirmationCheck = 'valid' | 'expired' | 'invalid';

/**
 * A token that lets this learner confirm the erasure: its end in milliseconds, and an HMAC-SHA-256 over purpose, end
 * and learner. It does not show the learner's id.
 * @param now RFC 3339.
 */
export async function confirmationFor(
  secret: string,
  learnerId: string,
  now: string,
): Promise<{ token: string; expiresAt: string }> {
  const expiry = Date.parse(now) + LIFETIME_MS;
  const mac = await crypto.subtle.sign('HMAC', await hmacKey(secret), message(learnerId, expiry));
  return {
    token: `${expiry}.${toBase64Url(new Uint8Array(mac))}`,
    expiresAt: new Date(expiry).toISOString(),
  };
}

/** Checks the signature before the time, so that only a genuine token is ever called expired. */
export async function checkConfirmation(
  secret: string,
  learnerId: string,
  token: string,
  now: string,
): Promise<ConfirmationCheck> {
  const [, expiry = '', mac = ''] = SHAPE.exec(token) ?? [];
  const signature = fromBase64Url(mac);
  if (signature === null || expiry === '') return 'invalid';
  const end = Number(expiry);
  const genuine = await crypto.subtle.verify(
    'HMAC',
    await hmacKey(secret),
    signature,
    message(learnerId, end),
  );
  if (!genuine) return 'invalid';
  return Date.parse(now) < end ? 'valid' : 'expired';
}

function hmacKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

function message(learnerId: string, expiry: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(JSON.stringify([PURPOSE, expiry, learnerId])));
}
