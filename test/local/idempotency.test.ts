import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import type { RunningDatabase } from '#services/neon/index.ts';
import type { Context } from '#worker/context.ts';
import { createDatabase, type Database, StorageError } from '#worker/db/client.ts';
import { param, statement } from '#worker/db/statement.ts';
import { AppError } from '#worker/errors.ts';
import { jsonBody } from '#worker/http/door.ts';
import { type AnswerStore, idempotent } from '#worker/http/idempotency.ts';
import { sweepIdempotencyKeys } from '#worker/http/idempotency-store.ts';
import { errorHandler } from '#worker/http/problem.ts';
import { requestId } from '#worker/http/request-id.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { body } from '#worker/http/validate.ts';
import { createLogger } from '#worker/log.ts';
import { startMigratedDatabase } from '../support/postgres.ts';

let postgres: RunningDatabase;
let db: Database;
let learner = '';
let now = Date.parse('2026-11-22T10:00:00Z');
let runs: { ids: string[] }[] = [];
let gate = Promise.resolve();
let failCompletion = false;
const logged: string[] = [];
const log = createLogger({}, (line) => logged.push(line));

beforeAll(async () => {
  const database = await startMigratedDatabase();
  postgres = database;
  db = createDatabase({ url: database.workerUrl, fetchEndpoint: database.fetchEndpoint }).forRequest('test');
});
afterAll(() => postgres?.close());
beforeEach(() => {
  learner = crypto.randomUUID();
  runs = [];
  gate = Promise.resolve();
  failCompletion = false;
  logged.length = 0;
});

const guarded: Database = {
  transact: (...parts) => db.transact(...parts),
  query(statement, params) {
    if (failCompletion && statement.name === 'idempotency-complete') {
      const failure = { kind: 'unavailable', sqlstate: null, constraint: null, repeat: 'safe' } as const;
      throw new StorageError(statement.name, failure);
    }
    return db.query(statement, params);
  },
};

/** Stores every answer of a route with output backwards, so that it shows which way a text went. */
const backwards = (text: string) => [...text].toReversed().join('');
const answers: AnswerStore = {
  toStore: async (_ctx, { key }, output, text) => `${output} ${key} ${backwards(text)}`,
  toAnswer: async (_ctx, { key }, output, text) => backwards(text.slice(`${output} ${key} `.length)),
};

const app = new Hono<AppEnv>();
app.onError(errorHandler(log));
app.use(requestId());
app.use(async (c, next) => {
  c.set('learnerId', c.req.header('x-learner') ?? learner);
  // Only what the middleware and these routes use of a context.
  const context = { db: guarded, now: new Date(now).toISOString(), newId: () => crypto.randomUUID(), log };
  c.set('ctx', context as unknown as Context);
  await next();
});
app.use(jsonBody(), idempotent(answers));
app.use(async (c, next) => {
  runs.push({ ids: [c.get('ctx').newId(), c.get('ctx').newId()] });
  await gate;
  await next();
});
app.post('/things', body(z.strictObject({ name: z.string() })), (c) => {
  const headers = { Location: '/things/1', ETag: '"1"', RateLimit: '"eval";r=1', 'Server-Timing': 'db' };
  return c.json({ ...c.req.valid('json'), run: runs.length }, 201, headers);
});
const outcomes: Record<string, () => Response> = {
  conflict: () => {
    throw new AppError('invalid-transition');
  },
  missing: () => {
    throw new AppError('not-found');
  },
  limited: () => {
    throw new AppError('too-many-evaluations', { retryAfter: 1 });
  },
  down: () => {
    throw new AppError('storage-unavailable', { retryAfter: 1 });
  },
  bug: () => {
    throw new TypeError('bug');
  },
  empty: () => new Response(null, { status: 204 }),
  pending: () => Response.json({ pending: true }, { status: 202, headers: { 'retry-after': '5' } }),
  stream: () => new Response('data: x\n\n', { headers: { 'content-type': 'text/event-stream' } }),
};
app.post('/outcome/:way', (c) => (outcomes[c.req.param('way')] ?? Response.error)());
app.post('/output/:where', (c) => {
  const where = c.req.param('where');
  c.set('output', where === 'sealed' ? 'sealed' : 'evaluation');
  if (where === 'refused') throw new AppError('invalid-transition');
  return c.json({ printed: 'what a program said' });
});
app.patch('/things', (c) => c.text('patched'));

async function post(
  key: string | undefined,
  value: unknown = { name: 'a' },
  url = '/things',
  headers: Record<string, string> = {},
) {
  return app.request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    body: JSON.stringify(value),
  });
}

const shown = async (answer: Response) => ({
  status: answer.status,
  text: await answer.text(),
  headers: Object.fromEntries(
    ['content-type', 'location', 'etag', 'ratelimit', 'retry-after'].map((name) => [
      name,
      answer.headers.get(name),
    ]),
  ),
});

const storedAnswer = statement<
  { learner_id: string; key: string },
  { response_body: string; response_output: string | null }
>(
  'stored-answer',
  'read',
  sql`select response_body, response_output from idempotency_keys
    where user_id = ${param('learner_id', 'text')} and key = ${param('key', 'text')}`,
);
const postgresRows = (key: string) => db.query(storedAnswer, { learner_id: learner, key });

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

it('the same key and request gets the same answer, once executed', async () => {
  const first = await post('key');
  expect(first.headers.get('idempotency-replayed')).toBe(null);
  const original = await shown(first);
  expect(original).toMatchObject({
    status: 201,
    headers: { location: '/things/1', etag: '"1"', ratelimit: '"eval";r=1' },
  });
  const again = await post('key');
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.headers.get('server-timing')).toBe(null);
  expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  expect(await shown(again)).toEqual(original);
  expect(runs).toHaveLength(1);
});

it('without a key, and for other methods, every request runs', async () => {
  await post(undefined);
  await post(undefined);
  const headers = { 'idempotency-key': 'key' };
  for (let index = 0; index < 2; index += 1) {
    expect(
      (await app.request('/things', { method: 'PATCH', headers })).headers.get('idempotency-replayed'),
    ).toBe(null);
  }
  expect(runs).toHaveLength(4);
});

it('another body, another path or query under the same key: 422', async () => {
  await post('key');
  for (const answer of [
    await post('key', { name: 'b' }),
    await post('key', { name: 'a' }, '/outcome/empty'),
    await post('key', { name: 'a' }, '/things?x=1'),
  ]) {
    expect(answer.status).toBe(422);
    expect(await codeOf(answer)).toBe('idempotency-key-reused');
  }
  expect(runs).toHaveLength(1);
});

it('the same key of another learner is another key', async () => {
  await post('key');
  const other = await post('key', { name: 'b' }, '/things', { 'x-learner': crypto.randomUUID() });
  expect(other.status).toBe(201);
});

it.each(['', 'a'.repeat(256), 'schlüssel', 'tab\tkey'])('key %j is refused', async (key) => {
  const answer = await post(key);
  expect(answer.status).toBe(422);
  expect(await codeOf(answer)).toBe('invalid-idempotency-key');
  expect(runs).toHaveLength(0);
});

it('a key of 255 characters with SQL in it is a key like others', async () => {
  const key = `'; drop table idempotency_keys; --${'x'.repeat(255)}`.slice(0, 255);
  expect((await post(key)).status).toBe(201);
  expect((await post(key)).headers.get('idempotency-replayed')).toBe('true');
});

it('20 requests at once: one runs, the others are told to wait', async () => {
  const open = Promise.withResolvers<void>();
  gate = open.promise;
  let answered = 0;
  const racers = Array.from({ length: 20 }, () =>
    post('key').finally(() => {
      answered += 1;
      if (answered === 19) open.resolve();
    }),
  );
  const answers = await Promise.all(racers);
  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses).toEqual([201, ...Array(19).fill(409)]);
  for (const answer of answers.filter(({ status }) => status === 409)) {
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await codeOf(answer)).toBe('request-in-progress');
  }
  expect(runs).toHaveLength(1);
  expect((await post('key')).status).toBe(201);
  expect(runs).toHaveLength(1);
});

it.each<[string, number]>([
  ['conflict', 409],
  ['missing', 404],
  ['empty', 204],
  ['pending', 202],
])('an answer of the domain is kept: %s', async (way, status) => {
  const original = await shown(await post('key', {}, `/outcome/${way}`));
  expect(original.status).toBe(status);
  const again = await post('key', {}, `/outcome/${way}`);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await shown(again)).toEqual(original);
  expect(runs).toHaveLength(1);
});

it.each(['limited', 'stream'])('nothing is kept of %s: the key is free for any request', async (way) => {
  const first = await post('key', {}, `/outcome/${way}`);
  if (way === 'stream') expect(await first.text()).toBe('data: x\n\n');
  await post('key', {}, `/outcome/${way}`);
  expect((await post('key')).status).toBe(201);
  expect(runs).toHaveLength(3);
});

it('a body refused by its schema can be corrected under the same key', async () => {
  expect((await post('key', { name: 1 })).status).toBe(422);
  expect((await post('key', { name: 'a' })).status).toBe(201);
});

it.each(['down', 'bug'])('after %s the same request runs again with the same ids', async (way) => {
  await post('key', {}, `/outcome/${way}`);
  await post('key', {}, `/outcome/${way}`);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toEqual(runs[0]);
  expect(new Set(runs[0]?.ids).size).toBe(2);
  expect(await codeOf(await post('key'))).toBe('idempotency-key-reused');
});

it('an answer that cannot be stored still goes out; later the request runs again with the same ids', async () => {
  failCompletion = true;
  expect((await post('key')).status).toBe(201);
  expect(logged.join()).toContain('idempotency-not-stored');
  failCompletion = false;
  expect((await post('key')).status).toBe(409);
  now += 120_000;
  const again = await post('key');
  expect(again.status).toBe(201);
  expect(again.headers.get('idempotency-replayed')).toBe(null);
  expect(runs[1]).toEqual(runs[0]);
  expect((await post('key')).headers.get('idempotency-replayed')).toBe('true');
});

it('a request that comes back after its lock was taken over does not overwrite the answer', async () => {
  const open = Promise.withResolvers<void>();
  gate = open.promise;
  const slow = post('key');
  await expect.poll(() => runs.length).toBe(1);
  gate = Promise.resolve();
  now += 120_000;
  const winner = await shown(await post('key'));
  open.resolve();
  await slow;
  expect(await shown(await post('key'))).toEqual(winner);
});

it('a key is a new one after 24 hours, and the sweep removes it', async () => {
  await post('old');
  now += 24 * 3_600_000 - 1;
  expect((await post('old')).headers.get('idempotency-replayed')).toBe('true');
  now += 1;
  const renewed = await post('old', { name: 'another' });
  expect(renewed.status).toBe(201);
  expect(renewed.headers.get('idempotency-replayed')).toBe(null);
  expect(runs[1]).not.toEqual(runs[0]);
  await post('older');
  now += 24 * 3_600_000;
  await post('fresh');
  const at = { now: new Date(now).toISOString() };
  const [swept] = await db.query(sweepIdempotencyKeys, at);
  expect(swept?.deleted).toBeGreaterThanOrEqual(2);
  expect(await db.query(sweepIdempotencyKeys, at)).toEqual([{ deleted: 0 }]);
  expect((await post('fresh')).headers.get('idempotency-replayed')).toBe('true');
  expect((await post('older')).headers.get('idempotency-replayed')).toBe(null);
});

it.each(['sealed', 'evaluation'])(
  'an answer with output (%s) is stored as the routes say, and a repeat gets the same bytes',
  async (where) => {
    const first = await shown(await post('output', {}, `/output/${where}`));
    expect(first.text).toContain('what a program said');
    const stored = await postgresRows('output');
    expect(stored).toMatchObject([{ response_output: where }]);
    expect(stored[0]?.response_body).toBe(`${where} output ${backwards(first.text)}`);
    const again = await post('output', {}, `/output/${where}`);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await shown(again)).toEqual(first);
  },
);

it('a refusal of such a route has no output', async () => {
  const first = await shown(await post('refused', {}, '/output/refused'));
  expect(first.status).toBe(409);
  expect(await postgresRows('refused')).toMatchObject([{ response_output: null, response_body: first.text }]);
  expect(await shown(await post('refused', {}, '/output/refused'))).toEqual(first);
});
