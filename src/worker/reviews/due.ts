import * as z from 'zod';
import { ProblemSummary } from '#contract/problem-bank.ts';
import type { DueReview, DueReviewPage, ListDueReviews } from '#contract/reviews.ts';
import { DayKey } from '#contract/text.ts';
import { addDays, daysBetween, dueDayOf } from '#domain/calendar.ts';
import { dueDates, memoryOf, planFrom } from '#domain/reviews/plan.ts';
import { spreadDue } from '#domain/reviews/spread.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { pageOf } from '../crypto/cursor-page.ts';
import { type DueRow, dueReviews } from './store-due.ts';

/** The day up to which the first page looked, and the place of its last row: every page sees the same window. */
const PlaceKey = z.tuple([DayKey, DayKey, z.string()]);

/** Summaries from the bank, none when it is out of reach: reading reviews never fails for the bank's sake. */
function problemsOf(ctx: Context, rows: readonly DueRow[]): Promise<Map<string, ProblemSummary>> {
  const ids = rows.map(({ problem_id }) => problem_id);
  return ctx.problemBank
    .getMany(ids, ctx.requestId)
    .catch(without(ctx, 'problems-unavailable', new Map<string, ProblemSummary>()));
}

/** The bank's summary alone: a single problem comes with its statement. */
function summaryOf(problem: ProblemSummary | undefined): ProblemSummary | null {
  return problem === undefined ? null : ProblemSummary.parse(problem);
}

/**
 * A page of what the learner has to review, due today or within so many of the learner's days after it, with the day that the plan gives to each:
 * `reviews_per_day` of the newest path at most, the least remembered first.
 * @throws AppError `invalid-cursor`.
 */
export async function listDueReviews(
  ctx: Context,
  learnerId: string,
  { within, limit, cursor }: ListDueReviews,
): Promise<DueReviewPage> {
  const scope = { learnerId, list: 'review-due', filters: within };
  const place = cursor === undefined ? null : await ctx.cursors.open(scope, cursor, PlaceKey);
  // Which day it is for the learner comes with the answer: until then the window is as wide as in any zone.
  const widest = addDays(ctx.now.slice(0, 10), within + 1);
  const after = place === null ? null : ([place[1], place[2]] as const);
  const record = await dueReviews(ctx.db, learnerId, {
    now: ctx.now,
    until: place?.[0] ?? widest,
    after,
    limit: limit + 1,
  });
  const { items, options, calendar, today, params } = planFrom(record.plan, record.config, ctx.now);
  const until = place?.[0] ?? addDays(today, within);
  const rows = record.rows.filter(({ state }) => dueDayOf(state) <= until);
  const page = await pageOf(ctx.cursors, scope, rows, limit, (row) => [
    until,
    dueDayOf(row.state),
    row.problem_id,
  ]);

  const problems = await problemsOf(ctx, page.data);
  const planned = new Map(
    spreadDue(items, options).map(({ problem_id, scheduled_at }) => [problem_id, scheduled_at]),
  );
  const data = page.data.map(
    ({ state, task, ...row }): DueReview => ({
      ...row,
      ...dueDates(state, calendar),
      overdue_days: Math.max(0, daysBetween(dueDayOf(state), today)),
      state: memoryOf(state, today, params),
      task,
      planned_at: task?.scheduled_at ?? planned.get(row.problem_id) ?? null,
      problem: summaryOf(problems.get(row.problem_id)),
    }),
  );
  return { data, next_cursor: page.next_cursor };
}
