import { type Card, createEmptyCard, default_w, type FSRS, fsrs, type Grade, Rating, State } from 'ts-fsrs';
import type { GradeSource, ReviewGrade, ReviewLog, ReviewParams, ReviewState } from '#contract/learning.ts';

/** Version of how reviews are graded and scheduled; part of every log entry. */
export const REVIEW_RULE_VERSION = 2;

const RATINGS = {
  again: Rating.Again,
  hard: Rating.Hard,
  good: Rating.Good,
  easy: Rating.Easy,
} as const satisfies Record<ReviewGrade, Grade>;

/** Longest interval in days: an interview is months away, so nothing rests longer than a year. */
const MAXIMUM_INTERVAL = 365;

/**
 * Parameters for a path that wants this share of its reviews to succeed (0.70 to 0.97): the default weights of FSRS-6
 * (open-spaced-repetition, fitted to some 10,000 Anki collections).
 */
export function reviewParams(desiredRetention: number): ReviewParams {
  return { request_retention: desiredRetention, maximum_interval: MAXIMUM_INTERVAL, w: [...default_w] };
}

/** One for all cards of a plan: making one costs more than what it is asked. */
const schedulers = new WeakMap<ReviewParams, FSRS>();

function scheduler(params: ReviewParams): FSRS {
  const known = schedulers.get(params);
  if (known !== undefined) return known;
  // Steps of minutes make no sense for problems of half an hour, and fuzz would make a replay differ.
  const made = fsrs({
    ...params,
    enable_short_term: false,
    enable_fuzz: false,
    learning_steps: [],
    relearning_steps: [],
  });
  schedulers.set(params, made);
  return made;
}

function toCard(state: ReviewState): Card {
  return {
    ...state,
    due: new Date(state.due),
    last_review: new Date(state.last_review),
    elapsed_days: 0,
    learning_steps: 0,
    state: State.Review,
  };
}

function fromCard(card: Card, at: string): ReviewState {
  const { stability, difficulty, scheduled_days, reps, lapses } = card;
  return {
    due: card.due.toISOString(),
    stability,
    difficulty,
    scheduled_days,
    reps,
    lapses,
    last_review: new Date(at).toISOString(),
  };
}

/** Whole days between two instants by the calendar in UTC, as FSRS counts them; never below 0. */
function elapsedDays(from: string, to: string): number {
  const day = (at: string) => Math.floor(Date.parse(at) / 86_400_000);
  return Math.max(0, day(to) - day(from));
}

/** Chance of recall at `now`, 0 to 1, by the forgetting curve of FSRS-6. */
export function retrievability(state: ReviewState, now: string, params: ReviewParams): number {
  return scheduler(params).forgetting_curve(elapsedDays(state.last_review, now), state.stability);
}

/**
 * Grades a problem at `now` (RFC 3339): creates its card when `state` is null, else schedules it anew with FSRS-6
 * (Ye et al. 2022, "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", and the FSRS-6
 * of ts-fsrs), short-term steps and fuzz off: the next review is at least a day away.
 * @throws RangeError when `now` lies before the last review.
 */
export function review(
  state: ReviewState | null,
  grade: ReviewGrade,
  now: string,
  params: ReviewParams,
  source: GradeSource = 'evidence',
): { state: ReviewState; log: ReviewLog } {
  if (state !== null && Date.parse(now) < Date.parse(state.last_review))
    throw new RangeError('a review cannot lie before the one that it follows');
  const engine = scheduler(params);
  const card = state === null ? createEmptyCard(new Date(now)) : toCard(state);
  const after = fromCard(engine.next(card, new Date(now), RATINGS[grade]).card, now);
  const elapsed = state === null ? null : elapsedDays(state.last_review, now);
  const log: ReviewLog = {
    rule_version: REVIEW_RULE_VERSION,
    algorithm: 'fsrs-6',
    params,
    grade,
    source,
    reviewed_at: new Date(now).toISOString(),
    elapsed_days: elapsed,
    retrievability:
      state === null || elapsed === null ? null : engine.forgetting_curve(elapsed, state.stability),
    before: state,
    after,
  };
  return { state: after, log };
}

/** The state before a logged review, exactly; null when that review created the card, which then goes away. */
export function undo(log: ReviewLog): ReviewState | null {
  return log.before;
}

/** The same review with the learner's own grade instead: what follows from undoing it and grading it again. */
export function regrade(log: ReviewLog, grade: ReviewGrade): { state: ReviewState; log: ReviewLog } {
  return review(log.before, grade, log.reviewed_at, log.params, 'learner');
}

/**
 * Computes a card anew from its reviews, oldest first, each with the parameters that it was made with. Reviews that
 * were undone must not be among them.
 * @returns null for a card without reviews.
 */
export function replay(
  logs: readonly Pick<ReviewLog, 'grade' | 'reviewed_at' | 'params' | 'source'>[],
): ReviewState | null {
  let state: ReviewState | null = null;
  for (const { grade, reviewed_at, params, source } of logs)
    state = review(state, grade, reviewed_at, params, source).state;
  return state;
}
