import type { CurrentPath } from '#contract/paths.ts';
import { calendarsOf, practiceFigures } from '#domain/progress/practice.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { currentPath } from './store.ts';

/**
 * The learner's newest path (of that track) with its figures, and the learner's days of practice over all paths: those
 * do not begin again with a new path; with the version of the path.
 * @throws AppError `no-active-path` when there is none.
 */
export async function showCurrent(
  ctx: Context,
  learnerId: string,
  trackId: string | null,
): Promise<CurrentPath & { version: number }> {
  const found = await currentPath(ctx.db, learnerId, trackId);
  if (found === undefined) throw new AppError('no-active-path');
  const { path, version, progress, calendars, days } = found;
  const keys = days.map(({ date }) => date);
  return { path, version, progress, practice: practiceFigures(keys, calendarsOf(calendars), ctx.now) };
}
