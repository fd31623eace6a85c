import type { DaySettings } from '#domain/quotas/days.ts';
import type { Charge, Overdrawn } from '#domain/quotas/ledger.ts';
import type { Context } from '../context.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import { QUOTA_TEXTS } from './charges.ts';

/** Takes back what was counted, as nothing came of it. @param error why, unless it is certain. */
export type Undo = (error?: unknown) => Promise<void>;

const DAY_SECONDS = 86_400;

/** The refusal of a quota, with the RateLimit fields of draft-ietf-httpapi-ratelimit-headers-10. */
export function quotaError({ quota, limit, used, resetsAt }: Overdrawn, now: string): AppError {
  const seconds = Math.max(1, Math.ceil((resetsAt - Date.parse(now)) / 1000));
  const remaining = Math.max(0, limit - used);
  const resets_at = new Date(resetsAt).toISOString();
  const window = quota === 'open-hints' ? 'qu="concurrent-requests"' : `w=${DAY_SECONDS}`;
  return new AppError('quota', {
    detail: `At most ${limit} ${QUOTA_TEXTS[quota]}, and ${remaining} are left until ${resets_at}.`,
    retryAfter: seconds,
    headers: {
      'ratelimit-policy': `"${quota}";q=${limit};${window}`,
      ratelimit: `"${quota}";r=${remaining};t=${seconds}`,
    },
    members: { quota, limit, remaining, resets_at },
  });
}

/** Runs work on a learner's object that the request can do without: it is logged when it fails. */
async function leniently(ctx: Context, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    ctx.log.warn('quota-not-updated', { error: String(error) });
  }
}

/**
 * How a use of the quotas is undone when its request fails. Only what was counted for this very request is, and not
 * when the database may have stored it all the same.
 */
export function undoOf(ctx: Context, learnerId: string, useId: string, fresh: boolean): Undo {
  return async (error) => {
    const maybeDone = error instanceof StorageError && error.doubtful;
    if (fresh && !maybeDone) await leniently(ctx, ctx.quotas.refund(learnerId, useId));
  };
}

/** Counts a use before its work is done. @throws AppError `quota`, `storage-unavailable`. */
export async function pay(ctx: Context, learnerId: string, charge: Charge): Promise<Undo> {
  if (charge.shares.length === 0 && charge.open === undefined) return async () => {};
  const answer = await ctx.quotas.charge(learnerId, charge);
  if (!answer.ok) throw quotaError(answer.overdrawn, ctx.now);
  return undoOf(ctx, learnerId, charge.useId, answer.fresh);
}

/** Does the work of a use; when that fails the use does not count. @throws AppError `quota`, and what `work` throws. */
export async function paidFor<T>(
  ctx: Context,
  learnerId: string,
  charge: Charge,
  work: () => Promise<T>,
): Promise<T> {
  const undo = await pay(ctx, learnerId, charge);
  try {
    return await work();
  } catch (error) {
    await undo(error);
    throw error;
  }
}

/** The stream of a hint has ended. */
export function closeHint(ctx: Context, learnerId: string, useId: string): Promise<void> {
  return ctx.config.OPEN_HINTS === 0 ? Promise.resolve() : leniently(ctx, ctx.quotas.close(learnerId, useId));
}

/** Tells the learner's object how their days are counted. */
export function rememberDay(ctx: Context, learnerId: string, day: DaySettings): Promise<void> {
  return leniently(ctx, ctx.quotas.remember(learnerId, day));
}
