import type { ProblemSummary } from '#contract/problem-bank.ts';
import { type CalendarRule, calendarOfRule, keyOf, knowsZone } from '#domain/calendar.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { eventParams } from '../events/params.ts';
import {
  type CalendarDay,
  calendarsWithReviews,
  makeReviewTasks,
  makeReviewTasksOf,
} from './store-reviews.ts';

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

type Catalogue = readonly Pick<ProblemSummary, 'problem_id'>[] | null;

/** Null for a bank without any problem, too: it is broken, and says nothing of those that left it. */
function idsOf(catalogue: Catalogue): string[] | null {
  if (catalogue === null || catalogue.length === 0) return null;
  return catalogue.map(({ problem_id }) => problem_id);
}

/**
 * A function that makes up to so many review tasks of what is due today, and returns how many they were.
 * @returns null when no active learner has anything due.
 */
export async function reviewTaskMaker(ctx: Context): Promise<((limit: number) => Promise<number>) | null> {
  const rules = await calendarsWithReviews(ctx.db, ctx.now);
  if (rules.length === 0) return null;
  const days = rules.map((rule) => presentDay(ctx, rule));
  // A review need not wait for a bank that is unavailable.
  const catalogue = await ctx.problemBank
    .list({}, ctx.requestId)
    .catch(without(ctx, 'reviews-not-checked', null));
  const known = idsOf(catalogue);
  return (limit) => makeReviewTasks(ctx.db, { ...eventParams(ctx), days, limit, known });
}

/**
 * Makes what is due of one learner into tasks, as far as the day has room for it.
 * @param rule the learner's calendar.
 * @param catalogue null while the bank is unavailable.
 * @returns how many.
 */
export function makeReviewsOf(
  ctx: Context,
  learnerId: string,
  rule: CalendarRule,
  catalogue: Catalogue,
): Promise<number> {
  const wish = { day: presentDay(ctx, rule), known: idsOf(catalogue) };
  return makeReviewTasksOf(ctx.db, learnerId, { ...eventParams(ctx), ...wish });
}
