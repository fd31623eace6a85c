import * as z from 'zod';
import type { ReviewParams, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Memory } from '#contract/reviews.ts';
import { type Calendar, calendarOf } from '../progress/time-zone-rules.ts';
import { retrievability, reviewParams } from './fsrs.ts';
import type { DueItem, SpreadOptions } from './review-rules.ts';
import type { PlanRecord } from './store-due.ts';

/**
 * What reviews depend on in the config of a path; keys that were never set count as their defaults. The zone was checked
 * when it was written, and checking it again would cost as much as the plan.
 */
const ReviewConfig = z.object({
  reviews_per_day: PathConfig.shape.reviews_per_day,
  desired_retention: PathConfig.shape.desired_retention,
  time_zone: z.string().default('UTC'),
});

/** A learner's cards with what it takes to spread them over days. */
export type Plan = { items: DueItem[]; options: SpreadOptions; calendar: Calendar; params: ReviewParams };

/**
 * Reads the plan of a learner's reviews by the config of a path.
 * @param config as stored; null for a learner without a path.
 */
export function planFrom(record: PlanRecord, config: unknown, now: string): Plan {
  const { reviews_per_day, desired_retention, time_zone } = ReviewConfig.parse(config ?? {});
  const calendar = calendarOf(time_zone);
  const params = reviewParams(desired_retention);
  const today = calendar.dayOf(Date.parse(now));
  const items = record.cards.map(({ problem_id, state }) => ({
    problem_id,
    due: state.due,
    last_review: state.last_review,
    retrievability: retrievability(state, now, params),
  }));
  const takenToday = record.taken.filter((at) => calendar.dayOf(Date.parse(at)) === today).length;
  return { items, calendar, params, options: { perDay: reviews_per_day, takenToday, calendar, now } };
}

/** `desired_retention` of a config as stored. */
export function retentionWish(config: unknown): number {
  return ReviewConfig.parse(config ?? {}).desired_retention;
}

/** A card's state as the API shows it. */
export function memoryOf(state: ReviewState, now: string, params: ReviewParams): Memory {
  const { stability, difficulty, reps, lapses } = state;
  return { stability, difficulty, reps, lapses, retrievability: retrievability(state, now, params) };
}
