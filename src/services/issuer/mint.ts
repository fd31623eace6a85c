import { createPrivateKey, sign } from 'node:crypto';
import { type KeyRing, openKeys, type TokenAlgorithm } from './keys.ts';

/** `iss` of a token that names no other, as the Worker's JWT_ISSUER has it. */
const ISSUER = 'api.scimigo.com';
const EIGHT_HOURS = 8 * 3600;

/**
 * What to put into a token. `expires_in_seconds` counts from now (default 8 h; the Worker refuses more than 24 h).
 * `claims` and `header` override anything, also with nonsense; a field set to undefined is left out. `now` is in
 * seconds since 1970.
 */
export type TokenOptions = {
  sub: string;
  issuer?: string | undefined;
  alg?: TokenAlgorithm | undefined;
  expires_in_seconds?: number | undefined;
  audience?: string | string[] | undefined;
  claims?: Record<string, unknown> | undefined;
  header?: Record<string, unknown> | undefined;
  now?: number | undefined;
};

function encode(part: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/**
 * Signs a JWT (compact JWS, RFC 7515) with the newest key of the algorithm. It is assembled by hand because a JWT
 * library rightly refuses to sign what tests of the Worker must be able to send: no `exp`, `alg: none`, a wrong kid.
 * @param keys the issuer's key file (created when absent) or its keys
 */
export async function mintToken(keys: string | KeyRing, options: TokenOptions): Promise<string> {
  const alg = options.alg ?? 'ES256';
  const ring = typeof keys === 'string' ? await openKeys(keys) : keys;
  const key = ring.findLast((candidate) => candidate.alg === alg);
  if (key === undefined) throw new Error(`the issuer has no ${alg} key`);

  const iat = options.now ?? Math.floor(Date.now() / 1000);
  const signed = [
    encode({ alg, typ: 'JWT', kid: key.kid, ...options.header }),
    encode({
      iss: options.issuer ?? ISSUER,
      sub: options.sub,
      iat,
      exp: iat + (options.expires_in_seconds ?? EIGHT_HOURS),
      aud: options.audience,
      ...options.claims,
    }),
  ].join('.');
  const signature = sign('sha256', Buffer.from(signed), {
    key: createPrivateKey({ key, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  });
  return `${signed}.${signature.toString('base64url')}`;
}
