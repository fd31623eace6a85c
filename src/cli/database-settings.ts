import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { OWNER_ROLE } from '#services/neon/owner-role.ts';
import { HOME } from './checkout.ts';
import { lastWorkerVars, ownerUrl, stackPorts } from './local-database.ts';
import { readSecrets } from './secrets.ts';

const DEV_VARS = '.dev.vars';

/** Where a command finds the database: its address, and the endpoint that takes SQL instead of the address's host. */
export type DatabaseSettings = { databaseUrl: string; fetchEndpoint: string | undefined };

/** Where a command finds the database and the keys of the texts that are sealed in it. */
export type SealedSettings = DatabaseSettings & { keyRing: string };

type Vars = NodeJS.Dict<string>;

function devVars(): Vars {
  return existsSync(DEV_VARS) ? parseEnv(readFileSync(DEV_VARS, 'utf8')) : {};
}

/** The same database as the last stack's Worker: `.dev.vars` is a copy of `worker.vars`, with the Worker's role. */
function isOfStack(vars: Vars, stack: Vars | null): boolean {
  return (
    stack !== null &&
    vars.DATABASE_URL === stack.DATABASE_URL &&
    vars.NEON_FETCH_ENDPOINT === stack.NEON_FETCH_ENDPOINT
  );
}

/** The first place that names a database; null when that is the stack of this checkout. */
function namedDatabase(): { vars: Vars; place: string } | null {
  if (process.env.DATABASE_URL) return { vars: process.env, place: 'the environment' };
  const vars = devVars();
  return vars.DATABASE_URL && !isOfStack(vars, lastWorkerVars()) ? { vars, place: DEV_VARS } : null;
}

const NO_STACK = `DATABASE_URL is neither in the environment nor in ${DEV_VARS}, and no stack was started here (npm run dev)`;
const OTHER_DATABASE =
  "the stack was started on a database of its own: set DATABASE_URL to the address of the tables' owner";

/**
 * The rule by which every command finds its database: DATABASE_URL and NEON_FETCH_ENDPOINT of the environment, else of
 * `.dev.vars` in the working folder, else the stack of this checkout, as the role that owns the tables. Address and
 * endpoint come from one place: an address must not be sent to an endpoint of another database.
 * @throws Error when there is none.
 */
export function readDatabaseSettings(): DatabaseSettings {
  const named = namedDatabase()?.vars;
  if (named !== undefined)
    return {
      databaseUrl: named.DATABASE_URL ?? '',
      fetchEndpoint: named.NEON_FETCH_ENDPOINT || undefined,
    };
  const stack = lastWorkerVars();
  if (!stack?.DATABASE_URL) throw new Error(NO_STACK);
  if (!stack.NEON_FETCH_ENDPOINT) throw new Error(OTHER_DATABASE);
  const owner = new URL(stack.DATABASE_URL);
  owner.username = OWNER_ROLE;
  owner.password = readSecrets(HOME).ownerPassword;
  return { databaseUrl: owner.href, fetchEndpoint: `http://127.0.0.1:${stackPorts().database}/sql` };
}

/**
 * The same database by PostgreSQL's own protocol, and where its address was found; null for the stack of this checkout.
 * @throws Error when there is none.
 */
export function readPostgresUrl(): { url: string; place: string | null } {
  const named = namedDatabase();
  if (named !== null) return { url: named.vars.DATABASE_URL ?? '', place: named.place };
  const stack = lastWorkerVars();
  if (stack === null) throw new Error(NO_STACK);
  if (!stack.NEON_FETCH_ENDPOINT) throw new Error(OTHER_DATABASE);
  return { url: ownerUrl(), place: null };
}

/**
 * The database, and CODE_ENCRYPTION_KEYS from the environment, `.dev.vars` or the stack of this checkout.
 * @throws Error naming what is missing.
 */
export function readSealedSettings(): SealedSettings {
  const database = readDatabaseSettings();
  const places = [process.env, devVars(), lastWorkerVars() ?? {}];
  const keyRing = places.find(({ CODE_ENCRYPTION_KEYS }) => CODE_ENCRYPTION_KEYS)?.CODE_ENCRYPTION_KEYS;
  if (!keyRing)
    throw new Error(
      `CODE_ENCRYPTION_KEYS is neither in the environment nor in ${DEV_VARS}, and no stack was started here (npm run dev)`,
    );
  return { ...database, keyRing };
}

/** An error of a command in words; a stack that does not answer is named, as the driver says no more than "fetch failed". */
export function wordsOfError(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.endsWith('fetch failed') && namedDatabase() === null
    ? `no DATABASE_URL, and the local stack does not run (npm run dev): ${words}`
    : words;
}
