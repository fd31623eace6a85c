import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJwks } from '#worker/auth/jwks.ts';
import { createTokenVerifier } from '#worker/auth/token.ts';
import { failureOf, ISSUER, makeSigner, mint, NOW, type Signer, startIssuer } from './support-auth.ts';

/** Long enough for a busy machine; an outage that has to be waited out has a shorter one. */
const TIMEOUT_MS = 4000;
const OUTAGE_TIMEOUT_MS = 600;
const MINUTE = 60_000;

let oldKey: Signer;
let newKey: Signer;
let clock = 0;
let issuer: Awaited<ReturnType<typeof startIssuer>>;

const serving =
  (...signers: Signer[]): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify({ keys: signers.map((signer) => signer.publicJwk) }));

function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  const chunk = ' '.repeat(16_384);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

const outages: [string, RequestListener][] = [
  ['refuses', (request) => request.socket.destroy()],
  ['answers 500', (_, response) => response.writeHead(500).end('{"keys":[]}')],
  ['answers 404', (_, response) => response.writeHead(404).end()],
  ['answers HTML', (_, response) => response.end('<!doctype html><title>Bad gateway</title>')],
  ['redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['never answers', () => {}],
  ['answers byte by byte', (_, response) => trickle(response)],
  ['answers without end', (_, response) => flood(response)],
  ['answers nothing', (_, response) => response.end()],
  ['answers no keys', (_, response) => response.end('{"keys":[]}')],
  ['answers keys of the wrong shape', (_, response) => response.end('{"keys":{"a":1}}')],
  ['answers half', (_, response) => response.writeHead(200, { 'content-length': '1000' }).end('{"keys":[')],
];

beforeAll(async () => {
  oldKey = await makeSigner('ES256', 'old');
  newKey = await makeSigner('EdDSA', 'new');
});

beforeEach(async () => {
  clock = NOW * 1000;
  issuer = await startIssuer(serving(oldKey));
});

afterEach(() => issuer.close());

function verifierAt(url = issuer.url, timeoutMs = TIMEOUT_MS) {
  const now = () => clock;
  const keys = createJwks({ url, now, timeoutMs });
  return createTokenVerifier({ issuer: ISSUER, keys, now });
}

const fresh = (signer: Signer) =>
  mint(signer, { iat: Math.floor(clock / 1000), exp: Math.floor(clock / 1000) + 3600 });

describe.each(outages)('the issuer %s', (_, broken) => {
  it('before the first key: 503 with Retry-After, one hit in 30 s', async () => {
    issuer.state.answer = broken;
    const verifier = verifierAt(issuer.url, OUTAGE_TIMEOUT_MS);
    const token = await fresh(oldKey);
    const errors = await Promise.all(Array.from({ length: 100 }, () => failureOf(verifier.verify(token))));
    errors.push(await failureOf(verifier.verify(token)));
    expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['auth-unavailable']));
    for (const error of errors) expect(error.extras.retryAfter).toBeGreaterThanOrEqual(1);
    expect(issuer.state.hits).toBe(1);
    clock += 30_000;
    issuer.state.answer = serving(oldKey);
    expect((await verifier.verify(token)).learnerId).toBe('learner-1');
    expect(issuer.state.hits).toBe(2);
  });

  it('later: known keys go on for 24 h, unknown ones get 503', async () => {
    const verifier = verifierAt(issuer.url, OUTAGE_TIMEOUT_MS);
    await verifier.verify(await fresh(oldKey));
    issuer.state.answer = broken;
    for (const hours of [1, 12, 23]) {
      clock = NOW * 1000 + hours * 60 * MINUTE;
      expect((await verifier.verify(await fresh(oldKey))).learnerId).toBe('learner-1');
      expect((await failureOf(verifier.verify(await fresh(newKey)))).code).toBe('auth-unavailable');
    }
    clock = NOW * 1000 + 24 * 60 * MINUTE;
    expect((await failureOf(verifier.verify(await fresh(oldKey)))).code).toBe('auth-unavailable');
    expect(issuer.state.hits).toBeLessThanOrEqual(1 + 4 * 2);
  });
});

it('a server that is gone: 503', async () => {
  const gone = await startIssuer(serving(oldKey));
  await gone.close();
  expect((await failureOf(verifierAt(gone.url).verify(await fresh(oldKey)))).code).toBe('auth-unavailable');
});

it('a thousand unknown key ids cause one download in 30 s', async () => {
  const verifier = verifierAt();
  await verifier.verify(await fresh(oldKey));
  clock += 31_000;
  for (let round = 1; round <= 3; round += 1) {
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => mint(oldKey, {}, { kid: `unknown-${round}-${index}` })),
    );
    const errors = await Promise.all(tokens.map((token) => failureOf(verifier.verify(token))));
    expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['invalid-token']));
    expect(issuer.state.hits).toBe(1 + round);
    clock += 30_000;
  }
});

it('rotation: a new key is found at once, a removed one is refused after 10 min, remembered tokens too', async () => {
  const verifier = verifierAt();
  const remembered = await fresh(oldKey);
  await verifier.verify(remembered);
  issuer.state.answer = serving(oldKey, newKey);
  clock += 31_000;
  await verifier.verify(await fresh(newKey));
  expect(issuer.state.hits).toBe(2);
  await verifier.verify(remembered);

  issuer.state.answer = serving(newKey);
  clock += 9 * MINUTE;
  await verifier.verify(remembered);
  expect(issuer.state.hits).toBe(2);
  clock += MINUTE;
  expect((await failureOf(verifier.verify(remembered))).code).toBe('invalid-token');
  expect((await failureOf(verifier.verify(await fresh(oldKey)))).code).toBe('invalid-token');
  await verifier.verify(await fresh(newKey));
});

it('many first requests share one download', async () => {
  const verifier = verifierAt();
  const token = await fresh(oldKey);
  await Promise.all(Array.from({ length: 200 }, () => verifier.verify(token)));
  expect(issuer.state.hits).toBe(1);
});

it('once the issuer is known to be down, requests with known keys do not wait for it', async () => {
  const verifier = verifierAt();
  await verifier.verify(await fresh(oldKey));
  issuer.state.answer = () => {};
  clock += 11 * MINUTE;
  await verifier.verify(await fresh(oldKey));
  clock += 31_000;
  const token = await fresh(oldKey);
  const started = performance.now();
  await verifier.verify(token);
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS / 2);
  await expect.poll(() => issuer.state.hits).toBe(3);
});

it('a download cut off with the request that began it is not waited for without end', async () => {
  let calls = 0;
  const now = () => clock;
  const keys = createJwks({
    url: 'https://issuer.test/jwks',
    now,
    timeoutMs: 150,
    fetch: async () => {
      calls += 1;
      return calls === 1 ? new Promise<Response>(() => {}) : Response.json({ keys: [oldKey.publicJwk] });
    },
  });
  const verifier = createTokenVerifier({ issuer: ISSUER, keys, now });
  const token = await fresh(oldKey);
  expect((await failureOf(verifier.verify(token))).code).toBe('auth-unavailable');
  clock += 1000;
  expect((await verifier.verify(token)).learnerId).toBe('learner-1');
});

it('a malformed token asks nobody', async () => {
  const verifier = verifierAt();
  await failureOf(verifier.verify('a.b.c'));
  await failureOf(verifier.verify(await mint(oldKey, {}, { jku: issuer.url })));
  expect(issuer.state.hits).toBe(0);
});
