import type { Progress } from '#contract/progress.ts';
import { UpstreamError } from '../clients/http.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { masteryLevel } from '../learning/mastery-rules.ts';
import { reviewFigures } from '../reviews/index.ts';
import {
  moduleProgress,
  practiceOf,
  practisedDays,
  reviewForecast,
  topicProgress,
  totalOf,
} from './domain.ts';
import { progressRecord } from './store.ts';
import { calendarOf } from './time-zone-rules.ts';

/** Sizes of the modules, or null when the bank cannot say: progress never fails for the bank's sake. */
async function sizesOrNull(ctx: Context) {
  try {
    return await ctx.problemBank.moduleSizes(ctx.requestId);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ctx.log.warn('module-sizes-unavailable', { kind: error.kind });
    return null;
  }
}

/** Where the learner stands in one path. @throws AppError `not-found`. */
export async function showProgress(ctx: Context, learnerId: string, pathId: string): Promise<Progress> {
  const [record, sizes] = await Promise.all([
    progressRecord(ctx.db, learnerId, pathId, ctx.now),
    sizesOrNull(ctx),
  ]);
  if (record === undefined) throw new AppError('not-found');
  const timeZone = record.time_zone ?? 'UTC';
  const calendar = calendarOf(timeZone);
  const today = calendar.dayOf(Date.parse(ctx.now));
  const known = Object.fromEntries(
    Object.entries(record.mastery).map(([topic, state]) => [topic, { level: masteryLevel(state), ...state }]),
  );
  return {
    path_id: pathId,
    time_zone: timeZone,
    totals: totalOf(record.modules),
    modules: moduleProgress(record.modules, sizes, known),
    topics: topicProgress(record.topics, known),
    practice: practiceOf(practisedDays(record.months, calendar), today),
    upcoming_reviews: reviewForecast(record.reviews, calendar, today),
    reviews: reviewFigures(record.memory, record.config, ctx.now),
  };
}
