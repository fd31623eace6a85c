import type { ProblemSummary } from '#contract/problem-bank.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { ENOUGH_EVIDENCE } from '#domain/learning/mastery.ts';
import { moduleTargets } from '#domain/learning/targets.ts';
import { createLearner, isMiddling, type Learner } from './learner.ts';
import { type Absence, CONFIG, enginePolicy, type Policy, randomPolicy } from './policies.ts';
import { seededRandom } from './random.ts';

const DAY = 86_400_000;
const TASK_APART = 1_800_000;
/** 18:00 UTC, when everybody practises. */
const FIRST_EVENING = Date.parse('2026-01-05T18:00:00.000Z');
/** Tasks that a learner has time for on a day of practice. */
const LEAST_TASKS = 4;
const MORE_TASKS = 4;

export const POLICIES = ['engine', 'random'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** Days of the absence whose cost is looked at after each day of practice. */
export const AWAY = 42;

/** `chance`: true probability of success just before. */
export type Done = {
  day: number;
  kind: 'problem' | 'review';
  module: Module;
  difficulty: Difficulty;
  chance: number;
  solved: boolean;
};

/** Mastery of one topic beside the truth at the end; `ability` in log-odds against difficulty 3. */
export type Estimate = { rating: number; ability: number; n: number };

export type Story = {
  /** Of the middle third of the learners, by the ability that they were born with. */
  middling: boolean;
  done: Done[];
  /** Days of practice on which no new problem was worked on. */
  withoutNew: number;
  /** What staying away for six weeks would have cost, after each day of practice. */
  absences: Absence[];
  /** Reviews on each day, days without practice included. */
  reviewLoad: number[];
  estimates: Estimate[];
  /** Modules whose goal is reached, at the end of each day. */
  modules: number[];
  /** Mean true recall of all problems met, at the end of each day on which there were any. */
  recall: number[];
};

export type SimulationOptions = { learners: number; days: number; seed: number };

function modulesReached(policy: Policy, targets: ReadonlyMap<Module, number>): number {
  return Module.options.filter((module) => {
    const target = targets.get(module) ?? 0;
    return target > 0 && (policy.solved.get(module) ?? 0) >= target;
  }).length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function live(
  learner: Learner,
  policy: Policy,
  capacity: () => number,
  days: number,
  targets: ReadonlyMap<Module, number>,
): Story {
  const story: Story = {
    middling: isMiddling(learner),
    done: [],
    withoutNew: 0,
    absences: [],
    reviewLoad: [],
    estimates: [],
    modules: [],
    recall: [],
  };
  const met = new Set<string>();
  for (let day = 0; day < days; day += 1) {
    const evening = FIRST_EVENING + day * DAY;
    let [reviews, problems] = [0, 0];
    if (learner.practisesToday()) {
      policy.beginDay(evening);
      const tasks = capacity();
      for (let place = 0; place < tasks; place += 1) {
        const at = evening + place * TASK_APART;
        const job = policy.next(at);
        if (job === null) break;
        const attempt =
          job.kind === 'review' ? learner.review(job.problem, at) : learner.attempt(job.problem, at);
        policy.settle(job, attempt, at);
        met.add(job.problem.problem_id);
        if (job.kind === 'review') reviews += 1;
        else problems += 1;
        const { module, difficulty } = job.problem;
        const { chance, score } = attempt;
        story.done.push({ day, kind: job.kind, module, difficulty, chance, solved: score === 1 });
      }
      if (problems === 0) story.withoutNew += 1;
      const leaves = evening + tasks * TASK_APART;
      story.absences.push(policy.absence(leaves, leaves + AWAY * DAY));
    }
    story.reviewLoad.push(reviews);
    story.modules.push(modulesReached(policy, targets));
    const end = evening + 5 * 3_600_000;
    if (met.size > 0) story.recall.push(mean([...met].map((id) => learner.recall(id, end))));
  }
  story.estimates = [...policy.mastery]
    .filter(([, { n }]) => n >= ENOUGH_EVIDENCE)
    .map(([tag, { rating, n }]) => ({ rating, n, ability: learner.ability(tag) }));
  return story;
}

/** Lets every learner of a seed practise under a policy. The same options always tell the same stories. */
export function simulate(
  catalogue: readonly ProblemSummary[],
  policyName: PolicyName,
  { learners, days, seed }: SimulationOptions,
): Story[] {
  const byModule = Map.groupBy(catalogue, ({ module }) => module);
  const targets = moduleTargets(Module.options, byModule, CONFIG);
  return Array.from({ length: learners }, (_, number) => {
    const random = seededRandom(seed, `${policyName} for learner ${number}`);
    const policy = policyName === 'engine' ? enginePolicy(catalogue) : randomPolicy(catalogue, random);
    const time = seededRandom(seed, `time of learner ${number}`);
    const capacity = () => LEAST_TASKS + Math.floor(time.next() * (MORE_TASKS + 1));
    return live(createLearner(seed, number, policyName), policy, capacity, days, targets);
  });
}
