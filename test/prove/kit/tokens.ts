import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'api.scimigo.com';

/** A key of the issuer and the tokens that it signs; they hold for an hour of real time. */
export async function createSigner(issuer = ISSUER) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid: 'prove', alg: 'ES256', use: 'sig' };
  const known = new Map<string, Promise<string>>();
  function tokenFor(learner: string): Promise<string> {
    const token =
      known.get(learner) ??
      new SignJWT({ sub: learner })
        .setProtectedHeader({ alg: 'ES256', kid: 'prove' })
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime('12h')
        .sign(privateKey);
    known.set(learner, token);
    return token;
  }
  return { publicJwk, tokenFor };
}

export type Signer = Awaited<ReturnType<typeof createSigner>>;
