import fc from 'fast-check';
import { createEmptyCard, fsrs, Rating } from 'ts-fsrs';
import { expect, test } from 'vitest';
import { ReviewGrade, ReviewLog, type ReviewState } from '#contract/learning.ts';
import { addDays, calendarOf, dayKey, dueDayOf, lastDayOf } from '#domain/calendar.ts';
import {
  momentOf,
  regrade,
  replay,
  retrievability,
  review,
  reviewParams,
  undo,
} from '#domain/reviews/fsrs.ts';

const START = '2026-03-01T10:00:00.000Z';
const DAY = 86_400_000;
const PARAMS = reviewParams(0.9);
const UTC = calendarOf('UTC');
const RATING = { again: Rating.Again, hard: Rating.Hard, good: Rating.Good, easy: Rating.Easy } as const;

const grades = fc.constantFrom(...ReviewGrade.options);
/** Grades, each so many milliseconds after the one before. */
const histories = fc.array(fc.tuple(grades, fc.integer({ min: 0, max: 60 * DAY })), {
  minLength: 1,
  maxLength: 15,
});

function run(history: readonly (readonly [ReviewGrade, number])[], params = PARAMS) {
  const logs: ReviewLog[] = [];
  let [state, at]: [ReviewState | null, number] = [null, Date.parse(START)];
  for (const [grade, wait] of history) {
    at += wait;
    const next = review(state, grade, momentOf(new Date(at).toISOString()), params);
    state = next.state;
    logs.push(next.log);
  }
  return { state, logs };
}

/** What the database does to a log: JSON there and back. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

test('the first grades lead to longer intervals the better they are, all of at least a day', () => {
  const days = ReviewGrade.options.map(
    (grade) => review(null, grade, momentOf(START), PARAMS).state.scheduled_days,
  );
  expect(days).toEqual([1, 2, 3, 8]);
});

test('a failed review comes back sooner than a passed one and counts as a lapse', () => {
  const { state } = review(null, 'good', momentOf(START), PARAMS);
  const failed = review(state, 'again', momentOf(state.due), PARAMS).state;
  const passed = review(state, 'good', momentOf(state.due), PARAMS).state;
  expect(failed).toMatchObject({ lapses: 1, reps: 2, scheduled_days: 1 });
  expect(passed.scheduled_days).toBeGreaterThan(state.scheduled_days);
});

test('over 1,000 random histories the stored state agrees with ts-fsrs, replay and undo', () => {
  fc.assert(
    fc.property(histories, fc.double({ min: 0.7, max: 0.97, noNaN: true }), (history, retention) => {
      const { state, logs } = run(history, reviewParams(retention));
      const engine = fsrs({
        ...reviewParams(retention),
        enable_short_term: false,
        enable_fuzz: false,
        learning_steps: [],
        relearning_steps: [],
      });
      // ts-fsrs counts dates in UTC; the learner's days are told to it as such dates.
      let card = createEmptyCard(new Date(dayKey(START, 'UTC')));
      for (const { grade, reviewed_at } of logs)
        card = engine.next(card, new Date(dayKey(reviewed_at, 'UTC')), RATING[grade]).card;
      const { stability, difficulty, scheduled_days, reps, lapses } = card;
      const last_review = logs.at(-1)?.reviewed_at ?? '';
      const day = dayKey(last_review, 'UTC');
      expect(state).toEqual({
        due: `${addDays(day, scheduled_days)}T04:00:00.000Z`,
        ...{ last_review, day },
        ...{ stability, difficulty, scheduled_days, reps, lapses },
      });
      expect(replay(stored(logs))).toEqual(state);
      for (const [index, log] of stored(logs).entries()) {
        expect(ReviewLog.parse(log)).toEqual(log);
        expect(undo(log)).toEqual(logs[index - 1]?.after ?? null);
        expect(log.after).toEqual(logs[index]?.after);
      }
    }),
    { numRuns: 1000 },
  );
}, 30_000);

test("the learner's own grade replaces the one from the evidence as if it had been given at once", () => {
  fc.assert(
    fc.property(histories, grades, (history, grade) => {
      const last = run(history).logs.at(-1);
      if (last === undefined) throw new Error('an empty history');
      const { state, log } = regrade(stored(last), grade, UTC);
      expect(state).toEqual(review(last.before, grade, momentOf(last.reviewed_at), PARAMS).state);
      expect(log).toMatchObject({
        source: 'learner',
        grade,
        before: last.before,
        reviewed_at: last.reviewed_at,
      });
    }),
  );
});

test('recall falls with time, and to about the desired retention when the review is due', () => {
  const { state } = run([
    ['good', 0],
    ['good', 3 * DAY],
    ['good', 11 * DAY],
  ]);
  if (state === null) throw new Error('no state');
  expect(retrievability(state, lastDayOf(state), PARAMS)).toBe(1);
  expect(retrievability(state, dueDayOf(state), PARAMS)).toBeCloseTo(0.9, 1);
  expect(retrievability(state, addDays(dueDayOf(state), 90), PARAMS)).toBeLessThan(0.85);
});

test('a higher desired retention brings reviews sooner', () => {
  const days = [0.8, 0.9, 0.95].map(
    (retention) =>
      run(
        [
          ['good', 0],
          ['good', 5 * DAY],
          ['good', 20 * DAY],
        ],
        reviewParams(retention),
      ).state?.scheduled_days ?? 0,
  );
  expect(days).toEqual(days.toSorted((a, b) => b - a));
  expect(new Set(days).size).toBe(3);
});

test('a review before the one that it follows is refused', () => {
  const { state } = review(null, 'good', momentOf(START), PARAMS);
  expect(() => review(state, 'good', momentOf('2026-02-28T10:00:00.000Z'), PARAMS)).toThrow(RangeError);
});

test('a card without reviews is none', () => {
  expect(replay([])).toBeNull();
});

test.each([
  ['America/Los_Angeles', '2026-03-02T07:30:00.000Z', '2026-03-02T08:30:00.000Z'],
  ['America/Los_Angeles', '2026-03-01T23:30:00.000Z', '2026-03-02T00:30:00.000Z'],
  ['Pacific/Kiritimati', '2026-03-01T09:45:00.000Z', '2026-03-01T10:30:00.000Z'],
])('two reviews an hour apart in the evening in %s are never a day apart', (time_zone, first, second) => {
  const rule = { time_zone, day_start_hour: 4 };
  const { state } = review(null, 'good', momentOf(first, rule), PARAMS);
  const { log } = review(state, 'good', momentOf(second, rule), PARAMS);
  expect(log).toMatchObject({ elapsed_days: 0, retrievability: 1 });
});

test('what fails at half past nine in the evening is due when the next day begins', () => {
  const rule = { time_zone: 'Europe/Berlin', day_start_hour: 4 };
  const { state } = review(null, 'again', momentOf('2026-03-01T20:30:00.000Z', rule), PARAMS);
  expect(state).toMatchObject({ day: '2026-03-01', scheduled_days: 1, due: '2026-03-02T03:00:00.000Z' });
  expect(dueDayOf(state)).toBe('2026-03-02');
});

test('days count across a change of the clock and over a flight westwards', () => {
  const berlin = { time_zone: 'Europe/Berlin', day_start_hour: 4 };
  const { state } = review(null, 'good', momentOf('2026-03-28T22:00:00.000Z', berlin), PARAMS);
  expect(review(state, 'good', momentOf('2026-03-29T02:00:00.000Z', berlin), PARAMS).log.elapsed_days).toBe(
    1,
  );
  const tokyo = { time_zone: 'Asia/Tokyo', day_start_hour: 4 };
  const there = review(null, 'good', momentOf('2026-03-10T20:00:00.000Z', tokyo), PARAMS).state;
  const west = momentOf('2026-03-11T06:00:00.000Z', { time_zone: 'America/Los_Angeles', day_start_hour: 4 });
  expect([there.day, west.day]).toEqual(['2026-03-11', '2026-03-10']);
  expect(review(there, 'good', west, PARAMS).log.elapsed_days).toBe(0);
});
