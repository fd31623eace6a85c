import { type Judged, type Settlement, scoreOf } from '#domain/evaluations/settle.ts';
import type { LearningWrites } from '#domain/learning/decide.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import { foldTask } from '#domain/tasks/evolve.ts';
import type { Database } from '../db/client.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { learningSteps, versionsSeen } from '../db/learning-writes.ts';
import { givenTasks, raisedPlan } from '../db/new-tasks.ts';
import { columnsOf, replacement } from '../db/rows.ts';
import { taskEvaluations } from '../db/schema/index.ts';
import { step } from '../db/statement.ts';
import { changedTask, type Stamp } from '../db/task-rows.ts';
import { type StoredEvaluation, storedEvaluation } from './store.ts';

/** A decision on a result, valid for the versions of the rows that it was made on. */
export type SettlementWrite = {
  judged: Judged;
  /** The result's messages and tests, as `sealOutput` makes them. */
  sealed_output: string;
  settlement: Settlement;
  learning: LearningWrites;
  /** Tasks to add, and the `plan_version` of the path that both were decided on. */
  tasks: readonly TaskSeed[];
  plan_version: number;
};

/**
 * `settled`: written. `stale`: the task, or what its result teaches, has changed since: decide again on the state given.
 * `already`: another result came first, nothing is written. Undefined: task or evaluation is gone.
 */
export type SettlementStored = { outcome: 'settled' | 'stale' | 'already' } & StoredEvaluation;

/** What a judging brings an evaluation. */
const RESULT = [
  'status',
  'verdict',
  'test_cases_passed',
  'test_cases_total',
  'score',
  'runtime_ms',
  'memory_mb',
  'output',
  'hidden',
  'content_hash',
  'tests_hash',
  'engine',
  'evaluated_at',
];

const settleEvaluation = replacement(taskEvaluations, ['id'], columnsOf(taskEvaluations, ['id', ...RESULT]));

/**
 * Writes a result, its events, the task's new columns, what it teaches and the tasks that come next together, if all
 * that the decision was made on is still so.
 * @param seen the state that it was decided on.
 */
export async function storeSettlement(
  db: Database,
  seen: StoredEvaluation,
  write: SettlementWrite,
  stamp: Stamp,
): Promise<SettlementStored | undefined> {
  const { learner_id, task, evaluation, config } = seen;
  const { events } = write.settlement;
  const after = foldTask(task, events);
  const result = resultRow(write, stamp.now);
  const { mastery, module, card } = write.learning;
  const path = { id: task.path_id, config: config as Record<string, unknown> };
  // Of two results at once the second is decided on what the first one left of the path's plan.
  const plans = mastery.length > 0 || module !== null || card !== null || write.tasks.length > 0;
  const expected = {
    learner: learner_id,
    tasks: [{ id: task.id, version: task.version }],
    path: { id: path.id, ...(plans ? { version: write.plan_version } : {}) },
    evaluation: { id: evaluation.id },
    ...versionsSeen(write.learning, task),
  };
  const written = await unlessRefused(
    db.transact({ name: 'settle-evaluation', effect: 'idempotent' }, [
      guard(expected),
      ...changedTask(task, after, events, stamp),
      step(settleEvaluation, { rows: JSON.stringify([{ id: evaluation.id, ...result }]) }),
      ...learningSteps(write.learning, learner_id, task, stamp.now),
      ...(plans ? [raisedPlan(path.id)] : []),
      ...givenTasks(write.tasks, path, stamp),
    ]),
  );
  if (!isRefused(written)) {
    const { output: _, tests_hash: __, engine: ___, ...shown } = result;
    const shownNow = { ...evaluation, ...shown };
    return { ...seen, task: after, evaluation: shownNow, sealed_output: null, outcome: 'settled' };
  }
  const now = await storedEvaluation(db, { learner_id, evaluation_id: evaluation.id, now: stamp.now });
  return now && { ...now, outcome: now.evaluation.status === 'pending' ? 'stale' : 'already' };
}

function resultRow({ judged, sealed_output }: SettlementWrite, now: string) {
  return {
    status: 'evaluated' as const,
    verdict: judged.verdict,
    test_cases_passed: judged.passed,
    test_cases_total: judged.total,
    score: scoreOf(judged),
    runtime_ms: judged.runtime_ms,
    memory_mb: judged.memory_mb,
    output: sealed_output,
    hidden: judged.hidden,
    content_hash: judged.content_hash,
    tests_hash: judged.tests_hash,
    engine: judged.engine,
    evaluated_at: now,
  };
}
