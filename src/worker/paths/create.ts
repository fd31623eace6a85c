import type { CreatePath, PathCreated } from '#contract/paths.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/index.ts';
import { seedsJson } from '../tasks/index.ts';
import { FIRST_DIFFICULTIES, FIRST_MODULE, planFirstTasks } from './domain.ts';
import { storePath } from './store.ts';

/**
 * Creates a path with its first 5-10 tasks. An older path of the learner stays, with its history.
 * @throws UpstreamError, or AppError `problem-bank-unavailable` when the bank is empty; nothing is stored then.
 */
export async function createPath(ctx: Context, learnerId: string, wish: CreatePath): Promise<PathCreated> {
  const pathId = ctx.newId();
  const filter = { modules: [FIRST_MODULE], difficulties: FIRST_DIFFICULTIES } as const;
  const problems = await ctx.problemBank.list(filter, ctx.requestId);
  const seeds = planFirstTasks(problems, wish.config, ctx.now, ctx.newId);
  if (seeds.length === 0) {
    throw new AppError('problem-bank-unavailable', { detail: 'The problem bank holds no first problems.' });
  }
  const created = await storePath(ctx.db, learnerId, {
    ...eventParams(ctx),
    path_id: pathId,
    track_id: wish.track_id,
    config: JSON.stringify(wish.config),
    tasks: seedsJson(seeds),
  });
  const [first] = created?.tasks ?? [];
  if (created === undefined || first === undefined) throw new AppError('internal');
  return { ...created, first_task: first };
}
