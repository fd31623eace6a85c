import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningDatabase } from '#services/neon/index.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

let database: RunningDatabase;
let post: ReturnType<typeof sqlOverHttp>;
beforeAll(async () => {
  database = await startTestDatabase();
  post = sqlOverHttp(database);
});
afterAll(() => database?.close());

/** Asks until the answer is as expected: what follows an answer (reset, cancel) takes its moment. */
async function eventually(query: string, row: Record<string, unknown>): Promise<void> {
  await expect.poll(async () => (await post({ query })).answer.rows, { timeout: 5000 }).toEqual([row]);
}

/** Sends a query and goes away after `ms` without waiting for the answer. */
async function abandon(body: object, ms: number): Promise<void> {
  const req = http.request(database.fetchEndpoint, {
    method: 'POST',
    headers: { 'neon-connection-string': database.connectionString },
  });
  const closed = new Promise((resolve) => req.once('close', resolve));
  req.on('error', () => undefined); // the hang-up is the point
  req.end(JSON.stringify(body));
  await sleep(ms);
  req.destroy();
  await closed;
}

function activeLike(text: string): string {
  return `select count(*)::int as n from pg_stat_activity
    where state <> 'idle' and query like '%${text}%' and pid <> pg_backend_pid()`;
}

test('an open transaction does not outlive its call', async () => {
  await post({ query: 'begin' });
  await eventually(
    "select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%'",
    {
      n: 0,
    },
  );
});

test('settings, roles, temporary tables, advisory locks and listeners do not reach the next call', async () => {
  await post({ query: "select set_config('app.learner', 'leak', false)" });
  await post({ query: "set search_path = 'nowhere'" });
  await post({ query: 'create role reporter' });
  await post({ query: 'grant reporter to study_paths_owner' });
  expect((await post({ query: 'set role reporter' })).status).toBe(200);
  await post({ query: 'create temp table leak (v int)' });
  await post({ query: 'select pg_advisory_lock(4711)' });
  await post({ query: 'listen leak' });
  await post({ query: 'declare leak cursor with hold for select 1' });
  const seen = await Promise.all(
    Array.from({ length: 30 }, () =>
      post({
        query: `select coalesce(current_setting('app.learner', true), '') as learner, current_user::text as role,
          current_setting('search_path') as path, to_regclass('pg_temp.leak')::text as temp,
          (select count(*)::int from pg_listening_channels()) as listens,
          (select count(*)::int from pg_cursors where name = 'leak') as cursors`,
      }),
    ),
  );
  for (const { answer } of seen)
    expect(answer.rows).toEqual([
      { learner: '', role: 'study_paths_owner', path: '"$user", public', temp: null, listens: 0, cursors: 0 },
    ]);
  await eventually("select count(*)::int as n from pg_locks where locktype = 'advisory'", { n: 0 });
});

test('a caller that goes away cancels its statement', async () => {
  await abandon({ query: 'select pg_sleep(30) /* lonely */' }, 200);
  await eventually(activeLike('lonely'), { n: 0 });
});

test('a caller that goes away undoes its batch', async () => {
  await post({ query: 'create table undone (v int)' });
  await abandon(
    { queries: [{ query: 'insert into undone values (1)' }, { query: 'select pg_sleep(30) /* batch */' }] },
    200,
  );
  await eventually(activeLike('batch'), { n: 0 });
  await eventually('select count(*)::int as n from undone', { n: 0 });
});

test('callers that go away while all connections are busy free them all', async () => {
  await Promise.all(
    Array.from({ length: 40 }, () => abandon({ query: 'select pg_sleep(30) /* crowd */' }, 600)),
  );
  const { status } = await post({ query: 'select 1' });
  expect(status).toBe(200);
  await eventually(activeLike('crowd'), { n: 0 });
});

test('a backend killed in the middle answers 57P01 and the next call works', async () => {
  const victim = post({ query: 'select pg_sleep(30) /* victim */' });
  await eventually(activeLike('victim'), { n: 1 });
  await post({
    query: `select pg_terminate_backend(pid) from pg_stat_activity
      where query like '%victim%' and pid <> pg_backend_pid()`,
  });
  const { status, answer } = await victim;
  expect([status, answer.code, answer.severity]).toEqual([400, '57P01', 'FATAL']);
  expect((await post({ query: 'select 1' })).status).toBe(200);
});

test('idle backends killed behind the pool do no harm', async () => {
  await Promise.all(Array.from({ length: 10 }, () => post({ query: 'select pg_sleep(0.05)' })));
  await post({
    query: `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = 'main' and pid <> pg_backend_pid()`,
  });
  await sleep(200);
  const after = await Promise.all(Array.from({ length: 10 }, () => post({ query: 'select 1' })));
  expect(after.map(({ status }) => status)).toEqual(Array(10).fill(200));
});

test('200 calls at once share 20 connections', async () => {
  const calls = await Promise.all(
    Array.from({ length: 200 }, () =>
      post({ query: 'select pg_backend_pid() as pid, pg_sleep(0.02)::text as s' }),
    ),
  );
  expect(calls.every(({ status }) => status === 200)).toBe(true);
  const backends = new Set(calls.map(({ answer }) => JSON.stringify(answer.rows)));
  expect(backends.size).toBeGreaterThan(1);
  expect(backends.size).toBeLessThanOrEqual(20);
});
