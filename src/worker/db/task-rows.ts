import type { Actor, TaskFact } from '#contract/events.ts';
import type { Task } from '#contract/tasks.ts';
import { insertion, replacement } from './rows.ts';
import { studyTasks, taskEvents } from './schema/index.ts';
import { type Step, step } from './statement.ts';

/** Set by the log's triggers alone. */
const LOGS_OWN = ['log_seq', 'log_hash'];
/** What a task is about never changes. */
const LASTING = [
  'path_id',
  'kind',
  'problem_id',
  'module',
  'topic_tags',
  'difficulty',
  'scheduled_at',
  'created_at',
];

const updateTasks = replacement(studyTasks, ['id'], [...LASTING, ...LOGS_OWN]);
const insertTasks = insertion(studyTasks, LOGS_OWN);
const insertEvents = insertion(taskEvents, [
  'id',
  'position',
  'schema_version',
  'created_at',
  'prev_hash',
  'hash',
  'personal',
]);

/** Who does something, on whose request and when (RFC 3339): what every event says. */
export type Stamp = { actor: Actor; requestId: string; now: string };

/** An event to append: the fact `seq` of a task. */
export type NewEvent = { task_id: string; seq: number; fact: TaskFact };

/** Facts that follow each other on a task of that version. */
export function eventsAfter(
  { id, version }: Pick<Task, 'id' | 'version'>,
  facts: readonly TaskFact[],
): NewEvent[] {
  return facts.map((fact, index) => ({ task_id: id, seq: version + index + 1, fact }));
}

/** Appends events in their order; the database chains, numbers and dates them. */
export function appendSteps(events: readonly NewEvent[], { actor, requestId, now }: Stamp): Step<never>[] {
  if (events.length === 0) return [];
  const rows = events.map(({ task_id, seq, fact }) => ({
    task_id,
    seq,
    event_type: fact.event_type,
    payload: fact.payload,
    actor,
    request_id: requestId,
    occurred_at: now,
  }));
  return [step(insertEvents, { rows: JSON.stringify(rows) })];
}

/** Writes a task as its events have made it, and the events. */
export function changedTask(
  before: Task,
  after: Task,
  facts: readonly TaskFact[],
  stamp: Stamp,
): Step<never>[] {
  return [
    step(updateTasks, { rows: JSON.stringify([after]) }),
    ...appendSteps(eventsAfter(before, facts), stamp),
  ];
}

/** Inserts tasks as their `created` events begin them, and the events. */
export function newTasks(tasks: readonly Task[], events: readonly NewEvent[], stamp: Stamp): Step<never>[] {
  if (tasks.length === 0) return [];
  return [step(insertTasks, { rows: JSON.stringify(tasks) }), ...appendSteps(events, stamp)];
}
