import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

/**
 * Takes one of the learner's evaluation slots.
 * @throws AppError `too-many-evaluations` with the RateLimit fields of draft-ietf-httpapi-ratelimit-headers.
 */
async function takeSlot(ctx: Context, learnerId: string, leaseId: string): Promise<void> {
  const answer = await ctx.slots.acquire(learnerId, leaseId);
  if (answer.ok) return;
  const { limit, retryAfterSeconds } = answer;
  throw new AppError('too-many-evaluations', {
    detail: `At most ${limit} evaluations run at once; wait for one to end.`,
    retryAfter: retryAfterSeconds,
    headers: {
      'ratelimit-policy': `"evaluations";q=${limit};qu="concurrent-requests"`,
      ratelimit: `"evaluations";r=0;t=${retryAfterSeconds}`,
    },
  });
}

/** Gives a slot back. A pool out of reach is no failure of the evaluation: the lease ends by itself. */
export async function freeSlot(ctx: Context, learnerId: string, leaseId: string): Promise<void> {
  try {
    await ctx.slots.release(learnerId, leaseId);
  } catch (error) {
    ctx.log.warn('slot-not-released', { lease_id: leaseId, error: String(error) });
  }
}

/**
 * Runs `first` while holding a slot, then `rest` with what it gave, and frees the slot when either ends. `rest`
 * outlives the client: who leaves changes nothing of what was accepted.
 */
export async function holdingSlot<Accepted, Result>(
  ctx: Context,
  { learnerId, leaseId }: { learnerId: string; leaseId: string },
  first: () => Promise<Accepted>,
  rest: (accepted: Accepted) => Promise<Result>,
): Promise<Result> {
  await takeSlot(ctx, learnerId, leaseId);
  let accepted: Accepted;
  try {
    accepted = await first();
  } catch (error) {
    await freeSlot(ctx, learnerId, leaseId);
    throw error;
  }
  const work = restThenFree();
  ctx.background(work);
  return work;

  async function restThenFree(): Promise<Result> {
    try {
      return await rest(accepted);
    } finally {
      await freeSlot(ctx, learnerId, leaseId);
    }
  }
}
