import type { Run, RunResult } from '#contract/submissions.ts';
import { takesCommand } from '#domain/tasks/lifecycle.ts';
import type { Context } from '../context.ts';
import { runCharge } from '../durable/charges.ts';
import { AppError } from '../errors.ts';
import { type Judgement, judge, type Obstacle } from './judge.ts';
import { holdingSlot } from './lease.ts';
import { runnableTask } from './store.ts';

/** Seconds after which trying again makes sense, per obstacle; a problem or language does not come by waiting. */
const RETRY_AFTER: Partial<Record<Obstacle, number>> = {
  'problem-bank-unavailable': 5,
  'evaluator-unavailable': 10,
};

/**
 * Runs a learner's code on the visible tests only; nothing is stored. Takes an evaluation slot, and counts as a run of
 * the day when it has a result.
 * @throws AppError `not-found`, `invalid-transition`, `quota`, `too-many-evaluations`, and each `Obstacle`.
 */
export async function run(ctx: Context, learnerId: string, taskId: string, body: Run): Promise<RunResult> {
  const task = await runnableTask(ctx.db, learnerId, taskId);
  if (task === undefined) throw new AppError('not-found');
  if (!takesCommand('submit', task)) {
    throw new AppError('invalid-transition', {
      detail: `A ${task.kind} that is ${task.status} runs no code.`,
    });
  }
  const runId = ctx.newId();
  const judgement = await holdingSlot(
    ctx,
    { learnerId, leaseId: runId, charge: runCharge(ctx.config, runId) },
    async () => task.problem_id,
    async (problemId, slot, undo) => {
      const asked = { learnerId, problemId, submissionId: runId, run: 1, ...body, tests: 'visible' } as const;
      const judged = await judge(ctx, asked, slot);
      if (!judged.ok) await undo();
      return judged;
    },
  );
  return resultOf(judgement);
}

function resultOf(judgement: Judgement): RunResult {
  if (!judgement.ok) {
    const retryAfter = RETRY_AFTER[judgement.obstacle];
    throw new AppError(judgement.obstacle, retryAfter === undefined ? {} : { retryAfter });
  }
  const { verdict, passed, total, runtime_ms, memory_mb, error_message, tests } = judgement.judged;
  return {
    verdict,
    test_cases_passed: passed,
    test_cases_total: total,
    runtime_ms,
    memory_mb,
    error_message,
    tests,
  };
}
