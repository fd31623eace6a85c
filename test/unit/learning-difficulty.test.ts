import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DifficultyState, type MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import { countsForLevel, startingDifficulty, stepDifficulty } from '#worker/learning/difficulty-rules.ts';

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

test('solving an easier problem or missing a harder one says nothing of the level', () => {
  expect(countsForLevel(at(3), 2, 1)).toBe(false);
  expect(countsForLevel(at(3), 4, 0)).toBe(false);
  expect(countsForLevel(at(3), 4, 1)).toBe(true);
  expect(countsForLevel(at(3), 2, 0.7)).toBe(true);
  expect([0, 0.5, 1].map((score) => countsForLevel(at(3), 3, score))).toEqual([true, true, true]);
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
