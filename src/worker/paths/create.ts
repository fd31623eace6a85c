import type { CreatePath, PathCreated } from '#contract/paths.ts';
import { planFirstTasks } from '#domain/learning/first-tasks.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { learnerRecord, storePath } from './store.ts';

/**
 * Creates a path with its first 5-10 tasks; without any for a learner who has solved everything that its modules hold.
 * An older path of the learner stays, with its history.
 * @throws UpstreamError, or AppError `problem-bank-unavailable` when the bank is empty; nothing is stored then.
 */
export async function createPath(ctx: Context, learnerId: string, wish: CreatePath): Promise<PathCreated> {
  const pathId = ctx.newId();
  const [problems, learner] = await Promise.all([
    ctx.problemBank.list({}, ctx.requestId),
    learnerRecord(ctx.db, learnerId, ctx.now),
  ]);
  if (problems.length === 0) {
    throw new AppError('problem-bank-unavailable', { detail: 'The problem bank is empty.' });
  }
  const seeds = planFirstTasks(learner, wish.config, problems, ctx.now, ctx.newId);
  const path = { id: pathId, track_id: wish.track_id, config: wish.config };
  const created = await storePath(ctx.db, learnerId, path, seeds, ctx);
  if (created === undefined) throw new AppError('internal');
  return { ...created, first_task: created.tasks[0] ?? null };
}
