import type { TaskFact } from '#contract/events.ts';
import type { ReviewGrade, ReviewLog, ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import type { Calendar } from '../calendar.ts';
import { REVIEW_RULE_VERSION, regrade, undo } from './fsrs.ts';
import { wholeReview } from './spread.ts';

/** The newest review of a task as the log holds it. */
export type LoggedReview = {
  id: string;
  /** Counts the reviews of the problem from 1; `last_seq` is that of the newest one. */
  seq: number;
  last_seq: number;
  log: ReviewLog;
  /** What the evidence gave before the learner said otherwise; null when it is not known any more. */
  evidence: ReviewLog | null;
  undone: boolean;
  /** Whether the problem has a later review that counts. */
  newer: boolean;
  /** The problem's card, null when it has none; its version is 0 then. */
  card: ReviewState | null;
  card_version: number;
  /** The review task that stands ready for the card. */
  card_task_id: string | null;
};

type GradedTask = Pick<Task, 'id' | 'problem_id'>;

/**
 * The card's row after a change. One that comes back after an undo of its first review begins above every version that
 * it had: whoever saw one of those must not take it for the same card. The card names the task, so that what is due
 * again waits for another day.
 */
export function cardAfter(
  taskId: string,
  review: Pick<LoggedReview, 'card' | 'card_version' | 'card_task_id' | 'last_seq'>,
) {
  if (review.card === null) return { card_version: 1000 * (review.last_seq + 1), ready_task_id: taskId };
  return { card_version: review.card_version + 1, ready_task_id: review.card_task_id ?? taskId };
}

type GradedFact = Extract<TaskFact, { event_type: 'graded' | 'grade_undone' }>;

/** What to write: the card after it (null: it goes away), its log entry (null for an undo) and the event. */
export type Change = { state: ReviewState | null; log: ReviewLog | null; fact: GradedFact };

/** `same`: it is so already. `not-graded`, `reviewed-since`: refused. */
export type Decision = Change | 'same' | 'not-graded' | 'reviewed-since';

/**
 * The learner's own grade of a task's newest review, also of one that was undone: as if it had been given at once
 * (decisions, section 7). A later review of the problem builds on it, so then it stays as it is.
 */
export function decideGrade(
  { id, problem_id }: GradedTask,
  review: LoggedReview | null,
  grade: ReviewGrade,
  calendar: Calendar,
): Decision {
  if (review === null) return 'not-graded';
  if (review.newer) return 'reviewed-since';
  if (!review.undone && review.log.grade === grade) return 'same';
  const { state, log } = regrade(review.log, grade, calendar);
  const payload = {
    problem_id,
    review: review.last_seq + 1,
    grade,
    source: log.source,
    ...state,
    ...wholeReview(log),
    ...cardAfter(id, review),
    rule_version: log.rule_version,
  };
  return { state, log, fact: { event_type: 'graded', schema_version: 1, payload } };
}

/**
 * Takes back the learner's own grade of a task's newest review: the grade that the evidence gave counts again. `same`
 * where there is none to take back.
 */
export function decideUngrade({ id, problem_id }: GradedTask, review: LoggedReview | null): Decision {
  if (review === null) return 'not-graded';
  if (review.newer) return 'reviewed-since';
  const { evidence } = review;
  if (review.undone || review.log.source === 'evidence' || evidence === null) return 'same';
  const payload = {
    problem_id,
    review: review.last_seq + 1,
    grade: evidence.grade,
    source: evidence.source,
    ...evidence.after,
    ...wholeReview(evidence),
    ...cardAfter(id, review),
    rule_version: evidence.rule_version,
  };
  return { state: evidence.after, log: evidence, fact: { event_type: 'graded', schema_version: 1, payload } };
}

/** Takes back a task's newest review itself: the card is again exactly what it was before. */
export function decideUndo({ id, problem_id }: GradedTask, review: LoggedReview | null): Decision {
  if (review === null) return 'not-graded';
  if (review.newer) return 'reviewed-since';
  if (review.undone) return 'same';
  const state = undo(review.log);
  const payload = {
    problem_id,
    review: review.seq,
    card: state,
    ...(state === null ? { card_version: null, ready_task_id: null } : cardAfter(id, review)),
    rule_version: REVIEW_RULE_VERSION,
  };
  return { state, log: null, fact: { event_type: 'grade_undone', schema_version: 1, payload } };
}
