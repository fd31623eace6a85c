import * as z from 'zod';
import { Problem } from './problem-bank.ts';
import { Task } from './tasks.ts';
import { DayKey, spelled, Timestamp, text } from './text.ts';
import { Module } from './vocabulary.ts';

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How a path behaves; every key has a default, unknown keys are refused. */
export const PathConfig = z.strictObject({
  /** Tasks that a new path begins with. */
  initial_tasks: z.int().min(5).max(10).default(8),
  /** Tasks scheduled for one day. */
  tasks_per_day: z.int().min(1).max(20).default(4),
  /** Hours after `scheduled_at` until an unfinished task expires (1 hour to 1 year). */
  expiry_hours: z.int().min(1).max(8760).default(168),
  /** Whether the first judged submission completes a problem, or only one that passes every test. */
  completion: z.enum(['first_attempt', 'until_passed']).default('first_attempt'),
  /** Most minutes that one task may count as time spent. */
  idle_cap_minutes: z.int().min(1).max(1440).default(120),
  /**
   * IANA name, or a fixed offset such as `+05:30`. The learner's days are those of the newest path's zone; a change counts from now on, days that were
   * practised stay what they were.
   */
  time_zone: text(64, 1)
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin, or an offset such as +05:30')
    .default('UTC'),
  /** Hour of the local clock at which a day begins: practice before it belongs to the day before. */
  day_start_hour: z.int().min(0).max(12).default(4),
  /** Problems that stand ready (scheduled or in progress); the path is topped up to as many. */
  horizon: z.int().min(1).max(50).default(8),
  /** Modules to practise, in this order; null for all of them in teaching order. */
  modules: z
    .array(Module)
    .min(1)
    .refine((modules) => new Set(modules).size === modules.length, 'must not repeat a module')
    .nullable()
    .default(null),
  /** Modules that are open whatever came before them. */
  unlocked_modules: z.array(Module).max(Module.options.length).default([]),
  /** Share of a module among the open ones, 0 to 10; modules that are not named weigh 1, those of weight 0 are left out. */
  module_weights: z.partialRecord(Module, z.number().min(0).max(10)).default({}),
  /**
   * Problems to solve in a module; fewer where the bank holds fewer. Null for the module's part of 300 by its size in the
   * bank and its weight, at least 8. The next module opens when 70 % are solved.
   */
  module_target: z.int().min(1).max(200).nullable().default(null),
  /** Most reviews of one day; the rest of a backlog waits for the days after. 0 turns reviews off. */
  reviews_per_day: z.int().min(0).max(100).default(10),
  /** Share of reviews that should succeed: higher means more reviews. */
  desired_retention: z.number().min(0.7).max(0.97).default(0.9),
  /** Hints of one task; null for as many as its learner asks for. */
  hints_per_task: z.int().min(0).max(100).nullable().default(20),
});
export type PathConfig = z.infer<typeof PathConfig>;

export const TrackId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/);

/** Body of `POST /v1/study-paths`. */
export const CreatePath = z
  .strictObject({
    track_id: TrackId.default('coding-interview-meta'),
    config: PathConfig.prefault({}),
  })
  .prefault({});
export type CreatePath = z.infer<typeof CreatePath>;

/** Keys of `PathConfig` with new values; the others stay as they are. */
export const PathConfigChange = z.strictObject(
  Object.fromEntries(
    Object.entries(PathConfig.shape).map(([key, value]) => [key, value.unwrap().optional()]),
  ),
);

const ConfigChange = z.unknown().transform((wish, context): Partial<PathConfig> => {
  const parsed = PathConfig.safeParse(wish);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      context.issues.push({ code: 'custom', path, message, input: wish });
    }
    return z.NEVER;
  }
  // Only what was named: the defaults of the rest must not undo what was set before.
  const named = new Set(Object.keys(wish as object));
  return Object.fromEntries(Object.entries(parsed.data).filter(([key]) => named.has(key)));
});

/** Body of `PATCH /v1/study-paths/{id}`: at least one key of the config. */
export const ChangePath = z.strictObject({
  config: spelled(
    ConfigChange.refine((change) => Object.keys(change).length > 0, 'must change something'),
    PathConfigChange,
  ),
});
export type ChangePath = z.infer<typeof ChangePath>;

export const StudyPath = z.object({
  id: z.string(),
  track_id: z.string(),
  config: PathConfig,
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type StudyPath = z.infer<typeof StudyPath>;

/** Answer of `PATCH /v1/study-paths/{id}`. */
export const PathChanged = z.object({ path: StudyPath });
export type PathChanged = z.infer<typeof PathChanged>;

/** Figures of one path; `accuracy` and `mean_score` are null until a problem is judged. */
export const PathStats = z.object({
  tasks: z.int(),
  by_status: z.object({
    scheduled: z.int(),
    in_progress: z.int(),
    completed: z.int(),
    skipped: z.int(),
    expired: z.int(),
  }),
  /** Tasks that passed every test (score 1), and those with a result that did not: apart from each other. */
  solved: z.int().min(0),
  attempted: z.int().min(0),
  /** Problems and reviews with score 1.0, over all that have a score. */
  accuracy: z.number().nullable(),
  mean_score: z.number().nullable(),
  hints_used: z.int(),
  time_spent_seconds: z.int(),
});
export type PathStats = z.infer<typeof PathStats>;

/** Answer of `POST /v1/study-paths`. */
export const PathCreated = z.object({
  path: StudyPath,
  /** Null in a path without tasks, for a learner who has solved all that its modules hold. */
  first_task: Task.nullable(),
  tasks: z.array(Task),
});
export type PathCreated = z.infer<typeof PathCreated>;

/** Query of `GET /v1/study-paths/current` and `GET /v1/study-tasks/next`: the newest path, or that of one track. */
export const OfTrack = z.strictObject({ track_id: TrackId.optional() });
export type OfTrack = z.infer<typeof OfTrack>;

/** Days on which the learner sent a submission or completed a lesson, over all paths. */
export const PracticeFigures = z.object({
  days: z.int().min(0),
  /**
   * Days in a row up to today; a day that has not seen practice yet does not end it until it is over, and neither does
   * one of which the learner had less than twelve hours, as on a flight over the date line.
   */
  current_streak: z.int().min(0),
  longest_streak: z.int().min(0),
  last_day: DayKey.nullable(),
  today: DayKey,
});
export type PracticeFigures = z.infer<typeof PracticeFigures>;

/** Answer of `GET /v1/study-paths/current`: `progress` is the path's, `practice` the learner's over all paths. */
export const CurrentPath = z.object({ path: StudyPath, progress: PathStats, practice: PracticeFigures });
export type CurrentPath = z.infer<typeof CurrentPath>;

/** Answer of `GET /v1/study-tasks/next`; `problem` is null while the problem bank is out of reach. */
export const NextTask = z.object({ task: Task, problem: Problem.nullable() });
export type NextTask = z.infer<typeof NextTask>;
