import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { createJwks, type KeySource } from '#worker/auth/jwks.ts';
import { createTokenVerifier } from '#worker/auth/token.ts';
import { AppError } from '#worker/errors.ts';

export const ISSUER = 'api.scimigo.com';
export const AUDIENCE = 'study-paths';
/** The tests' fixed clock, in seconds. */
export const NOW = Date.parse('2026-11-22T10:00:00Z') / 1000;

export type Signer = { alg: string; kid: string; privateKey: CryptoKey; publicJwk: JWK };

export async function makeSigner(alg: string, kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export const goodClaims = { iss: ISSUER, aud: AUDIENCE, sub: 'learner-1', iat: NOW - 60, exp: NOW + 3600 };

/** A properly signed token; `undefined` in claims or header removes what a good token has there. */
export function mint(
  signer: Signer,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const protectedHeader = JSON.parse(JSON.stringify({ alg: signer.alg, kid: signer.kid, ...header }));
  return new SignJWT(JSON.parse(JSON.stringify({ ...goodClaims, ...claims })))
    .setProtectedHeader(protectedHeader as JWTHeaderParameters)
    .sign(signer.privateKey);
}

export const encode = (value: unknown) =>
  base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));

const ALGORITHMS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const;

/** Signs header and payload as they are, for what no library would write. */
export async function signRaw(signer: Signer, header: unknown, payload: unknown): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`;
  const algorithm = ALGORITHMS[signer.alg as keyof typeof ALGORITHMS];
  const signature = await crypto.subtle.sign(algorithm, signer.privateKey, new TextEncoder().encode(input));
  return `${input}.${base64url.encode(new Uint8Array(signature))}`;
}

/** Key source whose issuer answers with these keys. */
export function sourceOf(keys: unknown[], now: () => number = () => NOW * 1000): KeySource {
  return createJwks({ url: 'https://issuer.test/jwks', now, fetch: async () => Response.json({ keys }) });
}

export function verifierOf(keys: unknown[], now: () => number = () => NOW * 1000) {
  return createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: sourceOf(keys, now), now });
}

/** The AppError that the work ends with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof AppError) return outcome.error;
  throw new Error(`expected an AppError, got ${JSON.stringify(outcome)}`, {
    cause: 'error' in outcome ? outcome.error : undefined,
  });
}

/** A real HTTP server that counts its hits; `answer` can be exchanged while it runs. */
export async function startIssuer(first: RequestListener) {
  const state = { answer: first, hits: 0 };
  const server = createServer((request, response) => {
    state.hits += 1;
    state.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    url: `http://127.0.0.1:${port}/jwks`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
