import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';

const expireDue = statement<EventParams & { limit: number }, { expired: number }>(
  'expire-tasks',
  'idempotent',
  sql`with due as materialized (
    select id, status, version from study_tasks
    where status in ('scheduled', 'in_progress') and pending_evaluations = 0
      and expires_at <= ${param('now', 'timestamptz')}
    order by expires_at limit ${param('limit', 'integer')} for update skip locked
  ), changed as (
    update study_tasks t set status = 'expired', version = due.version + 1
    from due where t.id = due.id
    returning t.id, t.version, due.status as from_status
  ), logged as (${appendEvents(sql`
    select id as task_id, version as seq, 'status_changed' as event_type,
      jsonb_build_object('from', from_status, 'to', 'expired', 'at', ${iso(param('now', 'timestamptz'))},
        'reason', null, 'time_spent_seconds', null) as payload
    from changed`)})
  select count(*)::integer as expired from changed`,
);

/**
 * Expires up to `limit` tasks that are past their time, none with a pending evaluation (decisions, section 3).
 * @returns how many.
 */
export async function expireTasks(db: Database, params: EventParams & { limit: number }): Promise<number> {
  const [row] = await db.query(expireDue, params);
  return row?.expired ?? 0;
}
