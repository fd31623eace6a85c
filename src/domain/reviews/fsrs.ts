import { type Card, createEmptyCard, default_w, type FSRS, fsrs, type Grade, Rating, State } from 'ts-fsrs';
import type { GradeSource, ReviewGrade, ReviewLog, ReviewParams, ReviewState } from '#contract/learning.ts';
import {
  addDays,
  type Calendar,
  type CalendarRule,
  calendarOfRule,
  dayOfKey,
  daysBetween,
  dueDayOf,
  keyOf,
  lastDayOf,
  STANDARD_CALENDAR,
} from '../calendar.ts';

/** Version of how reviews are graded and scheduled; part of every log entry. */
export const REVIEW_RULE_VERSION = 3;

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

/** When a review happens: the instant (RFC 3339), the learner's day, and the calendar by which its due day begins. */
export type ReviewMoment = { at: string; day: string; calendar: Calendar };

/** The moment of an instant by a calendar, the standard one unless another is given. */
export function momentOf(at: string, rule: CalendarRule = STANDARD_CALENDAR): ReviewMoment {
  const calendar = calendarOfRule(rule);
  return { at, day: keyOf(calendar.dayOf(Date.parse(at))), calendar };
}

// FSRS counts days between dates in UTC: given the learner's days as such dates, it counts the learner's days.
function toCard(state: ReviewState): Card {
  return {
    ...state,
    due: new Date(dueDayOf(state)),
    last_review: new Date(lastDayOf(state)),
    elapsed_days: 0,
    learning_steps: 0,
    state: State.Review,
  };
}

function fromCard(card: Card, { at, day, calendar }: ReviewMoment): ReviewState {
  const { stability, difficulty, scheduled_days, reps, lapses } = card;
  const begins = calendar.startOf(dayOfKey(addDays(day, scheduled_days)));
  return {
    due: new Date(begins).toISOString(),
    stability,
    difficulty,
    scheduled_days,
    reps,
    lapses,
    last_review: new Date(at).toISOString(),
    day,
  };
}

/** The learner's days from a card's last review to a day; 0 for an earlier one, as after a flight westwards. */
function elapsedDays(state: ReviewState, day: string): number {
  return Math.max(0, daysBetween(lastDayOf(state), day));
}

/** Chance of recall on a day of the learner, 0 to 1, by the forgetting curve of FSRS-6. */
export function retrievability(state: ReviewState, day: string, params: ReviewParams): number {
  return scheduler(params).forgetting_curve(elapsedDays(state, day), state.stability);
}

/**
 * Grades a problem: creates its card when `state` is null, else schedules it again with FSRS-6 (Ye et al. 2022, "A
 * Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", and the FSRS-6 of ts-fsrs), short-term
 * steps and fuzz off: the next review is at least a day away. Days are the learner's.
 * @throws RangeError when the moment lies before the last review.
 */
export function review(
  state: ReviewState | null,
  grade: ReviewGrade,
  moment: ReviewMoment,
  params: ReviewParams,
  source: GradeSource = 'evidence',
): { state: ReviewState; log: ReviewLog } {
  const { at, day } = moment;
  if (state !== null && Date.parse(at) < Date.parse(state.last_review))
    throw new RangeError('a review cannot lie before the one that it follows');
  const engine = scheduler(params);
  const elapsed = state === null ? null : elapsedDays(state, day);
  const on = new Date(state === null || elapsed === null ? day : addDays(lastDayOf(state), elapsed));
  const card = state === null ? createEmptyCard(on) : toCard(state);
  const after = fromCard(engine.next(card, on, RATINGS[grade]).card, moment);
  const log: ReviewLog = {
    rule_version: REVIEW_RULE_VERSION,
    algorithm: 'fsrs-6',
    params,
    grade,
    source,
    reviewed_at: new Date(at).toISOString(),
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

/**
 * The same review on its day with the learner's own grade instead: what follows from undoing it and grading it again.
 * @param calendar the learner's, by which the day begins on which it falls due.
 */
export function regrade(
  log: ReviewLog,
  grade: ReviewGrade,
  calendar: Calendar,
): { state: ReviewState; log: ReviewLog } {
  const moment = { at: log.reviewed_at, day: lastDayOf(log.after), calendar };
  return review(log.before, grade, moment, log.params, 'learner');
}

/**
 * Computes a card anew from its reviews, oldest first, each with the parameters that it was made with. Reviews that
 * were undone must not be among them.
 * @returns null for a card without reviews.
 */
export function replay(
  logs: readonly Pick<ReviewLog, 'grade' | 'reviewed_at' | 'params' | 'source' | 'after'>[],
  calendar: Calendar = calendarOfRule(STANDARD_CALENDAR),
): ReviewState | null {
  let state: ReviewState | null = null;
  for (const { grade, reviewed_at: at, params, source, after } of logs)
    state = review(state, grade, { at, day: lastDayOf(after), calendar }, params, source).state;
  return state;
}
