import type { PathFact, TaskFact } from '#contract/events.ts';
import { dueDayOf } from '#domain/calendar.ts';
import { readLearnerFact, readPathFact, readTaskFact } from '#domain/events/upcast.ts';
import { foldLearner, type Learnt, learningFact } from '#domain/learning/evolve.ts';
import { type Evidence, evidenceOf } from '#domain/learning/models.ts';
import { evolvePath, type PathState } from '#domain/paths/evolve.ts';
import { evolveTask, type TaskState } from '#domain/tasks/evolve.ts';
import { type EventRow, wholePayload } from './chain.ts';
import type { Row, Rows } from './tables.ts';

/** A replay that cannot go on; it says at which event. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly stream: string;
  readonly seq: number;
  constructor({ stream, seq }: EventRow, reason: unknown) {
    super(reason instanceof Error ? reason.message : String(reason), { cause: reason });
    this.stream = stream;
    this.seq = seq;
  }
}

/** What `work` makes of an event. @throws ReplayError when the event is unknown or cannot follow. */
function at<Result>(row: EventRow, work: (event: Parameters<typeof readTaskFact>[0]) => Result): Result {
  const { event_type, schema_version } = row;
  try {
    return work({ event_type, schema_version, payload: wholePayload(row) });
  } catch (error) {
    throw new ReplayError(row, error);
  }
}

export type ReplayedTask = {
  /** Null without events. */
  state: TaskState | null;
  /** What they say of its learner, as it was decided. */
  learnt: Learnt[];
  /** What another version of the rules would decide on. */
  evidence: Evidence[];
};

/** A task from its events. @throws ReplayError */
export function replayTask(id: string, rows: readonly EventRow[]): ReplayedTask {
  let state: TaskState | null = null;
  const learnt: Learnt[] = [];
  const evidence: Evidence[] = [];
  for (const row of rows) {
    const { seq, occurred_at } = row;
    const before: TaskState | null = state;
    const [fact, after] = at(row, (event): [TaskFact, TaskState] => {
      const told = readTaskFact(event);
      return [told, evolveTask(before, id, { fact: told, seq, occurred_at })];
    });
    state = after;
    const said = learningFact(fact);
    if (said === null) continue;
    const { path_id, problem_id, module, topic_tags, difficulty } = after.task;
    const task = { id, path_id, problem_id, module, topic_tags, difficulty };
    const position = Number(row.position);
    learnt.push({ position, occurred_at, task, fact: said });
    const shown = evidenceOf(after.task, fact);
    if (shown !== null) evidence.push({ position, ...shown });
  }
  return { state, learnt, evidence };
}

/** A path from its events, null without any. @throws ReplayError */
export function replayPath(rows: readonly EventRow[]): PathState | null {
  return rows.reduce<PathState | null>(
    (state, row) =>
      at(row, (event) => evolvePath(state, readPathFact(event) satisfies PathFact, row.occurred_at)),
    null,
  );
}

/** What a learner's own events say. @throws ReplayError */
export function replayLearner(rows: readonly EventRow[]): Learnt[] {
  return rows.map((row) => ({
    position: Number(row.position),
    occurred_at: row.occurred_at,
    task: null,
    fact: at(row, (event) => readLearnerFact(event)),
  }));
}

/** The rows of a task and its judgings. */
export function taskRows({ task, judgings }: TaskState): Pick<Rows, 'study_tasks' | 'task_evaluations'> {
  return {
    study_tasks: [task],
    task_evaluations: [...judgings.values()].map((judging): Row => ({ ...judging, task_id: task.id })),
  };
}

/**
 * The rows of what a learner knows.
 * @param paths those that there are: the level of an erased path went with it, though an import may have restored it.
 */
export function learnerRows(
  user_id: string,
  learnt: readonly Learnt[],
  paths: Pick<ReadonlySet<string>, 'has'>,
): Pick<Rows, 'mastery' | 'module_states' | 'review_queue' | 'review_log'> {
  const { mastery, modules, cards, reviews } = foldLearner(learnt);
  return {
    mastery: [...mastery.values()].map((row) => ({ user_id, ...row })),
    module_states: [...modules.values()].filter(({ path_id }) => paths.has(path_id)),
    review_queue: [...cards.values()].map((row) => ({ user_id, ...row, due_day: dueDayOf(row.state) })),
    review_log: [...reviews.values()].map((row) => ({ user_id, ...row })),
  };
}
