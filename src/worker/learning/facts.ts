import type { DifficultyState, MasteryState, ReviewState } from '#contract/learning.ts';
import type { Module } from '#contract/vocabulary.ts';

/** A row as it was read; `version` is what it must still have when it is written. */
type Seen<State extends { version: number }> = Omit<State, 'version'> & {
  rule_version: number;
  version: number;
};

/** What choosing the next tasks of a path depends on, read in one snapshot. */
export type PathFacts = {
  /** `plan_version` of the path. */
  version: number;
  /** Of the learner, by topic. */
  mastery: Record<string, Seen<MasteryState>>;
  modules: Partial<Record<Module, Seen<DifficultyState>>>;
  /** Distinct problems completed, by module. */
  completed: Partial<Record<Module, number>>;
  /** Problems that are open, and those completed whose time was two days ago or later. */
  tasks: { id: string; module: Module; topic_tags: string[]; scheduled_at: string; open: boolean }[];
  /** Days on which the learner's cards fall due, those of the next two months. */
  due: string[];
  /** Problems of all tasks that the path ever had; empty when it has more open ones than its horizon. */
  seen: string[];
};

/** What a result of one task can change beyond the task. */
export type LearningFacts = {
  path: PathFacts;
  card: { version: number; state: ReviewState; task_id: string | null } | null;
  /** Reviews in the log of this problem, undone ones too. */
  reviews: number;
  /** Whether the path has completed this problem before. */
  counted: boolean;
};

/** The state of a row that was read, as the rules know it. */
export function stateOf<State extends { version: number }>({
  rule_version,
  version: _,
  ...state
}: Seen<State>): Omit<State, 'version'> & { version: number } {
  return { ...(state as unknown as Omit<State, 'version'>), version: rule_version };
}
