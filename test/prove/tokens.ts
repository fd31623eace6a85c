import { Hono } from 'hono';
import { createJwks, type KeySource } from '#worker/auth/jwks.ts';
import { authenticate } from '#worker/auth/middleware.ts';
import { REFUSALS } from '#worker/auth/refusals.ts';
import { createTokenVerifier, type TokenVerifier } from '#worker/auth/token.ts';
import { errorHandler } from '#worker/http/problem.ts';
import { requestId } from '#worker/http/request-id.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { createLogger, type LogFields } from '#worker/log.ts';
import type { Mutant, Proof, Report, Row } from './module.ts';
import { KEY_BUGS, VERIFIER_BUGS } from './mutants/tokens.ts';
import { goodClaims, ISSUER, type Key, makeKey, NOW, signed } from './tokens/forge.ts';
import { type Hostile, hostileTokens } from './tokens/hostile.ts';
import { OUTAGES, outage } from './tokens/outage.ts';
import { wycheproof } from './tokens/wycheproof.ts';

type Wrap = (inner: TokenVerifier, keys: KeySource) => TokenVerifier;

/** The Worker's own door behind its own error handler, and how often the issuer was asked for keys. */
function openDoor(keys: readonly Key[], wrap: Wrap = (inner) => inner) {
  const state = { hits: 0 };
  const now = () => NOW * 1000;
  const source = createJwks({
    url: 'https://issuer.invalid/jwks',
    now,
    fetch: async () => {
      state.hits += 1;
      return Response.json({ keys: keys.map(({ jwk }) => jwk) });
    },
  });
  const verifier = wrap(createTokenVerifier({ issuer: ISSUER, keys: source, now }), source);
  const app = new Hono<AppEnv>();
  const lines: string[] = [];
  const logger = (fields: LogFields) => createLogger(fields, (line) => lines.push(line));
  app.onError(errorHandler(logger({})));
  app.use(requestId(), authenticate(verifier, logger));
  app.get('/', (c) => c.text(c.get('learnerId')));
  const executionCtx = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
  const knock = async (authorization: string) =>
    app.request('/', { headers: { authorization } }, {}, executionCtx);
  return { knock, state, lines };
}

/** Headers that no client can send at all: the platform refuses them before we see them. */
function sendable(header: string): boolean {
  try {
    return new Headers({ authorization: header }).get('authorization') !== null;
  } catch {
    return false;
  }
}

/** What is wrong with the log of one refusal: it has exactly one line, with a known reason and no part of the token. */
function logProblems(lines: readonly string[], token: string): string[] {
  const refusals = lines.filter((line) => line.includes('"auth-refused"'));
  const [line = '{}'] = refusals;
  const { reason } = JSON.parse(line) as { reason?: string };
  const known = REFUSALS.some((one) => one === reason);
  const quoted = token.split(/[. ]/).some((part) => part.length > 12 && lines.join().includes(part));
  return [
    ...(refusals.length === 1 && known ? [] : [`${refusals.length} refusals logged, reason ${reason}`]),
    ...(quoted ? ['the log quotes the token'] : []),
  ];
}

/** Every hostile token must be answered 401 and logged once; the issuer hears of unknown keys once. */
async function siege(keys: readonly Key[], hostile: readonly Hostile[], wrap?: Wrap): Promise<string[]> {
  const { knock, state, lines } = openDoor(keys, wrap);
  const problems: string[] = [];
  for (const { kind, header } of hostile) {
    const { status } = await knock(header);
    if (status !== 401) problems.push(`${kind}: answered ${status} to ${header.slice(0, 400)}`);
    else problems.push(...logProblems(lines.splice(0), header).map((what) => `${kind}: ${what}`));
  }
  if (state.hits > 2) problems.push(`the issuer was asked ${state.hits} times`);
  return problems;
}

/** Good tokens of every key get in, again and again. */
async function welcome(keys: readonly Key[], count: number): Promise<string[]> {
  const { knock } = openDoor(keys);
  const problems: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const key = keys[n % keys.length];
    if (key === undefined) break;
    const sub = `learner-${n % 100}`;
    const answer = await knock(
      `Bearer ${await signed(key, { ...goodClaims(), sub, iat: NOW - (n % 80_000) - (n % 4) / 4, exp: NOW + 1 + (n % 4000) + (n % 3) / 8 })}`,
    );
    if (answer.status !== 200 || (await answer.text()) !== sub)
      problems.push(`a good token was answered ${answer.status}`);
  }
  return problems;
}

/** @param every which of the hostile tokens and outages are tried: 1 for all of them. */
export async function proveTokens(goodTokens: number, every = 1): Promise<Report> {
  const started = Date.now();
  const rows: Row[] = [];
  const violations: Report['violations'] = [];
  async function row(
    name: string,
    work: () => Promise<{ runs: number; problems: string[]; faults?: Record<string, number> }>,
  ) {
    const begun = Date.now();
    const { runs, problems, faults = {} } = await work();
    const seconds = (Date.now() - begun) / 1000;
    rows.push({ name, runs, faults, violations: problems.length, seconds });
    violations.push(...problems.slice(0, 5).map((what) => ({ what, replay: 'npm run prove -- tokens' })));
  }
  const keys = await Promise.all([makeKey('ES256', 'es'), makeKey('RS256', 'rs'), makeKey('EdDSA', 'ed')]);
  const [first] = keys;
  const hostile = (await hostileTokens(keys))
    .filter(({ header }) => sendable(header))
    .filter((_, index) => index % every === 0);
  const outages = Object.entries(OUTAGES).filter((_, index) => index % every === 0);
  const kinds = new Set(hostile.map(({ kind }) => kind)).size;
  await row(`hostile tokens of ${kinds} kinds`, async () => ({
    runs: hostile.length,
    problems: await siege(keys, hostile),
  }));
  await row('good tokens', async () => ({ runs: goodTokens, problems: await welcome(keys, goodTokens) }));
  const vectors = await wycheproof();
  if (vectors !== null)
    await row(`Wycheproof signatures (${vectors.valid} valid pass)`, async () => ({
      runs: vectors.run,
      problems: vectors.problems,
    }));
  const tokens = await Promise.all(
    Array.from({ length: 300 }, (_, n) => signed(first, { ...goodClaims(), sub: `learner-${n}` })),
  );
  await row('outages of the issuer', async () => {
    const all = await Promise.all(outages.map(([name, answer]) => outage(name, answer, first, tokens)));
    return {
      runs: all.reduce((sum, { asked }) => sum + asked, 0),
      problems: all.flatMap(({ problems }) => problems),
      faults: Object.fromEntries(outages.map(([name]) => [name, 1])),
    };
  });
  const mutants: Mutant[] = [];
  for (const { name, wrap } of VERIFIER_BUGS) {
    const [caught] = await siege(keys, hostile, wrap);
    mutants.push({ name, caught: caught?.slice(0, 120) ?? null });
  }
  for (const { name, makeKeys } of KEY_BUGS) {
    const { problems } = await outage(
      'status 500',
      OUTAGES['status 500'] ?? (() => {}),
      first,
      tokens,
      makeKeys,
    );
    mutants.push({ name, caught: problems[0] ?? null });
  }
  return { rows, violations, mutants, seconds: (Date.now() - started) / 1000 };
}

export const proof: Proof = { name: 'tokens', seconds: 15, run: ({ runs }) => proveTokens(runs ?? 2000) };
