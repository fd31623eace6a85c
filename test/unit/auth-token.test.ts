import { base64url, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Refusal } from '#worker/auth/refusals.ts';
import { createTokenVerifier } from '#worker/auth/token.ts';
import {
  AUDIENCE,
  encode,
  failureOf,
  goodClaims,
  ISSUER,
  makeSigner,
  mint,
  NOW,
  type Signer,
  signRaw,
  sourceOf,
  verifierOf,
} from './support-auth.ts';

const signers: Record<string, Signer> = {};
const extra: Record<string, Signer> = {};
const verifierFor = () => verifierOf(Object.values(signers).map((signer) => signer.publicJwk));
let verifier: ReturnType<typeof verifierFor>;

function signer(alg: string): Signer {
  const found = signers[alg] ?? extra[alg];
  if (found === undefined) throw new Error(`no signer ${alg}`);
  return found;
}

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA']) signers[alg] = await makeSigner(alg, `kid-${alg}`);
  for (const alg of ['RS384', 'RS512', 'PS256', 'ES384']) extra[alg] = await makeSigner(alg, 'kid-RS256');
  extra.stranger = await makeSigner('ES256', 'kid-ES256');
  verifier = verifierFor();
});

async function expectRefused(token: string): Promise<void> {
  const error = await failureOf(verifier.verify(token));
  expect(error.code).toBe('invalid-token');
  expect(error.extras.headers).toEqual({ 'WWW-Authenticate': 'Bearer error="invalid_token"' });
}

describe('good tokens', () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('%s is accepted', async (alg) => {
    const token = await mint(signer(alg));
    const expected = { learnerId: 'learner-1', scopes: new Set(), expiresAt: NOW + 3600 };
    expect(await verifier.verify(token)).toEqual(expected);
    expect(await verifier.verify(token)).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['typ JWT', {}, { typ: 'JWT' }],
    ['typ at+jwt', {}, { typ: 'at+jwt' }],
    ['no kid, one key of its type', {}, { kid: undefined }],
    ['an audience among several', { aud: ['other', AUDIENCE] }, {}],
    ['expired within the tolerance', { exp: NOW - 4 }, {}],
    ['issued within the tolerance', { iat: NOW + 5 }, {}],
    ['valid from within the tolerance', { nbf: NOW + 5 }, {}],
    ['a lifetime of 24 h', { iat: NOW, exp: NOW + 86_400 }, {}],
    ['exp with a fraction', { exp: NOW + 60.5 }, {}],
    ['iat with a fraction', { iat: NOW - 0.5 }, {}],
    ['nbf with a fraction', { nbf: NOW - 0.25 }, {}],
    ['24 h that rounding makes longer', { iat: NOW + 0.1, exp: NOW + 0.1 + 86_400 }, {}],
    ['issued a fraction within the tolerance', { iat: NOW + 4.75 }, {}],
    ['a subject of 255 characters', { sub: 'é'.repeat(255) }, {}],
    ['a subject with punctuation', { sub: 'auth0|5f7c:a b/c@d' }, {}],
  ])('%s', async (_, claims, header) => {
    const { learnerId } = await verifier.verify(await mint(signer('ES256'), claims, header));
    expect(learnerId).toBe(claims.sub ?? 'learner-1');
  });
});

describe('scopes', () => {
  it.each<[unknown, string[]]>([
    ['co', ['co']],
    ['openid co profile', ['co']],
    ['mentor co', ['co', 'mentor']],
    [['openid', 'co'], ['co']],
    ['', []],
    ['CO', []],
    ['co,mentor', []],
    ['coach economy', []],
    ['co\u00a0', []],
    [['co mentor'], []],
    [[['co']], []],
    [{ co: true }, []],
    [true, []],
    [null, []],
    [undefined, []],
  ])('%j', async (scope, expected) => {
    const { scopes } = await verifier.verify(await mint(signer('ES256'), { scope }));
    expect([...scopes]).toEqual(expected);
    const again = await verifier.verify(await mint(signer('ES256'), { scope }));
    expect([...again.scopes]).toEqual(expected);
  });

  it('come from the claim that is configured, and from no other', async () => {
    const keys = sourceOf([signer('ES256').publicJwk]);
    const named = createTokenVerifier({ issuer: ISSUER, keys, scopeClaim: 'scp', now: () => NOW * 1000 });
    const token = await mint(signer('ES256'), { scope: 'mentor', scp: ['co'] });
    expect([...(await named.verify(token)).scopes]).toEqual(['co']);
  });
});

describe('reasons of a refusal', () => {
  it.each<[Refusal, (good: string) => Promise<string>]>([
    ['too-long', async (good) => good + 'A'.repeat(8193)],
    ['malformed', async (good) => good.replace('.', '')],
    ['malformed', (_) => signRaw(signer('ES256'), '{', goodClaims)],
    ['bad-header', (_) => mint(signer('RS384'))],
    ['bad-header', (_) => signRaw(signer('ES256'), { alg: 'ES256', jku: 'https://evil.test' }, goodClaims)],
    ['unknown-key', (_) => mint(signer('ES256'), {}, { kid: 'gone' })],
    ['bad-signature', (_) => mint(signer('stranger'))],
    ['wrong-issuer', (_) => mint(signer('ES256'), { iss: 'evil.test' })],
    ['wrong-audience', (_) => mint(signer('ES256'), { aud: 'other' })],
    ['wrong-audience', (_) => mint(signer('ES256'), { aud: undefined })],
    ['expired', (_) => mint(signer('ES256'), { exp: NOW - 60 })],
    ['not-yet-valid', (_) => mint(signer('ES256'), { nbf: NOW + 60 })],
    ['not-yet-valid', (_) => mint(signer('ES256'), { iat: NOW + 60 })],
    ['lifetime', (_) => mint(signer('ES256'), { exp: NOW + 90_000 })],
    ['lifetime', (_) => mint(signer('ES256'), { iat: NOW - 90_000 })],
    ['bad-claim', (_) => mint(signer('ES256'), { sub: undefined })],
    ['bad-claim', (_) => mint(signer('ES256'), { sub: '' })],
    ['bad-claim', (_) => mint(signer('ES256'), { exp: 'soon' })],
  ])('%s', async (reason, make) => {
    const token = await make(await mint(signer('ES256')));
    expect((await failureOf(verifier.verify(token))).extras.cause).toBe(reason);
  });

  it('is that it has expired for a token that was good before', async () => {
    let now = NOW * 1000;
    const aging = verifierOf([signer('ES256').publicJwk], () => now);
    const token = await mint(signer('ES256'), { exp: NOW + 60.5 });
    await aging.verify(token);
    now += 70_000;
    expect((await failureOf(aging.verify(token))).extras.cause).toBe('expired');
  });
});

describe('claims', () => {
  it.each<[string, Record<string, unknown>]>([
    ['no exp', { exp: undefined }],
    ['exp null', { exp: null }],
    ['exp as text', { exp: String(NOW + 60) }],
    ['exp in milliseconds', { exp: (NOW + 60) * 1000 }],
    ['exp in a hundred years', { exp: NOW + 3_155_760_000 }],
    ['exp negative', { exp: -1 }],
    ['exp zero', { exp: 0 }],
    ['exp at the end of the tolerance', { exp: NOW - 5 }],
    ['exp before iat', { iat: NOW + 4, exp: NOW + 3 }],
    ['a lifetime over 24 h', { iat: NOW - 10, exp: NOW + 86_391 }],
    ['no iat', { iat: undefined }],
    ['iat as text', { iat: String(NOW) }],
    ['iat negative', { iat: -1 }],
    ['iat far ahead', { iat: 1e18 }],
    ['iat just past the tolerance', { iat: NOW + 6 }],
    ['iat a fraction past the tolerance', { iat: NOW + 5.25 }],
    ['a lifetime a fraction over 24 h', { iat: NOW, exp: NOW + 86_400.01 }],
    ['exp a fraction before the tolerance', { exp: NOW - 5.25 }],
    ['iat over a day ago', { iat: NOW - 86_500, exp: NOW + 60 }],
    ['nbf ahead', { nbf: NOW + 6 }],
    ['nbf as text', { nbf: 'now' }],
    ['no iss', { iss: undefined }],
    ['iss of another case', { iss: 'API.scimigo.com' }],
    ['iss as URL', { iss: 'https://api.scimigo.com' }],
    ['iss with a slash', { iss: 'api.scimigo.com/' }],
    ['iss with a suffix', { iss: 'api.scimigo.com.evil.test' }],
    ['iss as array', { iss: [ISSUER] }],
    ['no aud', { aud: undefined }],
    ['another aud', { aud: 'other' }],
    ['aud array without us', { aud: ['a', 'b'] }],
    ['aud nested', { aud: [[AUDIENCE]] }],
    ['aud object', { aud: { [AUDIENCE]: true } }],
    ['no sub', { sub: undefined }],
    ['sub null', { sub: null }],
    ['sub empty', { sub: '' }],
    ['sub number', { sub: 0 }],
    ['sub array', { sub: ['learner-1'] }],
    ['sub object', { sub: {} }],
    ['sub true', { sub: true }],
    ['sub with NUL', { sub: 'a\0b' }],
    ['sub with a newline', { sub: 'a\nb' }],
    ['sub with DEL', { sub: 'a\u007fb' }],
    ['sub with a lone surrogate', { sub: 'a\ud800' }],
    ['sub with a zero-width space', { sub: 'a\u200bb' }],
    ['sub with a bidi override', { sub: 'a\u202eb' }],
    ['sub with a line separator', { sub: 'a\u2028b' }],
    ['sub of spaces', { sub: '  ' }],
    ['sub with a space at its end', { sub: 'learner-1 ' }],
    ['sub too long', { sub: 'a'.repeat(256) }],
    ['sub __proto__', { sub: '__proto__' }],
  ])('%s', async (_, claims) => expectRefused(await mint(signer('ES256'), claims)));

  it('an infinite exp', async () => {
    const claims = JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e400');
    await expectRefused(await signRaw(signer('ES256'), { alg: 'ES256', kid: 'kid-ES256' }, claims));
  });

  it.each(['[]', 'null', '"text"', '1', '', '{', '\u{feff}'])('payload %j', async (payload) =>
    expectRefused(await signRaw(signer('ES256'), { alg: 'ES256', kid: 'kid-ES256' }, payload)),
  );
});

describe('header', () => {
  it.each<[string, Record<string, unknown>]>([
    ['crit', { crit: ['exp'], exp: 1 }],
    ['crit b64', { crit: ['b64'], b64: true }],
    ['crit empty', { crit: [] }],
    ['b64 alone', { b64: false }],
    ['typ of a DPoP proof', { typ: 'dpop+jwt' }],
    ['typ of an ID token', { typ: 'id+jwt' }],
    ['typ number', { typ: 1 }],
    ['jku', { jku: 'https://evil.test/jwks' }],
    ['x5u', { x5u: 'https://evil.test/cert' }],
    ['x5c', { x5c: ['MIIB'] }],
    ['kid number', { kid: 1 }],
    ['kid array', { kid: ['kid-ES256'] }],
    ['kid null', { kid: null }],
    ['kid empty', { kid: '' }],
    ['kid of another key', { kid: 'kid-RS256' }],
    ['kid path', { kid: '../../../../dev/null' }],
    ['kid SQL', { kid: "' or '1'='1" }],
    ['kid URL', { kid: 'https://evil.test/key' }],
    ['kid too long', { kid: 'k'.repeat(201) }],
    ['kid __proto__', { kid: '__proto__' }],
    ['alg missing', { alg: undefined }],
    ['alg null', { alg: null }],
    ['alg array', { alg: ['ES256'] }],
    ['alg in lower case', { alg: 'es256' }],
    ['alg of another key type', { alg: 'RS256' }],
    ['alg Ed25519', { alg: 'Ed25519' }],
    ['alg empty', { alg: '' }],
  ])('%s', async (_, header) =>
    expectRefused(await signRaw(signer('ES256'), { alg: 'ES256', kid: 'kid-ES256', ...header }, goodClaims)),
  );

  it('a key of its own in jwk', async () => {
    const stranger = signer('stranger');
    const header = { alg: 'ES256', kid: stranger.kid, jwk: stranger.publicJwk };
    await expectRefused(await signRaw(stranger, header, goodClaims));
  });

  it.each(['none', 'None', 'NONE', 'nOnE'])('alg %s', async (alg) => {
    const unsigned = `${encode({ alg, kid: 'kid-ES256' })}.${encode(goodClaims)}`;
    await expectRefused(`${unsigned}.`);
    await expectRefused(`${unsigned}.AA`);
    await expectRefused(unsigned);
  });

  it.each(['RS384', 'RS512', 'PS256', 'ES384'])('alg %s outside the allowlist', async (alg) =>
    expectRefused(await mint(signer(alg))),
  );
});

describe('confusion of RSA key and HMAC secret', () => {
  it.each(['HS256', 'HS384', 'HS512'])('%s', async (alg) => {
    const { publicJwk } = signer('RS256');
    const key = await crypto.subtle.importKey(
      'jwk',
      publicJwk,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      true,
      ['verify'],
    );
    const der = Buffer.from(await crypto.subtle.exportKey('spki', key));
    const pem = `-----BEGIN PUBLIC KEY-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;
    const secrets = [pem, pem.trim(), der, publicJwk.n ?? '', JSON.stringify(publicJwk)];
    for (const secret of secrets) {
      const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : new Uint8Array(secret);
      const token = await new SignJWT(goodClaims).setProtectedHeader({ alg, kid: 'kid-RS256' }).sign(bytes);
      await expectRefused(token);
    }
  });
});

describe('spelling', () => {
  it.each<[string, (token: string) => string]>([
    ['empty', () => ''],
    ['one part', (t) => t.replaceAll('.', '')],
    ['two parts', (t) => t.slice(0, t.lastIndexOf('.'))],
    ['four parts', (t) => `${t}.AA`],
    ['five parts', (t) => `${t}.AA.AA`],
    ['empty signature', (t) => t.slice(0, t.lastIndexOf('.') + 1)],
    ['empty payload', (t) => t.replace(/\..*\./, '..')],
    ['padding', (t) => `${t}=`],
    ['double padding', (t) => `${t}==`],
    ['a space at the end', (t) => `${t} `],
    ['a newline in the signature', (t) => `${t.slice(0, -5)}\n${t.slice(-5)}`],
    ['standard base64', (t) => `${t.slice(0, -1)}+`],
    ['a letter too many', (t) => `${t}A`],
    ['a letter too few', (t) => t.slice(0, -1)],
    ['a percent sign', (t) => t.replace('.', '%2e')],
    ['a signature of zeros', (t) => `${t.slice(0, t.lastIndexOf('.') + 1)}${'A'.repeat(86)}`],
    ['another signature', (t) => `${t.slice(0, t.lastIndexOf('.') + 1)}${base64url.encode('x'.repeat(64))}`],
    ['over 8192 characters', (t) => `${t}${'A'.repeat(8193 - t.length)}`],
    ['a letter outside ASCII', (t) => `${t.slice(0, -1)}\u0430`],
    [
      'the signature as DER',
      (t) =>
        `${t.slice(0, t.lastIndexOf('.') + 1)}${base64url.encode(new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1]))}`,
    ],
  ])('%s', async (_, change) => expectRefused(change(await mint(signer('ES256')))));

  it.each(['RS256', 'ES256', 'EdDSA'])('bits that base64url ignores, %s', async (alg) => {
    const token = await mint(signer(alg));
    await verifier.verify(token);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.slice(-1));
    const twin = `${token.slice(0, -1)}${alphabet[last ^ 1]}`;
    expect(base64url.decode(twin.split('.')[2] ?? '')).toEqual(base64url.decode(token.split('.')[2] ?? ''));
    await expectRefused(twin);
  });

  it('every bit flip of a token', async () => {
    const token = await mint(signer('ES256'));
    for (let index = 0; index < token.length; index += 1) {
      const code = token.charCodeAt(index);
      for (const bit of [1, 2, 4]) {
        await expectRefused(
          `${token.slice(0, index)}${String.fromCharCode(code ^ bit)}${token.slice(index + 1)}`,
        );
      }
    }
  });
});

it('a remembered token expires', async () => {
  let now = NOW * 1000;
  const aging = verifierOf([signer('ES256').publicJwk], () => now);
  const token = await mint(signer('ES256'), { exp: NOW + 60 });
  await aging.verify(token);
  now += 64_000;
  await aging.verify(token);
  now += 1000;
  expect((await failureOf(aging.verify(token))).code).toBe('invalid-token');
});

it('keys that must not verify are not used', async () => {
  const { publicJwk, privateKey } = signer('ES256');
  const small = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    true,
    ['sign', 'verify'],
  );
  const unusable = [
    { ...publicJwk, use: 'enc' },
    { ...publicJwk, key_ops: ['sign'] },
    { ...publicJwk, alg: 'ES384' },
    { ...publicJwk, alg: 'RS256' },
    { ...publicJwk, x: publicJwk.y },
    await crypto.subtle.exportKey('jwk', privateKey),
    { kty: 'oct', k: 'c2VjcmV0', kid: 'kid-ES256' },
    { ...(await crypto.subtle.exportKey('jwk', small.publicKey)), kid: 'small' },
    signer('ES384').publicJwk,
    null,
    'key',
  ];
  for (const key of unusable) {
    const error = await failureOf(sourceOf([key]).current(() => {}));
    expect(error.code).toBe('auth-unavailable');
  }
  const mixed = verifierOf([...unusable, publicJwk]);
  expect((await mixed.verify(await mint(signer('ES256')))).learnerId).toBe('learner-1');
});
