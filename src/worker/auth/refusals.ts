import { errors } from 'jose';

/**
 * Why a request was not let in, for the log: a closed set, so that an operator can count them and no part of a token
 * ever gets there.
 */
export const REFUSALS = [
  /** No Authorization header. */
  'no-token',
  /** A header of another scheme than Bearer. */
  'other-scheme',
  'too-long',
  /** Not three parts of canonical base64url, or no JSON in them. */
  'malformed',
  /** The signature holds, but what is signed is no JSON object. */
  'no-claims',
  /** An algorithm, type or parameter that the header must not have. */
  'bad-header',
  /** No key of the issuer fits, even after asking for newer ones. */
  'unknown-key',
  'bad-signature',
  'wrong-issuer',
  'wrong-audience',
  'expired',
  /** `iat` or `nbf` lies ahead. */
  'not-yet-valid',
  /** Issued more than 24 hours ago, or meant to hold for longer. */
  'lifetime',
  /** A required claim is missing, or of another type or form. */
  'bad-claim',
] as const;
export type Refusal = (typeof REFUSALS)[number];

const ISSUED_FOR: Readonly<Record<string, Refusal>> = { iss: 'wrong-issuer', aud: 'wrong-audience' };

function refusalOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): Refusal {
  const ahead = reason === 'check_failed' && (claim === 'iat' || claim === 'nbf');
  return ahead ? 'not-yet-valid' : (ISSUED_FOR[claim] ?? 'bad-claim');
}

/** The reason behind what jose, zod or WebCrypto threw about a token. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'lifetime' : 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return refusalOfClaim(error);
  if (error instanceof errors.JWTInvalid) return 'no-claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'unknown-key';
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'bad-header';
  }
  return 'malformed';
}
