import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { RunningService } from '#services/common/service.ts';
import { startIssuer } from '#services/issuer/index.ts';
import { createKeys, openKeys, readKeys } from '#services/issuer/keys.ts';
import { mintToken } from '#services/issuer/mint.ts';

const Jwks = z.object({ keys: z.array(z.record(z.string(), z.string())) });
const HOUR = 3600;
let folder: string;
let keyFile: string;
let issuer: RunningService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  keyFile = join(folder, 'nested', 'keys.json');
  issuer = await startIssuer({ keyFile });
});

afterEach(async () => {
  await issuer.close();
  rmSync(folder, { recursive: true });
});

function keySet() {
  return createRemoteJWKSet(new URL(`${issuer.url}/.well-known/jwks.json`));
}

function verify(token: string) {
  return jwtVerify(token, keySet(), { issuer: 'api.scimigo.com', algorithms: ['ES256', 'RS256'] });
}

function post(path: string, body: unknown = {}) {
  return fetch(`${issuer.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

test('publishes one public key for each algorithm and nothing private', async () => {
  const response = await fetch(`${issuer.url}/.well-known/jwks.json`);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const { keys } = Jwks.parse(await response.json());
  expect(keys.map((key) => key.alg).toSorted()).toEqual(['ES256', 'RS256']);
  for (const key of keys) {
    expect(key).toMatchObject({ use: 'sig', kid: expect.any(String) });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
  }
});

test.each(['ES256', 'RS256'] as const)('a minted %s token passes an ordinary verifier', async (alg) => {
  const minted = await post('/__local/token', {
    sub: 'alice',
    alg,
    audience: 'study-paths',
    claims: { role: 'x' },
  });
  const { token } = z.object({ token: z.string() }).parse(await minted.json());
  const { payload, protectedHeader } = await verify(token);
  expect(protectedHeader).toMatchObject({ alg, typ: 'JWT' });
  expect(payload).toMatchObject({ sub: 'alice', aud: 'study-paths', role: 'x' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(8 * HOUR);
  expect(Math.abs((payload.iat ?? 0) - Date.now() / 1000)).toBeLessThan(5);
});

test('refuses a malformed request for a token', async () => {
  for (const body of [null, {}, { sub: 1 }, { sub: 'a', alg: 'HS256' }, { sub: 'a', expires: 3 }]) {
    expect((await post('/__local/token', body)).status).toBe(422);
  }
});

test('keeps keys over a restart, for the owner alone, and leaves no drafts behind', async () => {
  const token = await mintToken(keyFile, { sub: 'alice' });
  const before = readFileSync(keyFile, 'utf8');
  await issuer.close();
  issuer = await startIssuer({ keyFile });
  expect(readFileSync(keyFile, 'utf8')).toBe(before);
  expect((await verify(token)).payload.sub).toBe('alice');
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'nested'))).toEqual(['keys.json']);
});

test('several openers at once agree on one set of keys', async () => {
  const file = join(folder, 'fresh.json');
  const rings = await Promise.all(Array.from({ length: 4 }, () => openKeys(file)));
  expect(new Set(rings.map((ring) => JSON.stringify(ring))).size).toBe(1);
  expect(readdirSync(folder)).toEqual(['fresh.json', 'nested']);
});

test('says which file is not a key file', async () => {
  const file = join(folder, 'odd.json');
  writeFileSync(file, '{"keys":[]}');
  await expect(startIssuer({ keyFile: file })).rejects.toThrow(`${file} is not a key file`);
});

test('rotation signs with new keys and keeps the old ones valid', async () => {
  const old = await mintToken(keyFile, { sub: 'alice' });
  const { keys } = Jwks.parse(await (await post('/__local/rotate')).json());
  expect(keys).toHaveLength(4);
  const fresh = await mintToken(keyFile, { sub: 'alice' });
  expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
  await expect(verify(old)).resolves.toBeDefined();
  await expect(verify(fresh)).resolves.toBeDefined();
});

test('dropping removes the old keys, so that their tokens fail', async () => {
  const old = await mintToken(keyFile, { sub: 'alice' });
  expect((await post('/__local/rotate?drop=true')).status).toBe(200);
  expect(readKeys(keyFile)).toHaveLength(2);
  await expect(verify(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('rotations at the same time lose no key', async () => {
  await Promise.all([post('/__local/rotate'), post('/__local/rotate'), post('/__local/rotate')]);
  expect(readKeys(keyFile)).toHaveLength(8);
});

test('hostile tokens can be minted: claims left out, header overridden, time shifted', async () => {
  const ring = await createKeys();
  const token = await mintToken(ring, {
    sub: 'mallory',
    claims: { exp: undefined, iss: 'elsewhere' },
    header: { alg: 'none', kid: '../../etc/passwd' },
    now: 1000,
  });
  expect(decodeJwt(token)).toEqual({ sub: 'mallory', iss: 'elsewhere', iat: 1000 });
  expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toEqual({
    alg: 'none',
    typ: 'JWT',
    kid: '../../etc/passwd',
  });
  const expired = await mintToken(keyFile, { sub: 'alice', expires_in_seconds: -10 });
  await expect(verify(expired)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  await expect(verify(await mintToken(ring, { sub: 'alice' }))).rejects.toThrow();
});
