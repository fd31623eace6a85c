import type { TaskFact } from '#contract/events.ts';
import type { Task } from '#contract/tasks.ts';
import { taskChange } from '#domain/tasks/evolve.ts';
import type { Ask } from './read.ts';

const ACTOR = JSON.stringify({ type: 'system', job: 'forget' });

/**
 * Erases what somebody typed in a task (reasons, notes), what the tutor and the learner said and what programs printed,
 * for good; the task, its results and its chain stay, and an `erased` event says how many texts there were. Code goes
 * with the path alone.
 * @param ask as the owner of the log.
 * @returns how many texts were erased; null when there is no such task.
 */
export async function forgetTexts(ask: Ask, taskId: string): Promise<number | null> {
  await ask.query('begin');
  try {
    await ask.query(`set local study_paths.log_change = 'allowed'`);
    const { rows } = await ask.query<Pick<Task, 'version' | 'metadata' | 'attempts' | 'pending_evaluations'>>(
      'select version, metadata, attempts, pending_evaluations from study_tasks where id = $1 for update',
      [taskId],
    );
    const [task] = rows;
    if (task === undefined) return null;
    const { rows: gone } = await ask.query<{ texts: number }>(
      `with typed as (
         update task_events set personal = null where task_id = $1 and personal is not null returning id
       ), archived as (
         delete from archived_texts where task_id = $1 returning event_id
       ), said as (
         delete from task_transcripts where task_id = $1 returning event_id
       ), printed as (
         update task_evaluations set output = null where task_id = $1 and output is not null returning id
       )
       select count(*)::integer as texts
       from (select id from typed union select event_id from archived union select event_id from said
         union select id from printed) gone`,
      [taskId],
    );
    const texts = gone[0]?.texts ?? 0;
    if (texts === 0) return 0;
    const fact: TaskFact = { event_type: 'erased', schema_version: 1, payload: { texts } };
    const { metadata } = taskChange(task, fact);
    await ask.query('update study_tasks set metadata = $2, version = $3 where id = $1', [
      taskId,
      JSON.stringify(metadata),
      task.version + 1,
    ]);
    await ask.query(
      `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
       values ($1, $2, $3, $4, $5, now())`,
      [taskId, task.version + 1, fact.event_type, JSON.stringify(fact.payload), ACTOR],
    );
    await ask.query('commit');
    return texts;
  } finally {
    await ask.query('rollback');
  }
}
