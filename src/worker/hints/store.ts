import { sql } from 'drizzle-orm';
import type { Task } from '#contract/tasks.ts';
import type { PastAttempt, PastHint } from '#domain/hints/ladder.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso, lockedTask, taskJson } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { type Segment, segmentsOf } from '../events/archive/store-read.ts';

type Owned = { learner_id: string; task_id: string };
/** `config` is that of the task's path as stored; `HintRules` reads it. */
export type HintContext = {
  task: Task;
  config: unknown;
  attempts: PastAttempt[];
  /** Those that the log holds; older ones may be in the archive. */
  earlier: PastHint[];
  archived: Segment[];
};

/** Newest attempts that the tutor hears of. */
const ATTEMPTS = 10;

const findHintContext = statement<Owned, HintContext>(
  'find-hint-context',
  'read',
  sql`select ${taskJson('t')} as task, p.config, (
      select coalesce(jsonb_agg(jsonb_build_object('attempt', a.attempt, 'language', a.language,
        'verdict', a.verdict,
        'visible_passed', coalesce(a.test_cases_passed - (a.hidden->>'passed')::integer, 0),
        'visible_total', coalesce(a.test_cases_total - (a.hidden->>'total')::integer, 0),
        'at', ${iso('a.created_at')}) order by a.created_at), '[]')
      from (select * from task_evaluations x where x.task_id = t.id
            order by x.created_at desc limit ${sql.raw(String(ATTEMPTS))}) a
    ) as attempts, (
      select coalesce(jsonb_agg(jsonb_build_object('level', (e.payload->>'level')::integer,
        'at', ${iso('e.occurred_at')}) order by e.seq), '[]')
      from task_events e where e.task_id = t.id and e.event_type = 'hint_requested'
    ) as earlier, ${segmentsOf('t')} as archived
  from study_tasks t join study_paths p on p.id = t.path_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** What a hint needs to know of the task, in one round trip; undefined when it is not the learner's. */
export async function hintContext(
  db: Database,
  learnerId: string,
  taskId: string,
): Promise<HintContext | undefined> {
  const [row] = await db.query(findHintContext, { learner_id: learnerId, task_id: taskId });
  return row;
}

/** True once the log holds an event of that type for the hint: a repeat after a lost answer then adds nothing. */
function recorded(eventType: string) {
  return sql`exists (select 1 from task_events x where x.task_id = locked.id
    and x.event_type = ${sql.raw(`'${eventType}'`)} and x.payload->>'hint_id' = ${param('hint_id', 'text')})`;
}

type CountParams = Owned & EventParams & { hint_id: string; level: number; quota: number | null };

/** `counted` is false when the task had no hint left; a hint that was counted before counts once. */
export type HintCount = { counted: boolean; hints_used: number };

const quota = param('quota', 'integer');

const countHintStatement = statement<CountParams, HintCount>(
  'count-hint',
  'idempotent',
  sql`with ${lockedTask}, changed as (
    update study_tasks t set hints_used = t.hints_used + 1, version = t.version + 1
    from locked where t.id = locked.id and not ${recorded('hint_requested')}
      and (${quota} is null or locked.hints_used < ${quota})
    returning t.*
  ), logged as (${appendEvents(sql`select id as task_id, version as seq, 'hint_requested' as event_type,
    jsonb_build_object('hint_id', ${param('hint_id', 'text')}, 'level', ${param('level', 'integer')},
      'hints_used', hints_used) as payload from changed`)})
  select coalesce((select hints_used from changed), locked.hints_used) as hints_used,
    exists (select 1 from changed) or ${recorded('hint_requested')} as counted from locked`,
);

/**
 * Counts a hint that the tutor has begun to give, if the task has fewer than `quota` (null: any number). The count is
 * on the locked row, so that no race can exceed the quota.
 * @returns undefined when the task is gone.
 */
export async function countHint(
  db: Database,
  learnerId: string,
  taskId: string,
  params: Omit<CountParams, keyof Owned>,
): Promise<HintCount | undefined> {
  const [row] = await db.query(countHintStatement, { learner_id: learnerId, task_id: taskId, ...params });
  return row;
}

type RecordParams = Owned & EventParams & { hint_id: string; payload: string; sealed: string };

const recordInteractionStatement = statement<RecordParams, { id: string }>(
  'record-tutor-interaction',
  'idempotent',
  sql`with ${lockedTask}, changed as (
    update study_tasks t set version = t.version + 1
    from locked where t.id = locked.id and not ${recorded('tutor_interaction')}
    returning t.*
  ), logged as (${appendEvents(sql`select id as task_id, version as seq, 'tutor_interaction' as event_type,
      ${param('payload', 'jsonb')} as payload from changed`)}
    returning id, task_id
  ), kept as (
    insert into task_transcripts (event_id, task_id, hint_id, sealed)
    select id, task_id, ${param('hint_id', 'text')}, ${param('sealed', 'text')} from logged
  )
  select id from locked`,
);

/** Stores how a hint's stream ended, with its sealed transcript. */
export async function recordInteraction(
  db: Database,
  learnerId: string,
  taskId: string,
  params: Omit<RecordParams, keyof Owned>,
) {
  await db.query(recordInteractionStatement, { learner_id: learnerId, task_id: taskId, ...params });
}
