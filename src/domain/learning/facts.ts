import type { DifficultyState, MasteryState, ReviewState } from '#contract/learning.ts';
import type { Module } from '#contract/vocabulary.ts';

/** A row as it was read; `version` is what it must still have when it is written. */
type Seen<State extends { version: number }> = Omit<State, 'version'> & {
  rule_version: number;
  version: number;
};

/** What became of the problems that a learner was offered, in all paths. */
export type ProblemFacts = {
  /** Solved ones (a task with score 1), by module. */
  solved: Partial<Record<Module, string[]>>;
  /** With a result but not solved, tried least recently first; `task_id` is the last task with a result. */
  attempted: { problem_id: string; task_id: string }[];
  /** Skipped by the learner within the last 14 days, the earliest first; problems with a result may be among them. */
  skipped: string[];
};

/** What choosing tasks depends on apart from the path. */
export type LearnerFacts = {
  /** By topic. */
  mastery: Record<string, Seen<MasteryState>>;
  problems: ProblemFacts;
  /** Days on which the learner's cards fall due, those of the next two months. */
  due: string[];
  /** When the learner's reviews of the last two days were completed. */
  reviewed: string[];
};

/** What choosing the next tasks of a path depends on, read in one snapshot. */
export type PathFacts = LearnerFacts & {
  /** `plan_version` of the path. */
  version: number;
  modules: Partial<Record<Module, Seen<DifficultyState>>>;
  /** Problems that are open, and those completed whose time was two days ago or later. */
  tasks: PlannedTask[];
};

export type PlannedTask = {
  id: string;
  problem_id: string;
  module: Module;
  topic_tags: string[];
  scheduled_at: string;
  open: boolean;
  /** Chosen by these rules and not begun: a change of the config may replace it. */
  replaceable: boolean;
};

/** What a result of one task can change beyond the task. */
export type LearningFacts = {
  path: PathFacts;
  card: { version: number; state: ReviewState; task_id: string | null } | null;
  /** Reviews in the log of this problem, undone ones too. */
  reviews: number;
};

/** A path of a learner who is new here. */
export const NOTHING_KNOWN: LearnerFacts = {
  mastery: {},
  problems: { solved: {}, attempted: [], skipped: [] },
  due: [],
  reviewed: [],
};

/** Whether the learner has had a result of this problem, in any path and task. */
export function isMet({ solved, attempted }: ProblemFacts, problemId: string): boolean {
  return (
    Object.values(solved).some((ids) => ids.includes(problemId)) ||
    attempted.some(({ problem_id }) => problem_id === problemId)
  );
}

/** The state of a row that was read, as the rules know it. */
export function stateOf<State extends { version: number }>({
  rule_version,
  version: _,
  ...state
}: Seen<State>): Omit<State, 'version'> & { version: number } {
  return { ...(state as unknown as Omit<State, 'version'>), version: rule_version };
}
