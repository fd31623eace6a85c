import type { SlotAnswer } from '#domain/quotas/leases.ts';
import type { Charge } from '#domain/quotas/ledger.ts';
import type { Context } from '../context.ts';
import { quotaError, type Undo, undoOf } from '../durable/pay.ts';
import { AppError } from '../errors.ts';

/** Names a lease: whose slot, and for which run. */
export type LeaseName = { learnerId: string; leaseId: string };

/** A slot that is held. Work that cannot tell whether its run still goes says so; the slot is then not given back. */
export type HeldSlot = {
  /** The run may go on: nothing renews the lease any more, and it ends by itself. */
  leave(): void;
};

function refusal({ limit, retryAfterSeconds }: Extract<SlotAnswer, { ok: false }>): AppError {
  return new AppError('too-many-evaluations', {
    detail: `At most ${limit} evaluations run at once; wait for one to end.`,
    retryAfter: retryAfterSeconds,
    // The fields of draft-ietf-httpapi-ratelimit-headers.
    headers: {
      'ratelimit-policy': `"evaluations";q=${limit};qu="concurrent-requests"`,
      ratelimit: `"evaluations";r=0;t=${retryAfterSeconds}`,
    },
  });
}

/**
 * Renews the lease again and again. @returns how to stop that, which waits for a renewal under way: it must not come
 * after the release.
 */
function keepRenewing(ctx: Context, { learnerId, leaseId }: LeaseName): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(renewed);
  }, ctx.slots.renewMs);
  return async () => {
    clearInterval(timer);
    await last;
  };

  async function renewed(): Promise<void> {
    try {
      const held = await ctx.slots.renew(learnerId, leaseId);
      if (!held) ctx.log.warn('slot-lost', { lease_id: leaseId });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      ctx.log.warn('slot-not-renewed', { lease_id: leaseId, error: String(error) });
    }
  }
}

/** Gives a slot back. A pool that is unavailable is no failure of the evaluation: the lease ends by itself. */
async function freeSlot(ctx: Context, { learnerId, leaseId }: LeaseName): Promise<void> {
  try {
    await ctx.slots.release(learnerId, leaseId);
  } catch (error) {
    ctx.log.warn('slot-not-released', { lease_id: leaseId, error: String(error) });
  }
}

/** Does `work` on a slot that was taken: renews its lease meanwhile and gives it back at the end, unless it was left. */
async function onSlot<Result>(
  ctx: Context,
  name: LeaseName,
  work: (slot: HeldSlot) => Promise<Result>,
): Promise<Result> {
  let left = false;
  const stopRenewing = keepRenewing(ctx, name);
  try {
    return await work({
      leave() {
        left = true;
      },
    });
  } finally {
    await stopRenewing();
    if (left) ctx.log.warn('slot-left', { lease_id: name.leaseId });
    else await freeSlot(ctx, name);
  }
}

/**
 * Does `work` while holding one of the learner's slots.
 * @returns `busy` when none is free.
 */
export async function withSlot<Result>(
  ctx: Context,
  name: LeaseName,
  work: (slot: HeldSlot) => Promise<Result>,
): Promise<Result | 'busy'> {
  const answer = await ctx.slots.acquire(name.learnerId, name.leaseId);
  return answer.ok ? onSlot(ctx, name, work) : 'busy';
}

/**
 * Runs `first` while holding a slot, then `rest` with what it gave, and frees the slot when either ends. `rest`
 * outlives the client: what was accepted is done for a client that leaves, too. The request counts against the quotas of
 * `charge` in the same call that takes the slot; when `first` fails it does not count, and `rest` gets what undoes it.
 * @throws AppError `quota`, or `too-many-evaluations` when no slot is free.
 */
export async function holdingSlot<Accepted, Result>(
  ctx: Context,
  { charge, ...name }: LeaseName & { charge: Charge },
  first: () => Promise<Accepted>,
  rest: (accepted: Accepted, slot: HeldSlot, undo: Undo) => Promise<Result>,
): Promise<Result> {
  const answer = await ctx.slots.admit(name.learnerId, name.leaseId, charge);
  if (!answer.ok) throw 'overdrawn' in answer ? quotaError(answer.overdrawn, ctx.now) : refusal(answer);
  const undo = undoOf(ctx, name.learnerId, charge.useId, answer.fresh);
  let accepted: Accepted;
  try {
    accepted = await first();
  } catch (error) {
    await Promise.all([freeSlot(ctx, name), undo(error)]);
    throw error;
  }
  const work = onSlot(ctx, name, (slot) => rest(accepted, slot, undo));
  ctx.background(work);
  return work;
}
