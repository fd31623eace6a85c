import { sql } from 'drizzle-orm';
import type { Language } from '#contract/vocabulary.ts';
import { STANDARD_CALENDAR } from '#domain/calendar.ts';
import { JUDGED_KINDS, SUBMITTABLE } from '#domain/evaluations/settle.ts';
import { GRACE_HOURS } from '#domain/tasks/lifecycle.ts';
import { type Database, StorageError } from '../db/client.ts';
import { appendEvents, type EventParams, iso, lockedTask } from '../db/fragments.ts';
import { calendarOfLearner, type DayParams, type OtherCalendar } from '../db/learner-day.ts';
import { param, statement } from '../db/statement.ts';
import { oneOf, type StoredEvaluation, storedColumns } from './store.ts';

export type NewSubmission = EventParams &
  DayParams & {
    task_id: string;
    submission_id: string;
    evaluation_id: string;
    language: Language;
    sealed_code: string;
    /** Size of the plain code in UTF-8 bytes. */
    code_bytes: number;
    /** Active seconds as the client measured them. */
    reported_seconds: number | null;
    /** Problems that the bank holds, null while it cannot say; and those of them that do not take this language. */
    known: readonly string[] | null;
    unsupported: readonly string[];
    /** When the cron may judge it, if nobody has until then. */
    next_redrive_at: string;
  };

/**
 * `other-calendar`: the day is not the learner's. `refused`: the task's status or kind takes no code. `unknown`: its problem
 * has left the bank. `unsupported`: its problem does not take this language.
 */
export type SubmissionStored =
  | ({ outcome: 'stored' | 'repeated' } & StoredEvaluation)
  | { outcome: 'refused'; status: string; kind: string }
  | { outcome: 'unknown' | 'unsupported' }
  | OtherCalendar;

type Row = StoredEvaluation & { outcome: SubmissionStored['outcome']; status: string; kind: string };

const now = param('now', 'timestamptz');
const calendar = param('calendar', 'jsonb');

// The update takes its columns from `t`, not from `locked`: where it had to wait, PostgreSQL first holds the checks
// against the row from before, and that one with the newer status would be completed without an end.
const insertSubmission = statement<NewSubmission & { learner_id: string }, Row>(
  'store-submission',
  'idempotent',
  sql`with ${lockedTask}, prior as (
    select e.* from task_evaluations e join locked on locked.id = e.task_id
    where e.submission_id = ${param('submission_id', 'uuid')} order by e.run desc limit 1
  ), plan as (
    select case
      when exists (select 1 from prior) then 'repeated'
      when l.status not in ${oneOf(SUBMITTABLE)} or l.kind not in ${oneOf(JUDGED_KINDS)} then 'refused'
      when l.problem_id <> all(${param('known', 'text[]')}) then 'unknown'
      when l.problem_id = any(${param('unsupported', 'text[]')}) then 'unsupported'
      when ${calendarOfLearner(sql`l.learner_id`)} is distinct from ${calendar} then 'other-calendar'
      else 'stored' end as outcome,
      (l.status = 'scheduled')::integer as starts
    from locked l
  ), changed as (
    update study_tasks t set
      status = case when t.status = 'scheduled' then 'in_progress' else t.status end,
      started_at = case when t.status = 'scheduled' then ${now} else t.started_at end,
      expires_at = case when t.status = 'scheduled'
        then greatest(t.expires_at, ${now} + ${sql.raw(`interval '${GRACE_HOURS} hours'`)})
        else t.expires_at end,
      attempts = t.attempts + 1, pending_evaluations = t.pending_evaluations + 1,
      version = t.version + plan.starts + 1
    from locked, plan where t.id = locked.id and plan.outcome = 'stored'
    returning t.*, locked.path_config, locked.learner_id
  ), stored as (
    insert into task_evaluations (id, task_id, submission_id, attempt, language, code, time_spent_seconds,
      next_redrive_at, created_at, day)
    select ${param('evaluation_id', 'uuid')}, id, ${param('submission_id', 'uuid')}, attempts,
      ${param('language', 'text')}, ${param('sealed_code', 'text')}, ${param('reported_seconds', 'integer')},
      ${param('next_redrive_at', 'timestamptz')}, ${now}, ${param('day', 'date')}
    from changed returning *
  ), logged as (${appendEvents(sql`
    select id as task_id, version - 1 as seq, 'started' as event_type,
      jsonb_build_object('started_at', ${iso('started_at')}, 'expires_at', ${iso('expires_at')}) as payload
    from changed, plan where plan.starts = 1
    union all
    select c.id, c.version, 'submitted', jsonb_build_object('evaluation_id', s.id,
      'submission_id', s.submission_id, 'attempt', s.attempt, 'run', s.run, 'language', s.language,
      'code_bytes', ${param('code_bytes', 'integer')}, 'time_spent_seconds', s.time_spent_seconds, 'day', s.day)
    from changed c, stored s`)}),
  task as (
    select * from changed union all select * from locked where not exists (select 1 from changed)
  ), evaluation as (select * from stored union all select * from prior)
  select plan.outcome, task.status, task.kind, ${storedColumns('task', 'evaluation')}
  from plan cross join task left join evaluation on true`,
);

/**
 * Stores a submission before anybody judges it, and starts its task if it was only scheduled. The same submission id
 * again answers what is stored and changes nothing.
 * @returns undefined when the task is not the learner's.
 */
export async function storeSubmission(
  db: Database,
  learnerId: string,
  submission: NewSubmission,
): Promise<SubmissionStored | undefined> {
  const [row] = await againOnDuplicate(() =>
    db.query(insertSubmission, { learner_id: learnerId, ...submission }),
  );
  if (row === undefined) return undefined;
  const { outcome, status, kind, ...stored } = row;
  if (outcome === 'refused') return { outcome, status, kind };
  if (outcome === 'other-calendar') return { outcome, calendar: stored.calendar ?? STANDARD_CALENDAR };
  return outcome === 'unknown' || outcome === 'unsupported' ? { outcome } : { outcome, ...stored };
}

/**
 * Two requests with one id: the second waits for the first one's lock, but still looks for the row with the snapshot
 * from before, so that its insert meets the unique key. Asked again, it finds the row.
 */
export async function againOnDuplicate<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof StorageError && error.failure.sqlstate === '23505') return query();
    throw error;
  }
}
