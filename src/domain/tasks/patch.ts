import type { TaskFact } from '#contract/events.ts';
import { METADATA_LIMIT, type PatchTask, type Task } from '#contract/tasks.ts';
import { jsonEqual } from '#lib/json-equal.ts';
import { utf8Length } from '#lib/utf8.ts';
import { CompletionRules, timeSpent } from '../evaluations/settle.ts';
import { GRACE_HOURS, PATCH_TRANSITIONS } from './lifecycle.ts';

const HOUR = 3_600_000;

/** Of the request: its time (RFC 3339), the learner's day then, and the config of the task's path as stored. */
type Moment = { now: string; day: string; config: unknown };

/** Whether a task moves to a status that it does not have yet. */
function moves({ status }: Task, to: PatchTask['status']): to is NonNullable<PatchTask['status']> {
  return to !== undefined && to !== status;
}

function mayMove(task: Task, to: NonNullable<PatchTask['status']>): boolean {
  const { from, kinds } = PATCH_TRANSITIONS[to];
  if (!(from as readonly string[]).includes(task.status) || !kinds.includes(task.kind)) return false;
  // Setting a problem aside takes a result, and nothing ends while a submission is being judged.
  if (to === 'completed' && task.kind !== 'lesson' && task.score === null) return false;
  return to === 'in_progress' || task.pending_evaluations === 0;
}

/** The event of a task that is started: it has at least a day from then on. */
function startedFact({ expires_at }: Pick<Task, 'expires_at'>, now: string): TaskFact {
  const grace = new Date(Date.parse(now) + GRACE_HOURS * HOUR).toISOString();
  const payload = { started_at: now, expires_at: grace > expires_at ? grace : expires_at };
  return { event_type: 'started', schema_version: 1, payload };
}

function movedFact(
  task: Task,
  to: NonNullable<PatchTask['status']>,
  change: PatchTask,
  moment: Moment,
): TaskFact {
  const { now, day, config } = moment;
  if (to === 'in_progress') return startedFact(task, now);
  const reported_seconds = change.time_spent_seconds ?? null;
  const spent = timeSpent(
    task.started_at,
    { submitted_at: now, reported_seconds },
    CompletionRules.parse(config),
  );
  return {
    event_type: 'status_changed',
    schema_version: 1,
    payload: {
      from: task.status,
      to,
      at: now,
      reason: change.reason ?? null,
      time_spent_seconds: spent ?? task.time_spent_seconds,
      day,
    },
  };
}

/** The keys that the change sets to other values than they have; null for none. */
function merged(task: Task, { metadata }: PatchTask): Record<string, unknown> | null {
  if (metadata === undefined) return null;
  const differs = Object.entries(metadata).some(
    ([key, value]) => !Object.hasOwn(task.metadata, key) || !jsonEqual(task.metadata[key], value),
  );
  return differs ? metadata : null;
}

/**
 * What a PATCH makes of a task: a move, other metadata, both or nothing.
 * @returns its events, in order; `refused` when the task may not move so; `too-large` when its metadata would exceed
 * `METADATA_LIMIT` bytes of JSON in UTF-8.
 */
export function decidePatch(
  task: Task,
  change: PatchTask,
  moment: Moment,
): TaskFact[] | 'refused' | 'too-large' {
  const to = change.status;
  if (moves(task, to) && !mayMove(task, to)) return 'refused';
  const metadata = merged(task, change);
  const size = utf8Length(JSON.stringify({ ...task.metadata, ...metadata }));
  if (metadata !== null && size > METADATA_LIMIT) return 'too-large';
  return [
    ...(moves(task, to) ? [movedFact(task, to, change, moment)] : []),
    ...(metadata === null
      ? []
      : [{ event_type: 'metadata_changed', schema_version: 1, payload: { metadata } } as TaskFact]),
  ];
}
