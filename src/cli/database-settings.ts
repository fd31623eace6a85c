import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const DEV_VARS = '.dev.vars';

/** Where a command finds the database: its address, and the endpoint that takes SQL instead of the address's host. */
export type DatabaseSettings = { databaseUrl: string; fetchEndpoint: string | undefined };

/**
 * DATABASE_URL and NEON_FETCH_ENDPOINT from the environment, else from `.dev.vars` of the working folder.
 * @throws Error when neither names a database.
 */
export function readDatabaseSettings(): DatabaseSettings {
  const file = existsSync(DEV_VARS) ? parseEnv(readFileSync(DEV_VARS, 'utf8')) : {};
  // An address from the environment must not be sent to an endpoint that belongs to the file's address.
  const settings = process.env.DATABASE_URL === undefined ? { ...file, ...process.env } : process.env;
  const { DATABASE_URL: databaseUrl, NEON_FETCH_ENDPOINT: fetchEndpoint } = settings;
  if (!databaseUrl) throw new Error(`DATABASE_URL is neither in the environment nor in ${DEV_VARS}`);
  return { databaseUrl, fetchEndpoint: fetchEndpoint || undefined };
}
