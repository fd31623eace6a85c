import { type SQL, sql } from 'drizzle-orm';
import type { TaskEvent, TaskFact } from '#contract/events.ts';
import type { Task } from '#contract/tasks.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { GRACE_HOURS } from '#domain/tasks/lifecycle.ts';
import type { Database } from '../db/client.ts';
import { evaluationsOf, type SealedEvaluation } from '../db/evaluations.ts';
import { appendEvents, type EventParams, iso, lockedTask, takes, taskJson } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { hintsOf, type SealedHint } from '../db/hints.ts';
import { insertedTasks } from '../db/insert-tasks.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { raisedPlan } from '../db/new-tasks.ts';
import { isStale, param, statement, step } from '../db/statement.ts';
import { changedTask, type Stamp } from '../db/task-rows.ts';
import { AppError } from '../errors.ts';
import { type Segment, segmentsOf } from '../events/archive/store-read.ts';

const eventJson = sql`jsonb_build_object('id', e.id, 'task_id', e.task_id, 'seq', e.seq,
  'event_type', e.event_type, 'schema_version', e.schema_version, 'payload', event_payload(e.event_type, e.payload, e.personal), 'actor', e.actor,
  'request_id', e.request_id, 'occurred_at', ${iso('e.occurred_at')}, 'created_at', ${iso('e.created_at')})`;

type Owned = { learner_id: string; task_id: string };

type NextParams = { learner_id: string; track_id: string | null; now: string; without: readonly string[] };

/** The learner's newest path (of a track), and what may come next; null where there is nothing of a kind. */
export type NextFound = {
  path_id: string;
  /** The learner's. */
  calendar: CalendarRule;
  /** When its day was planned last. */
  planned_at: string;
  in_progress: Task | null;
  /** The review that waits longest, of all the learner's paths; else one of this path that is scheduled for later. */
  review: Task | null;
  later_review: Task | null;
  new_task: Task | null;
  /** When the learner completed a new problem last, and how many of the last reviews came after it: 2 means 2 or more. */
  last_new_at: string | null;
  reviews_since: number;
};

const learnerId = param('learner_id', 'text');
const now = param('now', 'timestamptz');

/** Whether task `t` may be offered: in time or with a result, and its problem not among those that left the bank. */
const offered = sql`(t.expires_at > ${now} or t.score is not null or t.pending_evaluations > 0)
  and (t.kind = 'lesson' or t.problem_id <> all(${param('without', 'text[]')}))`;
const earliest = sql`order by t.scheduled_at, t.id limit 1`;

/** The first task of a select, as JSON. */
function first(from: SQL): SQL {
  return sql`(select ${taskJson('c')} from (${from} and ${offered} ${earliest}) c)`;
}

/** When tasks of a kind were completed last, the learner's newest two. */
function completed(kind: SQL): SQL {
  return sql`select t.at from own cross join lateral (
    select x.completed_at as at from study_tasks x
    where x.path_id = own.id and x.status = 'completed' and x.kind = ${kind}
    order by x.completed_at desc limit 2) t
  order by t.at desc limit 2`;
}

const findNextTask = statement<NextParams, NextFound>(
  'find-next-task',
  'read',
  sql`with path as (
    select p.id, p.planned_at from study_paths p
    where p.user_id = ${learnerId} and (${param('track_id', 'text')} is null or p.track_id = ${param('track_id', 'text')})
    order by p.created_at desc, p.id desc limit 1
  ), own as materialized (
    select p.id from study_paths p where p.user_id = ${learnerId}
  ), new_done as (
    select max(at) as at from (${completed(sql`'problem'`)}) n
  )
  select path.id as path_id, ${calendarOfLearner(learnerId)} as calendar, ${iso('path.planned_at')} as planned_at,
    coalesce(${first(sql`select t.* from study_tasks t where t.path_id = path.id and t.status = 'in_progress'`)},
      ${first(sql`select t.* from own join study_tasks t on t.path_id = own.id
        where t.status = 'in_progress' and t.kind = 'review'`)}) as in_progress,
    ${first(sql`select t.* from own join study_tasks t on t.path_id = own.id
      where t.status = 'scheduled' and t.kind = 'review' and t.scheduled_at <= ${now}`)} as review,
    ${first(sql`select t.* from study_tasks t
      where t.path_id = path.id and t.status = 'scheduled' and t.kind = 'review'`)} as later_review,
    ${first(sql`select t.* from study_tasks t
      where t.path_id = path.id and t.status = 'scheduled' and t.kind <> 'review'`)} as new_task,
    ${iso('new_done.at')} as last_new_at,
    (select count(*)::integer from (${completed(sql`'review'`)}) r
     where new_done.at is null or r.at > new_done.at) as reviews_since
  from path, new_done`,
);

/**
 * What a learner may do next: in the newest path (of that track), and the reviews of all paths.
 * @param without problems that have left the bank.
 * @returns undefined without a path.
 */
export async function nextTasks(
  db: Database,
  learner: string,
  track: string | null,
  { now, without }: Pick<NextParams, 'now' | 'without'>,
): Promise<NextFound | undefined> {
  const [row] = await db.query(findNextTask, { learner_id: learner, track_id: track, now, without });
  return row;
}

const findOpenProblems = statement<{ learner_id: string }, { problem_ids: string[] }>(
  'find-open-problems',
  'read',
  sql`select coalesce(jsonb_agg(distinct t.problem_id), '[]') as problem_ids
  from study_paths p join study_tasks t on t.path_id = p.id
  where p.user_id = ${learnerId} and t.status in ('scheduled', 'in_progress') and t.kind <> 'lesson'`,
);

/** Problems of the learner's open tasks, of all paths. */
export async function openProblemIds(db: Database, learner: string): Promise<string[]> {
  const [row] = await db.query(findOpenProblems, { learner_id: learner });
  return row?.problem_ids ?? [];
}

export type SealedDetail = {
  task: Task;
  evaluations: SealedEvaluation[];
  /** Newest of those that are still in the log. */
  events: TaskEvent[];
  hints: SealedHint[];
  /** Where the task's older events are. */
  archived: Segment[];
};

/** Newest events that a task's detail view holds. */
export const DETAIL_EVENTS = 50;

const findTask = statement<Owned, SealedDetail>(
  'find-task',
  'read',
  sql`select ${taskJson('t')} as task, ${evaluationsOf('t')} as evaluations,
    ${hintsOf('t')} as hints, ${segmentsOf('t')} as archived,
    (select coalesce(jsonb_agg(${eventJson} order by e.seq), '[]')
     from (select * from task_events x where x.task_id = t.id order by x.seq desc
           limit ${sql.raw(String(DETAIL_EVENTS))}) e) as events
  from study_tasks t join study_paths p on p.id = t.path_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns the task with its newest evaluations, events and hints, undefined when it is not the learner's. */
export async function taskDetail(
  db: Database,
  learnerId: string,
  taskId: string,
): Promise<SealedDetail | undefined> {
  const [row] = await db.query(findTask, { learner_id: learnerId, task_id: taskId });
  return row;
}

/** A page of a task's log: rows behind `after`, and the archive's segments behind it. */
export type LogPage = { events: TaskEvent[]; archived: Segment[] };

const listTaskEvents = statement<Owned & { after: number; limit: number }, LogPage>(
  'list-task-events',
  'read',
  sql`select (select coalesce(jsonb_agg(${eventJson} order by e.seq), '[]')
    from (select * from task_events x
          where x.task_id = t.id and x.seq > ${param('after', 'integer')}
          order by x.seq limit ${param('limit', 'integer')}) e) as events,
    ${segmentsOf('t', param('after', 'integer'))} as archived
  from study_tasks t join study_paths p on p.id = t.path_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns up to `limit` rows with `seq > after`, oldest first; undefined when the task is not the learner's. */
export async function taskEvents(
  db: Database,
  learnerId: string,
  taskId: string,
  page: { after: number; limit: number },
): Promise<LogPage | undefined> {
  const [row] = await db.query(listTaskEvents, { learner_id: learnerId, task_id: taskId, ...page });
  return row;
}

type StartParams = Owned & EventParams & { if_versions: readonly number[] | null };
type Started = { stale: boolean; changed: Task | null; current: Task };

const startTaskStatement = statement<StartParams, Started>(
  'start-task',
  'idempotent',
  sql`with ${lockedTask}, changed as (
    update study_tasks t set status = 'in_progress', started_at = ${param('now', 'timestamptz')},
      expires_at = greatest(t.expires_at, ${param('now', 'timestamptz')} + ${graceInterval()}),
      version = t.version + 1
    from locked where t.id = locked.id and ${takes('start', 'locked')}
      and not ${isStale('locked.version')}
    returning t.*
  ), logged as (${appendEvents(sql`select id as task_id, version as seq, 'started' as event_type,
    jsonb_build_object('started_at', ${iso('started_at')}, 'expires_at', ${iso('expires_at')}) as payload
    from changed`)})
  select ${isStale('locked.version')} as stale, ${taskJson('locked')} as current,
    (select ${taskJson('changed')} from changed) as changed
  from locked`,
);

/** Moves a scheduled task to in progress; on any other task it changes nothing. */
export async function startTask(
  db: Database,
  learnerId: string,
  taskId: string,
  params: Omit<StartParams, keyof Owned>,
): Promise<Started | undefined> {
  const [row] = await db.query(startTaskStatement, { learner_id: learnerId, task_id: taskId, ...params });
  return row;
}

/** A task to change, the config of its path as stored, and the learner's calendar. */
export type Changeable = { task: Task; config: unknown; calendar: CalendarRule };

const findChangeable = statement<Owned, Changeable>(
  'find-task-to-change',
  'read',
  sql`select ${taskJson('t')} as task, p.config, ${calendarOfLearner(sql`p.user_id`)} as calendar
    from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns undefined when the task is not the learner's. */
export async function changeableTask(
  db: Database,
  learner: string,
  taskId: string,
): Promise<Changeable | undefined> {
  const [row] = await db.query(findChangeable, { learner_id: learner, task_id: taskId });
  return row;
}

type DayCheck = { learner_id: string; calendar: string };

// The day that an end counts for is part of the decision.
const checkDay = statement<DayCheck, never>(
  'check-day',
  'write',
  sql`select refuse('stale') where ${calendarOfLearner(learnerId)} is distinct from ${param('calendar', 'jsonb')}`,
);

/**
 * Writes what was decided on a task.
 * @returns whether it was: not, when the task or the learner's calendar has changed since.
 */
export async function storeChange(
  db: Database,
  learner: string,
  { task, calendar }: Changeable,
  { after, facts }: { after: Task; facts: readonly TaskFact[] },
  stamp: Stamp,
): Promise<boolean> {
  const outcome = await unlessRefused(
    db.transact({ name: 'patch-task', effect: 'write' }, [
      guard({ learner, tasks: [{ id: task.id, version: task.version }] }),
      step(checkDay, { learner_id: learner, calendar: JSON.stringify(calendar) }),
      ...changedTask(task, after, facts, stamp),
    ]),
  );
  return !isRefused(outcome);
}

type BatchParams = EventParams & { learner_id: string; path_id: string; tasks: string };
type BatchStored = { unknown_retries: number[] };

const UNKNOWN_RETRIES = 'unknown-retries';

/** Places in the batch whose `retry_of` is no task of the learner. */
const unknownRetries = sql`select x.ord from jsonb_to_recordset(${param('tasks', 'jsonb')}) as x(ord integer, retry_of uuid)
  where x.retry_of is not null and not exists (
    select 1 from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = x.retry_of and p.user_id = ${param('learner_id', 'text')})`;

const checkRetries = statement<BatchParams, never>(
  'check-retries',
  'write',
  sql`select refuse(${sql.raw(`'${UNKNOWN_RETRIES}'`)}) where exists (${unknownRetries})`,
);

const findUnknownRetries = statement<BatchParams, BatchStored>(
  'find-unknown-retries',
  'read',
  sql`select coalesce(jsonb_agg(u.ord order by u.ord), '[]') as unknown_retries from (${unknownRetries}) u`,
);

const createBatch = statement<BatchParams, never>(
  'create-batch',
  'write',
  sql`with path as (select p.id, p.config from study_paths p where p.id = ${param('path_id', 'uuid')}),
  ${insertedTasks('path')}
  select`,
);

/**
 * Inserts the tasks of a batch, all or none, with their `created` events; a repeat with the same ids adds nothing.
 * @returns undefined when the path is not the learner's, else the places whose `retry_of` is unknown (then nothing was
 * inserted).
 */
export async function storeBatch(
  db: Database,
  learner: string,
  batch: Omit<BatchParams, 'learner_id'>,
): Promise<BatchStored | undefined> {
  const params = { learner_id: learner, ...batch };
  const outcome = await unlessRefused(
    db.transact({ name: 'create-batch', effect: 'idempotent' }, [
      guard({ learner, path: { id: batch.path_id } }),
      step(checkRetries, params),
      raisedPlan(batch.path_id),
      step(createBatch, params),
    ]),
  );
  if (!isRefused(outcome)) return { unknown_retries: [] };
  if (outcome.refusal === 'gone') return undefined;
  if (outcome.refusal !== UNKNOWN_RETRIES) throw new AppError('storage-unavailable', { retryAfter: 1 });
  const [found] = await db.query(findUnknownRetries, params);
  return found;
}

function graceInterval() {
  return sql.raw(`interval '${GRACE_HOURS} hours'`);
}
