import type { ReviewState } from '#contract/learning.ts';
import { addDays, storedDay } from './calendar.ts';

/** The learner's day of a card's last review. */
export function lastDayOf({ day, last_review }: Pick<ReviewState, 'day' | 'last_review'>): string {
  return storedDay(day, last_review);
}

/** The learner's day on which a card falls due: from its beginning on, whatever the hour of the last review. */
export function dueDayOf(state: Pick<ReviewState, 'day' | 'last_review' | 'scheduled_days'>): string {
  return addDays(lastDayOf(state), state.scheduled_days);
}
