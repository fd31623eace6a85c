import { compactVerify, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { createJwks, type KeySource } from '#worker/auth/jwks.ts';
import type { TokenVerifier } from '#worker/auth/token.ts';
import { AppError } from '#worker/errors.ts';
import { ISSUER, NOW } from '../tokens/forge.ts';
import type { MakeKeys } from '../tokens/outage.ts';

export type VerifierBug = { name: string; wrap: (inner: TokenVerifier, keys: KeySource) => TokenVerifier };

const nobody = () => {};

/** Lets in what `lenient` lets in, too. */
function alsoBy(lenient: (token: string, keys: KeySource) => Promise<string>): VerifierBug['wrap'] {
  return (inner, keys) => ({
    verify: (token, background) =>
      inner.verify(token, background).catch(async (error: unknown) => {
        try {
          return { learnerId: await lenient(token, keys), scopes: new Set(), expiresAt: NOW + 60 };
        } catch {
          throw error;
        }
      }),
  });
}

export const VERIFIER_BUGS: readonly VerifierBug[] = [
  {
    name: 'jose called the obvious way',
    wrap: alsoBy(async (token, keys) => {
      const { getKey } = await keys.current(nobody);
      const { payload } = await jwtVerify(token, getKey, {
        issuer: ISSUER,
        currentDate: new Date(NOW * 1000),
      });
      return String(payload.sub);
    }),
  },
  {
    name: 'only the signature is looked at',
    wrap: alsoBy(async (token, keys) => {
      const { getKey } = await keys.current(nobody);
      const { payload } = await compactVerify(token, getKey);
      return new TextDecoder().decode(payload);
    }),
  },
  {
    name: 'alg none needs no signature',
    wrap: alsoBy(async (token) => {
      const { alg } = decodeProtectedHeader(token);
      if (String(alg).toLowerCase() !== 'none') throw new Error('signed');
      return String(decodeJwt(token).sub);
    }),
  },
  {
    name: 'a broken token is a bug of the server',
    wrap: (inner) => ({
      verify(token, background) {
        decodeProtectedHeader(token);
        return inner.verify(token, background);
      },
    }),
  },
  {
    name: 'the log quotes the token that was refused',
    wrap: (inner) => ({
      verify: (token, background) =>
        inner.verify(token, background).catch(() => {
          throw new AppError('invalid-token', { cause: `not good: ${token}` });
        }),
    }),
  },
];

/** Ways to get keys that an outage, or an attacker, makes the issuer suffer from. */
export const KEY_BUGS: readonly { name: string; makeKeys: MakeKeys }[] = [
  {
    name: 'a failed download is tried again at once',
    makeKeys: (options) => ({
      current: (background) => createJwks(options).current(background),
      newerThan: (seen, background) => createJwks(options).newerThan(seen, background),
    }),
  },
];
