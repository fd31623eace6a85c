import { sql } from 'drizzle-orm';
import { param, statement } from '../db/statement.ts';
import type { Job } from './job.ts';

const sweep = statement<{ now: string }, { deleted: number }>(
  'sweep-import-parts',
  'idempotent',
  sql`with gone as (
    delete from import_parts where created_at <= ${param('now', 'timestamptz')} - interval '24 hours' returning 1
  )
  select count(*)::integer as deleted from gone`,
);

/** Removes what an import has left that was cut off before it wrote anything. */
export const sweepImportParts: Job = {
  name: 'sweep-import-parts',
  async run(ctx) {
    const [row] = await ctx.db.query(sweep, { now: ctx.now });
    return { deleted: row?.deleted ?? 0 };
  },
};
