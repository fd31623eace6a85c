import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJwks, type KeySource } from '#worker/auth/jwks.ts';
import { createTokenVerifier, type TokenVerifier } from '#worker/auth/token.ts';
import { AppError } from '#worker/errors.ts';
import { ISSUER, type Key, NOW, signed } from './forge.ts';

const MINUTE = 60_000;
const ASKED = 300;
/** Patience of one download; generous, as everybody here shares one event loop. */
const TIMEOUT_MS = 3000;
/** Downloads of one outage: the first, and one when the cooldown is over in between. */
const MOST_HITS = 2;

const json = { 'content-type': 'application/json' };

/** How an issuer can be out of order. */
export const OUTAGES: Readonly<Record<string, RequestListener>> = {
  'status 500': (_, res) => res.writeHead(500).end(),
  'status 404': (_, res) => res.writeHead(404).end(),
  html: (_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
  redirect: (_, res) => res.writeHead(302, { location: '/elsewhere' }).end(),
  hang: () => {},
  reset: (req) => req.socket.destroy(),
  'no keys': (_, res) => res.writeHead(200, json).end('{"keys":[]}'),
  'no key set': (_, res) => res.writeHead(200, json).end('[1,2,3]'),
  garbage: (_, res) => res.writeHead(200, json).end('{"keys":['),
  'weak key': (_, res) =>
    res.writeHead(200, json).end('{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"k"}]}'),
  endless: (_, res) => {
    res.writeHead(200, json);
    const pour = () => {
      while (!res.destroyed && res.write(' '.repeat(16_384)));
    };
    res.on('drain', pour);
    pour();
  },
};

async function startKeyServer(keys: readonly Key[]) {
  const healthy: RequestListener = (_, res) =>
    res.writeHead(200, json).end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  const state = { answer: healthy, hits: 0 };
  const server = createServer((req, res) => {
    state.hits += 1;
    state.answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    healthy,
    url: `http://127.0.0.1:${port}/jwks`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How a verifier gets its keys; a planted bug gets them in another way. */
export type MakeKeys = (options: { url: string; now: () => number; timeoutMs: number }) => KeySource;

async function statusOf(verifier: TokenVerifier, token: string): Promise<string> {
  try {
    await verifier.verify(token);
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? error.code : 'a bug';
  }
}

async function many(verifier: TokenVerifier, tokens: readonly string[]): Promise<Set<string>> {
  return new Set(await Promise.all(tokens.map((token) => statusOf(verifier, token))));
}

/**
 * Takes the issuer's keys away in one way, before and after they were known, and counts what it is asked meanwhile.
 * @returns what went wrong.
 */
export async function outage(
  name: string,
  answer: RequestListener,
  key: Key,
  tokens: readonly string[],
  makeKeys: MakeKeys = createJwks,
): Promise<{ asked: number; problems: string[] }> {
  const issuer = await startKeyServer([key]);
  const clock = { now: NOW * 1000 };
  const now = () => clock.now;
  const make = () =>
    createTokenVerifier({
      issuer: ISSUER,
      keys: makeKeys({ url: issuer.url, now, timeoutMs: TIMEOUT_MS }),
      now,
    });
  const problems: string[] = [];
  const hold = (what: string, found: Set<string>, wanted: string) => {
    if (found.size !== 1 || !found.has(wanted)) problems.push(`${name}, ${what}: ${[...found].join(', ')}`);
  };
  const bound = (what: string) => {
    if (issuer.state.hits > MOST_HITS)
      problems.push(`${name}, ${what}: asked for keys ${issuer.state.hits} times`);
  };
  try {
    issuer.state.answer = answer;
    const cold = make();
    hold('never had keys', await many(cold, tokens.slice(0, ASKED)), 'auth-unavailable');
    hold('never had keys, asked again', await many(cold, tokens.slice(0, ASKED)), 'auth-unavailable');
    bound('never had keys');

    issuer.state.answer = issuer.healthy;
    // The first download may still meet a connection that the outage has broken.
    clock.now += MINUTE;
    await many(cold, tokens.slice(0, 1));
    clock.now += MINUTE;
    hold('healed', await many(cold, tokens.slice(0, ASKED)), 'accepted');

    const warm = make();
    hold('healthy', await many(warm, tokens.slice(0, ASKED)), 'accepted');
    issuer.state.answer = answer;
    issuer.state.hits = 0;
    clock.now += 11 * MINUTE;
    hold('keys are old', await many(warm, tokens.slice(0, ASKED)), 'accepted');
    hold('keys are old, asked again', await many(warm, tokens.slice(0, ASKED)), 'accepted');
    bound('keys are old');
    issuer.state.hits = 0;
    const unknown = await Promise.all(
      Array.from({ length: ASKED }, (_, n) => signed(key, undefined, { kid: `unknown-${n}` })),
    );
    hold('unknown keys', await many(warm, unknown), 'auth-unavailable');
    bound('unknown keys');
    return { asked: 6 * ASKED, problems };
  } finally {
    await issuer.close();
  }
}
