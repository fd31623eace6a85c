import type { ListPaths, PathPage } from '#contract/history.ts';
import type { Context } from '../context.ts';
import { pageOf, TimeKey } from '../crypto/cursor-page.ts';
import { listPaths } from './store.ts';

/** A page of the learner's paths, newest first. @throws AppError `invalid-cursor`. */
export async function showPaths(
  ctx: Context,
  learnerId: string,
  { cursor, limit }: ListPaths,
): Promise<PathPage> {
  const scope = { learnerId, list: 'study-paths' };
  const after = cursor === undefined ? null : await ctx.cursors.open(scope, cursor, TimeKey);
  const paths = await listPaths(ctx.db, learnerId, { after, limit: limit + 1 });
  return pageOf(ctx.cursors, scope, paths, limit, (path) => [path.created_at, path.id]);
}
