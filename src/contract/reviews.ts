import * as z from 'zod';
import { GradeSource, ReviewGrade } from './learning.ts';
import { ProblemSummary } from './problem-bank.ts';
import { Task } from './tasks.ts';
import { DayKey, spelled, Timestamp } from './text.ts';
import { Difficulty, Module } from './vocabulary.ts';

/** Days that a list of reviews may look ahead. */
const MOST_DAYS = 90;

const single = z.string({ error: 'must be given once' }).min(1, 'must not be empty');

/** Query of `GET /v1/study-tasks/review-due`. `within` counts the learner's days after today; `0d` is what is due by today. */
export const ListDueReviews = z.strictObject({
  within: single
    .regex(/^(0|[1-9][0-9]?)d$/, `must be a number of days between 0d and ${MOST_DAYS}d`)
    .transform((value) => Number.parseInt(value, 10))
    .refine((days) => days <= MOST_DAYS, `must be a number of days between 0d and ${MOST_DAYS}d`)
    .prefault('0d'),
  limit: spelled(
    single
      .regex(/^([1-9]|[1-9][0-9]|1[0-9]{2}|200)$/, 'must be between 1 and 200')
      .transform(Number)
      .prefault('50'),
    z.int().min(1).max(200).default(50),
  ),
  cursor: single.optional(),
});
export type ListDueReviews = z.infer<typeof ListDueReviews>;

/** Memory of a problem as FSRS sees it: stability in days, difficulty 1 to 10, chance of recall now (0 to 1). */
export const Memory = z.object({
  stability: z.number().positive(),
  difficulty: z.number().min(1).max(10),
  reps: z.int().min(1),
  lapses: z.int().min(0),
  retrievability: z.number().min(0).max(1),
});
export type Memory = z.infer<typeof Memory>;

/** A problem to come back to. */
export const DueReview = z.object({
  problem_id: z.string(),
  module: Module,
  topic_tags: z.array(z.string()),
  difficulty: Difficulty,
  /** The learner's day on which it falls due, and when that day begins. */
  due_on: DayKey,
  due_at: Timestamp,
  /** The learner's days since that one; 0 on that day and before it. */
  overdue_days: z.int().min(0),
  state: Memory,
  /** The review that stands ready for it: scheduled or in progress. Null until the cron makes one. */
  task: Task.nullable(),
  /** When its review is scheduled, or will be with so many a day; null where reviews are turned off. */
  planned_at: Timestamp.nullable(),
  /** Null while the problem bank is out of reach, or when it no longer has the problem. */
  problem: ProblemSummary.nullable(),
});
export type DueReview = z.infer<typeof DueReview>;

/** Answer of the list, what fell due first coming first; `next_cursor` is null on the last page. */
export const DueReviewPage = z.object({ data: z.array(DueReview), next_cursor: z.string().nullable() });
export type DueReviewPage = z.infer<typeof DueReviewPage>;

/** Body of `POST /v1/study-tasks/{id}/grade`: the learner's own word instead of what the evidence said. */
export const GradeTask = z.strictObject({ grade: ReviewGrade });
export type GradeTask = z.infer<typeof GradeTask>;

/**
 * Answer of a grade and of undoing it or its review. `grade` and `source` are null for a review that is undone; `due_on`,
 * `due_at` and `state` are null when that had been the problem's first, so that nothing is remembered of it.
 */
export const GradedTask = z.object({
  task: Task,
  grade: ReviewGrade.nullable(),
  source: GradeSource.nullable(),
  due_on: DayKey.nullable(),
  due_at: Timestamp.nullable(),
  state: Memory.nullable(),
});
export type GradedTask = z.infer<typeof GradedTask>;

const Load = z.object({
  /** Reviews that fall due, each card counted once, for its next review. */
  due: z.int().min(0),
  /** Reviews that `reviews_per_day` leaves room for. */
  planned: z.int().min(0),
  /** Reviews that wait at the end. */
  backlog: z.int().min(0),
});

const Retention = z.object({
  reviews: z.int().min(0),
  passed: z.int().min(0),
  /** `passed` over `reviews`, null without any. */
  rate: z.number().min(0).max(1).nullable(),
});

/** A learner's reviews over all paths, by the learner's days and the cap of the newest path. */
export const ReviewProgress = z.object({
  /** Problems that are due by today, with a task or without. */
  due_now: z.int().min(0),
  /** What has no task yet: today and the 89 days after it, and sums over 7, 30 and 90 days. */
  forecast: z.object({
    /** Due before today; they count as due today. */
    overdue: z.int().min(0),
    days: z.array(Load.extend({ date: DayKey })),
    spans: z.array(Load.extend({ days: z.int() })),
  }),
  /** Share of reviews that were passed; mature problems had rested for 21 days or more. Of the newest 5,000 reviews. */
  retention: z.array(
    z.object({
      period: z.enum(['today', 'week', 'month', 'year', 'all']),
      young: Retention,
      mature: Retention,
      all: Retention,
    }),
  ),
});
export type ReviewProgress = z.infer<typeof ReviewProgress>;
