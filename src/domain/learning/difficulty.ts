import type { DifficultyReason, DifficultyState, MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import { ENOUGH_EVIDENCE, expectedSuccess } from './mastery.ts';

/** Version of the rules below; part of every state and event that they caused. */
export const DIFFICULTY_RULE_VERSION = 2;

const [EASIEST, HARDEST]: readonly [Difficulty, Difficulty] = [1, 5];
/** A score below this steps down (system design, section 4.4). */
const MISS = 0.5;
/** Successes in a row that step up (decisions, section 7). */
const STREAK = 2;
/** A module begins at the hardest of these at which success is this likely. */
const STARTS: readonly Difficulty[] = [3, 2];
const LIKELY = 0.75;
/**
 * Least chance of success at which practice teaches more than it discourages. A rating follows slowly what is learnt
 * meanwhile, so with more evidence behind it a lower one will do; with little it must be higher, as it may be wrong.
 */
const TEACHES = 0.4;
const DOUBT = 0.47;

function neighbour(difficulty: Difficulty, step: 1 | -1): Difficulty {
  return Math.min(HARDEST, Math.max(EASIEST, difficulty + step)) as Difficulty;
}

function state(difficulty: Difficulty, successes: number, reason: DifficultyReason): DifficultyState {
  return { difficulty, successes, version: DIFFICULTY_RULE_VERSION, reason };
}

/**
 * Where a module begins before its first result: at difficulty 1, or at 2 or 3 when what is known of the learner's
 * other modules makes success there at least 75 % likely.
 * @param modules mastery of the module tags that the learner has met; those with little evidence are left out.
 */
export function startingDifficulty(modules: readonly MasteryState[]): DifficultyState {
  const known = modules.filter(({ n }) => n >= ENOUGH_EVIDENCE);
  if (known.length === 0) return state(EASIEST, 0, 'start');
  const rating = known.reduce((sum, mastery) => sum + mastery.rating, 0) / known.length;
  const start = STARTS.find((difficulty) => expectedSuccess(rating, difficulty) >= LIKELY) ?? EASIEST;
  return state(start, 0, 'start');
}

/**
 * The difficulty to choose a module's problems at: its level, or the hardest one below at which success is likely enough by
 * the learner's mastery of the module: 57 % after 8 results, 49 % after 25. Tasks are planned ahead, so the level also moves
 * by results of easier problems, chosen before it rose: it may be further than the learner is.
 * @param level `difficulty` of the module's state.
 * @param mastery of the module's tag; with little evidence the level alone decides.
 * @returns 1 to `level`.
 */
export function fittingDifficulty(level: Difficulty, mastery: MasteryState | undefined): Difficulty {
  if (mastery === undefined || mastery.n < ENOUGH_EVIDENCE) return level;
  const least = TEACHES + DOUBT / Math.sqrt(mastery.n);
  let fitting = level;
  while (fitting > EASIEST && expectedSuccess(mastery.rating, fitting) < least)
    fitting = neighbour(fitting, -1);
  return fitting;
}

/**
 * Exactly: a score below 0.5 goes one step down and forgets successes; a score of 1 is a success, and the second in a
 * row goes one step up and starts counting anew; anything between breaks the row and keeps the difficulty. At 1 and 5
 * the rule fires likewise but the difficulty stays.
 * @param score of a first attempt, passed over total tests.
 * @throws RangeError for a score outside 0 to 1.
 */
export function stepDifficulty(before: DifficultyState, score: number): DifficultyState {
  if (!(score >= 0 && score <= 1)) throw new RangeError('a score lies between 0 and 1');
  const { difficulty, successes } = before;
  if (score < MISS) {
    const down = neighbour(difficulty, -1);
    return state(down, 0, down === difficulty ? 'at-bottom' : 'stepped-down');
  }
  if (score < 1) return state(difficulty, 0, 'held');
  if (successes + 1 < STREAK) return state(difficulty, successes + 1, 'held');
  const up = neighbour(difficulty, 1);
  return state(up, 0, up === difficulty ? 'at-top' : 'stepped-up');
}
