import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '#cli/migrate.ts';
import { admitWorker } from '#cli/worker-role.ts';
import { type DatabaseOptions, type RunningDatabase, startDatabase } from '#services/neon/index.ts';

/** A database of its own for one test file: real PostgreSQL behind the Neon endpoint, gone after `close`. */
export async function startTestDatabase(options: Partial<DatabaseOptions> = {}): Promise<RunningDatabase> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'study-paths-test-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const database = await startDatabase({ durable: false, ...options, dataDir });
    return {
      ...database,
      async close() {
        await database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The same with all migrations; `workerUrl` is what a Worker gets, `connectionString` the owner's. */
export async function startMigratedDatabase(
  options: Partial<DatabaseOptions> = {},
): Promise<RunningDatabase & { workerUrl: string }> {
  const database = await startTestDatabase(options);
  try {
    const { connectionString: databaseUrl, fetchEndpoint } = database;
    const directory = new URL('../../drizzle', import.meta.url).pathname;
    await migrate({ databaseUrl, fetchEndpoint, directory });
    return { ...database, workerUrl: await admitWorker({ databaseUrl, fetchEndpoint }, 'worker') };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Waits until so many statements wait for a lock. The URL is a superuser's: others do not see what a foreign session waits for. */
export async function untilBlocked(adminUrl: string, statements: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  try {
    while ((await client.query(waiting)).rows.length !== statements) await sleep(20);
  } finally {
    await client.end();
  }
}
