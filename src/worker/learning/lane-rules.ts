import type { DifficultyState } from '#contract/learning.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { type Candidates, candidatesOf } from './candidate-rules.ts';
import { fittingDifficulty, startingDifficulty } from './difficulty-rules.ts';
import type { SelectionInput } from './selection-rules.ts';

/** Share of a module's target that opens the next module (decisions, section 7). */
const UNLOCK_SHARE = 0.7;
/** The path begins here (system design, section 4): open from the start, with whatever comes before it. */
const FIRST_MODULE: Module = 'arrays-strings';

/** A module while tasks are being chosen. */
export type Lane = {
  module: Module;
  weight: number;
  state: DifficultyState;
  /** Where its problems are chosen: the level, or below it. */
  aim: Difficulty;
  fresh: boolean;
  open: boolean;
  /** Problems that would complete the module, and those that are completed or open. */
  target: number;
  issued: number;
  /** Open tasks in it, those just chosen included. */
  ahead: number;
  candidates: Candidates;
};

/** Modules that may be practised, in order, with whether each is open. */
export function lanesOf(input: SelectionInput): Lane[] {
  const { config, catalogue, seen, mastery, planned, modules } = input;
  const met = new Set<string>(seen);
  for (const problem of catalogue) {
    if (seen.has(problem.problem_id) && problem.equivalence_group) met.add(problem.equivalence_group);
  }
  const byModule = Map.groupBy(catalogue, ({ module }) => module);
  const known = Module.options.flatMap((module) => mastery.get(module) ?? []);
  const order = (config.modules ?? Module.options).filter((module) => config.module_weights[module] !== 0);
  const first = Math.max(0, order.indexOf(FIRST_MODULE));

  let before = true;
  return order.map((module, index): Lane => {
    const problems = byModule.get(module) ?? [];
    const { completed, difficulty } = modules.get(module) ?? { completed: 0, difficulty: null };
    const state = difficulty ?? startingDifficulty(known);
    const target = Math.min(config.module_target, problems.length);
    const ahead = planned.filter((task) => task.open && task.module === module).length;
    const open = index <= first || before || config.unlocked_modules.includes(module);
    // A module that the bank has nothing for is no gate.
    if (target > 0) before = completed >= UNLOCK_SHARE * target;
    return {
      module,
      weight: config.module_weights[module] ?? 1,
      state,
      aim: fittingDifficulty(state.difficulty, mastery.get(module)),
      fresh: completed + ahead === 0,
      open,
      target,
      issued: completed + ahead,
      ahead,
      candidates: candidatesOf(module, problems, met, mastery, planned),
    };
  });
}

/** The lane with the least rank, the earlier of equals; lanes without a rank are left out. */
function least(lanes: readonly Lane[], rankOf: (lane: Lane) => number | null): Lane | null {
  let best: { lane: Lane; rank: number } | null = null;
  for (const lane of lanes) {
    const rank = rankOf(lane);
    if (rank !== null && (best === null || rank < best.rank)) best = { lane, rank };
  }
  return best?.lane ?? null;
}

/** How a module comes to give the next task, the best first. */
export type Turn = { lane: Lane; how: 'suited' | 'opened-early' | 'extra' | 'anything' };

/**
 * The module that gives the next task: open ones below their target by weight; else the first closed one that has
 * something near its level; else those beyond their target; else whoever has the nearest problem.
 * @returns null when nothing unseen is left.
 */
export function nextTurn(lanes: readonly Lane[]): Turn | null {
  const reach = ({ candidates, aim }: Lane) => candidates.reach(aim);
  const near = (lane: Lane) => (reach(lane) ?? 9) <= 1;
  const share = (lane: Lane) => (near(lane) ? (lane.ahead + 1) / lane.weight : null);
  const unfinished = lanes.filter(({ issued, target }) => issued < target);

  const suited = least(
    unfinished.filter(({ open }) => open),
    share,
  );
  if (suited !== null) return { lane: suited, how: 'suited' };
  const early = unfinished.find((lane) => !lane.open && near(lane));
  if (early !== undefined) return { lane: early, how: 'opened-early' };
  const extra = least(lanes, share);
  if (extra !== null) return { lane: extra, how: 'extra' };
  const anything = least(lanes, reach);
  return anything === null ? null : { lane: anything, how: 'anything' };
}
