import type { TaskFact } from '#contract/events.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import type { TaskSeed } from './batch.ts';
import { evolveTask } from './evolve.ts';

const HOUR = 3_600_000;

type Created = Extract<TaskFact, { event_type: 'created' }>;

const instant = (at: number) => new Date(at).toISOString();

/**
 * The event that gives a learner a task, and the task as the event begins it: it expires `expiry_hours` after the time that
 * it is scheduled for.
 * @param path `config` as stored.
 * @param now RFC 3339.
 */
export function createTask(
  { id, scheduled_at, retry_of: _, ...about }: TaskSeed,
  path: { id: string; config: Record<string, unknown> },
  now: string,
): { task: Task; fact: Created } {
  const hours = PathConfig.shape.expiry_hours.parse(path.config.expiry_hours);
  const at = Date.parse(scheduled_at);
  const fact: Created = {
    event_type: 'created',
    schema_version: 1,
    payload: {
      path_id: path.id,
      ...about,
      scheduled_at: instant(at),
      expires_at: instant(at + hours * HOUR),
    },
  };
  return { task: evolveTask(null, id, { fact, seq: 1, occurred_at: now }).task, fact };
}
