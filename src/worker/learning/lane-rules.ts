import type { DifficultyState } from '#contract/learning.ts';
import { Module } from '#contract/vocabulary.ts';
import { type Candidates, candidatesOf } from './candidate-rules.ts';
import { startingDifficulty } from './difficulty-rules.ts';
import type { SelectionInput } from './selection-rules.ts';

/** Share of a module's target that opens the next module (decisions, section 7). */
const UNLOCK_SHARE = 0.7;
/** The path begins here (system design, section 4): open from the start, with whatever comes before it. */
const FIRST_MODULE: Module = 'arrays-strings';

/** How well a module can give the next task, the best first. */
const TIERS = ['suited', 'opened-early', 'extra', 'anything'] as const;
type Tier = (typeof TIERS)[number];

/** A module while tasks are being chosen. */
export type Lane = {
  module: Module;
  order: number;
  weight: number;
  state: DifficultyState;
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
    const target = Math.min(config.module_target, problems.length);
    const ahead = planned.filter((task) => task.open && task.module === module).length;
    const open = index <= first || before || config.unlocked_modules.includes(module);
    // A module that the bank has nothing for is no gate.
    if (target > 0) before = completed >= UNLOCK_SHARE * target;
    return {
      module,
      order: index,
      weight: config.module_weights[module] ?? 1,
      state: difficulty ?? startingDifficulty(known),
      fresh: completed + ahead === 0,
      open,
      target,
      issued: completed + ahead,
      ahead,
      candidates: candidatesOf(problems, met, mastery, planned),
    };
  });
}

type Turn = { lane: Lane; tier: Tier; rank: number };

/**
 * When it would be a module's turn: open ones share the work by weight, one that has to open early is the next in order,
 * and far from everybody's level the nearest problem decides.
 */
function turnOf(lane: Lane): Turn | null {
  const { open, issued, target, candidates, state, order, ahead, weight } = lane;
  const reach = candidates.reach(state.difficulty);
  const share = (ahead + 1) / weight;
  if (reach === null) return null;
  if (reach > 1) return { lane, tier: 'anything', rank: reach };
  if (issued >= target) return { lane, tier: 'extra', rank: share };
  return open ? { lane, tier: 'suited', rank: share } : { lane, tier: 'opened-early', rank: order };
}

/** The module that gives the next task; null when nothing unseen is left. */
export function nextTurn(lanes: readonly Lane[]): Turn | null {
  let first: Turn | null = null;
  for (const lane of lanes) {
    const turn = turnOf(lane);
    if (turn === null) continue;
    const tiers = first === null ? -1 : TIERS.indexOf(turn.tier) - TIERS.indexOf(first.tier);
    if (first === null || tiers < 0 || (tiers === 0 && turn.rank < first.rank)) first = turn;
  }
  return first;
}
