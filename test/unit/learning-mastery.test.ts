import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MasteryReason, MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import {
  applyFailedReview,
  applyFirstAttempt,
  expectedSuccess,
  INITIAL_RATING,
  MASTERY_RULE_VERSION,
  masteryLevel,
  stepSize,
} from '#domain/learning/mastery.ts';

const difficulties = fc.integer({ min: 1, max: 5 }).map((d) => d as Difficulty);
const scores = fc.oneof(fc.constant(1), fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));

function after(results: readonly (readonly [Difficulty, number])[], topic = 'hashing') {
  let known = new Map<string, MasteryState>();
  for (const [difficulty, score] of results) known = applyFirstAttempt([topic], known, difficulty, score);
  return known.get(topic);
}

test('a problem of difficulty 3 is an even match for a learner without evidence', () => {
  expect(expectedSuccess(INITIAL_RATING, 3)).toBe(0.5);
  expect(expectedSuccess(INITIAL_RATING, 2)).toBeCloseTo(0.76, 2);
  expect(expectedSuccess(INITIAL_RATING, 1)).toBeCloseTo(0.909, 3);
});

test('the first result moves a rating by the most, and says so', () => {
  expect(after([[3, 1]])).toEqual({
    n: 1,
    rating: 1500 + (400 / Math.LN10) * 0.5,
    version: MASTERY_RULE_VERSION,
    reason: 'first-evidence',
  });
});

test('the reason tells how the result compares with what was expected', () => {
  const reason = (difficulty: Difficulty, score: number) =>
    after([
      [3, 0.5],
      [difficulty, score],
    ])?.reason;
  expect(reason(5, 1)).toBe('solved-harder');
  expect(reason(1, 1)).toBe('solved-expected');
  expect(reason(1, 0)).toBe('missed-easier');
  expect(reason(5, 0.49)).toBe('missed-expected');
  expect(reason(5, 0.9)).toBe('partly-above');
  expect(reason(1, 0.5)).toBe('partly-below');
});

test('a program that passes almost all tests is worth less than half of one that passes all', () => {
  const [almost, all, none] = [after([[3, 0.99]]), after([[3, 1]]), after([[3, 0]])];
  expect(almost?.rating).toBeLessThan(INITIAL_RATING);
  expect(almost?.rating).toBeGreaterThan(none?.rating ?? 0);
  expect(all?.rating).toBeGreaterThan(INITIAL_RATING);
});

test('a new topic begins where the other topics of its task are', () => {
  const hashing: MasteryState = { n: 9, rating: 1800, version: 1, reason: 'solved-expected' };
  const states = applyFirstAttempt(['hashing', 'hash-map'], new Map([['hashing', hashing]]), 5, 0);
  expect(states.get('hash-map')?.rating).toBeLessThan(1800);
  expect(states.get('hash-map')?.rating).toBeGreaterThan(1700);
  expect(states.get('hash-map')?.n).toBe(1);
});

test('a level is unknown until the third first attempt', () => {
  expect(masteryLevel(undefined)).toBe('unknown');
  expect(masteryLevel({ n: 2, rating: 2500 })).toBe('unknown');
  expect([1300, 1500, 1600, 1800].map((rating) => masteryLevel({ n: 3, rating }))).toEqual([
    'novice',
    'developing',
    'proficient',
    'strong',
  ]);
});

test('a failed review demotes what is known and counts as no evidence', () => {
  const known = new Map([['heaps', { n: 4, rating: 1700, version: 1, reason: 'solved-harder' } as const]]);
  const states = applyFailedReview(['heaps', 'selection'], known, 2);
  expect([...states.keys()]).toEqual(['heaps']);
  expect(states.get('heaps')).toMatchObject({ n: 4, reason: 'review-failed' });
  expect(states.get('heaps')?.rating).toBeLessThan(1700);
});

test.each([-0.1, 1.1, Number.NaN])('a score of %d is refused', (score) => {
  expect(() => applyFirstAttempt(['a'], new Map(), 3, score)).toThrow(RangeError);
});

test('steps shrink with evidence and never end', () => {
  fc.assert(
    fc.property(fc.nat(2000), (n) => {
      expect(stepSize(n)).toBeGreaterThanOrEqual(stepSize(n + 1));
      expect(stepSize(n)).toBeGreaterThanOrEqual(40);
    }),
  );
});

test('any history gives valid states; a better score never gives a lower rating', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(difficulties, scores), { maxLength: 60 }),
      difficulties,
      scores,
      scores,
      (history, difficulty, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [worse, better] = [
          after([...history, [difficulty, low]]),
          after([...history, [difficulty, high]]),
        ];
        expect(MasteryState.safeParse(worse).success).toBe(true);
        expect(better?.rating ?? 0).toBeGreaterThanOrEqual(worse?.rating ?? 9999);
        expect(worse?.n).toBe(history.length + 1);
        expect(MasteryReason.options).toContain(worse?.reason);
      },
    ),
  );
});

test('a solved problem never lowers a rating, a score of 0 never raises it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(difficulties, scores), { minLength: 1, maxLength: 40 }),
      difficulties,
      (history, difficulty) => {
        const before = after(history)?.rating ?? 0;
        expect(after([...history, [difficulty, 1]])?.rating ?? 0).toBeGreaterThanOrEqual(before);
        expect(after([...history, [difficulty, 0]])?.rating ?? 0).toBeLessThanOrEqual(before);
      },
    ),
  );
});
