import * as z from 'zod';
import type { DifficultyState, MasteryState, SelectionReason } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import type { Calendar } from '#domain/calendar.ts';
import { lanesOf, nextTurn } from './lane-rules.ts';
import { freePlaces } from './place-rules.ts';
import { reasonFor } from './reason-rules.ts';

/** Version of the rules below; part of every `created` event that they caused. */
export const SELECTION_RULE_VERSION = 2;

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
  /** Distinct problems that were completed. */
  completed: number;
  /** Null before the first result. */
  difficulty: DifficultyState | null;
};

export type SelectionInput = {
  config: SelectionConfig;
  /** RFC 3339. */
  now: string;
  calendar: Calendar;
  /** Problems of the bank; their order does not matter. */
  catalogue: readonly ProblemSummary[];
  /** Every problem that any task of the path ever had, whatever became of it. */
  seen: ReadonlySet<string>;
  modules: ReadonlyMap<Module, ModuleFacts>;
  /** The learner's mastery by topic tag. */
  mastery: ReadonlyMap<string, MasteryState>;
  /**
   * Tasks of kind problem that are open, or that were scheduled for today or later and are done: they fill the days.
   * `open`: scheduled or in progress.
   */
  planned: readonly { module: Module; topic_tags: readonly string[]; scheduled_at: string; open: boolean }[];
  /** Day on which each card of the review queue falls due, as far as it is known: new work makes room for them. */
  reviewsDue: readonly string[];
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
  rule_version: number;
};

/**
 * Chooses the next problems of a path and says why (decisions, section 7).
 *
 * Modules come in teaching order or that of `config.modules`. Those up to arrays-strings are open; each further one
 * opens when 70 % of the target of the one before is completed, or by `config.unlocked_modules`. Open modules below
 * their target share the work by weight, fewest open tasks first. Within a module the difficulty is that of its state, or
 * a lower one while mastery of the module says that success there is less than 60 % likely; when it has run out, the nearest one is taken, the easier of two. A problem more than one step away waits until every
 * module is without a nearer one: before that, the next module opens early, and then modules beyond their target go on.
 * Among equals the weakest topic comes first, and every task chosen for a topic makes it less urgent; a topic without
 * evidence counts like its module. Ties end by id. No problem is chosen that the path has seen, nor one of its group.
 *
 * A day takes `tasks_per_day` tasks less the reviews due on it, but at least one new one. They are a minute apart.
 * @returns at most `wanted` tasks; fewer when nothing unseen is left.
 */
export function selectTasks(input: SelectionInput): SelectedTask[] {
  const lanes = lanesOf(input);
  const places = freePlaces(input);
  const chosen: SelectedTask[] = [];
  while (chosen.length < input.wanted) {
    const next = nextTurn(lanes);
    if (next === null) break;
    const { lane, how } = next;
    const { problem, topic } = lane.candidates.take(lane.aim);
    chosen.push({
      problem_id: problem.problem_id,
      module: problem.module,
      difficulty: problem.difficulty,
      topic_tags: problem.topic_tags,
      scheduled_at: places.next().value,
      reason: reasonFor(lane, problem, topic, { early: how === 'opened-early', extra: how === 'extra' }),
      rule_version: SELECTION_RULE_VERSION,
    });
    lane.open = true;
    lane.fresh = false;
    lane.issued += 1;
    lane.ahead += 1;
  }
  return chosen;
}
