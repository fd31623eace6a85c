import * as z from 'zod';
import { MasteryLevel, MasteryReason } from './learning.ts';
import { PathStats, PracticeFigures } from './paths.ts';
import { ReviewProgress } from './reviews.ts';
import { DayKey, Instant } from './text.ts';
import { Module } from './vocabulary.ts';

/** Share of `n` judged tasks; null where there are too few to say. */
export const Accuracy = z.object({ n: z.int().min(0), rate: z.number().min(0).max(1).nullable() });
export type Accuracy = z.infer<typeof Accuracy>;

/** Figures over a set of tasks. Judged are problems and reviews with a score; lessons never are. */
export const ProgressFigures = z.object({
  tasks: z.int().min(0),
  by_status: PathStats.shape.by_status,
  solved: PathStats.shape.solved,
  attempted: PathStats.shape.attempted,
  /**
   * First attempts that passed every test. A problem has one over all of the learner's paths, its first result: retries
   * and reviews have none. Of a problem that was met here before an import the result that is here stays the first one,
   * and what the import brings is a repeat, even if it happened earlier.
   */
  first_try: Accuracy,
  /** Judged tasks of which some submission passed every test. */
  eventual: Accuracy,
  /** Mean of the best scores of the judged tasks, null without any. */
  mean_score: z.number().min(0).max(1).nullable(),
  hints_used: z.int().min(0),
  time_spent_seconds: z.int().min(0),
});
export type ProgressFigures = z.infer<typeof ProgressFigures>;

/** What the learner is known to know, over all paths; `rating` and `reason` are null without any evidence. */
export const TopicMastery = z.object({
  level: MasteryLevel,
  /** Elo points, 0 to 3000: 1500 solves every second problem of difficulty 3. */
  rating: z.number().min(0).max(3000).nullable(),
  /** First attempts behind it; the level is `unknown` below three. */
  n: z.int().min(0),
  /** Of the last change. */
  reason: MasteryReason.nullable(),
});
export type TopicMastery = z.infer<typeof TopicMastery>;

export const ModuleProgress = ProgressFigures.extend({
  module: Module,
  /** Different problems of the module that passed every test, and those with a result that never did. */
  problems_solved: z.int().min(0),
  problems_attempted: z.int().min(0),
  /** Problems that the bank holds in the module; null while the bank is out of reach. */
  module_size: z.int().min(0).nullable(),
  /** `problems_solved` over `module_size`, at most 1; null without a size. */
  completion_rate: z.number().min(0).max(1).nullable(),
  mastery: TopicMastery,
});
export type ModuleProgress = z.infer<typeof ModuleProgress>;

export const TopicProgress = ProgressFigures.extend({
  topic: z.string(),
  /** True with fewer than 3 judged tasks: both rates are null then. A rate over fewer than 3 is null in any case. */
  not_enough_data: z.boolean(),
  mastery: TopicMastery,
});
export type TopicProgress = z.infer<typeof TopicProgress>;

/** The learner's practice over all paths, day by day. */
export const Practice = PracticeFigures.extend({
  /**
   * Days with practice from 370 days before today on, oldest first, with the quarters of an hour that saw any. After a
   * flight westwards the last one may be a day ahead of today.
   */
  activity: z.array(z.object({ date: DayKey, quarters: z.int().min(1).max(288) })),
});
export type Practice = z.infer<typeof Practice>;

/** Reviews of the path that stand ready, by the learner's days; `days` are today and the six days after it. */
export const ReviewForecast = z.object({
  /** Scheduled for a day before today and still waiting. */
  overdue: z.int().min(0),
  days: z.array(z.object({ date: DayKey, reviews: z.int().min(0) })),
});
export type ReviewForecast = z.infer<typeof ReviewForecast>;

/**
 * Query of `GET /v1/study-paths/{id}/progress`. `as_of` is a moment that is not in the future: the answer is then made of
 * what the log had recorded up to it, and `today` and everything ahead are meant from there.
 */
export const ShowProgress = z.strictObject({ as_of: Instant.optional() });
export type ShowProgress = z.infer<typeof ShowProgress>;

/** Answer of `GET /v1/study-paths/{id}/progress`. */
export const Progress = z.object({
  path_id: z.string(),
  /** The learner's calendar, that of the newest path. */
  time_zone: z.string(),
  day_start_hour: z.int().min(0).max(12),
  totals: ProgressFigures,
  /** All 14 modules in teaching order. */
  modules: z.array(ModuleProgress),
  /** Topic tags with the most tasks first, at most 200. */
  topics: z.array(TopicProgress),
  practice: Practice,
  upcoming_reviews: ReviewForecast,
  reviews: ReviewProgress,
});
export type Progress = z.infer<typeof Progress>;
