import type { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import type { TaskSeed } from '../tasks/batch.ts';
import type { LearnerFacts } from './facts.ts';
import { firstModule, type ModulePlan, modulePlans } from './modules.ts';
import { freePlaces } from './places.ts';
import { seedOf, selectionInput } from './plan.ts';
import { MODULE_NAMES } from './reasons.ts';
import { blockedAtFirst, SELECTION_RULE_VERSION, selectTasks } from './selection.ts';
import type { SelectionInput } from './selection-input.ts';

/** Difficulties of the first module's tasks: the first half and the rest. */
const [EASY, HARDER]: readonly [Difficulty, Difficulty] = [1, 2];

/** Modules that a new path practises at once: its first one, and those open ones that the learner has named. */
function opening(input: SelectionInput, config: PathConfig, plans: readonly ModulePlan[]): ModulePlan[] {
  const first = firstModule(input.config);
  const named = new Set<string>([
    ...(config.modules ?? []),
    ...config.unlocked_modules,
    ...Object.keys(config.module_weights),
  ]);
  return plans.filter(({ module, open }) => module === first || (open && named.has(module)));
}

/** The modules of the first tasks in turn, by weight. */
function* turns(plans: readonly ModulePlan[]): Generator<ModulePlan, void> {
  for (;;) {
    const left = plans.filter(({ candidates, aim }) => candidates.reach(aim) !== null);
    const [next] = left.toSorted((a, b) => (a.ahead + 1) / a.weight - (b.ahead + 1) / b.weight);
    if (next === undefined) return;
    next.ahead += 1;
    yield next;
  }
}

type First = ProblemSummary & { reason: string };

/** The first tasks out of the modules that are open at once; those of one module rise in difficulty. */
function firstProblems(input: SelectionInput, config: PathConfig): First[] {
  const plans = opening(input, config, modulePlans(input, blockedAtFirst(input)));
  const first = firstModule(input.config);
  const half = Math.ceil(config.initial_tasks / 2);
  const chosen: ProblemSummary[] = [];
  for (const plan of turns(plans).take(config.initial_tasks)) {
    const rising = plan.ahead <= half ? EASY : HARDER;
    chosen.push(plan.candidates.take(plan.module === first ? rising : plan.aim).problem);
  }
  const byModule = Map.groupBy(chosen, ({ module }) => module);
  for (const list of byModule.values()) list.sort((a, b) => a.difficulty - b.difficulty);
  return chosen.flatMap(({ module }) => byModule.get(module)?.shift() ?? []).map(withReason);
}

function withReason(problem: ProblemSummary): First {
  const name = MODULE_NAMES[problem.module];
  return {
    ...problem,
    reason: `One of the first problems of this path: ${name}, difficulty ${problem.difficulty}.`,
  };
}

/**
 * Chooses the tasks that a path begins with: problems of its first module that the learner has not solved in any path,
 * of difficulty 1, then 2, together with those of other open modules that the config names, by weight. Where they are
 * too few, the usual rules choose the rest. Days take them as they take any task.
 * @param now RFC 3339; the first task is scheduled for it.
 * @returns `config.initial_tasks`, fewer where no unsolved problem is left.
 */
export function planFirstTasks(
  learner: LearnerFacts,
  config: PathConfig,
  catalogue: readonly ProblemSummary[],
  now: string,
  newId: () => string,
): TaskSeed[] {
  const input = selectionInput({ ...learner, modules: {}, tasks: [] }, { config, catalogue, now });
  const first = firstProblems(input, config);
  const places = freePlaces(input);
  const seeds = first.map(
    ({ problem_id, module, topic_tags, difficulty, reason }): TaskSeed => ({
      id: newId(),
      kind: 'problem',
      problem_id,
      module,
      topic_tags,
      difficulty,
      scheduled_at: places.next().value,
      retry_of: null,
      metadata: { reason, reason_code: 'first', rule_version: SELECTION_RULE_VERSION },
    }),
  );
  const planned = seeds.map((seed) => ({ ...seed, open: true }));
  const rest = selectTasks({ ...input, planned, wanted: config.initial_tasks - seeds.length });
  return [...seeds, ...rest.map((task) => seedOf(task, newId))];
}
