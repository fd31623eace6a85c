import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDatabase, startPostgres } from '#services/neon/index.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

// A private folder inside a private folder: what `git clone . $(mktemp -d)/x` gives.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'study-paths-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function dataDir(name: string): string {
  return path.join(folder, 'checkout', '.local', name);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A program of its own that starts PostgreSQL, says so, and ends in the given way. */
async function starter(name: string, ending: string): Promise<{ child: ChildProcess; url: string }> {
  const module = new URL('../../src/services/neon/index.ts', import.meta.url).href;
  const program = `import { startPostgres } from ${JSON.stringify(module)};
    const { url } = await startPostgres({ dataDir: ${JSON.stringify(dataDir(name))}, durable: false });
    process.stdout.write(url + '\\n');
    ${ending}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', () => reject(new Error('ended before it was up')));
  });
  return { child, url };
}

test('data is kept between runs; a kept start is quick; fresh forgets', async () => {
  const first = await startPostgres({ dataDir: dataDir('kept') });
  await query(first.url, 'create table kept (v int)');
  await first.close();
  const start = performance.now();
  const second = await startPostgres({ dataDir: dataDir('kept') });
  expect(performance.now() - start).toBeLessThan(1500);
  expect(await query(second.url, "select to_regclass('kept')::text as t")).toEqual([{ t: 'kept' }]);
  await second.close();
  const third = await startPostgres({ dataDir: dataDir('kept'), fresh: true });
  expect(await query(third.url, "select to_regclass('kept')::text as t")).toEqual([{ t: null }]);
  await third.close();
});

test('it listens on the loopback only, durable unless told otherwise', async () => {
  const postgres = await startPostgres({ dataDir: dataDir('settings') });
  const settings = await query(
    postgres.url,
    "select name, setting from pg_settings where name in ('fsync', 'listen_addresses', 'TimeZone') order by name",
  );
  await postgres.close();
  expect(settings).toEqual([
    { name: 'TimeZone', setting: 'UTC' },
    { name: 'fsync', setting: 'on' },
    { name: 'listen_addresses', setting: '127.0.0.1' },
  ]);
});

test('a taken port is named', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  const taken = { dataDir: dataDir('settings'), durable: false };
  await expect(startPostgres({ ...taken, port })).rejects.toThrow(`PostgreSQL: port ${port} is taken`);
  await expect(startDatabase({ ...taken, port })).rejects.toThrow(`neon: port ${port} is taken`);
  server.close();
  const postgres = await startPostgres(taken); // the failed attempts left no server on the cluster
  await postgres.close();
});

test.each([
  ['exits', 'process.exit(3)', null],
  ['has nothing left to do', '', null],
  ['throws', "throw new Error('bug')", null],
  ['gets SIGINT', 'setInterval(() => {}, 1000)', 'SIGINT'],
  ['gets SIGTERM', 'setInterval(() => {}, 1000)', 'SIGTERM'],
  ['is killed', 'setInterval(() => {}, 1000)', 'SIGKILL'],
] as const)('no server is left behind when its program %s', async (_name, ending, signal) => {
  const { child, url } = await starter('orphan', ending);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (signal !== null) child.kill(signal);
  await ended;
  await expect
    .poll(() => query(url, 'select 1').catch(String), { timeout: 10_000 })
    .toContain('ECONNREFUSED');
  const next = await startPostgres({ dataDir: dataDir('orphan'), durable: false });
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await next.close();
});

test('a server killed without warning recovers; its old pid file may name a stranger', async () => {
  const postgres = await startPostgres({ dataDir: dataDir('crash') });
  await query(postgres.url, 'create table survived (v int)');
  const cluster = path.join(dataDir('crash'), 'cluster');
  const pidFile = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8');
  process.kill(Number.parseInt(pidFile, 10), 'SIGKILL');
  await postgres.close();
  await expect.poll(() => query(postgres.url, 'select 1').catch(String)).toContain('ECONNREFUSED');
  writeFileSync(path.join(cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
  const again = await startPostgres({ dataDir: dataDir('crash') });
  expect(await query(again.url, "select to_regclass('survived')::text as t")).toEqual([{ t: 'survived' }]);
  await again.close();
});

test('a cluster in use is refused and its server unharmed', { timeout: 30_000 }, async () => {
  const postgres = await startPostgres({ dataDir: dataDir('used'), durable: false });
  await expect(startPostgres({ dataDir: dataDir('used'), fresh: true })).rejects.toThrow(
    'is in use by process',
  );
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await postgres.close();
});

test('starts at the same moment on an empty folder end with one server', { timeout: 60_000 }, async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 3 }, () => startPostgres({ dataDir: dataDir('together'), durable: false })),
  );
  const up = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(up).toHaveLength(1);
  await Promise.all(up.map((postgres) => postgres.close()));
});

test('a cluster of another version is left alone', async () => {
  const cluster = path.join(dataDir('older'), 'cluster');
  mkdirSync(cluster, { recursive: true });
  writeFileSync(path.join(cluster, 'PG_VERSION'), '16\n');
  await expect(startPostgres({ dataDir: dataDir('older') })).rejects.toThrow('of version 16: start fresh');
  expect(existsSync(path.join(cluster, 'PG_VERSION'))).toBe(true);
});

test('the server never runs as root', async () => {
  const postgres = await startPostgres({ dataDir: dataDir('settings'), durable: false });
  expect(statSync(path.join(dataDir('settings'), 'cluster')).uid).not.toBe(0);
  await postgres.close();
});

test('the endpoint serves any PostgreSQL and leaves it running', async () => {
  const postgres = await startPostgres({ dataDir: dataDir('settings'), durable: false });
  await query(postgres.url, "create role app login password 'p%4 /x'");
  await query(postgres.url, 'create database "Odd name"');
  const databaseUrl = new URL(postgres.url);
  databaseUrl.username = 'app';
  databaseUrl.password = encodeURIComponent('p%4 /x');
  databaseUrl.pathname = '/Odd%20name';
  const database = await startDatabase({ dataDir: dataDir('unused'), databaseUrl: databaseUrl.href });
  const { answer } = await sqlOverHttp(database)({
    query: 'select current_user::text as role, current_database()::text as name',
  });
  expect(answer.rows).toEqual([{ role: 'app', name: 'Odd name' }]);
  await database.close();
  expect(existsSync(dataDir('unused'))).toBe(false);
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await postgres.close();
});
