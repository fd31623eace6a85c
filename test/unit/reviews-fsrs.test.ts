import fc from 'fast-check';
import { createEmptyCard, fsrs, Rating } from 'ts-fsrs';
import { expect, test } from 'vitest';
import { ReviewGrade, ReviewLog, type ReviewState } from '#contract/learning.ts';
import { regrade, replay, retrievability, review, reviewParams, undo } from '#worker/reviews/fsrs.ts';

const START = '2026-03-01T10:00:00.000Z';
const DAY = 86_400_000;
const PARAMS = reviewParams(0.9);
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
    const next = review(state, grade, new Date(at).toISOString(), params);
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
  const days = ReviewGrade.options.map((grade) => review(null, grade, START, PARAMS).state.scheduled_days);
  expect(days).toEqual([1, 2, 3, 8]);
});

test('a failed review comes back sooner than a passed one and counts as a lapse', () => {
  const { state } = review(null, 'good', START, PARAMS);
  const failed = review(state, 'again', state.due, PARAMS).state;
  const passed = review(state, 'good', state.due, PARAMS).state;
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
      let card = createEmptyCard(new Date(START));
      for (const { grade, reviewed_at } of logs)
        card = engine.next(card, new Date(reviewed_at), RATING[grade]).card;
      const { stability, difficulty, scheduled_days, reps, lapses } = card;
      expect(state).toEqual({
        due: card.due.toISOString(),
        last_review: card.last_review?.toISOString(),
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
      const { state, log } = regrade(stored(last), grade);
      expect(state).toEqual(review(last.before, grade, last.reviewed_at, PARAMS).state);
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
  expect(retrievability(state, state.last_review, PARAMS)).toBe(1);
  expect(retrievability(state, state.due, PARAMS)).toBeCloseTo(0.9, 1);
  expect(
    retrievability(state, new Date(Date.parse(state.due) + 90 * DAY).toISOString(), PARAMS),
  ).toBeLessThan(0.85);
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
  const { state } = review(null, 'good', START, PARAMS);
  expect(() => review(state, 'good', '2026-02-28T10:00:00.000Z', PARAMS)).toThrow(RangeError);
});

test('a card without reviews is none', () => {
  expect(replay([])).toBeNull();
});
