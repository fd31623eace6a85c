import * as z from 'zod';
import type { DifficultyState, MasteryState, SelectionReason } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import type { Calendar } from '#domain/calendar.ts';
import { type Blocked, block } from './candidate-rules.ts';
import { type ModulePlan, modulePlans, nextTurn, practisedModules } from './module-rules.ts';
import { freePlaces } from './place-rules.ts';
import { RETRY_REASON, reasonFor } from './reason-rules.ts';

/** Version of the rules below; part of every `created` event that they caused. */
export const SELECTION_RULE_VERSION = 3;

/** What choosing depends on in the config of a path; keys that were never set count as their defaults. */
export const SelectionConfig = z.object({
  tasks_per_day: PathConfig.shape.tasks_per_day,
  modules: PathConfig.shape.modules,
  unlocked_modules: PathConfig.shape.unlocked_modules,
  module_weights: PathConfig.shape.module_weights,
  module_target: PathConfig.shape.module_target,
  reviews_per_day: PathConfig.shape.reviews_per_day,
});
export type SelectionConfig = z.infer<typeof SelectionConfig>;

/** What a path knows of one of its modules. */
export type ModuleFacts = {
  /** Distinct problems that the learner has solved, in any path. */
  solved: number;
  /** Null before the first result. */
  difficulty: DifficultyState | null;
};

/** What became of problems before; one with an open task of this path is in none of the lists. */
export type History = {
  /** Solved in any path: never chosen again. */
  solved: ReadonlySet<string>;
  /** Tried and not solved, least recently first; `task_id` is the task to try again. */
  attempted: readonly { problem_id: string; task_id: string }[];
  /** Skipped by the learner in the last 14 days and never tried, the earliest first. */
  skipped: readonly string[];
};

export type SelectionInput = {
  config: SelectionConfig;
  /** RFC 3339. */
  now: string;
  calendar: Calendar;
  /** Problems of the bank; their order does not matter. */
  catalogue: readonly ProblemSummary[];
  history: History;
  modules: ReadonlyMap<Module, ModuleFacts>;
  /** The learner's mastery by topic tag. */
  mastery: ReadonlyMap<string, MasteryState>;
  /**
   * Tasks of kind problem that are open, or that were scheduled for today or later and are done: they fill the days.
   * `open`: scheduled or in progress.
   */
  planned: readonly {
    problem_id: string;
    module: Module;
    topic_tags: readonly string[];
    scheduled_at: string;
    open: boolean;
  }[];
  /** Day on which each card of the review queue falls due, as far as it is known: new work makes room for them. */
  reviewsDue: readonly string[];
  /** When reviews of the last days were completed (RFC 3339). */
  reviewsDone: readonly string[];
  /** Tasks to choose: `config.horizon` less the open ones. */
  wanted: number;
};

export type SelectedTask = {
  problem_id: string;
  module: Module;
  difficulty: Difficulty;
  topic_tags: string[];
  /** RFC 3339. */
  scheduled_at: string;
  reason: SelectionReason;
  /** The task that this one tries again. */
  retry_of: string | null;
  rule_version: number;
};

/**
 * Why a problem may be chosen, the best first: it is new; it asks for the same function as one that was seen; it was
 * skipped a short time ago.
 */
const TIERS = ['new', 'same-function', 'skipped'] as const;
export type Tier = (typeof TIERS)[number];

type Chosen = Omit<SelectedTask, 'scheduled_at' | 'rule_version'>;

/** What is seen: a result or an open task. Groups of seen problems are blocked, too. */
export function blockedAtFirst({ catalogue, history, planned }: SelectionInput): Blocked {
  const blocked: Blocked = { ids: new Set(history.skipped), groups: new Set(), changes: 0 };
  const seen = new Set([
    ...history.solved,
    ...history.attempted.map(({ problem_id }) => problem_id),
    ...planned.filter(({ open }) => open).map(({ problem_id }) => problem_id),
  ]);
  for (const problem of catalogue) if (seen.has(problem.problem_id)) block(blocked, problem);
  return blocked;
}

/** Problems that have no result, tier by tier. */
function* untried(
  plans: readonly ModulePlan[],
  blocked: Blocked,
  skipped: readonly string[],
): Generator<Chosen> {
  for (const tier of TIERS) {
    if (tier === 'same-function') blocked.groups = null;
    if (tier === 'skipped') for (const id of skipped) blocked.ids.delete(id);
    blocked.changes += 1;
    for (let turn = nextTurn(plans); turn !== null; turn = nextTurn(plans)) {
      const { plan, how } = turn;
      const { problem, topic } = plan.candidates.take(plan.aim);
      const reason = reasonFor(plan, problem, topic, { how, tier });
      plan.open = true;
      plan.fresh = false;
      plan.issued += 1;
      plan.ahead += 1;
      yield { ...summaryOf(problem), reason, retry_of: null };
    }
  }
}

function summaryOf({ problem_id, module, difficulty, topic_tags }: ProblemSummary) {
  return { problem_id, module, difficulty, topic_tags };
}

/** Problems that were tried and not solved, tried least recently first. */
function* retries({ config, catalogue, history, planned }: SelectionInput): Generator<Chosen> {
  const byId = new Map(catalogue.map((problem) => [problem.problem_id, problem]));
  const practised = new Set(practisedModules(config));
  const open = new Set(planned.filter((task) => task.open).map(({ problem_id }) => problem_id));
  for (const { problem_id, task_id } of history.attempted) {
    const problem = byId.get(problem_id);
    if (problem === undefined || !practised.has(problem.module) || open.has(problem_id)) continue;
    yield { ...summaryOf(problem), reason: RETRY_REASON, retry_of: task_id };
  }
}

/**
 * Chooses the next problems of a path and says why.
 *
 * Modules come in teaching order or that of `config.modules`. Those up to arrays-strings are open; each further one
 * opens when 70 % of the target of the one before is solved, or by `config.unlocked_modules`. Open modules below
 * their target share the work by weight, fewest open tasks first. Within a module the difficulty is that of its state, or
 * a lower one while mastery of the module says that success there is too unlikely; when it has run out, the nearest one
 * is taken, the easier of two. A problem more than one step away waits until every module is without a nearer one:
 * before that, the next module opens early, and then modules beyond their target go on.
 * Among equals the weakest topic comes first; problems with less than an even chance by their topics are left out. Every
 * task chosen for a topic makes it less urgent; a topic without evidence counts like its module. Ties end by id.
 *
 * New problems come first: those without a result, an open task or a skip in the last 14 days, none of which asks for
 * the same function as one with a result or a task. When they have run out, the others without a result come, the
 * skipped ones last; then those that were tried and not solved, tried least recently first. A solved problem never does.
 *
 * A day takes `tasks_per_day` tasks less its reviews, due or done, but at least one new one. They are a minute apart.
 * @returns at most `wanted` tasks; fewer when no unsolved problem is left that has no open task.
 */
export function selectTasks(input: SelectionInput): SelectedTask[] {
  const blocked = blockedAtFirst(input);
  const sources = [untried(modulePlans(input, blocked), blocked, input.history.skipped), retries(input)];
  const places = freePlaces(input);
  const chosen: SelectedTask[] = [];
  for (const source of sources) {
    for (const task of source.take(input.wanted - chosen.length)) {
      const scheduled_at = places.next().value;
      chosen.push({ ...task, scheduled_at, rule_version: SELECTION_RULE_VERSION });
    }
  }
  return chosen;
}
