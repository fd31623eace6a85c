import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { type StoredEvaluation, storedEvaluation } from './store.ts';

/** Seconds between two tries of the cron: they double from the first figure up to the second. */
const BACKOFF_SECONDS = { first: 30, most: 3600 };

type ClaimParams = { now: string; least_pause: number; limit: number; except: readonly string[] };

const claimDue = statement<ClaimParams, { id: string; learner_id: string }>(
  'claim-pending-evaluations',
  'idempotent',
  sql`with waiting as materialized (
    select e.id, row_number() over (partition by p.user_id order by e.next_redrive_at, e.id) as place,
      count(*) over (partition by p.user_id) as own
    from task_evaluations e join study_tasks t on t.id = e.task_id join study_paths p on p.id = t.path_id
    where e.status = 'pending' and e.next_redrive_at <= ${param('now', 'timestamptz')}
      and p.user_id <> '' and p.user_id <> all(${param('except', 'text[]')})
  ), due as materialized (
    select e.id from task_evaluations e join waiting w on w.id = e.id
    where w.place = 1 and e.status = 'pending' and e.next_redrive_at <= ${param('now', 'timestamptz')}
    order by w.own, e.next_redrive_at limit ${param('limit', 'integer')} for update of e skip locked
  ), claimed as (
    update task_evaluations e set redrives = e.redrives + 1,
      next_redrive_at = ${param('now', 'timestamptz')} + make_interval(secs => greatest(
        ${param('least_pause', 'double precision')},
        least(${sql.raw(String(BACKOFF_SECONDS.most))},
          ${sql.raw(String(BACKOFF_SECONDS.first))} * 2 ^ least(e.redrives, 20))))
    from due where e.id = due.id
    returning e.id, e.task_id, e.created_at
  )
  select claimed.id, p.user_id as learner_id
  from claimed join study_tasks t on t.id = claimed.task_id join study_paths p on p.id = t.path_id
  order by claimed.created_at`,
);

/**
 * Takes up to `limit` pending evaluations whose time has come, for this caller alone until their next time: 30 s later,
 * doubled with each try up to 1 h, and at least `leastPauseSeconds`. At most one of each learner, none of those in
 * `except`; who has the fewest waiting comes first, so that no learner's many delay another one's single submission.
 */
export async function claimPending(
  db: Database,
  claim: { now: string; leastPauseSeconds: number; limit: number; except: readonly string[] },
): Promise<StoredEvaluation[]> {
  const { leastPauseSeconds, ...params } = claim;
  const claimed = await db.query(claimDue, { ...params, least_pause: leastPauseSeconds });
  const stored = await Promise.all(
    claimed.map(({ id, learner_id }) =>
      storedEvaluation(db, { learner_id, evaluation_id: id, now: claim.now }),
    ),
  );
  return stored.filter((one) => one !== undefined);
}

type OverdueParams = EventParams & { before: string; cause: string; limit: number };

const failDue = statement<OverdueParams, { failed: number }>(
  'fail-overdue-evaluations',
  'idempotent',
  sql`with due as materialized (
    select e.id, e.task_id, e.submission_id, e.attempt, e.run, t.version, t.pending_evaluations
    from task_evaluations e join study_tasks t on t.id = e.task_id
    where e.status = 'pending' and e.created_at <= ${param('before', 'timestamptz')}
    order by e.created_at limit ${param('limit', 'integer')} for update of t, e skip locked
  ), numbered as (
    select due.*, row_number() over (partition by task_id order by attempt, run)::integer as place from due
  ), changed as (
    update study_tasks t set pending_evaluations = n.pending_evaluations - n.failed, version = n.version + n.failed
    from (select task_id, version, pending_evaluations, count(*)::integer as failed from due
          group by task_id, version, pending_evaluations) n
    where t.id = n.task_id
    returning t.id
  ), failed as (
    update task_evaluations e set status = 'failed', verdict = 'IE', evaluated_at = ${param('now', 'timestamptz')}
    from due join changed on changed.id = due.task_id where e.id = due.id
    returning e.id
  ), logged as (${appendEvents(sql`
    select n.task_id, n.version + n.place as seq, 'evaluation_failed' as event_type,
      jsonb_build_object('evaluation_id', n.id, 'submission_id', n.submission_id, 'attempt', n.attempt,
        'run', n.run, 'verdict', 'IE', 'cause', ${param('cause', 'text')}) as payload
    from numbered n join changed on changed.id = n.task_id`)})
  select count(*)::integer as failed from failed`,
);

/**
 * Gives up to `limit` evaluations up that are pending since before `before`: status `failed`, verdict IE, one event
 * each; score, status and metadata of their tasks stay as they are.
 * @returns how many.
 */
export async function failOverdue(db: Database, params: OverdueParams): Promise<number> {
  const [row] = await db.query(failDue, params);
  return row?.failed ?? 0;
}
