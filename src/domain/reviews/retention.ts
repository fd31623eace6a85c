import type { ReviewLog } from '#contract/learning.ts';
import { dayOfKey } from '../calendar.ts';

/** Scheduled days from which a card counts as mature: three weeks, as in Anki's statistics. */
export const MATURE_DAYS = 21;

/** The learner's days back from today, today included; `all` has no end. */
const PERIODS = { today: 1, week: 7, month: 30, year: 365, all: Number.POSITIVE_INFINITY } as const;
export type RetentionPeriod = keyof typeof PERIODS;

/** `rate` is passed / reviews, null without reviews. */
export type Retention = { reviews: number; passed: number; rate: number | null };
export type RetentionRow = { period: RetentionPeriod; young: Retention; mature: Retention; all: Retention };

/** The part of a review that its retention depends on; what was undone must not be among them. */
export type RetentionEntry = Pick<ReviewLog, 'grade' | 'reviewed_at'> & {
  problem_id: string;
  /** The learner's day on which it happened, as it was stored. */
  day: string;
  before: { scheduled_days: number } | null;
};

type Counted = { day: number; mature: boolean; passed: boolean };

/** First review of a problem on a day; a first attempt is no review, since there was nothing to remember. */
function countable(entries: readonly RetentionEntry[]): Counted[] {
  const seen = new Set<string>();
  return entries
    .toSorted((a, b) => Date.parse(a.reviewed_at) - Date.parse(b.reviewed_at))
    .flatMap(({ problem_id, grade, day: on, before }) => {
      if (before === null) return [];
      const day = dayOfKey(on);
      const key = `${day} ${problem_id}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ day, mature: before.scheduled_days >= MATURE_DAYS, passed: grade !== 'again' }];
    });
}

function retentionOf(counted: readonly Counted[]): Retention {
  const passed = counted.filter((entry) => entry.passed).length;
  return {
    reviews: counted.length,
    passed,
    rate: counted.length === 0 ? null : passed / counted.length,
  };
}

/**
 * True retention: the share of reviews that were passed, by period and by how mature the card was before (the measure of
 * Anki's "true retention" table; hard is a pass).
 * @param key the learner's day of now. A flight westwards may leave the last reviews a day ahead of it: they count as
 *   today's.
 */
export function trueRetention(entries: readonly RetentionEntry[], key: string): RetentionRow[] {
  const today = dayOfKey(key);
  const counted = countable(entries).filter(({ day }) => day <= today + 1);
  return Object.entries(PERIODS).map(([period, length]) => {
    const within = counted.filter(({ day }) => day > today - length);
    return {
      period: period as RetentionPeriod,
      young: retentionOf(within.filter(({ mature }) => !mature)),
      mature: retentionOf(within.filter(({ mature }) => mature)),
      all: retentionOf(within),
    };
  });
}
