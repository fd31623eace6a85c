import type { Context } from '../context.ts';
import { eventParams } from '../events/index.ts';
import { startOfDay } from '../learning/local-days.ts';
import { calendarOf } from '../progress/time-zone-rules.ts';
import { makeReviewTasks, makeReviewTasksOf, type ZoneDay, zonesWithReviews } from './store-tasks.ts';

/**
 * The present local day of a zone by the runtime's own rules: PostgreSQL knows other zones than those that accepted the
 * path's config. A zone that is unknown by now counts as UTC, so that its learners go on.
 */
function localDay(ctx: Context, name: string): ZoneDay {
  const now = Date.parse(ctx.now);
  let calendar = calendarOf('UTC');
  try {
    calendar = calendarOf(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    ctx.log.warn('time-zone-unknown', { time_zone: name });
  }
  const day = calendar.dayOf(now);
  const starts = new Date(startOfDay(calendar, day)).toISOString();
  return { name, day, starts, ends: new Date(startOfDay(calendar, day + 1)).toISOString() };
}

/**
 * A function that makes up to so many review tasks of what is due now, and tells how many they were.
 * @returns null when nobody has anything due.
 */
export async function reviewTaskMaker(ctx: Context): Promise<((limit: number) => Promise<number>) | null> {
  const names = await zonesWithReviews(ctx.db, ctx.now);
  if (names.length === 0) return null;
  const zones = names.map((name) => localDay(ctx, name));
  return (limit) => makeReviewTasks(ctx.db, { ...eventParams(ctx), zones, limit });
}

/**
 * Makes what is due of one learner into tasks, as far as the day has room for it.
 * @param timeZone of the learner's newest path.
 * @returns how many.
 */
export function makeReviewsOf(ctx: Context, learnerId: string, timeZone: string): Promise<number> {
  return makeReviewTasksOf(ctx.db, learnerId, { ...eventParams(ctx), zone: localDay(ctx, timeZone) });
}
