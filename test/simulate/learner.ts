import type { ProblemSummary } from '#contract/problem-bank.ts';
import { type Random, seededRandom } from './random.ts';

const DAY = 86_400_000;

/** Spread of ability, in log-odds of solving a problem of difficulty 3: between learners, modules and topics. */
const ABILITY = { mean: -0.3, learners: 0.9, modules: 0.4, topics: 0.4 };
/** Whether a learner is of the middle third. */
export function isMiddling({ general }: Pick<Learner, 'general'>): boolean {
  return Math.abs(general - ABILITY.mean) < 0.43 * ABILITY.learners;
}

/** Log-odds between two difficulties, and how much problems of one difficulty differ. */
const PROBLEMS = { step: 1, spread: 0.4 };
/** Log-odds that an attempt adds to each topic of the problem. */
const GAIN = 0.05;
/** Share of active days: every learner has one in between. */
const ACTIVE = { least: 0.65, most: 0.95 };
/** Days until recall has fallen to 0.90: after a first attempt, and the factor of a review that was passed. */
const MEMORY = { missed: 1, solved: 3.5, quick: 7, growth: 3, spread: 0.25 };
const USUAL_MINUTES = 25;

/** What really happened at an attempt, and how likely success was. */
export type Attempt = {
  /** True chance of success just before. */
  chance: number;
  score: number;
  hintsUsed: number;
  secondsSpent: number;
};

/**
 * A learner whose ability and memory are known: a model on purpose unlike the engine's. Ability is a log-odds per topic
 * that grows with every attempt (Rasch); memory of a problem falls exponentially, where FSRS assumes a power law, and a
 * passed review multiplies its stability, more so when more had been forgotten.
 */
export type Learner = {
  /** Whether today is a day of practice; asked once a day. */
  practisesToday(): boolean;
  /** Log-odds that the learner was born with, over all topics, against difficulty 3. */
  general: number;
  /** Log-odds for a topic tag against difficulty 3. */
  ability(tag: string): number;
  /** Chance to recall a problem that was met before. */
  recall(problemId: string, at: number): number;
  attempt(problem: ProblemSummary, at: number): Attempt;
  review(problem: ProblemSummary, at: number): Attempt;
};

function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** How hard each problem really is, the same for all learners of a seed. */
function trueDifficulty(seed: number, problem: ProblemSummary): number {
  const spread = seededRandom(seed, `problem ${problem.problem_id}`).normal(0, PROBLEMS.spread);
  return (problem.difficulty - 3) * PROBLEMS.step + spread;
}

/** @param policy names the stream of chance: two policies meet the same learner, not the same luck. */
export function createLearner(seed: number, number: number, policy: string): Learner {
  const nature = seededRandom(seed, `learner ${number}`);
  const luck = seededRandom(seed, `learner ${number} under ${policy}`);
  const general = nature.normal(ABILITY.mean, ABILITY.learners);
  const activity = ACTIVE.least + (ACTIVE.most - ACTIVE.least) * nature.next();
  const retentiveness = Math.exp(nature.normal(0, MEMORY.spread));
  const abilities = new Map<string, number>();
  const memory = new Map<string, { stability: number; at: number }>();

  function ability(tag: string): number {
    const known = abilities.get(tag);
    if (known !== undefined) return known;
    const born = general + seededRandom(seed, `learner ${number} at ${tag}`).normal(0, ABILITY.topics);
    abilities.set(tag, born);
    return born;
  }

  function abilityFor({ topic_tags }: ProblemSummary): number {
    return topic_tags.reduce((sum, tag) => sum + ability(tag), 0) / topic_tags.length;
  }

  function recall(problemId: string, at: number): number {
    const trace = memory.get(problemId);
    return trace === undefined ? 0 : 0.9 ** ((at - trace.at) / DAY / trace.stability);
  }

  function outcome(problem: ProblemSummary, chance: number, pace: number, random: Random): Attempt {
    const solved = random.chance(chance);
    const minutes = (problem.expected_minutes ?? USUAL_MINUTES) * Math.exp(random.normal(pace, 0.35));
    return {
      chance,
      // Wrong programs pass some tests: anything below all of them.
      score: solved ? 1 : 0.95 * random.next(),
      hintsUsed: random.chance(0.3 * (1 - chance)) ? 1 : 0,
      secondsSpent: Math.round(minutes * 60),
    };
  }

  return {
    general,
    ability,
    recall,
    practisesToday: () => luck.chance(activity),

    attempt(problem, at) {
      const lead = abilityFor(problem) - trueDifficulty(seed, problem);
      const result = outcome(problem, sigmoid(lead), -0.15 * lead, luck);
      for (const tag of problem.topic_tags) abilities.set(tag, ability(tag) + GAIN);
      const quick = result.secondsSpent <= 60 * (problem.expected_minutes ?? USUAL_MINUTES);
      const stability = result.score < 1 ? MEMORY.missed : quick ? MEMORY.quick : MEMORY.solved;
      memory.set(problem.problem_id, { stability: stability * retentiveness, at });
      return result;
    },

    review(problem, at) {
      const chance = recall(problem.problem_id, at);
      const result = outcome(problem, chance, -0.4, luck);
      const before = memory.get(problem.problem_id)?.stability ?? 1;
      const grown =
        before * (1 + (MEMORY.growth - 1) * Math.min(1.5, 0.4 + 6 * (1 - chance)) * retentiveness);
      const stability = result.score === 1 ? grown : Math.max(1, 0.5 * before ** 0.6);
      memory.set(problem.problem_id, { stability, at });
      return result;
    },
  };
}
