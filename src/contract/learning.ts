import * as z from 'zod';
import { DayKey, Timestamp } from './text.ts';
import { Difficulty } from './vocabulary.ts';

/** What a learner's mastery of a topic is called; `unknown` below three first attempts (decisions, section 7). */
export const MasteryLevel = z.enum(['unknown', 'novice', 'developing', 'proficient', 'strong']);
export type MasteryLevel = z.infer<typeof MasteryLevel>;

/**
 * Why a mastery rating is what it is. `first-evidence`: there was none before. `solved-*` / `missed-*`: all tests
 * passed / score below 0.5, against a problem that was harder, easier or about as hard as expected. `partly-*`: between
 * the two. `review-failed`: something solved before was no longer known.
 */
export const MasteryReason = z.enum([
  'first-evidence',
  'solved-harder',
  'solved-expected',
  'partly-above',
  'partly-below',
  'missed-expected',
  'missed-easier',
  'review-failed',
]);
export type MasteryReason = z.infer<typeof MasteryReason>;

/** Mastery of one topic: Elo points, first attempts behind them, version of the rule, reason of the last change. */
export const MasteryState = z.object({
  n: z.int().min(0),
  rating: z.number().min(0).max(3000),
  version: z.int().min(1),
  reason: MasteryReason,
});
export type MasteryState = z.infer<typeof MasteryState>;

/**
 * What the last result did to a module's difficulty. `start`: no result yet. `at-top` / `at-bottom`: the rule fired
 * where there is nothing harder / easier.
 */
export const DifficultyReason = z.enum([
  'start',
  'stepped-up',
  'stepped-down',
  'held',
  'at-top',
  'at-bottom',
]);
export type DifficultyReason = z.infer<typeof DifficultyReason>;

/** Difficulty that a module is practised at; `successes` in a row since the last step. */
export const DifficultyState = z.object({
  difficulty: Difficulty,
  successes: z.int().min(0).max(1),
  version: z.int().min(1),
  reason: DifficultyReason,
});
export type DifficultyState = z.infer<typeof DifficultyState>;

/**
 * Why a task was chosen. `first`: one of those that a path begins with. `within-reach`: easier than the module's level,
 * which mastery says is still far. `nearest-left`: the wanted difficulty has run out. `opened-early`: the goals of the
 * open modules are solved or planned, or they have nothing near the learner's level left. `extra-practice`: beyond the
 * module's target. `topic-turn`: weaker topics have planned tasks, or nothing left at this difficulty.
 * `same-function`, `skipped-before`, `retry`: nothing else new is left.
 */
export const SelectionCode = z.enum([
  'first',
  'stepped-up',
  'stepped-down',
  'new-module',
  'opened-early',
  'weakest-topic',
  'topic-turn',
  'new-topic',
  'at-your-level',
  'within-reach',
  'nearest-left',
  'extra-practice',
  'same-function',
  'skipped-before',
  'retry',
]);
export type SelectionCode = z.infer<typeof SelectionCode>;

/** The code is for programs, the text for the learner. */
export const SelectionReason = z.object({ code: SelectionCode, text: z.string().min(1).max(500) });
export type SelectionReason = z.infer<typeof SelectionReason>;

/** Grade of a review; `hard` is a pass, only `again` a failure. */
export const ReviewGrade = z.enum(['again', 'hard', 'good', 'easy']);
export type ReviewGrade = z.infer<typeof ReviewGrade>;

/** `evidence`: derived from tests, hints and time; `learner`: their own word instead. */
export const GradeSource = z.enum(['evidence', 'learner']);
export type GradeSource = z.infer<typeof GradeSource>;

/** Memory of one problem as FSRS sees it. `stability`: days until recall falls to 0.90; `difficulty`: 1-10. */
export const ReviewState = z.object({
  /** Beginning of the learner's day on which it falls due, by the calendar of the last review. */
  due: Timestamp,
  stability: z.number().positive(),
  difficulty: z.number().min(1).max(10),
  /** The learner's days from the last review to the one on which it falls due. */
  scheduled_days: z.int().min(1),
  reps: z.int().min(1),
  lapses: z.int().min(0),
  last_review: Timestamp,
  /** The learner's day of the last review; absent in what was written before days were stored. */
  day: DayKey.optional(),
});
export type ReviewState = z.infer<typeof ReviewState>;

/** Everything that FSRS-6 was run with; `w` are its 21 weights. */
export const ReviewParams = z.object({
  request_retention: z.number().min(0.7).max(0.97),
  /** Days. */
  maximum_interval: z.int().min(1).max(36_500),
  w: z.array(z.number()).length(21),
});
export type ReviewParams = z.infer<typeof ReviewParams>;

/** One review, complete enough to undo it, to replay it and to fit parameters to it. */
export const ReviewLog = z.object({
  rule_version: z.int().min(1),
  algorithm: z.literal('fsrs-6'),
  params: ReviewParams,
  grade: ReviewGrade,
  source: GradeSource,
  reviewed_at: Timestamp,
  /** The learner's days since the review before; null for the first one. */
  elapsed_days: z.int().min(0).nullable(),
  /** Chance of recall that the model gave just before; null for the first one. */
  retrievability: z.number().min(0).max(1).nullable(),
  /** The state that `undo` restores; null when the review created the card. */
  before: ReviewState.nullable(),
  after: ReviewState,
});
export type ReviewLog = z.infer<typeof ReviewLog>;
