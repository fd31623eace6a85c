import { type CalendarRule, calendarOfRule, keyOf, knowsZone } from '#domain/calendar.ts';
import type { Context } from '../context.ts';
import { eventParams } from '../events/index.ts';
import { type CalendarDay, calendarsWithReviews, makeReviewTasks, makeReviewTasksOf } from './store-tasks.ts';

/**
 * The present day of a calendar by the runtime's own rules: PostgreSQL knows other zones than those that accepted the
 * path's config.
 */
function presentDay(ctx: Context, rule: CalendarRule): CalendarDay {
  if (!knowsZone(rule.time_zone)) ctx.log.warn('time-zone-unknown', { time_zone: rule.time_zone });
  const calendar = calendarOfRule(rule);
  const day = calendar.dayOf(Date.parse(ctx.now));
  const instant = (of: number) => new Date(calendar.startOf(of)).toISOString();
  return { ...rule, day: keyOf(day), starts: instant(day), ends: instant(day + 1) };
}

/**
 * A function that makes up to so many review tasks of what is due today, and returns how many they were.
 * @returns null when no learner has anything due.
 */
export async function reviewTaskMaker(ctx: Context): Promise<((limit: number) => Promise<number>) | null> {
  const rules = await calendarsWithReviews(ctx.db, ctx.now);
  if (rules.length === 0) return null;
  const days = rules.map((rule) => presentDay(ctx, rule));
  return (limit) => makeReviewTasks(ctx.db, { ...eventParams(ctx), days, limit });
}

/**
 * Makes what is due of one learner into tasks, as far as the day has room for it.
 * @param rule the learner's calendar.
 * @returns how many.
 */
export function makeReviewsOf(ctx: Context, learnerId: string, rule: CalendarRule): Promise<number> {
  return makeReviewTasksOf(ctx.db, learnerId, { ...eventParams(ctx), day: presentDay(ctx, rule) });
}
