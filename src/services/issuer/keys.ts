import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';

/** Signature algorithms that the issuer holds keys for. */
export const TokenAlgorithm = z.enum(['ES256', 'RS256']);
export type TokenAlgorithm = z.infer<typeof TokenAlgorithm>;

const jwkBase = { kid: z.string().min(1), use: z.literal('sig') };
const EcJwk = z.strictObject({
  ...jwkBase,
  kty: z.literal('EC'),
  alg: z.literal('ES256'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const RsaJwk = z.strictObject({
  ...jwkBase,
  kty: z.literal('RSA'),
  alg: z.literal('RS256'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});

/** A private signing key in JWK form (RFC 7517). */
const SigningKey = z.discriminatedUnion('kty', [EcJwk, RsaJwk]);
type SigningKey = z.infer<typeof SigningKey>;

/** The issuer's keys, oldest first: the newest of an algorithm signs, all are published. */
export const KeyRing = z.array(SigningKey).min(1);
export type KeyRing = z.infer<typeof KeyRing>;

/** What may be published of a key. Fields are listed one by one so that a private one cannot slip through. */
export function publicJwk(key: SigningKey) {
  const { kid, use, alg } = key;
  return key.kty === 'EC'
    ? { kty: key.kty, crv: key.crv, x: key.x, y: key.y, kid, use, alg }
    : { kty: key.kty, n: key.n, e: key.e, kid, use, alg };
}

/** One fresh key for each algorithm (P-256; RSA 2048). */
export async function createKeys(): Promise<KeyRing> {
  const keys = TokenAlgorithm.options.map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), kid: `${alg.toLowerCase()}-${randomUUID()}`, use: 'sig', alg };
  });
  return KeyRing.parse(await Promise.all(keys));
}

/** @throws Error naming the file when it holds anything but a key ring; ENOENT when there is none. */
export function readKeys(keyFile: string): KeyRing {
  const text = readFileSync(keyFile, 'utf8');
  try {
    return KeyRing.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${keyFile} is not a key file of the issuer; delete it to get a new one`, { cause });
  }
}

function writeBeside(keyFile: string, ring: KeyRing): string {
  mkdirSync(dirname(keyFile), { recursive: true });
  const draft = `${keyFile}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return draft;
}

/**
 * Reads the key file, or creates it (mode 0600) with fresh keys. Several processes may do so at once: linking the
 * finished draft lets exactly one of them win, and all of them read the winner's keys.
 */
export async function openKeys(keyFile: string): Promise<KeyRing> {
  try {
    return readKeys(keyFile);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  const draft = writeBeside(keyFile, await createKeys());
  try {
    linkSync(draft, keyFile);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readKeys(keyFile);
}

/** Adds fresh keys, which sign from now on; `drop` removes the older ones, so that their tokens fail. */
export async function rotateKeys(keyFile: string, { drop }: { drop: boolean }): Promise<KeyRing> {
  const fresh = await createKeys();
  const ring = [...(drop ? [] : readKeys(keyFile)), ...fresh];
  renameSync(writeBeside(keyFile, ring), keyFile);
  return ring;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
