import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import { migrate as drizzleMigrate } from 'drizzle-orm/neon-http/migrator';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { EarlierDatabaseError, MigrationError, migrate } from '#cli/migrate.ts';
import type { RunningDatabase } from '#services/neon/index.ts';
import { makeEarlier, TIMES_BEFORE_BASELINE } from '../support/earlier-database.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

/** The project's own migrations. */
const PROJECT = new URL('../../drizzle', import.meta.url).pathname;
const Journal = z.object({ entries: z.array(z.object({ when: z.int() })) });
const PROJECT_TIMES = Journal.parse(
  JSON.parse(readFileSync(path.join(PROJECT, 'meta', '_journal.json'), 'utf8')),
).entries.map(({ when }) => when);

let database: RunningDatabase;
let directory: string;
const standard = neonConfig.fetchEndpoint;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'study-paths-test-'));
  await rows('drop schema if exists drizzle cascade');
  await rows('drop schema public cascade');
  await rows('create schema public');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  neonConfig.fetchEndpoint = standard;
});

async function rows(query: string): Promise<unknown[] | undefined> {
  const { answer } = await sqlOverHttp(database)({ query });
  return answer.rows;
}

/** Writes drizzle's output: one file per entry, in order. */
function write(files: Record<string, string>): void {
  mkdirSync(path.join(directory, 'meta'), { recursive: true });
  const entries = Object.keys(files).map((tag, idx) => ({
    idx,
    version: '7',
    when: 1_790_000_000_000 + idx,
    tag,
    breakpoints: true,
  }));
  writeFileSync(
    path.join(directory, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  for (const [tag, sql] of Object.entries(files)) writeFileSync(path.join(directory, `${tag}.sql`), sql);
}

function run(): Promise<string[]> {
  const { connectionString: databaseUrl, fetchEndpoint } = database;
  return migrate({ databaseUrl, fetchEndpoint, directory });
}

const TABLES = 'CREATE TABLE a (id int);\n--> statement-breakpoint\nCREATE TABLE b (id int);';

test('files are applied in order and once', async () => {
  write({ '0000_tables': TABLES, '0001_more': 'ALTER TABLE a ADD v text;' });
  expect(await run()).toEqual(['0000_tables.sql', '0001_more.sql']);
  expect(await run()).toEqual([]);
  write({ '0000_tables': TABLES, '0001_more': 'ALTER TABLE a ADD v text;', '0002_last': 'DROP TABLE b;' });
  expect(await run()).toEqual(['0002_last.sql']);
  expect(await rows("select to_regclass('a')::text as a, to_regclass('b')::text as b")).toEqual([
    { a: 'a', b: null },
  ]);
});

test('the journal has the hash and time stamp that drizzle writes', async () => {
  write({ '0000_tables': TABLES });
  await run();
  expect(await rows('select hash, created_at from drizzle.__drizzle_migrations')).toEqual([
    { hash: createHash('sha256').update(TABLES).digest('hex'), created_at: '1790000000000' },
  ]);
});

test('drizzle and this migrator each go on where the other stopped', async () => {
  neonConfig.fetchEndpoint = database.fetchEndpoint;
  const db = drizzle({ client: neon(database.connectionString) });
  write({ '0000_tables': TABLES });
  await drizzleMigrate(db, { migrationsFolder: directory });
  write({ '0000_tables': TABLES, '0001_more': 'CREATE TABLE c (id int);' });
  expect(await run()).toEqual(['0001_more.sql']);
  await drizzleMigrate(db, { migrationsFolder: directory });
  expect(await rows('select count(*)::int as n from drizzle.__drizzle_migrations')).toEqual([{ n: 2 }]);
});

test('a failing file is named with its SQLSTATE and leaves nothing; files before it stay', async () => {
  write({
    '0000_tables': TABLES,
    '0001_bad': 'CREATE TABLE c (id int);\n--> statement-breakpoint\nCREATE TABLE d (id nosuchtype);',
  });
  const error = await run().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MigrationError);
  expect(error).toMatchObject({
    file: '0001_bad.sql',
    sqlState: '42704',
    message: '0001_bad.sql: 42704 type "nosuchtype" does not exist',
  });
  expect(
    await rows(
      `select to_regclass('a')::text as a, to_regclass('c')::text as c,
        (select count(*)::int from drizzle.__drizzle_migrations) as n`,
    ),
  ).toEqual([{ a: 'a', c: null, n: 1 }]);
  write({ '0000_tables': TABLES, '0001_bad': 'CREATE TABLE c (id int);' });
  expect(await run()).toEqual(['0001_bad.sql']);
});

test('a division by zero inside a file is a failure like any other', async () => {
  write({ '0000_zero': 'SELECT 1 / 0;' });
  await expect(run()).rejects.toMatchObject({ file: '0000_zero.sql', sqlState: '22012' });
});

test('six runners at once apply each file once', async () => {
  write({
    '0000_tables': TABLES,
    '0001_more': 'CREATE TABLE c (id int);',
    '0002_rows': 'INSERT INTO c VALUES (1);',
  });
  const runs = await Promise.all(Array.from({ length: 6 }, run));
  expect(runs.flat().sort()).toEqual(['0000_tables.sql', '0001_more.sql', '0002_rows.sql']);
  expect(
    await rows(
      'select (select count(*)::int from c) as c, count(*)::int as n from drizzle.__drizzle_migrations',
    ),
  ).toEqual([{ c: 1, n: 3 }]);
});

test('a file changed after it ran is refused, and nothing after it runs', async () => {
  write({ '0000_tables': TABLES });
  await run();
  write({ '0000_tables': `${TABLES}\n-- edited`, '0001_more': 'CREATE TABLE c (id int);' });
  await expect(run()).rejects.toThrow('0000_tables.sql: was changed after it ran');
  expect(await rows("select to_regclass('c') as c")).toEqual([{ c: null }]);
});

test.each([
  ['all of its migrations', TIMES_BEFORE_BASELINE],
  ['the first one alone', TIMES_BEFORE_BASELINE.slice(0, 1)],
  ['the last one alone', TIMES_BEFORE_BASELINE.slice(-1)],
  ['one of them, and the baseline', [...TIMES_BEFORE_BASELINE.slice(0, 1), PROJECT_TIMES[0] ?? 0]],
])('a database of an earlier version is refused before anything changes: %s', async (_name, times) => {
  await makeEarlier(database.postgresUrl, times);
  const everything = `select coalesce((select jsonb_agg(to_jsonb(j) order by id) from drizzle.__drizzle_migrations j), '[]') as journal,
    (select jsonb_agg(to_jsonb(p)) from study_paths p) as paths,
    (select jsonb_agg(oid::regclass::text order by oid) from pg_class where relnamespace = 'public'::regnamespace) as relations`;
  const before = await rows(everything);
  const { connectionString: databaseUrl, fetchEndpoint } = database;
  const error = await migrate({ databaseUrl, fetchEndpoint, directory: PROJECT }).catch((reason) => reason);
  expect(error).toBeInstanceOf(EarlierDatabaseError);
  expect(await rows(everything)).toEqual(before);
  expect(before).toMatchObject([{ paths: [{ user_id: 'someone' }] }]);
});

test('a migration that only a later version has is no reason to refuse', async () => {
  write({ '0000_tables': TABLES, '0001_more': 'CREATE TABLE c (id int);' });
  await run();
  write({ '0000_tables': TABLES });
  expect(await run()).toEqual([]);
});

test('a folder without a journal is named', async () => {
  await expect(run()).rejects.toThrow(path.join(directory, 'meta', '_journal.json'));
});

test('the endpoint of other clients in the process is left alone', async () => {
  write({ '0000_tables': TABLES });
  neonConfig.fetchEndpoint = 'http://127.0.0.1:9/sql';
  expect(await run()).toEqual(['0000_tables.sql']);
  expect(neonConfig.fetchEndpoint).toBe('http://127.0.0.1:9/sql');
});

/** Runs the command in a folder without a stack that may hold a `.dev.vars`; the files applied are those of the project. */
function command(env: Record<string, string>): Promise<{ code: number | null; out: string; err: string }> {
  const program = new URL('../../src/cli/migrate.ts', import.meta.url).pathname;
  const { DATABASE_URL: _url, NEON_FETCH_ENDPOINT: _endpoint, ...clean } = process.env;
  const child = spawn(process.execPath, [program], {
    cwd: directory,
    env: { ...clean, LOCAL_HOME: directory, ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

test('the command without an address says what is missing', async () => {
  expect(await command({})).toEqual({
    code: 1,
    out: '',
    err: 'DATABASE_URL is neither in the environment nor in .dev.vars, and no stack was started here (npm run dev)\n',
  });
});

test('the command reads .dev.vars, and an address of the environment does not go to its endpoint', async () => {
  writeFileSync(
    path.join(directory, '.dev.vars'),
    'DATABASE_URL="postgresql://postgres:wrong@localhost/main"\nNEON_FETCH_ENDPOINT="' +
      database.fetchEndpoint +
      '"\n',
  );
  const fromFile = await command({});
  expect([fromFile.code, fromFile.out]).toEqual([1, '']);
  expect(fromFile.err).toContain("password authentication failed for user 'postgres'");
  const log = async () =>
    (await (await fetch(`${database.url}/__local/requests`)).json()) as { data: unknown[] };
  const before = (await log()).data.length;
  const fromEnvironment = await command({ DATABASE_URL: 'postgresql://u:p@db.invalid.test/main' });
  expect(fromEnvironment.code).toBe(1);
  expect(fromEnvironment.err).not.toContain('password authentication');
  expect((await log()).data.length).toBe(before);
});

test("the command applies the project's files, then says that all is up to date", async () => {
  const env = { DATABASE_URL: database.connectionString, NEON_FETCH_ENDPOINT: database.fetchEndpoint };
  const first = await command(env);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(
    /^(applied \d{4}_\w+\.sql\n)+let the Worker's role log in: alter role study_paths_worker .*\n$/,
  );
  expect(await command(env)).toEqual({ code: 0, out: 'up to date\n', err: '' });
});

test.each([
  ['that of npm run dev', 1, 'npm run dev -- --fresh'],
  ['any other', 2, 'DATABASE_URL=<address of an empty database> npm run db:migrate'],
])(
  'the command refuses a database of an earlier version and names how to start over: %s',
  async (_name, ahead, next) => {
    await makeEarlier(database.postgresUrl, TIMES_BEFORE_BASELINE);
    const env = {
      DATABASE_URL: database.connectionString,
      NEON_FETCH_ENDPOINT: database.fetchEndpoint,
      PORT: String(database.port - ahead),
    };
    const { code, out, err } = await command(env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n').slice(0, 2)).toEqual([
      'This database was made by an earlier version of Study Paths, which this version cannot migrate; nothing was changed.',
      `Start over with an empty database: ${next}`,
    ]);
    expect(await rows('select user_id from study_paths')).toEqual([{ user_id: 'someone' }]);
  },
);
