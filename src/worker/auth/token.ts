import { base64url, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod';
import { AppError } from '../errors.ts';
import { ALGORITHMS, MAX_KID } from './jwk.ts';
import type { Background, KeySet, KeySource } from './jwks.ts';
import { createVerifiedTokens, type VerifiedToken } from './verified-tokens.ts';

export type TokenVerifier = {
  /** @throws AppError `invalid-token`, or `auth-unavailable` when the issuer's keys cannot be had. */
  verify(token: string, background?: Background): Promise<VerifiedToken>;
};

export type VerifierOptions = {
  issuer: string;
  audience?: string | undefined;
  keys: KeySource;
  /** Milliseconds since 1970. */
  now?: () => number;
};

const MAX_TOKEN = 8192;
const TOLERANCE_S = 5;
const MAX_LIFETIME_S = 24 * 3600;
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** What a header may say; `crit` and the parameters that carry or point to a key (RFC 8725, 3.10) are refused. */
const Header = z.object({
  alg: z.enum(ALGORITHMS),
  kid: z.string().min(1).max(MAX_KID).optional(),
  typ: z
    .string()
    .regex(/^(jwt|at\+jwt)$/i)
    .optional(),
  crit: z.never().optional(),
  b64: z.never().optional(),
  jwk: z.never().optional(),
  jku: z.never().optional(),
  x5c: z.never().optional(),
  x5u: z.never().optional(),
});

/** jose accepts an empty subject and an infinite expiry; a learner's id also has to fit its column unchanged. */
const Claims = z
  .object({
    sub: z
      .string()
      .min(1)
      .max(255)
      .refine((sub) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(sub) && sub.trim() === sub && sub !== '__proto__'),
    exp: z.int().positive(),
    iat: z.int().nonnegative(),
    nbf: z.int().nonnegative().optional(),
  })
  .refine(({ exp, iat }) => exp > iat && exp - iat <= MAX_LIFETIME_S);

function invalidToken(cause?: unknown): AppError {
  return new AppError('invalid-token', {
    detail: 'The token is malformed, expired or not meant for this service.',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    cause,
  });
}

/** Bits that base64url ignores would give one token many spellings, each with its own place in the cache. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => {
    // Four characters hold 24 bits, so a remainder of one holds no byte at all, and others leave bits that must be 0.
    if (part.length % 4 === 1) return false;
    const tail = part.slice(part.length - (part.length % 4));
    return tail === '' || base64url.encode(base64url.decode(tail)) === tail;
  });
}

/** Verifies bearer tokens as decisions, section 2, ask; a verified one is remembered until it expires. */
export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const { issuer, audience, keys, now = Date.now } = options;
  const verified = createVerifiedTokens();

  async function claimsOf(token: string, set: KeySet): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, set.getKey, {
      algorithms: [...ALGORITHMS],
      issuer,
      ...(audience === undefined ? {} : { audience }),
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: TOLERANCE_S,
      // With an age limit jose also refuses an `iat` in the future.
      maxTokenAge: MAX_LIFETIME_S,
      currentDate: new Date(now()),
    });
    return payload;
  }

  async function check(token: string, set: KeySet, background: Background) {
    try {
      return { set, payload: await claimsOf(token, set) };
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const newer = await keys.newerThan(set, background);
      if (newer === set) throw error;
      return { set: newer, payload: await claimsOf(token, newer) };
    }
  }

  async function verifyNew(token: string, set: KeySet, background: Background) {
    const checked = await check(token, set, background);
    const { sub, exp } = Claims.parse(checked.payload);
    const result = { learnerId: sub, expiresAt: exp };
    verified.set(token, { ...result, keys: checked.set });
    return result;
  }

  return {
    async verify(token, background = () => {}) {
      const known = verified.get(token);
      try {
        if (known === undefined) {
          if (token.length > MAX_TOKEN || !COMPACT_JWS.test(token) || !isCanonical(token))
            throw invalidToken();
          Header.parse(decodeProtectedHeader(token));
        }
        const set = await keys.current(background);
        if (known?.keys === set) {
          if (known.expiresAt <= Math.floor(now() / 1000) - TOLERANCE_S) throw invalidToken();
          return { learnerId: known.learnerId, expiresAt: known.expiresAt };
        }
        return await verifyNew(token, set, background);
      } catch (error) {
        // Whatever a token makes jose, zod or WebCrypto throw, it is the token that is refused.
        throw error instanceof AppError ? error : invalidToken(error);
      }
    },
  };
}
