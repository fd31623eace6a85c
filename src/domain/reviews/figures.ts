import type { ReviewProgress } from '#contract/reviews.ts';
import { keyOf } from '../calendar.ts';
import { forecastReviews } from './forecast.ts';
import { type PlanRecord, planFrom } from './plan.ts';
import { type RetentionEntry, trueRetention } from './retention.ts';

/** What the figures of a learner's reviews are made of. */
export type ReviewRecord = {
  /** Cards by the day on which they fall due, up to a day after today's date in UTC. */
  due: { day: string; cards: number }[];
  plan: PlanRecord;
  log: RetentionEntry[];
};

/**
 * Forecast and true retention of a learner's reviews.
 * @param config of the learner's newest path, as stored: its cap and its calendar count.
 */
export function reviewFigures(record: ReviewRecord, config: unknown, now: string): ReviewProgress {
  const { items, options, today } = planFrom(record.plan, config, now);
  const { overdue, days, spans } = forecastReviews(items, options);
  return {
    due_now: record.due.reduce((sum, { day, cards }) => (day <= today ? sum + cards : sum), 0),
    forecast: {
      overdue,
      days: days.map(({ day, due, planned, backlog }) => ({ date: keyOf(day), due, planned, backlog })),
      spans,
    },
    retention: trueRetention(record.log, today),
  };
}
