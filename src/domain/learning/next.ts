/** Reviews that come before a new task while both wait. */
const REVIEWS_IN_A_ROW = 2;

/** The review and the new task that wait, and what was done last. Days are local ones, counted since 1970-01-01. */
export type Waiting = {
  today: number;
  /** Day that the earliest new task is scheduled for. */
  newTaskDay: number;
  /** Day on which a new task was completed last; null when none ever was. */
  lastNewDay: number | null;
  /** Reviews completed since then. */
  reviewsSince: number;
};

/**
 * Which of the two comes next while a review and a new task wait: two reviews, then one new task. A task of a later day
 * waits as well on a day that has not had a new one yet, so that no day with three tasks goes by without.
 */
export function reviewOrNew({ today, newTaskDay, lastNewDay, reviewsSince }: Waiting): 'review' | 'new' {
  const waits = newTaskDay <= today || lastNewDay === null || lastNewDay < today;
  return waits && reviewsSince >= REVIEWS_IN_A_ROW ? 'new' : 'review';
}
