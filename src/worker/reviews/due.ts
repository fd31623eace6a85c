import * as z from 'zod';
import { ProblemSummary } from '#contract/problem-bank.ts';
import type { DueReview, DueReviewPage, ListDueReviews } from '#contract/reviews.ts';
import { Timestamp } from '#contract/text.ts';
import { UpstreamError } from '../clients/http.ts';
import type { Context } from '../context.ts';
import { pageOf } from '../crypto/cursor-page.ts';
import { memoryOf, planFrom } from './plan.ts';
import { spreadDue } from './review-rules.ts';
import { type DueRow, dueReviews } from './store-due.ts';

const DAY = 86_400_000;
/** The instant up to which the first page looked, and the place of its last row: every page sees the same window. */
const PlaceKey = z.tuple([Timestamp, Timestamp, z.string()]);

/** Summaries from the bank, none when it is out of reach: reading reviews never fails for the bank's sake. */
async function problemsOf(ctx: Context, rows: readonly DueRow[]): Promise<Map<string, ProblemSummary>> {
  try {
    return await ctx.problemBank.getMany(
      rows.map(({ problem_id }) => problem_id),
      ctx.requestId,
    );
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ctx.log.warn('problems-unavailable', { kind: error.kind });
    return new Map();
  }
}

/** The bank's summary alone: a single problem comes with its statement. */
function summaryOf(problem: ProblemSummary | undefined): ProblemSummary | null {
  return problem === undefined ? null : ProblemSummary.parse(problem);
}

/**
 * A page of what the learner has to review, due or due within so many days, with the day that the plan gives to each:
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
  const until = place?.[0] ?? new Date(Date.parse(ctx.now) + within * DAY).toISOString();
  const after = place === null ? null : ([place[1], place[2]] as const);
  const record = await dueReviews(ctx.db, learnerId, { now: ctx.now, until, after, limit: limit + 1 });
  const page = await pageOf(ctx.cursors, scope, record.rows, limit, (row) => [
    until,
    row.state.due,
    row.problem_id,
  ]);

  const problems = await problemsOf(ctx, page.data);
  const { items, options, calendar, params } = planFrom(record.plan, record.config, ctx.now);
  const planned = new Map(
    spreadDue(items, options).map(({ problem_id, scheduled_at }) => [problem_id, scheduled_at]),
  );
  const today = calendar.dayOf(Date.parse(ctx.now));
  const data = page.data.map(
    ({ state, task, ...row }): DueReview => ({
      ...row,
      due_at: state.due,
      overdue_days: Math.max(0, today - calendar.dayOf(Date.parse(state.due))),
      state: memoryOf(state, ctx.now, params),
      task,
      planned_at: task?.scheduled_at ?? planned.get(row.problem_id) ?? null,
      problem: summaryOf(problems.get(row.problem_id)),
    }),
  );
  return { data, next_cursor: page.next_cursor };
}
