import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { Readiness } from '#contract/health.ts';
import { UPSTREAMS } from '#contract/services.ts';
import { learnerAt, newLearner, stack, tokenFor, workerLog } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';

let worker: Awaited<ReturnType<typeof startClockedWorker>> | undefined;
afterEach(() => worker?.close());

async function startWith(vars: Record<string, string | undefined>) {
  worker = await startClockedWorker({ vars });
  return worker;
}

async function readiness(url: string): Promise<{ status: number; body: Readiness }> {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, body: (await answer.json()) as Readiness };
}

const databaseUrl = (change: (url: URL) => void) => {
  const url = new URL(stack.vars.DATABASE_URL ?? '');
  change(url);
  return url.href;
};

test('a complete setup is ready, and is warned of an audience that is missing', async () => {
  const { url } = await startWith({ JWT_AUDIENCE: undefined });
  const { status, body } = await readiness(url);
  expect([status, body.ready]).toEqual([200, true]);
  expect(Object.values(body.checks).every(({ ok, fault }) => ok && fault === undefined)).toBe(true);
  expect(body.warnings.map(({ name }) => name)).toContain('JWT_AUDIENCE');
  await worker?.close();
  const strict = await startWith({ JWT_AUDIENCE: 'study-paths' });
  expect((await readiness(strict.url)).body.warnings.map(({ name }) => name)).not.toContain('JWT_AUDIENCE');
});

test.each<[name: string, check: string, value: string]>([
  ...Object.values(UPSTREAMS).flatMap(({ check, key, address }): [string, string, string][] => [
    [key, check, 'wrong-service-key'],
    [address, check, 'http://127.0.0.1:9'],
  ]),
  ['JWKS_URL', 'issuer', `${stack.bank}/v1/modules`],
  ['JWKS_URL', 'issuer', `${stack.issuer}/nowhere`],
  ['DATABASE_URL', 'database', databaseUrl((url) => (url.password = 'wrong'))],
  ['DATABASE_URL', 'database', databaseUrl((url) => (url.pathname = '/no_such_database'))],
])('readiness names %s when that is what is wrong', async (name, check, value) => {
  const { url } = await startWith({ [name]: value });
  const { status, body } = await readiness(url);
  expect([status, body.ready]).toEqual([503, false]);
  const failed = Object.entries(body.checks).filter(([, { ok }]) => !ok);
  expect(failed).toMatchObject([
    [check, { ok: false, fault: { name, message: expect.stringMatching(/\.$|`/) } }],
  ]);
});

test('two hundred who ask at once cause one set of calls', async () => {
  const { url } = await startWith({});
  const count = async () => {
    const services = [stack.bank, stack.evaluator, stack.tutor, stack.issuer];
    const logs = services.map(async (service) => {
      const { data } = (await (await fetch(`${service}/__local/requests`)).json()) as { data: unknown[] };
      return data.length;
    });
    return Promise.all(logs);
  };
  for (const service of [stack.bank, stack.evaluator, stack.tutor, stack.issuer]) {
    await fetch(`${service}/__local/requests`, { method: 'DELETE' });
  }
  const answers = await Promise.all(Array.from({ length: 200 }, () => readiness(url)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await count()).toEqual([2, 2, 2, 1]);
});

/** Milliseconds for which a report serves all who ask. */
const SHARED_MS = 5000;

test('in workerd, too: those who wait are served by the first one', async () => {
  await new Promise((resolve) => setTimeout(resolve, SHARED_MS + 100));
  await fetch(`${stack.tutor}/__local/requests`, { method: 'DELETE' });
  const started = Date.now();
  const answers = await Promise.all(Array.from({ length: 200 }, () => readiness(stack.worker)));
  // On a busy machine the last of them may come when the first report is too old.
  const sets = 1 + Math.floor((Date.now() - started) / SHARED_MS);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { data } = (await (await fetch(`${stack.tutor}/__local/requests`)).json()) as { data: unknown[] };
  expect(data.length).toBeGreaterThanOrEqual(2);
  expect(data.length).toBeLessThanOrEqual(2 * sets);
});

test.each([
  ['wrong-password', databaseUrl((url) => (url.password = 'wrong'))],
  ['wrong-password', databaseUrl((url) => (url.username = 'no_such_role'))],
  ['missing-database', databaseUrl((url) => (url.pathname = '/no_such_database'))],
  // It has none of our tables.
  [/not-migrated|missing-permission/, databaseUrl((url) => (url.pathname = '/postgres'))],
])('a database with %s is unavailable, and the log names the class', async (setup, address) => {
  const { url, lines } = await startWith({ DATABASE_URL: address });
  const learner = learnerAt(await newLearner(), url);
  const answer = await learner.call('/v1/study-paths/current');
  expect([answer.status, answer.body.code]).toEqual([503, 'storage-unavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const failed = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'statement-failed');
  expect(failed).toMatchObject({ kind: 'misconfigured', setup: expect.stringMatching(setup) });
  expect(lines.join('\n')).not.toContain('wrong"');
});

test('a refused token leaves its reason and the route in the log of workerd', async () => {
  const requestId = `refused-${randomUUID()}`;
  const token = await tokenFor(`learner-${randomUUID()}`, 3600, { iss: 'evil.example' });
  const nobody = learnerAt({ id: 'nobody', token }, stack.worker);
  const answer = await nobody.call(`/v1/study-tasks/${randomUUID()}/events`, {
    headers: { 'x-request-id': requestId },
  });
  expect(answer.status).toBe(401);
  const own = async () =>
    (await workerLog())
      .split('\n')
      .filter((line) => line.includes(requestId))
      .join('\n');
  await expect.poll(own).toContain('"reason":"wrong-issuer"');
  await expect.poll(own).toContain('"route":"/v1/study-tasks/:id/events"');
  expect(await own()).not.toContain(token.split('.')[1]);
});

test('issuers may write fractions of a second, and clients any spaces and case before a token', async () => {
  const now = Date.now() / 1000;
  const id = `learner-${randomUUID()}`;
  const token = await tokenFor(id, undefined, { iat: now - 0.25, nbf: now - 0.5, exp: now + 3600.75 });
  const learner = learnerAt({ id, token }, stack.worker);
  expect((await learner.call('/v1/study-paths')).status).toBe(200);
  const spelled = await learner.call('/v1/study-paths', {
    token: null,
    headers: { authorization: `bEARER   ${token}` },
  });
  expect(spelled.status).toBe(200);
});
