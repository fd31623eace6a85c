import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { statement } from './statement.ts';

const selectOne = statement<Record<string, never>, { one: number }>('ping', 'read', sql`select 1 as one`);

/** True when the database answers. */
export async function ping(db: Database): Promise<boolean> {
  const [row] = await db.query(selectOne, {});
  return row?.one === 1;
}
