import { GIVE_UP_HOURS } from '#domain/evaluations/settle.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/params.ts';
import { withSlot } from './lease.ts';
import { type Judging, judgeAndSettle, openCode } from './settle.ts';
import type { StoredEvaluation } from './store.ts';
import { claimPending, failOverdue } from './store-claims.ts';

/** Seconds that a claimed evaluation is left alone beyond the evaluator's deadline. */
const CLAIM_SLACK_SECONDS = 60;

/** Marks up to `limit` evaluations as failed that could not be judged within 24 hours. @returns how many. */
export function giveUpOverdue(ctx: Context, limit: number): Promise<number> {
  const before = new Date(Date.parse(ctx.now) - GIVE_UP_HOURS * 3_600_000).toISOString();
  return failOverdue(ctx.db, {
    ...eventParams(ctx),
    before,
    cause: `no-result-in-${GIVE_UP_HOURS}-hours`,
    limit,
  });
}

/** Takes up to `limit` pending evaluations that are due, one of each learner but those in `except`, for this caller alone. */
export function claimDue(
  ctx: Context,
  limit: number,
  except: readonly string[],
): Promise<StoredEvaluation[]> {
  const leastPauseSeconds = ctx.config.EVAL_SERVICE_TIMEOUT + CLAIM_SLACK_SECONDS;
  return claimPending(ctx.db, { now: ctx.now, leastPauseSeconds, limit, except });
}

/**
 * Judges a claimed evaluation under one of its learner's slots.
 * @returns what came of it; `busy` when no slot was free. Its next time is set already.
 */
export async function redrive(ctx: Context, stored: StoredEvaluation): Promise<Judging['outcome'] | 'busy'> {
  const { learner_id, evaluation } = stored;
  try {
    return await withSlot(ctx, { learnerId: learner_id, leaseId: evaluation.id }, async (slot) => {
      const { outcome } = await judgeAndSettle(ctx, stored, await openCode(ctx, stored), slot);
      return outcome;
    });
  } catch (error) {
    // One submission that cannot be opened, or a task deleted meanwhile, must not keep the others waiting.
    if (!(error instanceof AppError)) throw error;
    ctx.log.error('redrive-refused', { evaluation_id: evaluation.id, code: error.code });
    return 'hindered';
  }
}
