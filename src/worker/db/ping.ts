import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { statement } from './statement.ts';

const readTable = statement<Record<string, never>, { readable: boolean }>(
  'ping',
  'read',
  sql`select exists (select 1 from study_tasks) or true as readable`,
);

/** Resolves when the database answers, has the tables and lets this user read them. @throws StorageError */
export async function ping(db: Database): Promise<void> {
  await db.query(readTable, {});
}
