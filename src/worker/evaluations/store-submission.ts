import { sql } from 'drizzle-orm';
import type { Language } from '#contract/vocabulary.ts';
import { type CalendarRule, STANDARD_CALENDAR } from '#domain/calendar.ts';
import { GRACE_HOURS } from '#domain/tasks/lifecycle.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso, takes } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { calendarOfLearner, type DayParams, type OtherCalendar } from '../db/learner-day.ts';
import { param, statement, step } from '../db/statement.ts';
import { evaluationById, type StoredEvaluation, storedEvaluation, storedFrom } from './store.ts';

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
    /** When the cron may judge it, if it is still pending then. */
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

const now = param('now', 'timestamptz');
const taskId = param('task_id', 'uuid');
const submissionId = param('submission_id', 'uuid');
const evaluationId = param('evaluation_id', 'uuid');
const learnersCalendar = calendarOfLearner(sql`p.user_id`);
const theTask = sql`study_tasks t where t.id = ${taskId}`;

const checkSubmission = statement<NewSubmission, never>(
  'check-submission',
  'write',
  sql`select refuse(case
      when exists (select from task_evaluations e where e.submission_id = ${submissionId}) then 'repeated'
      when not ${takes('submit', 't')} then 'refused'
      when t.problem_id <> all(${param('known', 'text[]')}) then 'unknown'
      when t.problem_id = any(${param('unsupported', 'text[]')}) then 'unsupported'
      when ${learnersCalendar} is distinct from ${param('calendar', 'jsonb')} then 'other-calendar' end)
    from study_tasks t join study_paths p on p.id = t.path_id where t.id = ${taskId}`,
);

/** What a start makes of the end of the time that a task has. */
const extended = sql`greatest(t.expires_at, ${now} + ${sql.raw(`interval '${GRACE_HOURS} hours'`)})`;

const countSubmission = statement<NewSubmission, never>(
  'count-submission',
  'write',
  sql`update study_tasks t set
    status = case t.status when 'scheduled' then 'in_progress' else t.status end,
    started_at = case t.status when 'scheduled' then ${now} else t.started_at end,
    expires_at = case t.status when 'scheduled' then ${extended} else t.expires_at end,
    attempts = t.attempts + 1, pending_evaluations = t.pending_evaluations + 1,
    version = t.version + case t.status when 'scheduled' then 2 else 1 end
  where t.id = ${taskId}`,
);

const insertSubmission = statement<NewSubmission, never>(
  'insert-submission',
  'write',
  sql`insert into task_evaluations (id, task_id, submission_id, attempt, language, code, time_spent_seconds,
    next_redrive_at, created_at, day)
  select ${evaluationId}, t.id, ${submissionId}, t.attempts, ${param('language', 'text')},
    ${param('sealed_code', 'text')}, ${param('reported_seconds', 'integer')},
    ${param('next_redrive_at', 'timestamptz')}, ${now}, ${param('day', 'date')}
  from ${theTask}`,
);

// The log lacks what the task's version is ahead of it: the submission, and the start if it was one.
const logSubmission = statement<NewSubmission, never>(
  'log-submission',
  'write',
  appendEvents(sql`
    select t.id as task_id, t.version - 1 as seq, 'started' as event_type,
      jsonb_build_object('started_at', ${iso('t.started_at')}, 'expires_at', ${iso('t.expires_at')}) as payload
    from ${theTask} and t.version = t.log_seq + 2
    union all
    select t.id, t.version, 'submitted',
      jsonb_build_object('evaluation_id', ${evaluationId}, 'submission_id', ${submissionId}, 'attempt', t.attempts,
        'run', 1, 'language', ${param('language', 'text')}, 'code_bytes', ${param('code_bytes', 'integer')},
        'time_spent_seconds', ${param('reported_seconds', 'integer')}, 'day', ${param('day', 'date')})
    from ${theTask}`),
);

type Owned = { learner_id: string; task_id: string };
type Home = { status: string; kind: string; calendar: CalendarRule | null };

const findHome = statement<Owned, Home>(
  'find-submission-home',
  'read',
  sql`select t.status, t.kind, ${learnersCalendar} as calendar
    from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = ${taskId} and p.user_id = ${param('learner_id', 'text')}`,
);

type Repeated = Owned & { submission_id: string };

const findRepeated = statement<Repeated, { id: string }>(
  'find-repeated-submission',
  'read',
  sql`select e.id from task_evaluations e join study_tasks t on t.id = e.task_id join study_paths p on p.id = t.path_id
    where e.submission_id = ${submissionId} and t.id = ${taskId} and p.user_id = ${param('learner_id', 'text')}
    order by e.run desc limit 1`,
);

/**
 * Stores a submission before it is judged, and starts its task if it was only scheduled. The same submission id again
 * returns what is stored and changes nothing.
 * @returns undefined when the task is not the learner's.
 */
export async function storeSubmission(
  db: Database,
  learner: string,
  submission: NewSubmission,
): Promise<SubmissionStored | undefined> {
  const { task_id, submission_id, evaluation_id, now: at } = submission;
  const steps = [
    guard({ learner, tasks: [{ id: task_id }] }),
    ...[checkSubmission, countSubmission, insertSubmission, logSubmission].map((one) =>
      step(one, submission),
    ),
  ];
  const wanted = { learner_id: learner, evaluation_id, now: at };
  const rows = await unlessRefused(
    db.transact({ name: 'store-submission', effect: 'idempotent' }, steps, evaluationById(wanted)),
  );
  if (!isRefused(rows)) {
    const stored = storedFrom(rows);
    return stored && { ...stored, outcome: 'stored' };
  }
  const owned = { learner_id: learner, task_id };
  switch (rows.refusal) {
    case 'gone':
      return undefined;
    case 'unknown':
    case 'unsupported':
      return { outcome: rows.refusal };
    case 'refused':
    case 'other-calendar':
      return refusedAt(await db.query(findHome, owned), rows.refusal);
    default:
      return repeated(db, { ...owned, submission_id }, at);
  }
}

function refusedAt(
  [home]: readonly Home[],
  outcome: 'refused' | 'other-calendar',
): SubmissionStored | undefined {
  if (home === undefined) return undefined;
  const { status, kind, calendar } = home;
  return outcome === 'refused'
    ? { outcome, status, kind }
    : { outcome, calendar: calendar ?? STANDARD_CALENDAR };
}

async function repeated(db: Database, owned: Repeated, now: string): Promise<SubmissionStored | undefined> {
  const { learner_id } = owned;
  const [found] = await db.query(findRepeated, owned);
  if (found === undefined) return undefined;
  const stored = await storedEvaluation(db, { learner_id, evaluation_id: found.id, now });
  return stored && { ...stored, outcome: 'repeated' };
}
