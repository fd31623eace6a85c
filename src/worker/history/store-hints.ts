import { sql } from 'drizzle-orm';
import type { TaskEvent, TaskFact } from '#contract/events.ts';
import type { Database } from '../db/client.ts';
import { iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';

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
