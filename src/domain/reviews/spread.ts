import type { ReviewGrade, ReviewLog } from '#contract/learning.ts';
import type { TaskKind } from '#contract/vocabulary.ts';
import type { Calendar } from '../calendar.ts';

const MINUTE = 60_000;
/**
 * Share of the expected minutes, which are those of somebody new to the problem, within which it is easy the next time.
 * FSRS takes "easy" for the exception: its intervals grow almost twice as fast with it, too fast if most passes earn it.
 */
const REPEAT_SHARE = 0.5;

/** What is known of an attempt. `attempt` counts the submissions of the task from 1. */
export type Evidence = {
  /** All tests, visible and hidden ones. */
  passed: boolean;
  hintsUsed: number;
  attempt: number;
  /** Active seconds up to the submission; null when nobody measured them. */
  secondsSpent: number | null;
  /** Of the problem; null when nobody estimated them. */
  expectedMinutes: number | null;
  /** Whether the learner has met the problem before: it has a card. */
  repeat: boolean;
};

/**
 * The grade that an attempt earns (decisions, section 7): not passed is again; passed with hints or not at the first
 * attempt is hard; passed within the expected time, which is half as long for a problem met before, is easy; else good,
 * also when a time is missing.
 */
export function gradeFromEvidence(evidence: Evidence): ReviewGrade {
  const { passed, hintsUsed, attempt, secondsSpent, expectedMinutes, repeat } = evidence;
  if (!passed) return 'again';
  if (hintsUsed > 0 || attempt > 1) return 'hard';
  if (secondsSpent === null || expectedMinutes === null) return 'good';
  const expected = expectedMinutes * 60 * (repeat ? REPEAT_SHARE : 1);
  return secondsSpent <= expected ? 'easy' : 'good';
}

/**
 * Whether a result is a review. The first judged attempt at a task counts, and it only once: a problem creates its
 * card, a review grades it. A lesson has no tests; skips and expiries have no result, and one of IE is none.
 * @param judgedBefore results of this task before this one, IE not counted.
 */
export function feedsReviews(kind: TaskKind, judgedBefore: number): boolean {
  return kind !== 'lesson' && judgedBefore === 0;
}

/** What the event of a review tells beside grade and new state, so that its log can be made again. */
export function wholeReview({ params, elapsed_days, retrievability, before }: ReviewLog) {
  return { params, elapsed_days, retrievability, before };
}

/**
 * A card of the review queue: the learner's days (counted since 1970-01-01) on which it falls due, and on which it was
 * reviewed or its review was set aside last.
 * `retrievability` is its chance of recall today, 0 to 1.
 */
export type DueItem = { problem_id: string; due_day: number; last_day: number; retrievability: number };

/** `day` counts since 1970-01-01 in the learner's calendar; `scheduled_at` is RFC 3339, never before now. */
export type PlannedReview = { problem_id: string; day: number; scheduled_at: string };

export type SpreadOptions = {
  /** `config.reviews_per_day`; 0 plans nothing. */
  perDay: number;
  /** Reviews of today that are scheduled or done already: they fill its places. */
  takenToday: number;
  calendar: Calendar;
  /** RFC 3339. */
  now: string;
};

/** What is most likely to be forgotten comes first, then what waits longest, then by id. */
function byNeed(items: readonly DueItem[]): DueItem[] {
  return items.toSorted(
    (a, b) =>
      a.retrievability - b.retrievability || a.due_day - b.due_day || (a.problem_id < b.problem_id ? -1 : 1),
  );
}

/**
 * Spreads reviews over days: none before it is due, none on its `last_day`, at most `perDay` a day, and
 * from a backlog the least remembered first. Every problem is planned once.
 */
export function spreadDue(items: readonly DueItem[], options: SpreadOptions): PlannedReview[] {
  const { perDay, takenToday, calendar } = options;
  if (perDay < 1) return [];
  const now = Date.parse(options.now);
  const today = calendar.dayOf(now);
  const earliest = ({ due_day, last_day }: DueItem) => Math.max(today, due_day, last_day + 1);
  const ranked = byNeed(items).map((item, rank) => ({ item, rank }));
  const arrivals = [...Map.groupBy(ranked, ({ item }) => earliest(item))].toSorted(([a], [b]) => b - a);

  const planned: PlannedReview[] = [];
  // The most needed stand last, so that taking one costs nothing.
  let waiting: typeof ranked = [];
  for (let day = today; arrivals.length > 0 || waiting.length > 0; day += 1) {
    const [arrival, comers] = arrivals.at(-1) ?? [day, []];
    if (waiting.length === 0) day = arrival;
    if (day === arrival && comers.length > 0) {
      waiting = [...waiting, ...comers].toSorted((a, b) => b.rank - a.rank);
      arrivals.pop();
    }
    const start = day === today ? now : calendar.startOf(day);
    const free = perDay - (day === today ? takenToday : 0);
    for (let place = 0; place < free; place += 1) {
      const next = waiting.pop();
      if (next === undefined) break;
      const { problem_id } = next.item;
      const scheduled_at = new Date(start + place * MINUTE).toISOString();
      planned.push({ problem_id, day, scheduled_at });
    }
  }
  return planned;
}
