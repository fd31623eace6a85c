import {
  base64url,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import * as z from 'zod';
import { AppError } from '../errors.ts';
import { ALGORITHMS, MAX_KID } from './jwk.ts';
import type { Background, KeySet, KeySource } from './jwks.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import { scopesOf } from './scopes.ts';
import { createVerifiedTokens, type VerifiedToken } from './verified-tokens.ts';

export type TokenVerifier = {
  /**
   * @throws AppError `invalid-token` whose cause is a `Refusal`, or `auth-unavailable` when the issuer's keys cannot be
   * fetched.
   */
  verify(token: string, background?: Background): Promise<VerifiedToken>;
};

export type VerifierOptions = {
  issuer: string;
  audience?: string | undefined;
  keys: KeySource;
  /** Claim that holds the scopes (default `scope`, RFC 8693). */
  scopeClaim?: string;
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

/** Seconds since 1970, a fraction allowed (RFC 7519, section 2, NumericDate). */
const NumericDate = z.number().nonnegative();

/** Whole milliseconds, as `iat` + 86,400 need not be exactly that far away once both are rounded to a double. */
function lifetimeMs({ exp, iat }: { exp: number; iat: number }): number {
  return Math.round((exp - iat) * 1000);
}

/** jose accepts an empty subject and an infinite expiry; a learner's id also has to fit its column unchanged. */
const Claims = z.object({
  sub: z
    .string()
    .min(1)
    .max(255)
    .refine((sub) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(sub) && sub.trim() === sub && sub !== '__proto__'),
  exp: NumericDate,
  iat: NumericDate,
  nbf: NumericDate.optional(),
});

function invalidToken(reason: Refusal): AppError {
  return new AppError('invalid-token', {
    detail: 'The token is malformed, expired or not meant for this service.',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    cause: reason,
  });
}

/** The header of a token that may be verified. @throws AppError `invalid-token` */
function checkSpelling(token: string): void {
  if (token.length > MAX_TOKEN) throw invalidToken('too-long');
  if (!COMPACT_JWS.test(token) || !isCanonical(token)) throw invalidToken('malformed');
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw invalidToken('malformed');
  }
  if (!Header.safeParse(header).success) throw invalidToken('bad-header');
}

/** What a verified payload says of the learner. @throws AppError `invalid-token` */
function checkClaims(payload: JWTPayload) {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw invalidToken('bad-claim');
  const lifetime = lifetimeMs(claims.data);
  if (lifetime <= 0 || lifetime > MAX_LIFETIME_S * 1000) throw invalidToken('lifetime');
  return claims.data;
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

/**
 * Verifies bearer tokens: signature, issuer, audience, required claims, a lifetime of 24 h at most and clocks that are
 * 5 s apart at most. A verified token is remembered until it expires.
 */
export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const { issuer, audience, keys, scopeClaim = 'scope', now = Date.now } = options;
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

  async function verifyNew(token: string, set: KeySet, background: Background): Promise<VerifiedToken> {
    const checked = await check(token, set, background);
    const { sub, exp } = checkClaims(checked.payload);
    const result = { learnerId: sub, expiresAt: exp, scopes: scopesOf(checked.payload[scopeClaim]) };
    verified.set(token, { ...result, keys: checked.set });
    return result;
  }

  return {
    async verify(token, background = () => {}) {
      const known = verified.get(token);
      try {
        if (known === undefined) checkSpelling(token);
        const set = await keys.current(background);
        if (known?.keys === set) {
          if (known.expiresAt <= Math.floor(now() / 1000) - TOLERANCE_S) throw invalidToken('expired');
          const { learnerId, expiresAt, scopes } = known;
          return { learnerId, expiresAt, scopes };
        }
        return await verifyNew(token, set, background);
      } catch (error) {
        // Whatever a token makes jose, zod or WebCrypto throw, it is the token that is refused.
        throw error instanceof AppError ? error : invalidToken(refusalOf(error));
      }
    },
  };
}
