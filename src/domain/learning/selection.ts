import type { SelectionReason } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import { type Blocked, block } from './candidates.ts';
import { type ModulePlan, modulePlans, nextTurn, practisedModules } from './modules.ts';
import { freePlaces } from './places.ts';
import { RETRY_REASON, reasonFor } from './reasons.ts';
import type { SelectionInput } from './selection-input.ts';
import { TIERS } from './selection-input.ts';

/** Version of the rules below; part of every `created` event that they caused. */
export const SELECTION_RULE_VERSION = 3;

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
