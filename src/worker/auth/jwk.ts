import { importJWK, type JWK } from 'jose';
import * as z from 'zod';

/** Signature algorithms that a token may use (decisions, section 2). */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;

/** Longest key id, in a key set and in a token's header. */
export const MAX_KID = 200;

const MIN_RSA_BITS = 2048;

const shared = {
  kid: z.string().min(1).max(MAX_KID).optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  /** A published private key is no longer anyone's own. */
  d: z.never().optional(),
};

/** One key, one algorithm (RFC 8725, section 3.1): a key that names none gets the only one allowed for its type. */
const SigningJwk = z.discriminatedUnion('kty', [
  z.object({
    kty: z.literal('RSA'),
    n: z.string(),
    e: z.string(),
    alg: z.literal('RS256').default('RS256'),
    ...shared,
  }),
  z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    alg: z.literal('ES256').default('ES256'),
    ...shared,
  }),
  z.object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    alg: z.literal('EdDSA').default('EdDSA'),
    ...shared,
  }),
]);

const JwkSet = z.object({ keys: z.array(z.unknown()) });

async function isSound(jwk: JWK): Promise<boolean> {
  try {
    const key = await importJWK(jwk);
    if (key instanceof Uint8Array) return false;
    const bits = 'modulusLength' in key.algorithm ? Number(key.algorithm.modulusLength) : MIN_RSA_BITS;
    return bits >= MIN_RSA_BITS;
  } catch {
    // WebCrypto throws different classes for a point off the curve or a broken modulus: all mean the same here.
    return false;
  }
}

/**
 * The keys of a JWK set (RFC 7517) that can verify our tokens: RSA of 2048 bits and more, P-256, Ed25519, public, for
 * signatures. Others are left out, as issuers publish keys for other uses beside them.
 * @throws Error when the document is no key set or none of its keys is usable.
 */
export async function usableKeys(document: unknown): Promise<JWK[]> {
  const usable: JWK[] = [];
  for (const candidate of JwkSet.parse(document).keys) {
    const parsed = SigningJwk.safeParse(candidate);
    if (!parsed.success) continue;
    const { d: _, ...jwk } = parsed.data;
    if (await isSound(jwk as JWK)) usable.push(jwk as JWK);
  }
  if (usable.length === 0) throw new Error('the key set has no usable key');
  return usable;
}
