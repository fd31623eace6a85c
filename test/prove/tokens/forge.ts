import { createHmac } from 'node:crypto';
import { base64url, exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';
import { ISSUER } from '../kit/tokens.ts';

export { ISSUER };
/** The proof's fixed clock, in seconds. */
export const NOW = Date.parse('2026-11-22T10:00:00Z') / 1000;

const ALGORITHMS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const;
export type Algorithm = keyof typeof ALGORITHMS;

export type Key = {
  alg: Algorithm;
  kid: string;
  jwk: JWK;
  pem: string;
  sign(input: string): Promise<Uint8Array>;
};

export async function makeKey(alg: Algorithm, kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return {
    alg,
    kid,
    jwk,
    pem: await exportSPKI(publicKey),
    sign: async (input) =>
      new Uint8Array(await crypto.subtle.sign(ALGORITHMS[alg], privateKey, new TextEncoder().encode(input))),
  };
}

export const goodClaims = () => ({ iss: ISSUER, sub: 'learner-1', iat: NOW - 60, exp: NOW + 3600 });

export const encode = (value: unknown) =>
  base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));

/** A token with header and payload exactly as given, texts as they are. */
export async function signed(
  key: Key,
  payload: unknown = goodClaims(),
  header: object | string = {},
): Promise<string> {
  const full = typeof header === 'string' ? header : { alg: key.alg, kid: key.kid, typ: 'JWT', ...header };
  const input = `${encode(full)}.${encode(payload)}`;
  return `${input}.${base64url.encode(await key.sign(input))}`;
}

/** HMAC over header and payload with whatever bytes an attacker takes for the secret. */
export function hmac(alg: string, header: object, payload: unknown, secret: string): string {
  const input = `${encode({ alg, ...header })}.${encode(payload)}`;
  const hash = `sha${alg.slice(2)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

export function flipBit(text: string, bit: number): string {
  const bytes = base64url.decode(text);
  const index = Math.floor(bit / 8) % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 8));
  return base64url.encode(bytes);
}
