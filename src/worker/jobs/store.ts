import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso } from '../db/fragments.ts';
import { activeLearners } from '../db/learning.ts';
import { param, statement } from '../db/statement.ts';

const expireDue = statement<EventParams & { limit: number }, { expired: number }>(
  'expire-tasks',
  'idempotent',
  sql`with due as materialized (
    select id, status, version from study_tasks
    where status in ('scheduled', 'in_progress') and pending_evaluations = 0 and score is null
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
 * Expires up to `limit` tasks that are past their time, none with a result or a pending evaluation.
 * @returns how many.
 */
export async function expireTasks(db: Database, params: EventParams & { limit: number }): Promise<number> {
  const [row] = await db.query(expireDue, params);
  return row?.expired ?? 0;
}

/** Rows that are counted at most, so that a backlog does not make measuring it slow. */
const COUNTED = 10_000;

type Backlog = {
  pending_evaluations: number;
  /** Seconds since the oldest of them was stored; 0 without any. */
  oldest_pending_seconds: number;
  due_reviews: number;
  late_expiries: number;
};

function counted(rows: SQL): SQL {
  return sql`(select count(*)::integer from (${rows} limit ${sql.raw(String(COUNTED))}) counted)`;
}

const measure = statement<{ now: string }, Backlog>(
  'measure-backlog',
  'read',
  sql`select ${counted(sql`select 1 from task_evaluations where status = 'pending'`)} as pending_evaluations,
    coalesce((select greatest(0, extract(epoch from ${param('now', 'timestamptz')} - min(created_at)))::integer
      from task_evaluations where status = 'pending'), 0) as oldest_pending_seconds,
    ${counted(sql`select 1 from review_queue q
      where q.due_day <= (${param('now', 'timestamptz')} at time zone 'UTC')::date and q.task_id is null
        and q.user_id in (${activeLearners})`)} as due_reviews,
    ${counted(sql`select 1 from study_tasks where status in ('scheduled', 'in_progress') and pending_evaluations = 0
      and score is null and expires_at <= ${param('now', 'timestamptz')}`)} as late_expiries`,
);

/** What waits for the crons now, each figure at most 10,000. */
export async function backlog(db: Database, now: string): Promise<Backlog> {
  const [row] = await db.query(measure, { now });
  return row ?? { pending_evaluations: 0, oldest_pending_seconds: 0, due_reviews: 0, late_expiries: 0 };
}
