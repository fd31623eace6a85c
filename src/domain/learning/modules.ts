import type { DifficultyState } from '#contract/learning.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { type Blocked, type Candidates, candidatesOf } from './candidates.ts';
import { fittingDifficulty, startingDifficulty } from './difficulty.ts';
import type { SelectionInput } from './selection-input.ts';
import { moduleTargets, weightOf } from './targets.ts';

/** Share of a module's target that opens the next module. */
const UNLOCK_SHARE = 0.7;
/** The path begins here: open from the start, with whatever comes before it. */
const FIRST_MODULE: Module = 'arrays-strings';

/** A module while tasks are being chosen. */
export type ModulePlan = {
  module: Module;
  weight: number;
  state: DifficultyState;
  /** Where its problems are chosen: the level, or below it. */
  aim: Difficulty;
  /** Whether the learner has had neither a result nor a task in it. */
  fresh: boolean;
  open: boolean;
  /** Problems that would complete the module, those that are solved, and those that are solved or open. */
  target: number;
  solved: number;
  issued: number;
  /** Open tasks in it, those just chosen included. */
  ahead: number;
  candidates: Candidates;
};

/** The modules that a config practises, in its order. */
export function practisedModules({ modules, module_weights }: SelectionInput['config']): Module[] {
  return (modules ?? Module.options).filter((module) => module_weights[module] !== 0);
}

/** Where a path begins: in arrays and strings, or in the first module of one that leaves them out. */
export function firstModule(config: SelectionInput['config']): Module | undefined {
  const order = practisedModules(config);
  return order.includes(FIRST_MODULE) ? FIRST_MODULE : order[0];
}

/** Modules that may be practised, in order, with whether each is open. */
export function modulePlans(input: SelectionInput, blocked: Blocked): ModulePlan[] {
  const { config, catalogue, history, mastery, planned, modules } = input;
  const byModule = Map.groupBy(catalogue, ({ module }) => module);
  const known = Module.options.flatMap((module) => mastery.get(module) ?? []);
  const order = practisedModules(config);
  const first = Math.max(0, order.indexOf(FIRST_MODULE));
  const targets = moduleTargets(order, byModule, config);
  const tried = new Set(history.attempted.map(({ problem_id }) => problem_id));

  let before = true;
  return order.map((module, index): ModulePlan => {
    const problems = byModule.get(module) ?? [];
    const { solved, difficulty } = modules.get(module) ?? { solved: 0, difficulty: null };
    const state = difficulty ?? startingDifficulty(known);
    const target = targets.get(module) ?? 0;
    const ahead = planned.filter((task) => task.open && task.module === module).length;
    const open = index <= first || before || config.unlocked_modules.includes(module);
    // A module that the bank has nothing for is no gate.
    if (target > 0) before = solved >= UNLOCK_SHARE * target;
    return {
      module,
      weight: weightOf(config, module),
      state,
      aim: fittingDifficulty(state.difficulty, mastery.get(module)),
      fresh: solved + ahead === 0 && !problems.some(({ problem_id }) => tried.has(problem_id)),
      open,
      target,
      solved,
      issued: solved + ahead,
      ahead,
      candidates: candidatesOf(module, problems, blocked, mastery, planned),
    };
  });
}

/** The plan with the least rank, the earlier of equals; plans without a rank are left out. */
function least(plans: readonly ModulePlan[], rankOf: (plan: ModulePlan) => number | null): ModulePlan | null {
  let best: { plan: ModulePlan; rank: number } | null = null;
  for (const plan of plans) {
    const rank = rankOf(plan);
    if (rank !== null && (best === null || rank < best.rank)) best = { plan, rank };
  }
  return best?.plan ?? null;
}

/**
 * How a module comes to hold the next task, the best first. `goals-planned` and `out-of-reach` open it early: what the
 * open modules need for their goals is solved or planned, or they have no problem near their level left.
 */
export type How = 'suited' | 'goals-planned' | 'out-of-reach' | 'extra' | 'anything';
export type Turn = { plan: ModulePlan; how: How };

/**
 * The module of the next task: open ones below their target by weight; else the first closed one that has something
 * near its level; else those beyond their target; else the one with the nearest problem.
 * @returns null when nothing that may be chosen is left.
 */
export function nextTurn(plans: readonly ModulePlan[]): Turn | null {
  const reach = ({ candidates, aim }: ModulePlan) => candidates.reach(aim);
  const near = (plan: ModulePlan) => (reach(plan) ?? 9) <= 1;
  const share = (plan: ModulePlan) => (near(plan) ? (plan.ahead + 1) / plan.weight : null);
  const unfinished = plans.filter(({ issued, target }) => issued < target);
  const open = plans.filter((plan) => plan.open);

  const suited = least(
    unfinished.filter((plan) => plan.open),
    share,
  );
  if (suited !== null) return { plan: suited, how: 'suited' };
  const early = unfinished.find((plan) => !plan.open && near(plan));
  if (early !== undefined) return { plan: early, how: open.some(near) ? 'goals-planned' : 'out-of-reach' };
  const extra = least(plans, share);
  if (extra !== null) return { plan: extra, how: 'extra' };
  const anything = least(plans, reach);
  return anything === null ? null : { plan: anything, how: 'anything' };
}
