import * as z from 'zod';
import type { DifficultyState, MasteryState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Module } from '#contract/vocabulary.ts';
import type { Calendar } from '../calendar.ts';

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

/**
 * Why a problem may be chosen, the best first: it is new; it asks for the same function as one that was seen; it was
 * skipped a short time ago.
 */
export const TIERS = ['new', 'same-function', 'skipped'] as const;
export type Tier = (typeof TIERS)[number];
