import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  NeonDbError,
  type NeonQueryFunction,
  type NeonQueryPromise,
  neon,
  neonConfig,
} from '@neondatabase/serverless';
import * as z from 'zod';
import { basePort, portsFrom } from './checkout.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { admitWorker, loginStatement } from './worker-role.ts';

export type MigrateOptions = {
  /** Of a role that may create tables. */
  databaseUrl: string;
  /** Where to send the SQL instead of the host in `databaseUrl`: the local `…/sql`. */
  fetchEndpoint?: string | undefined;
  /** drizzle's output: `*.sql` and `meta/_journal.json`. */
  directory: string;
  /** The command that starts over with an empty database, for the error about one of an earlier version. */
  startOver?: string;
  /** Called with each file right after it was applied. */
  onApplied?: (file: string) => void;
};

/** Starts over with the built-in database of `npm run dev`. */
export const FRESH_START = 'npm run dev -- --fresh';
const EMPTY_DATABASE = 'DATABASE_URL=<address of an empty database> npm run db:migrate';

/** A migration that cannot go on; `file` is the one to look at, `sqlState` is set when PostgreSQL refused it. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly file: string;
  readonly sqlState: string | null;
  constructor(file: string, reason: string, sqlState: string | null, cause?: unknown) {
    super(`${file}: ${sqlState === null ? '' : `${sqlState} `}${reason}`, { cause });
    this.file = file;
    this.sqlState = sqlState;
  }
}

/** A database that has run migrations from before the first file: its tables are not what the files continue. */
export class EarlierDatabaseError extends Error {
  override readonly name = 'EarlierDatabaseError';
  constructor(startOver: string) {
    super(
      `This database was made by an earlier version of Study Paths, which this version cannot migrate; nothing was changed.
Start over with an empty database: ${startOver}
To keep learners' data, first export it with the version that made it (GET /v1/me/export); import it afterwards (npm run import).`,
    );
  }
}

const Journal = z.object({ entries: z.array(z.object({ when: z.int(), tag: z.string() })) });
const Known = z.tuple([z.tuple([z.object({ name: z.string().nullable() })])]);
const Applied = z.array(z.object({ hash: z.string(), created_at: z.coerce.number() }));

type Migration = { file: string; when: number; hash: string; statements: string[] };
type Query = NeonQueryPromise<false, false, Record<string, unknown>[]>;
/** Runs queries as one transaction in one request and returns the rows of each. */
type Send = (build: (sql: NeonQueryFunction<false, false>) => Query[]) => Promise<unknown[]>;

/** The advisory lock of all runners on a database. */
const LOCK = 5_071_965;
/** Raised inside the batch when another runner was faster; PostgreSQL defines no code of class 50. */
const ALREADY_APPLIED = '50710';

function readMigrations(directory: string): Migration[] {
  const journal = path.join(directory, 'meta', '_journal.json');
  if (!existsSync(journal))
    throw new MigrationError(journal, 'not found: run npm run db:generate first', null);
  return Journal.parse(JSON.parse(readFileSync(journal, 'utf8'))).entries.map(({ when, tag }) => {
    const file = `${tag}.sql`;
    const text = readFileSync(path.join(directory, file), 'utf8');
    const statements = text.split('--> statement-breakpoint').filter((part) => part.trim() !== '');
    // Hash and time stamp are drizzle's own, so that either migrator goes on where the other stopped.
    return { file, when, statements, hash: createHash('sha256').update(text).digest('hex') };
  });
}

/**
 * The driver knows one endpoint per process and reads it when a transaction begins, so it is set for just that
 * moment: other clients of this process keep theirs.
 */
function sender(databaseUrl: string, fetchEndpoint: string | undefined): Send {
  const sql = neon(databaseUrl, { isolationLevel: 'ReadCommitted' });
  return (build) => {
    const before = neonConfig.fetchEndpoint;
    neonConfig.fetchEndpoint = fetchEndpoint ?? before;
    try {
      return sql.transaction(build(sql));
    } finally {
      neonConfig.fetchEndpoint = before;
    }
  };
}

/**
 * `create schema if not exists` believes the backend's cache, which misses a schema that another runner made while
 * this one waited for the lock; reading the catalogue refreshes it.
 */
const MAKE_SCHEMA = `do $$ begin
  if not exists (select from pg_namespace where nspname = 'drizzle') then create schema drizzle; end if;
end $$`;

/** Hash by time stamp of what ran before. The journal is made under the lock: `if not exists` alone loses races. */
async function readApplied(send: Send): Promise<Map<number, string>> {
  const known = await send((sql) => [sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`]);
  if (Known.parse(known)[0][0].name === null)
    await send((sql) => [
      sql`select pg_advisory_xact_lock(${LOCK})`,
      sql.query(MAKE_SCHEMA),
      sql`create table if not exists drizzle.__drizzle_migrations
          (id serial primary key, hash text not null, created_at bigint)`,
    ]);
  const [rows] = await send((sql) => [sql`select hash, created_at from drizzle.__drizzle_migrations`]);
  return new Map(Applied.parse(rows).map(({ hash, created_at }) => [created_at, hash]));
}

/** Applies one file and its journal row in one transaction. False when another runner did it meanwhile. */
async function apply(send: Send, { file, when, hash, statements }: Migration): Promise<boolean> {
  const guard = `do $$ begin
    if exists (select from drizzle.__drizzle_migrations where created_at = ${when}) then
      raise exception 'applied by another runner' using errcode = '${ALREADY_APPLIED}';
    end if;
  end $$`;
  try {
    await send((sql) => [
      sql`select pg_advisory_xact_lock(${LOCK})`,
      sql.query(guard),
      sql`set local lock_timeout = '10s'`,
      ...statements.map((statement) => sql.query(statement)),
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`,
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof NeonDbError)) throw error;
    if (error.code === ALREADY_APPLIED) return false;
    throw new MigrationError(file, error.message, error.code ?? null, error);
  }
}

/**
 * Brings a database up to date with drizzle's files over HTTP, each file whole or not at all. Several runners at
 * once apply each file once. What needs to run outside a transaction (`create index concurrently`) cannot be in a file.
 * @returns the files applied by this run, in order.
 * @throws EarlierDatabaseError before anything changes; MigrationError naming the file and the SQLSTATE, files before it
 * stay applied.
 */
export async function migrate({
  databaseUrl,
  fetchEndpoint,
  directory,
  startOver = EMPTY_DATABASE,
  onApplied,
}: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(directory);
  const send = sender(databaseUrl, fetchEndpoint);
  const applied = await readApplied(send);
  const first = migrations[0]?.when ?? 0;
  if ([...applied.keys()].some((when) => when < first)) throw new EarlierDatabaseError(startOver);
  const done: string[] = [];
  for (const migration of migrations) {
    const { file, when, hash } = migration;
    const before = applied.get(when);
    if (before !== undefined && before !== hash)
      throw new MigrationError(file, 'was changed after it ran; write a new migration instead', null);
    if (before === undefined && (await apply(send, migration))) {
      done.push(file);
      onApplied?.(file);
    }
  }
  return done;
}

/** Whether SQL goes to the endpoint of `npm run dev`; PORT moves it. */
function isLocalStack(fetchEndpoint: string | undefined): boolean {
  if (fetchEndpoint === undefined) return false;
  const { hostname, port } = new URL(fetchEndpoint);
  return ['127.0.0.1', 'localhost'].includes(hostname) && Number(port) === portsFrom(basePort()).database;
}

/**
 * `npm run db:migrate`: DATABASE_URL and NEON_FETCH_ENDPOINT from the environment, else from `.dev.vars`. The address is
 * the owner's; WORKER_DATABASE_URL is the one that the Worker will have, and lets its role log in with that password.
 */
async function main(): Promise<void> {
  const settings = readDatabaseSettings();
  const workerUrl = process.env.WORKER_DATABASE_URL;
  const password = workerUrl ? decodeURIComponent(new URL(workerUrl).password) : '';
  if (workerUrl && password === '') throw new Error('WORKER_DATABASE_URL holds no password');
  const done = await migrate({
    ...settings,
    directory: path.join(import.meta.dirname, '..', '..', 'drizzle'),
    ...(isLocalStack(settings.fetchEndpoint) ? { startOver: FRESH_START } : {}),
    onApplied: (name) => process.stdout.write(`applied ${name}\n`),
  });
  if (done.length === 0) process.stdout.write('up to date\n');
  if (password !== '') {
    await admitWorker(settings, password);
    process.stdout.write('the role of the Worker may log in\n');
  } else if (done.length > 0) {
    process.stdout.write(`let the Worker's role log in: ${loginStatement('...')}\n`);
  }
}

if (import.meta.main)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
