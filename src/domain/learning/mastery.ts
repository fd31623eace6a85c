import type { MasteryLevel, MasteryReason, MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';

/** Version of the rules below; part of every mastery row and event that they caused. */
export const MASTERY_RULE_VERSION = 3;

/** First attempts below which a rating says nothing (decisions, section 7). */
export const ENOUGH_EVIDENCE = 3;

/** Elo points of a topic without evidence, and of a problem of difficulty 3. */
export const INITIAL_RATING = 1500;
/** Elo points between two difficulties: a step makes an even chance one of 76 %. */
const POINTS_PER_DIFFICULTY = 200;
const [LOWEST, HIGHEST] = [0, 3000];

/** Elo points per unit of log-odds: 400 / ln 10. */
const POINTS_PER_LOGIT = 400 / Math.LN10;
const MIN_K = 40;

/** A score below 0.5 is a miss, as in the difficulty rule. */
const MISS = 0.5;
/** Tests passed by a wrong program are worth half: an interview counts solutions, and easy tests come first. */
const PARTIAL_CREDIT = 0.5;
/**
 * A failed review lowers a rating a fifth as far as a missed first attempt would: one in ten is meant to fail, and passed
 * ones raise nothing, so a heavier weight would drag everybody down who reviews diligently.
 */
const REVIEW_WEIGHT = 0.2;

/** Elo points of a problem of this difficulty, the prior of the opponent: 1100 to 1900. */
export function problemRating(difficulty: Difficulty): number {
  return INITIAL_RATING + (difficulty - 3) * POINTS_PER_DIFFICULTY;
}

/** Chance (0 to 1) that a learner of this rating solves a problem of this difficulty at the first attempt (Elo 1978). */
export function expectedSuccess(rating: number, difficulty: Difficulty): number {
  return 1 / (1 + 10 ** ((problemRating(difficulty) - rating) / 400));
}

/**
 * Points that one result may move a rating after `n` results: the uncertainty function U(n) = a / (1 + b n) with a = 1
 * and b = 0.05 of Pelánek, "Applications of the Elo rating system in adaptive educational systems" (Computers &
 * Education 98, 2016), in Elo points: 174 at first, 116 after 10, never below 40, because learners do change.
 */
export function stepSize(n: number): number {
  return Math.max(MIN_K, POINTS_PER_LOGIT / (1 + 0.05 * n));
}

/** What another version of the rules may do otherwise: how far one result moves a rating. */
export type MasteryRules = { version: number; step: (n: number) => number };
const MASTERY_RULES: MasteryRules = { version: MASTERY_RULE_VERSION, step: stepSize };

function clamp(rating: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, rating));
}

function reasonOf(before: MasteryState | undefined, score: number, expected: number): MasteryReason {
  if (before === undefined || before.n === 0) return 'first-evidence';
  if (score === 1) return expected < 0.5 ? 'solved-harder' : 'solved-expected';
  if (score < MISS) return expected < 0.5 ? 'missed-expected' : 'missed-easier';
  return score * PARTIAL_CREDIT > expected ? 'partly-above' : 'partly-below';
}

/** Where a topic without evidence begins: at the mean of the task's other topics, which tell something of it. */
function priorOf(known: readonly MasteryState[]): number {
  if (known.length === 0) return INITIAL_RATING;
  return known.reduce((sum, { rating }) => sum + rating, 0) / known.length;
}

/**
 * What the first attempt at a problem tells of each of its topics (the module's tag is one): Elo against the problem's
 * difficulty, every topic by its own rating and evidence. Later attempts and reviews are not for this function.
 * @param known the learner's states of these topics, missing ones left out.
 * @param score passed over total tests, 0 to 1; 1 counts as a win, anything less as half its share.
 * @returns the new state of every topic, in the order given, repeats once.
 * @throws RangeError for a score outside 0 to 1.
 */
export function applyFirstAttempt(
  topics: readonly string[],
  known: ReadonlyMap<string, MasteryState>,
  difficulty: Difficulty,
  score: number,
  rules: MasteryRules = MASTERY_RULES,
): Map<string, MasteryState> {
  if (!(score >= 0 && score <= 1)) throw new RangeError('a score lies between 0 and 1');
  const prior = priorOf(topics.flatMap((topic) => known.get(topic) ?? []));
  const outcome = score === 1 ? 1 : score * PARTIAL_CREDIT;
  return new Map(
    topics.map((topic) => {
      const before = known.get(topic);
      const { n, rating } = before ?? { n: 0, rating: prior };
      const expected = expectedSuccess(rating, difficulty);
      return [
        topic,
        {
          n: n + 1,
          rating: clamp(rating + rules.step(n) * (outcome - expected)),
          version: rules.version,
          reason: reasonOf(before, score, expected),
        },
      ];
    }),
  );
}

/**
 * A failed review demotes the topics that are known: what was solved once is not mastered if it cannot be solved again.
 * Evidence `n` stays, since it counts first attempts. A passed review changes nothing.
 * @returns the new state of every topic of the task that has one.
 */
export function applyFailedReview(
  topics: readonly string[],
  known: ReadonlyMap<string, MasteryState>,
  difficulty: Difficulty,
  rules: MasteryRules = MASTERY_RULES,
): Map<string, MasteryState> {
  return new Map(
    topics.flatMap((topic) => {
      const before = known.get(topic);
      if (before === undefined) return [];
      const loss = REVIEW_WEIGHT * rules.step(before.n) * expectedSuccess(before.rating, difficulty);
      const rating = clamp(before.rating - loss);
      return [[topic, { n: before.n, rating, version: rules.version, reason: 'review-failed' }]];
    }),
  );
}

/**
 * The name of a rating by the expected success against difficulty 3: below 0.4 novice, below 0.6 developing, below 0.8
 * proficient, else strong; unknown below three first attempts.
 */
export function masteryLevel(state: Pick<MasteryState, 'n' | 'rating'> | undefined): MasteryLevel {
  if (state === undefined || state.n < ENOUGH_EVIDENCE) return 'unknown';
  const expected = expectedSuccess(state.rating, 3);
  if (expected < 0.4) return 'novice';
  if (expected < 0.6) return 'developing';
  return expected < 0.8 ? 'proficient' : 'strong';
}
