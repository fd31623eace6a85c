import type { Progress, ShowProgress } from '#contract/progress.ts';
import { calendarOfRule } from '#domain/calendar.ts';
import { masteryLevel } from '#domain/learning/mastery.ts';
import {
  moduleProgress,
  practiceOf,
  reviewForecast,
  topicProgress,
  totalOf,
} from '#domain/progress/figures.ts';
import { calendarsOf, presentCalendar } from '#domain/progress/practice.ts';
import { reviewFigures } from '#domain/reviews/figures.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { pastProgress } from './past.ts';
import { progressRecord } from './store.ts';

/** Sizes of the modules, or null when the bank cannot say: progress never fails for the bank's sake. */
function sizesOrNull(ctx: Context) {
  return ctx.problemBank.moduleSizes(ctx.requestId).catch(without(ctx, 'module-sizes-unavailable', null));
}

/**
 * Where the learner stands in one path, or stood at a moment of the past by the log.
 * @throws AppError `not-found`, also for a path that there was not yet; `invalid-query` for a moment in the future.
 */
export async function showProgress(
  ctx: Context,
  learnerId: string,
  pathId: string,
  { as_of }: ShowProgress = {},
): Promise<Progress> {
  if (as_of !== undefined && Date.parse(as_of) > Date.parse(ctx.now)) {
    const errors = [{ path: 'as_of', message: 'must not lie in the future' }];
    throw new AppError('invalid-query', { errors });
  }
  const now = as_of ?? ctx.now;
  const [record, sizes] = await Promise.all([
    as_of === undefined
      ? progressRecord(ctx.db, learnerId, pathId, now)
      : pastProgress(ctx, learnerId, pathId, { asOf: as_of, now }),
    sizesOrNull(ctx),
  ]);
  if (record === undefined) throw new AppError('not-found');
  const calendars = calendarsOf(record.calendars);
  const { time_zone, day_start_hour } = presentCalendar(calendars);
  const practice = practiceOf(record.days, calendars, now);
  const known = Object.fromEntries(
    Object.entries(record.mastery).map(([topic, state]) => [topic, { level: masteryLevel(state), ...state }]),
  );
  return {
    path_id: pathId,
    time_zone,
    day_start_hour,
    totals: totalOf(record.modules),
    modules: moduleProgress(record.modules, sizes, known),
    topics: topicProgress(record.topics, known),
    practice,
    upcoming_reviews: reviewForecast(
      record.reviews,
      calendarOfRule({ time_zone, day_start_hour }),
      practice.today,
    ),
    reviews: reviewFigures(record.memory, record.config, now),
  };
}
