import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Judged } from '#domain/evaluations/settle.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { codeSeal, type Output, openOutput, outputSeal, sealOutput } from '../crypto/output.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/params.ts';
import { decideResult } from './decide.ts';
import { judge } from './judge.ts';
import type { HeldSlot } from './lease.ts';
import type { StoredEvaluation } from './store.ts';
import { countJudgeFault } from './store-faults.ts';
import { storeSettlement } from './store-settlement.ts';

/** What a learner hears of a submission: the evaluation (pending or with its result) and the task after it. */
export type Answer = { evaluation: Evaluation; task: Task };

/**
 * What came of judging. `settled`: it has its result, or was given up. `hindered`: it is pending, as it could not be
 * judged or its result not be stored. `unavailable`: it is pending, as a service did not answer.
 */
export type Judging = { answer: Answer; outcome: 'settled' | 'hindered' | 'unavailable' };

/** Writers that may come between deciding on a result and writing it, one after the other. */
const MOST_DECISIONS = 8;

/** The problems of the bank; null when it is unavailable, for a verdict must not wait for it. */
function catalogueOrNull(ctx: Context) {
  return ctx.problemBank.list({}, ctx.requestId).catch(without(ctx, 'next-tasks-not-chosen', null));
}

/** A judging as its learner sees it. @throws AppError `integrity-error` */
async function answerOf(ctx: Context, stored: StoredEvaluation): Promise<Answer> {
  const { learner_id, task, evaluation, sealed_output } = stored;
  const place = outputSeal(learner_id, task.id, evaluation.id);
  return { evaluation: { ...evaluation, ...(await openOutput(ctx.cipher, place, sealed_output)) }, task };
}

/**
 * Writes a result: decides on the state as it is, and decides again when somebody changed it meanwhile. The first
 * result of an evaluation counts; a later one is logged and answers the first.
 * @returns null when the task is gone; its result is dropped with it.
 * @throws AppError `storage-unavailable` when the task never stood still; StorageError.
 */
async function settle(ctx: Context, stored: StoredEvaluation, judged: Judged): Promise<Answer | null> {
  const output: Output = { error_message: judged.error_message, tests: judged.tests };
  const { learner_id, task, evaluation } = stored;
  const [catalogue, sealed_output] = await Promise.all([
    stored.learning === null ? null : catalogueOrNull(ctx),
    sealOutput(ctx.cipher, outputSeal(learner_id, task.id, evaluation.id), output),
  ]);
  let seen = stored;
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions += 1) {
    const write = { judged, sealed_output, ...decideResult(ctx, seen, judged, catalogue) };
    const written = await storeSettlement(ctx.db, seen, write, ctx);
    switch (written?.outcome) {
      case undefined:
        ctx.log.info('result-dropped', { evaluation_id: evaluation.id, reason: 'task-gone' });
        return null;
      case 'settled':
        return { evaluation: { ...written.evaluation, ...output }, task: written.task };
      case 'already':
        ctx.log.info('result-dropped', { evaluation_id: evaluation.id, reason: 'settled-before' });
        return answerOf(ctx, written);
      case 'stale':
        seen = written;
    }
  }
  throw new AppError('storage-unavailable', { retryAfter: 5 });
}

/** Counts a fault of the judge; the third one ends the submission. @returns null when the task is gone. */
async function settleFault(ctx: Context, stored: StoredEvaluation): Promise<Answer | null> {
  const { learner_id, task, evaluation } = stored;
  const counted = await countJudgeFault(ctx.db, learner_id, {
    ...eventParams(ctx),
    task_id: task.id,
    evaluation_id: evaluation.id,
  });
  if (counted === undefined) return null;
  if (counted.outcome === 'ended') ctx.log.error('evaluation-given-up', { evaluation_id: evaluation.id });
  return answerOf(ctx, counted);
}

/**
 * Judges a stored evaluation under a slot and writes the result. Whatever is unavailable, bank, evaluator or database,
 * leaves it pending for the cron, and the answer says so.
 * @throws AppError `not-found` when the task was deleted meanwhile, `integrity-error`.
 */
export async function judgeAndSettle(
  ctx: Context,
  stored: StoredEvaluation,
  code: string,
  slot: HeldSlot,
): Promise<Judging> {
  const { evaluation, task } = stored;
  if (evaluation.status !== 'pending') return { answer: await answerOf(ctx, stored), outcome: 'settled' };
  const pending: Answer = { evaluation, task };
  const startedAt = Date.now();
  const request = {
    learnerId: stored.learner_id,
    problemId: task.problem_id,
    submissionId: evaluation.submission_id,
    run: evaluation.run,
    language: evaluation.language,
    code,
    tests: 'all',
  } as const;
  const judgement = await judge(ctx, request, slot);
  if (!judgement.ok && !judgement.judgeFault) {
    const unavailable = judgement.obstacle.endsWith('-unavailable');
    return { answer: pending, outcome: unavailable ? 'unavailable' : 'hindered' };
  }
  // Judging takes seconds: the result is dated when it came, by the request's clock.
  const now = new Date(Date.parse(ctx.now) + Date.now() - startedAt).toISOString();
  const later = { ...ctx, now };
  try {
    const answer = await (judgement.ok
      ? settle(later, stored, judgement.judged)
      : settleFault(later, stored));
    if (answer === null) throw new AppError('not-found');
    return { answer, outcome: answer.evaluation.status === 'pending' ? 'hindered' : 'settled' };
  } catch (error) {
    const unavailable =
      error instanceof StorageError || (error instanceof AppError && error.code === 'storage-unavailable');
    if (!unavailable) throw error;
    ctx.log.error('result-not-stored', { evaluation_id: evaluation.id, error: error.message });
    return { answer: pending, outcome: 'hindered' };
  }
}

/** The plain code of a stored evaluation. @throws AppError `integrity-error` */
export function openCode(ctx: Context, { learner_id, task, evaluation, sealed_code }: StoredEvaluation) {
  return ctx.cipher.open(sealed_code, codeSeal(learner_id, task.id, evaluation.submission_id));
}
