import { type SQL, sql } from 'drizzle-orm';
import type { ArchivedChain, PersonalText } from '#contract/archive.ts';
import type { Database } from '../../db/client.ts';
import { param, statement } from '../../db/statement.ts';

/** Some of a task's events in an object of the archive, and what the object must be. */
export type Segment = ArchivedChain & { archive_id: string; object_key: string; sha256: string };

/** JSON object `Segment` of `archived_tasks s` and `event_archives a`. */
export const segmentJson = sql`jsonb_build_object('task_id', s.task_id, 'first_seq', s.first_seq, 'last_seq', s.last_seq,
  'prev_hash', encode(s.prev_hash, 'hex'), 'last_hash', encode(s.last_hash, 'hex'), 'archive_id', a.id,
  'object_key', a.object_key, 'sha256', a.sha256)`;

/**
 * JSON array of the `Segment`s of the task with that alias, in their order: empty for nearly every task. In one statement
 * with the rows of `task_events`, both together are the whole log of the task, whatever is being archived meanwhile.
 * @param after only those with events behind this sequence number.
 */
export function segmentsOf(task: string, after: SQL = sql`0`): SQL {
  return sql`(select coalesce(jsonb_agg(${segmentJson} order by s.first_seq), '[]')
    from archived_tasks s join event_archives a on a.id = s.archive_id
    where s.task_id = ${sql.raw(`${task}.id`)} and s.last_seq > ${after})`;
}

type TextParams = { learner_id: string; archive_id: string; task_ids: readonly string[] };

const findTexts = statement<TextParams, { texts: Record<string, PersonalText> | null }>(
  'find-archived-texts',
  'read',
  sql`select jsonb_object_agg(x.event_id, x.personal) as texts
    from archived_texts x join study_tasks t on t.id = x.task_id join study_paths p on p.id = t.path_id
    where x.archive_id = ${param('archive_id', 'uuid')} and x.task_id = any(${param('task_ids', 'uuid[]')})
      and p.user_id = ${param('learner_id', 'text')}`,
);

/** What was typed in archived events of these tasks of the learner, by the event's id. */
export async function archivedTexts(
  db: Database,
  learnerId: string,
  archiveId: string,
  taskIds: readonly string[],
): Promise<Record<string, PersonalText>> {
  const params = { learner_id: learnerId, archive_id: archiveId, task_ids: taskIds };
  const [row] = await db.query(findTexts, params);
  return row?.texts ?? {};
}
