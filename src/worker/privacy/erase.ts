import type { Confirmation } from '#contract/privacy.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { dropArchives } from '../events/archive/drop.ts';
import { eventParams } from '../events/params.ts';
import { preconditionFailed } from '../http/etag.ts';
import { checkConfirmation, confirmationFor } from './confirmation.ts';
import { countRows, detachRows, removeDetached, removeRest } from './store.ts';

/**
 * Removes a path with its tasks, events and evaluations, and the answers of its learner's POSTs that were kept about it.
 * @param versions the versions that the client knows (`If-Match`), null for any.
 * @throws AppError `not-found` for a path that is not the learner's, or no longer; `precondition-failed`.
 */
export async function erasePath(
  ctx: Context,
  learnerId: string,
  pathId: string,
  versions: readonly number[] | null,
): Promise<void> {
  const detached = await detachRows(ctx.db, learnerId, {
    ...eventParams(ctx),
    pathId,
    erasureId: ctx.newId(),
    ifVersions: versions,
  });
  if (!detached.erased) {
    throw detached.version === null
      ? new AppError('not-found')
      : preconditionFailed('path', detached.version);
  }
  await outliving(ctx, removeAll(ctx, [pathId]));
}

/**
 * Removes everything about the learner once that is confirmed. Rows are out of the learner's
 * reach after the first statement; a call that was cut off after it is finished by calling again, or by the cron.
 * Results that arrive later find no task and are dropped. The learner may begin anew with the same bearer token; a new
 * path whose request was under way counts as that.
 * @throws AppError `confirmation-required` with the token to confirm with, `invalid-confirmation`.
 */
export async function eraseLearner(
  ctx: Context,
  learnerId: string,
  confirm: string | undefined,
): Promise<void> {
  await assertConfirmed(ctx, learnerId, confirm);
  const detached = await detachRows(ctx.db, learnerId, {
    ...eventParams(ctx),
    pathId: null,
    erasureId: ctx.newId(),
  });
  // Nothing to take away may mean that an earlier call stopped half way; what it left bears no name, so take all.
  const paths = detached.path_ids.length === 0 ? null : detached.path_ids;
  const rest = [removeAll(ctx, paths), removeRest(ctx.db, learnerId), ctx.slots.erase(learnerId)];
  await outliving(ctx, Promise.all(rest));
}

/** For the cron: removes what erasures left behind that were cut off. @returns steps taken, at least one. */
export function sweepDetached(ctx: Context): Promise<number> {
  return removeAll(ctx, null);
}

async function assertConfirmed(ctx: Context, learnerId: string, confirm: string | undefined) {
  const secret = ctx.config.CURSOR_SIGNING_KEY;
  if (confirm === undefined) {
    const removes = await countRows(ctx.db, learnerId);
    if (removes === undefined) throw new AppError('internal');
    const { token, expiresAt } = await confirmationFor(secret, learnerId, ctx.now);
    throw new AppError('confirmation-required', {
      detail: 'This removes everything about you, for good. Send the token back as "confirm" to go on.',
      members: { confirmation: { token, expires_at: expiresAt, removes } satisfies Confirmation },
    });
  }
  const check = await checkConfirmation(secret, learnerId, confirm, ctx.now);
  if (check === 'valid') return;
  throw new AppError('invalid-confirmation', {
    detail: check === 'expired' ? 'The confirmation has expired; ask for a new one.' : 'Ask for a new one.',
  });
}

/** Rows, then the objects of paths that are nobody's; an object bears no name and outlives its path's row if need be. */
async function removeAll(ctx: Context, pathIds: readonly string[] | null): Promise<number> {
  let steps = 1;
  while (await removeDetached(ctx.db, pathIds)) steps += 1;
  await dropArchives(ctx, pathIds);
  return steps;
}

/** Waits for work that shall also go on when the client leaves; its failure is the caller's to hear. */
async function outliving(ctx: Context, work: Promise<unknown>): Promise<void> {
  ctx.background(work.catch(() => undefined));
  await work;
}
