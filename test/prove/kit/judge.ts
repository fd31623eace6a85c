import { isDeepStrictEqual } from 'node:util';
import { Broken, statesOf, type TaskState, timeOf } from './oracle.ts';
import type { EvaluationRow, Snapshot, TaskRow } from './snapshot.ts';

/** The first column of the row that differs from what its log says, or null. */
function differs(row: TaskRow, state: TaskState): string | null {
  const columns: [string, unknown, unknown][] = [
    ['status', row.status, state.status],
    ['version', row.version, state.version],
    ['score', row.score, state.score],
    ['started_at', timeOf(row.started_at), state.startedAt],
    ['completed_at', timeOf(row.completed_at), state.completedAt],
    ['completed_day', row.completed_day, state.completedDay],
    ['expires_at', timeOf(row.expires_at), state.expiresAt],
    ['time_spent_seconds', row.time_spent_seconds, state.timeSpent],
    ['hints_used', row.hints_used, state.hints],
    ['attempts', row.attempts, state.attempts],
    ['pending_evaluations', row.pending_evaluations, state.pending],
    ['metadata', row.metadata, state.metadata],
  ];
  const found = columns.find(([, stored, told]) => !isDeepStrictEqual(stored, told));
  if (found === undefined) return null;
  const [name, stored, told] = found;
  return `${name} is ${JSON.stringify(stored)}, its log says ${JSON.stringify(told)}`;
}

/** The first evaluation that is not what the log says, or null. */
function evaluationFault(rows: readonly EvaluationRow[], state: TaskState): string | null {
  if (rows.length !== state.judgings.size)
    return `${rows.length} evaluations, ${state.judgings.size} in the log`;
  for (const { id, submission_id, attempt, run, day, status, judge_faults } of rows) {
    const told = state.judgings.get(id);
    if (told === undefined) return `evaluation ${id} is not in the log`;
    const same =
      told.submission === submission_id &&
      told.attempt === attempt &&
      told.run === run &&
      told.day === day &&
      told.status === status;
    if (judge_faults > 3 || (judge_faults === 3) !== (told.cause === 'three-judge-faults'))
      return `evaluation ${id} met ${judge_faults} judge faults and is ${status}, its log says ${told.cause}`;
    if (!same)
      return `evaluation ${id} is ${status} (attempt ${attempt}, run ${run}, ${day}), its log says ${told.status}`;
  }
  return null;
}

type MasteryStep = { topic: string; n: number; rating: number; rating_before: number | null; reason: string };

/** Results move a topic's rating one after the other: each begins where the one before ended. */
function masteryFault({ tasks, events, mastery }: Snapshot): string | null {
  const problems = new Map(tasks.map(({ id, problem_id }) => [id, problem_id]));
  const counted = new Set<string>();
  const changed = events.filter(({ event_type }) => event_type === 'mastery_changed');
  const changes = changed.flatMap(({ payload }) => payload.changes as MasteryStep[]);
  for (const { task_id, payload } of changed) {
    if ((payload.changes as MasteryStep[]).some(({ reason }) => reason === 'review-failed')) continue;
    const problem = problems.get(task_id) ?? task_id;
    if (counted.has(problem)) return `${problem} counts as a first attempt twice`;
    counted.add(problem);
  }
  for (const { topic, rating, n } of mastery) {
    const steps = changes.filter((change) => change.topic === topic);
    const first = steps.filter(({ reason }) => reason !== 'review-failed').toSorted((a, b) => a.n - b.n);
    const numbered = first.every((step, index) => step.n === index + 1) && first.length === n;
    // Each step takes up where another one ended, and the row is the end that no step takes up.
    const ends: (number | null)[] = [null, ...steps.map((step) => step.rating)];
    const linked = steps.every(({ rating_before }) => {
      const at = ends.indexOf(rating_before);
      if (at >= 0) ends.splice(at, 1);
      return at >= 0;
    });
    if (!numbered || !linked || ends[0] !== rating)
      return `mastery of ${topic} is ${rating} after ${n}, its log says ${JSON.stringify(steps)}`;
  }
  return null;
}

export type Judged = { broken: string[]; states: Map<string, TaskState[]> };

/** Replays every log of a snapshot and compares it with the tables. */
export function judge(found: Snapshot): Judged {
  const broken: string[] = [];
  const states = new Map<string, TaskState[]>();
  const byTask = Map.groupBy(found.events, ({ task_id }) => task_id);
  const judgings = Map.groupBy(found.evaluations, ({ task_id }) => task_id);
  const configs = new Map(found.paths.map(({ id, config }) => [id, config]));
  for (const row of found.tasks) {
    try {
      const completion = configs.get(row.path_id)?.completion ?? 'first_attempt';
      const told = statesOf(byTask.get(row.id) ?? [], { completion });
      states.set(row.id, told);
      const last = told.at(-1);
      if (last === undefined) continue;
      const fault = differs(row, last) ?? evaluationFault(judgings.get(row.id) ?? [], last);
      if (fault !== null) broken.push(`task ${row.problem_id}: ${fault}`);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken.push(`task ${row.problem_id}: ${error.message}`);
    }
  }
  for (const path of found.paths) {
    const own = found.tasks.filter(({ path_id }) => path_id === path.id);
    for (const [status, count] of Object.entries(path.counted)) {
      const real = own.filter((task) => task.status === status && task.metadata.replanned !== true).length;
      if (real !== Number(count)) broken.push(`${real} tasks are ${status}, the counters say ${count}`);
    }
  }
  // Mastery is the learner's and stays when a path goes with its log.
  const mastery = found.paths.length === 0 ? null : masteryFault(found);
  if (mastery !== null) broken.push(mastery);
  return { broken, states };
}
