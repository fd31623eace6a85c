import type { Evaluate } from '#contract/submissions.ts';
import type { Context } from '../context.ts';
import { submissionCharge } from '../durable/charges.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/params.ts';
import { holdingSlot } from './lease.ts';
import { type Answer, judgeAndSettle, openCode } from './settle.ts';
import type { StoredEvaluation } from './store.ts';
import { requestRerun } from './store-rerun.ts';
import { firstRedrive } from './submit.ts';

/**
 * Judges a submission again: the given one, as a new run next to its old results, or the newest that is pending (now
 * instead of by the cron) or failed.
 * @throws AppError `quota`, `too-many-evaluations`, `not-found`, `nothing-to-evaluate`, `invalid-transition`, `integrity-error`.
 */
export async function rerun(
  ctx: Context,
  learnerId: string,
  taskId: string,
  body: Evaluate,
): Promise<Answer> {
  const evaluationId = ctx.newId();
  return holdingSlot(
    ctx,
    { learnerId, leaseId: evaluationId, charge: submissionCharge(ctx.config, evaluationId, taskId) },
    () => request(ctx, learnerId, taskId, evaluationId, body),
    async (stored, slot) => (await judgeAndSettle(ctx, stored, await openCode(ctx, stored), slot)).answer,
  );
}

async function request(
  ctx: Context,
  learnerId: string,
  taskId: string,
  evaluationId: string,
  { submission_id }: Evaluate,
): Promise<StoredEvaluation> {
  const stored = await requestRerun(ctx.db, learnerId, {
    ...eventParams(ctx),
    task_id: taskId,
    submission_id: submission_id ?? null,
    evaluation_id: evaluationId,
    next_redrive_at: firstRedrive(ctx),
  });
  if (stored === undefined) throw new AppError('not-found');
  switch (stored.outcome) {
    case 'requested':
    case 'found':
      return stored;
    case 'refused':
      throw new AppError('invalid-transition', {
        detail: `A task that is ${stored.status} takes no evaluation.`,
      });
    case 'nothing':
      if (submission_id !== undefined) throw new AppError('not-found');
      throw new AppError('nothing-to-evaluate', { detail: 'No submission of this task waits for a result.' });
  }
}
