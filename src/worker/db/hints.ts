import { type SQL, sql } from 'drizzle-orm';
import type { TaskEvent, TaskFact } from '#contract/events.ts';
import type { GivenHint } from '#contract/history.ts';
import type { Database } from './client.ts';
import { iso } from './fragments.ts';
import { param, statement } from './statement.ts';

type Owned = { learner_id: string; task_id: string };
const owned = sql`t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`;

/** An event without what nobody needs of a hint's. */
export type HintFact = TaskFact & Pick<TaskEvent, 'id' | 'seq' | 'occurred_at'>;

const findFacts = statement<Owned, { facts: HintFact[] }>(
  'find-hint-facts',
  'read',
  sql`select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'seq', e.seq, 'event_type', e.event_type,
      'payload', e.payload, 'occurred_at', ${iso('e.occurred_at')}) order by e.seq), '[]') as facts
    from study_paths p join study_tasks t on t.path_id = p.id join task_events e on e.task_id = t.id
    where ${owned} and e.event_type in ('hint_requested', 'tutor_interaction')`,
);

/** Requests and ends of a task's hints that are not archived, oldest first. */
export async function hintFacts(db: Database, learnerId: string, taskId: string): Promise<HintFact[]> {
  const [row] = await db.query(findFacts, { learner_id: learnerId, task_id: taskId });
  return row?.facts ?? [];
}

type TranscriptParams = Owned & { ids: readonly string[] };

const findTranscripts = statement<TranscriptParams, { sealed: Record<string, string> | null }>(
  'find-transcripts',
  'read',
  sql`select jsonb_object_agg(s.event_id, s.sealed) as sealed
    from study_paths p join study_tasks t on t.path_id = p.id join task_transcripts s on s.task_id = t.id
    where ${owned} and s.event_id = any(${param('ids', 'uuid[]')})`,
);

/** The sealed transcripts of these `tutor_interaction`s, by event. */
export async function transcriptsOf(
  db: Database,
  learnerId: string,
  taskId: string,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const [row] = await db.query(findTranscripts, { learner_id: learnerId, task_id: taskId, ids });
  return row?.sealed ?? {};
}

/**
 * A hint with its transcript as stored, and what the log says of that; both null while the stream runs, or when nothing
 * was recorded.
 */
export type SealedHint = Omit<GivenHint, 'question' | 'text'> & {
  sealed: string | null;
  sha256: string | null;
};

/** Most hints that a task shows with its detail, the newest ones. */
export const HINTS = 100;
const NEWEST_HINTS = sql`order by x.seq desc limit ${sql.raw(String(HINTS))}`;

/**
 * JSON array of `SealedHint` of the task with that alias, in the order in which they were given.
 * @param chosen which of them: more conditions on `task_events x`, its order and its limit.
 */
export function hintsOf(task: string, chosen: SQL = NEWEST_HINTS): SQL {
  return sql`(select coalesce(jsonb_agg(jsonb_build_object('hint_id', h.payload->>'hint_id', 'seq', h.seq,
      'level', (h.payload->>'level')::integer, 'at', ${iso('h.occurred_at')},
      'outcome', i.payload->>'outcome', 'sha256', i.payload->>'transcript_sha256', 'sealed', s.sealed)
      order by h.seq), '[]')
    from (select * from task_events x
          where x.task_id = ${sql.raw(`${task}.id`)} and x.event_type = 'hint_requested' ${chosen}) h
    left join task_events i on i.task_id = h.task_id and i.event_type = 'tutor_interaction'
      and i.payload->>'hint_id' = h.payload->>'hint_id'
    left join task_transcripts s on s.event_id = i.id)`;
}
