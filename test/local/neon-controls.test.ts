import { neon, neonConfig } from '@neondatabase/serverless';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunningDatabase } from '#services/neon/index.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

let database: RunningDatabase;
let post: ReturnType<typeof sqlOverHttp>;
let sql: ReturnType<typeof neon>;
beforeAll(async () => {
  database = await startTestDatabase();
  post = sqlOverHttp(database);
  neonConfig.fetchEndpoint = database.fetchEndpoint;
  sql = neon(database.connectionString);
  await sql`create table notes (v text not null)`;
});
afterEach(async () => {
  await control('DELETE', 'faults');
  await control('PUT', 'latency', { ms: 0 });
  await sql`truncate notes`;
});
afterAll(() => database?.close());

function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${database.url}/__local/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

async function notes(): Promise<number> {
  const { answer } = await post({ query: 'select v from notes' });
  return answer.rows?.length ?? -1;
}

test('before-commit fails and nothing was done', async () => {
  await control('PUT', 'faults', [{ kind: 'before-commit', match: 'insert into notes', times: 1 }]);
  await expect(sql`insert into notes values ('a')`).rejects.toThrow('Server error (HTTP status 500)');
  expect(await notes()).toBe(0);
  await sql`insert into notes values ('a')`;
  expect(await notes()).toBe(1);
});

test('after-commit drops the connection although the work is committed', async () => {
  await control('PUT', 'faults', [{ kind: 'after-commit', match: 'insert', times: 1 }]);
  const write = sql.transaction([sql`insert into notes values ('a')`, sql`insert into notes values ('b')`]);
  await expect(write).rejects.toMatchObject({ name: 'NeonDbError', sourceError: expect.any(Error) });
  expect(await notes()).toBe(2);
});

test('after-commit with a status answers it although the work is committed', async () => {
  await control('PUT', 'faults', [{ kind: 'after-commit', status: 503, times: 1 }]);
  await expect(sql`insert into notes values ('a')`).rejects.toThrow('Server error (HTTP status 503)');
  expect(await notes()).toBe(1);
});

test('a fault that matches another query lets this one pass', async () => {
  await control('PUT', 'faults', [{ kind: 'before-commit', match: 'delete from notes' }]);
  await sql`insert into notes values ('a')`;
  await expect(sql`delete from notes`).rejects.toThrow('500');
  await expect(sql.transaction([sql`select 1`, sql`delete from notes`])).rejects.toThrow('500');
  expect(await notes()).toBe(1);
});

test.each([
  [{ kind: 'status', status: 502 }, 'HTTP status 502'],
  [{ kind: 'reset' }, 'Error connecting to database'],
  [{ kind: 'garbage' }, 'JSON'],
  [{ kind: 'html' }, 'JSON'],
  [{ kind: 'truncated' }, ''],
  [{ kind: 'wrong-schema' }, ''],
])('fault %j', async (fault, message) => {
  await control('PUT', 'faults', [{ ...fault, path: '/sql', method: 'POST', times: 1 }]);
  await expect(sql`insert into notes values ('a')`).rejects.toThrow(message);
  expect(await notes()).toBe(0);
});

test.each(['hang', 'endless'])('fault %s lasts until the caller gives up', async (kind) => {
  await control('PUT', 'faults', [{ kind, times: 1 }]);
  const patient = neon(database.connectionString, { fetchOptions: { signal: AbortSignal.timeout(150) } });
  await expect(patient`select 1`).rejects.toThrow();
  expect(await notes()).toBe(0);
});

test('fault delay answers late and right', async () => {
  await control('PUT', 'faults', [{ kind: 'delay', delay_ms: 120, times: 1 }]);
  const start = performance.now();
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(115);
});

test('an unknown fault is refused and leaves the switches as they were', async () => {
  await control('PUT', 'faults', [{ kind: 'status', path: '/nowhere' }]);
  const refused = await control('PUT', 'faults', [{ kind: 'explode' }]);
  expect(refused.status).toBe(422);
  expect(await (await control('GET', 'faults')).json()).toMatchObject({
    data: [{ kind: 'status', path: '/nowhere' }],
  });
});

test('round trips and queries are counted per request id', async () => {
  const headers = { 'x-request-id': 'req-1' };
  await post({ query: 'select 1' }, headers);
  await post({ queries: [{ query: 'select 1' }, { query: 'select 2' }] }, headers);
  await post({ query: 'select 1' });
  await post({ query: 'select nosuch' }, { 'x-request-id': 'req-2' });
  const count = async (id: string) =>
    (await control('GET', `round-trips?request_id=${encodeURIComponent(id)}`)).json();
  expect(await count('req-1')).toEqual({ data: { request_id: 'req-1', round_trips: 2, queries: 3 } });
  expect(await count('req-2')).toEqual({ data: { request_id: 'req-2', round_trips: 1, queries: 1 } });
  expect(await count('never')).toEqual({ data: { request_id: 'never', round_trips: 0, queries: 0 } });
  expect((await control('DELETE', 'round-trips')).status).toBe(204);
  expect(await count('req-1')).toEqual({ data: { request_id: 'req-1', round_trips: 0, queries: 0 } });
});

test('the counter of round trips forgets the oldest ids', async () => {
  for (let i = 0; i < 2010; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, k) => post({ query: 'select 1' }, { 'x-request-id': `many-${i + k}` })),
    );
  const { data } = (await (await control('GET', 'round-trips')).json()) as { data: unknown[] };
  expect(data).toHaveLength(2000);
});

test('added latency is once per round trip, not per query', async () => {
  expect((await control('PUT', 'latency', { ms: 80 })).status).toBe(200);
  expect(await (await control('GET', 'latency')).json()).toEqual({ data: { ms: 80 } });
  const start = performance.now();
  await sql.transaction([sql`select 1`, sql`select 2`, sql`select 3`, sql`select 4`]);
  const took = performance.now() - start;
  expect(took).toBeGreaterThanOrEqual(78);
  expect(took).toBeLessThan(300);
  expect((await control('PUT', 'latency', { ms: -1 })).status).toBe(422);
});

test('the request log shows what was asked, by request id', async () => {
  await post({ query: 'select $1', params: ['seen'] }, { 'x-request-id': 'logged' });
  expect(await (await control('GET', 'requests?request_id=logged')).json()).toMatchObject({
    data: [
      { method: 'POST', path: '/sql', authorized: true, body: '{"query":"select $1","params":["seen"]}' },
    ],
  });
});
