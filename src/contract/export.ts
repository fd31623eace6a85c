import * as z from 'zod';
import { LearnerEvent, PathEvent, TaskEvent } from './events.ts';
import { anyOf, TaskFilters } from './history.ts';
import { DifficultyState, MasteryState, ReviewLog, ReviewState } from './learning.ts';
import { StudyPath } from './paths.ts';
import { Code, Evaluation } from './submissions.ts';
import { Task } from './tasks.ts';
import { spelled, Timestamp } from './text.ts';
import { Difficulty, Module } from './vocabulary.ts';

/** A switch of a query; it may stand once. */
const flag = spelled(
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((value) => value === 'true'),
  z.boolean().default(false),
);

/** Query of `GET /v1/study-tasks/export`: the filters of the list, and how the file shall look. */
export const ExportTasks = TaskFilters.safeExtend({
  format: z.enum(['json', 'csv'], { error: 'must be json or csv' }),
  /** Of `scheduled_at`. */
  order: z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).default('asc'),
  /** Every submission with its own result: CSV has a row for each, JSON a list in each task. */
  attempts: flag,
  /**
   * `code`: the learner's own code with each submission. `replanned`: in CSV also tasks that a change of the path's config
   * has replaced before they were started; JSON always holds them.
   */
  include: anyOf(['code', 'replanned']).optional(),
  /** CSV ends with a row that holds the number of rows before it. */
  trailer: flag,
  /** CSV begins with a byte order mark, by which spreadsheets know UTF-8. */
  bom: flag,
  /** Times in CSV: RFC 3339 in UTC, or `YYYY-MM-DD HH:MM:SS` in the time zone of the newest path, for spreadsheets. */
  dates: spelled(
    z.enum(['utc', 'local'], { error: 'must be utc or local' }).default('utc'),
    z.enum(['utc', 'local']).default('utc'),
  ),
})
  .refine(({ include, attempts }) => !include?.includes('code') || attempts, {
    path: ['include'],
    message: 'goes with attempts=true for code',
  })
  .superRefine(({ format, trailer, bom, dates }, context) => {
    if (format === 'csv') return;
    const asked = { trailer, bom, dates: dates === 'local' };
    for (const [option, wanted] of Object.entries(asked))
      if (wanted) context.addIssue({ code: 'custom', path: [option], message: 'goes with format=csv' });
  });
export type ExportTasks = z.infer<typeof ExportTasks>;

const { tests: _tests, error_message: _message, ...result } = Evaluation.shape;
/** Days that exports from before they were stored do not have. */
const days = {
  day: Evaluation.shape.day.default(null),
  completed_day: Task.shape.completed_day.default(null),
};
const judging = {
  day: days.day,
  engine: z.string().nullable(),
  /** Active seconds as the client measured them. */
  time_spent_seconds: z.int().min(0).nullable(),
};

/**
 * One submission in an export: its newest result, or its newest judging while there is none. `created_at` is when it was
 * sent, however late it was judged again. `code` is there with `include=code`; null when the stored text no longer
 * opens.
 */
export const ExportedSubmission = z.object({ ...result, ...judging, code: Code.nullable().optional() });
export type ExportedSubmission = z.infer<typeof ExportedSubmission>;

/** A task in an export; `submissions` stands there with `attempts=true`, first attempt first. */
export const ExportedTask = Task.extend({
  completed_day: days.completed_day,
  submissions: z.array(ExportedSubmission).optional(),
});
export type ExportedTask = z.infer<typeof ExportedTask>;

/**
 * The JSON of `GET /v1/study-tasks/export`, version 1: tasks created until `as_of` that the filters let through, and
 * the paths that they can belong to. One document, so that a file that was cut off does not parse.
 */
export const TaskExport = z
  .object({
    schema: z.literal('study-paths/export'),
    version: z.literal(1),
    as_of: Timestamp,
    filters: z.record(z.string(), z.unknown()),
    paths: z.array(StudyPath),
    tasks: z.array(ExportedTask),
    count: z.int().min(0),
  })
  .refine(({ tasks, count }) => tasks.length === count, {
    path: ['count'],
    message: 'is not the number of tasks',
  });
export type TaskExport = z.infer<typeof TaskExport>;

/** One judging in a learner's export, with everything stored beside it. */
export const StoredJudging = Evaluation.extend({
  ...judging,
  task_id: z.string(),
  code: Code.nullable(),
});
export type StoredJudging = z.infer<typeof StoredJudging>;

/**
 * The place of an event among all events of the learner, tasks, paths and learner together; numbers between two of them
 * mean nothing. Exports from before they were part of it do not have them.
 */
const place = { position: z.int().min(0).optional() };

/** An event in a learner's export; `transcript` is what was said in a `tutor_interaction`, as JSON text. */
export const StoredEvent = z.intersection(
  TaskEvent,
  z.object({ ...place, transcript: z.string().nullable() }),
);
export type StoredEvent = z.infer<typeof StoredEvent>;

/** What happened to a path apart from its tasks, in a learner's export. */
export const StoredPathEvent = z.intersection(PathEvent, z.object(place));
export type StoredPathEvent = z.infer<typeof StoredPathEvent>;

/** What the learner knows apart from the tasks that are there, in a learner's export. */
export const StoredLearnerEvent = z.intersection(LearnerEvent, z.object(place));
export type StoredLearnerEvent = z.infer<typeof StoredLearnerEvent>;

/** Version of the rule behind a row, how often the row was written, and when last. */
const written = { rule_version: z.int().min(1), version: z.int().min(1), updated_at: Timestamp };

const { version: _masteryRule, ...rating } = MasteryState.shape;
const StoredMastery = z.object({ topic: z.string(), ...rating, ...written });

const { version: _difficultyRule, ...level } = DifficultyState.shape;
const StoredModuleState = z.object({ path_id: z.string(), module: Module, ...level, ...written });

/** The card of a problem; `task_id` is the review task that stands ready for it. */
const StoredCard = z.object({
  problem_id: z.string(),
  path_id: z.string(),
  module: Module,
  topic_tags: z.array(z.string()),
  difficulty: Difficulty,
  state: ReviewState,
  task_id: z.string().nullable(),
  ...written,
});

/** A review of a problem; `seq` counts them from 1, those that were undone among them. */
const StoredReview = z.object({
  id: z.string(),
  problem_id: z.string(),
  task_id: z.string(),
  seq: z.int().min(1),
  log: ReviewLog,
  undone_at: Timestamp.nullable(),
  created_at: Timestamp,
});

const SECTIONS = [
  'paths',
  'tasks',
  'evaluations',
  'events',
  'path_events',
  'learner_events',
  'mastery',
  'module_states',
  'review_queue',
  'review_log',
  'idempotency_keys',
] as const;

const count = z.int().min(0);

/**
 * The JSON of `GET /v1/me/export`, version 1: everything that is kept about one learner. Rows and events are the same
 * history twice: a replay of the events by `position` gives the rows.
 */
export const LearnerExport = z
  .object({
    schema: z.literal('study-paths/learner'),
    version: z.literal(1),
    as_of: Timestamp,
    learner_id: z.string(),
    paths: z.array(StudyPath),
    tasks: z.array(Task.extend({ completed_day: days.completed_day })),
    evaluations: z.array(StoredJudging),
    events: z.array(StoredEvent),
    /** Absent in older exports, like `learner_events`. */
    path_events: z.array(StoredPathEvent).default([]),
    learner_events: z.array(StoredLearnerEvent).default([]),
    mastery: z.array(StoredMastery),
    module_states: z.array(StoredModuleState),
    review_queue: z.array(StoredCard),
    review_log: z.array(StoredReview),
    idempotency_keys: z.array(z.object({ key: z.string(), created_at: Timestamp })),
    counts: z.object({
      paths: count,
      tasks: count,
      evaluations: count,
      events: count,
      path_events: count.default(0),
      learner_events: count.default(0),
      mastery: count,
      module_states: count,
      review_queue: count,
      review_log: count,
      idempotency_keys: count,
    } satisfies Record<(typeof SECTIONS)[number], z.ZodType>),
  })
  .superRefine((document, context) => {
    for (const section of SECTIONS) {
      if (document[section].length === document.counts[section]) continue;
      context.addIssue({
        code: 'custom',
        path: ['counts', section],
        message: `is not the number of ${section}`,
      });
    }
  });
export type LearnerExport = z.infer<typeof LearnerExport>;
