import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { UpstreamError } from '../clients/http.ts';
import type { Context } from '../context.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/index.ts';
import { decideResult } from './decide.ts';
import type { Judged } from './domain.ts';
import { judge } from './judge.ts';
import type { StoredEvaluation } from './store.ts';
import { storeSettlement } from './store-settlement.ts';

/** What a learner hears of a submission: the evaluation (pending or with its result) and the task after it. */
export type Answer = { evaluation: Evaluation; task: Task };

/** Writers that may come between deciding on a result and writing it, one after the other. */
const MOST_DECISIONS = 8;

/** The problems of the bank; null when it is out of reach, for a verdict must not wait for it. */
async function catalogueOrNull(ctx: Context): Promise<readonly ProblemSummary[] | null> {
  try {
    return await ctx.problemBank.list({}, ctx.requestId);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ctx.log.warn('next-tasks-not-chosen', { kind: error.kind });
    return null;
  }
}

/**
 * Writes a result: decides on the state as it is, and decides again when somebody changed it meanwhile. The first
 * result of an evaluation counts; a later one is logged and answers the first.
 * @returns null when the task is gone; its result is dropped with it.
 * @throws AppError `storage-unavailable` when the task never stood still; StorageError.
 */
async function settle(ctx: Context, stored: StoredEvaluation, judged: Judged): Promise<Answer | null> {
  const catalogue = stored.learning === null ? null : await catalogueOrNull(ctx);
  let seen = stored;
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions += 1) {
    const { evaluation, task, learner_id } = seen;
    const written = await storeSettlement(ctx.db, learner_id, {
      ...eventParams(ctx),
      task_id: task.id,
      evaluation_id: evaluation.id,
      expected_version: task.version,
      judged,
      ...decideResult(ctx, seen, judged, catalogue),
    });
    if (written === undefined) {
      ctx.log.info('result-dropped', { evaluation_id: evaluation.id, reason: 'task-gone' });
      return null;
    }
    if (written.outcome === 'already') {
      ctx.log.info('result-dropped', { evaluation_id: evaluation.id, reason: 'settled-before' });
    }
    if (written.outcome !== 'stale') return { evaluation: written.evaluation, task: written.task };
    seen = written;
  }
  throw new AppError('storage-unavailable', { retryAfter: 5 });
}

/**
 * Judges a stored evaluation and writes the result. Whatever is out of reach, bank, evaluator or database, leaves it
 * pending for the cron, and the answer says so.
 * @throws AppError `not-found` when the task was deleted meanwhile, `integrity-error`.
 */
export async function judgeAndSettle(ctx: Context, stored: StoredEvaluation, code: string): Promise<Answer> {
  const { evaluation, task } = stored;
  const pending: Answer = { evaluation, task };
  if (evaluation.status !== 'pending') return pending;
  const startedAt = Date.now();
  const judgement = await judge(ctx, {
    problemId: task.problem_id,
    submissionId: evaluation.submission_id,
    run: evaluation.run,
    language: evaluation.language,
    code,
    tests: 'all',
  });
  if (!judgement.ok) return pending;
  // Judging takes seconds: the result is dated when it came, by the request's clock.
  const now = new Date(Date.parse(ctx.now) + Date.now() - startedAt).toISOString();
  try {
    const answer = await settle({ ...ctx, now }, stored, judgement.judged);
    if (answer === null) throw new AppError('not-found');
    return answer;
  } catch (error) {
    const outOfReach =
      error instanceof StorageError || (error instanceof AppError && error.code === 'storage-unavailable');
    if (!outOfReach) throw error;
    ctx.log.error('result-not-stored', { evaluation_id: evaluation.id, error: error.message });
    return pending;
  }
}

/** The plain code of a stored evaluation. @throws AppError `integrity-error` */
export function openCode(ctx: Context, { learner_id, task, evaluation, sealed_code }: StoredEvaluation) {
  return ctx.cipher.open(sealed_code, codeSeal(learner_id, task.id, evaluation.submission_id));
}

/** Where a submission's code belongs: every run of the submission shares it. */
export function codeSeal(learnerId: string, taskId: string, submissionId: string) {
  return { table: 'task_evaluations', learnerId, taskId, rowId: submissionId };
}
