import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { DatabaseSettings } from './database-settings.ts';

const FILES = ['.dev.vars', '.local/worker.vars'];

/** Where a command finds the database and the keys of the texts that are sealed in it. */
export type SealedSettings = DatabaseSettings & { keyRing: string };

/**
 * DATABASE_URL, NEON_FETCH_ENDPOINT and CODE_ENCRYPTION_KEYS from the environment, `.dev.vars` or `.local/worker.vars`.
 * Address and endpoint come from one place: an address must not be sent to an endpoint of another stack.
 * @throws Error naming what is missing.
 */
export function readSealedSettings(): SealedSettings {
  const files = FILES.filter((file) => existsSync(file)).map((file) => parseEnv(readFileSync(file, 'utf8')));
  const places = [process.env, ...files];
  const database = places.find(({ DATABASE_URL }) => DATABASE_URL);
  const keys = places.find(({ CODE_ENCRYPTION_KEYS }) => CODE_ENCRYPTION_KEYS);
  const missing = [database ? '' : 'DATABASE_URL', keys ? '' : 'CODE_ENCRYPTION_KEYS'].filter(Boolean);
  if (missing.length > 0)
    throw new Error(`${missing.join(' and ')}: neither in the environment nor in ${FILES.join(' or ')}`);
  return {
    databaseUrl: database?.DATABASE_URL ?? '',
    fetchEndpoint: database?.NEON_FETCH_ENDPOINT || undefined,
    keyRing: keys?.CODE_ENCRYPTION_KEYS ?? '',
  };
}
