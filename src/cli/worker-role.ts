import { neon, neonConfig } from '@neondatabase/serverless';
import type { DatabaseSettings } from './database-settings.ts';

/** The role that the Worker runs as: it appends to the log and can change none of it (drizzle/0000_baseline.sql, Grants). */
export const WORKER_ROLE = 'study_paths_worker';

/** The statement that lets the Worker's role log in; the migrations make the role without a password. */
export function loginStatement(password: string): string {
  const quoted = password.replaceAll("'", "''").replaceAll('\\', '\\\\');
  return `alter role ${WORKER_ROLE} login password E'${quoted}'`;
}

/**
 * Lets the Worker's role log in with this password, as the owner of a migrated database.
 * @returns the address that the Worker takes as DATABASE_URL.
 */
export async function admitWorker(
  { databaseUrl, fetchEndpoint }: DatabaseSettings,
  password: string,
): Promise<string> {
  const before = neonConfig.fetchEndpoint;
  neonConfig.fetchEndpoint = fetchEndpoint ?? before;
  try {
    await neon(databaseUrl).query(loginStatement(password));
  } finally {
    neonConfig.fetchEndpoint = before;
  }
  const address = new URL(databaseUrl);
  address.username = WORKER_ROLE;
  address.password = encodeURIComponent(password);
  return address.href;
}
