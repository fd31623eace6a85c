import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DifficultyState, type MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import { fittingDifficulty, startingDifficulty, stepDifficulty } from '#domain/learning/difficulty.ts';
import { expectedSuccess } from '#domain/learning/mastery.ts';

function at(difficulty: Difficulty, successes = 0): DifficultyState {
  return { difficulty, successes, version: 1, reason: 'start' };
}
function known(rating: number, n = 5): MasteryState {
  return { n, rating, version: 1, reason: 'solved-expected' };
}

test.each([
  [at(3), 0.49, { difficulty: 2, successes: 0, reason: 'stepped-down' }],
  [at(3, 1), 0, { difficulty: 2, successes: 0, reason: 'stepped-down' }],
  [at(3), 0.5, { difficulty: 3, successes: 0, reason: 'held' }],
  [at(3, 1), 0.99, { difficulty: 3, successes: 0, reason: 'held' }],
  [at(3), 1, { difficulty: 3, successes: 1, reason: 'held' }],
  [at(3, 1), 1, { difficulty: 4, successes: 0, reason: 'stepped-up' }],
  [at(1), 0, { difficulty: 1, successes: 0, reason: 'at-bottom' }],
  [at(5, 1), 1, { difficulty: 5, successes: 0, reason: 'at-top' }],
] as const)('from %j a score of %d leads to %j', (before, score, after) => {
  expect(stepDifficulty(before, score)).toMatchObject(after);
});

test.each([-1, 2, Number.NaN])('a score of %d is refused', (score) => {
  expect(() => stepDifficulty(at(3), score)).toThrow(RangeError);
});

test('problems are chosen at the level, or below it where success would be unlikely', () => {
  const levels = [1, 2, 3, 4, 5] as const;
  const chosen = (state?: MasteryState) => levels.map((level) => fittingDifficulty(level, state));
  expect(chosen()).toEqual([1, 2, 3, 4, 5]);
  expect(chosen(known(1300, 2))).toEqual([1, 2, 3, 4, 5]);
  expect(chosen(known(2000))).toEqual([1, 2, 3, 4, 5]);
  expect(chosen(known(1600))).toEqual([1, 2, 3, 3, 3]);
  expect(chosen(known(1500))).toEqual([1, 2, 2, 2, 2]);
  expect(chosen(known(800))).toEqual([1, 1, 1, 1, 1]);
});

test('what is chosen is the hardest problem up to the level that is likely enough: 61 % after 5 results, 47 % after 45', () => {
  const inputs = [
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 3000 }),
    fc.integer({ min: 3, max: 200 }),
  ] as const;
  fc.assert(
    fc.property(...inputs, (level, rating, results) => {
      const least = 0.4 + 0.47 / Math.sqrt(results);
      const chosen = fittingDifficulty(level as Difficulty, known(rating, results));
      expect(chosen).toBeLessThanOrEqual(level);
      if (chosen > 1) expect(expectedSuccess(rating, chosen)).toBeGreaterThanOrEqual(least);
      if (chosen < level) expect(expectedSuccess(rating, (chosen + 1) as Difficulty)).toBeLessThan(least);
    }),
  );
});

test('a module starts at 1, higher only for learners who are known to be ready', () => {
  expect(startingDifficulty([]).difficulty).toBe(1);
  expect(startingDifficulty([known(2400, 2)]).difficulty).toBe(1);
  expect(startingDifficulty([known(1400)]).difficulty).toBe(1);
  expect(startingDifficulty([known(1500)]).difficulty).toBe(2);
  expect(startingDifficulty([known(1900), known(1600)]).difficulty).toBe(3);
});

/** The rule once more, from the whole history: the row of successes since the last step, read backwards. */
function expectedPath(start: Difficulty, scores: readonly number[]): number[] {
  let [level, row] = [start as number, 0];
  return scores.map((score) => {
    if (score < 0.5) [level, row] = [Math.max(1, level - 1), 0];
    else row = score === 1 ? row + 1 : 0;
    if (row === 2) [level, row] = [Math.min(5, level + 1), 0];
    return level;
  });
}

test('over 10,000 random sequences the rule fires exactly as written and stays within 1 to 5', () => {
  const scores = fc.array(
    fc.oneof(fc.constant(1), fc.constantFrom(0, 0.49, 0.5, 0.99), fc.double({ min: 0, max: 1, noNaN: true })),
    { maxLength: 40 },
  );
  const starts = fc.integer({ min: 1, max: 5 }).map((d) => d as Difficulty);
  fc.assert(
    fc.property(starts, scores, (start, sequence) => {
      let state = at(start);
      const path = sequence.map((score) => {
        state = stepDifficulty(state, score);
        if (!DifficultyState.safeParse(state).success) throw new Error(JSON.stringify(state));
        return state.difficulty;
      });
      expect(path).toEqual(expectedPath(start, sequence));
    }),
    { numRuns: 10_000 },
  );
}, 30_000);
