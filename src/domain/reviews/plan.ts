import * as z from 'zod';
import type { ReviewParams, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Memory } from '#contract/reviews.ts';
import {
  type Calendar,
  calendarOfRule,
  dayOfKey,
  dueDayOf,
  keyOf,
  lastDayOf,
  STANDARD_CALENDAR,
} from '../calendar.ts';
import { retrievability, reviewParams } from './fsrs.ts';
import type { DueItem, SpreadOptions } from './spread.ts';

/** The last event of the task that was made of a card, and the learner's last day that its events name. */
export type Handled = { at: string | null; day: string | null };

/** What a plan of a learner's reviews is made of. */
export type PlanRecord = {
  /** Cards without a review task that is ready. */
  cards: { problem_id: string; state: ReviewState; handled: Handled | null }[];
  /** Review tasks of the days around now: the day that each was made for, and when it is scheduled. */
  taken: { day: string | null; at: string }[];
};

/**
 * What reviews depend on in the config of a path; keys that were never set count as their defaults. The zone was checked
 * when it was written, and checking it again would cost as much as the plan.
 */
const ReviewConfig = z.object({
  reviews_per_day: PathConfig.shape.reviews_per_day,
  desired_retention: PathConfig.shape.desired_retention,
  time_zone: z.string().default(STANDARD_CALENDAR.time_zone),
  day_start_hour: PathConfig.shape.day_start_hour,
});

/** A learner's cards with what it takes to spread them over days; `today` is the learner's day of now. */
export type Plan = {
  items: DueItem[];
  options: SpreadOptions;
  calendar: Calendar;
  today: string;
  params: ReviewParams;
};

/**
 * Reads the plan of a learner's reviews.
 * @param config of the learner's newest path, as stored; null for a learner without a path.
 */
export function planFrom(record: PlanRecord, config: unknown, now: string): Plan {
  const { reviews_per_day, desired_retention, ...rule } = ReviewConfig.parse(config ?? {});
  const calendar = calendarOfRule(rule);
  const params = reviewParams(desired_retention);
  const day = calendar.dayOf(Date.parse(now));
  const today = keyOf(day);
  const items = record.cards.map(({ problem_id, state, handled }) => ({
    problem_id,
    due_day: dayOfKey(dueDayOf(state)),
    last_day: Math.max(dayOfKey(lastDayOf(state)), handledDay(handled, calendar)),
    retrievability: retrievability(state, today, params),
  }));
  const takenToday = record.taken.filter((taken) => dayOfTask(taken, calendar) === day).length;
  return { items, calendar, today, params, options: { perDay: reviews_per_day, takenToday, calendar, now } };
}

/** The last day on which the task of a card was worked on, skipped or expired: its next review waits for another day. */
function handledDay(handled: Handled | null, calendar: Calendar): number {
  const { at = null, day = null } = handled ?? {};
  return Math.max(
    at === null ? Number.NEGATIVE_INFINITY : calendar.dayOf(Date.parse(at)),
    day === null ? Number.NEGATIVE_INFINITY : dayOfKey(day),
  );
}

/** The day for which a review task was made, or, where it was not noted, the one that it is scheduled for. */
function dayOfTask({ day, at }: PlanRecord['taken'][number], calendar: Calendar): number {
  return day === null ? calendar.dayOf(Date.parse(at)) : dayOfKey(day);
}

/** `desired_retention` of a config as stored. */
export function retentionWish(config: unknown): number {
  return ReviewConfig.parse(config ?? {}).desired_retention;
}

/** The day on which a card falls due, and when it begins by the learner's present calendar. */
export function dueDates(state: ReviewState, calendar: Calendar): { due_on: string; due_at: string } {
  const due_on = dueDayOf(state);
  return { due_on, due_at: new Date(calendar.startOf(dayOfKey(due_on))).toISOString() };
}

/** A card's state as the API shows it on a day of the learner. */
export function memoryOf(state: ReviewState, today: string, params: ReviewParams): Memory {
  const { stability, difficulty, reps, lapses } = state;
  return { stability, difficulty, reps, lapses, retrievability: retrievability(state, today, params) };
}
