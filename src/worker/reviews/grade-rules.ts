import type { TaskFact } from '#contract/events.ts';
import type { ReviewGrade, ReviewLog, ReviewState } from '#contract/learning.ts';
import { REVIEW_RULE_VERSION, regrade, undo } from './fsrs.ts';

/** The newest review of a task as the log holds it. */
export type LoggedReview = {
  id: string;
  /** Counts the reviews of the problem from 1; `last_seq` is that of the newest one. */
  seq: number;
  last_seq: number;
  log: ReviewLog;
  undone: boolean;
  /** Whether the problem has a later review that counts. */
  newer: boolean;
  /** The problem's card, null when it has none; its version is 0 then. */
  card: ReviewState | null;
  card_version: number;
};

type GradedFact = Extract<TaskFact, { event_type: 'graded' | 'grade_undone' }>;

/** What to write: the card after it (null: it goes away), its log entry (null for an undo) and the event. */
export type Change = { state: ReviewState | null; log: ReviewLog | null; fact: GradedFact };

/** `same`: it is so already. `not-graded`, `reviewed-since`: refused. */
export type Decision = Change | 'same' | 'not-graded' | 'reviewed-since';

/**
 * The learner's own grade of a task's newest review, also of one that was undone: as if it had been given at once
 * (decisions, section 7). A later review of the problem builds on it, so then it stays as it is.
 */
export function decideGrade(problemId: string, review: LoggedReview | null, grade: ReviewGrade): Decision {
  if (review === null) return 'not-graded';
  if (review.newer) return 'reviewed-since';
  if (!review.undone && review.log.grade === grade) return 'same';
  const { state, log } = regrade(review.log, grade);
  const payload = {
    problem_id: problemId,
    review: review.last_seq + 1,
    grade,
    source: log.source,
    ...state,
    rule_version: log.rule_version,
  };
  return { state, log, fact: { event_type: 'graded', schema_version: 1, payload } };
}

/** Takes back a task's newest review: the card is again exactly what it was before. */
export function decideUndo(problemId: string, review: LoggedReview | null): Decision {
  if (review === null) return 'not-graded';
  if (review.newer) return 'reviewed-since';
  if (review.undone) return 'same';
  const state = undo(review.log);
  const payload = {
    problem_id: problemId,
    review: review.seq,
    card: state,
    rule_version: REVIEW_RULE_VERSION,
  };
  return { state, log: null, fact: { event_type: 'grade_undone', schema_version: 1, payload } };
}
