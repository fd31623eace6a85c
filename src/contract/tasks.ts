import * as z from 'zod';
import { ProblemId } from './problem-bank.ts';
import { DayKey, Id, Instant, Timestamp, text } from './text.ts';
import { Difficulty, Module, TaskKind, TaskStatus } from './vocabulary.ts';

/** Bytes of a task's metadata as JSON text (decisions, section 3). */
export const METADATA_LIMIT = 16_384;

/** Keys of `metadata` that the system writes; a learner cannot set them. */
export const RESERVED_METADATA = [
  'evaluation',
  'first_score',
  'repeat',
  'compile_errors',
  'reason',
  'reason_code',
  'rule_version',
  'retry_of',
  'skip_reason',
  'review_day',
  'replanned',
] as const;

const Metadata = z.record(text(100, 1), z.json());

/** A task as the API shows it. */
export const Task = z.object({
  id: z.string(),
  path_id: z.string(),
  kind: TaskKind,
  problem_id: z.string(),
  module: Module,
  topic_tags: z.array(z.string()),
  difficulty: Difficulty,
  status: TaskStatus,
  scheduled_at: Timestamp,
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  /** The learner's day of its completion; null before it, and where days were not stored yet. */
  completed_day: DayKey.nullable(),
  expires_at: Timestamp,
  /** Best score of all attempts: passed over total of visible and hidden tests, 0 to 1; null until judged. */
  score: z.number().min(0).max(1).nullable(),
  time_spent_seconds: z.int().min(0).nullable(),
  hints_used: z.int().min(0),
  attempts: z.int().min(0),
  pending_evaluations: z.int().min(0),
  /** Sequence number of the task's newest event; `If-Match: "<version>"` guards a PATCH. */
  version: z.int().min(1),
  metadata: z.record(z.string(), z.json()),
  created_at: Timestamp,
});
export type Task = z.infer<typeof Task>;

/** Answer of a change to a task. */
export const TaskAnswer = z.object({ task: Task });
export type TaskAnswer = z.infer<typeof TaskAnswer>;

/**
 * One task of a batch. Module, tags and difficulty are those of the problem in the bank: what is stated here counts with
 * scope `co`, and for a lesson outside the bank.
 */
export const NewTask = z.strictObject({
  problem_id: ProblemId,
  kind: TaskKind.default('problem'),
  module: Module.optional(),
  topic_tags: z.array(text(60, 1)).max(40).optional(),
  difficulty: Difficulty.optional(),
  scheduled_at: Instant,
  /** Why the task was chosen, in words a learner understands. */
  reason: text(500, 1).optional(),
  /** The task that this one tries again. */
  retry_of: Id.optional(),
});
export type NewTask = z.infer<typeof NewTask>;

/** Body of `POST /v1/study-tasks/batch`: all or nothing. */
export const CreateTasks = z.strictObject({ path_id: Id, tasks: z.array(NewTask).min(1).max(500) });
export type CreateTasks = z.infer<typeof CreateTasks>;

/** Answer of the batch: ids in the order of the request. */
export const TasksCreated = z.object({ ids: z.array(z.string()) });
export type TasksCreated = z.infer<typeof TasksCreated>;

/** Body of `PATCH /v1/study-tasks/{id}`; metadata keys are merged one level deep. */
export const PatchTask = z
  .strictObject({
    status: z.enum(['in_progress', 'skipped', 'completed']).optional(),
    reason: text(500, 1).optional(),
    metadata: Metadata.refine(
      (value) => RESERVED_METADATA.every((key) => !(key in value)),
      `must not set ${RESERVED_METADATA.join(', ')}`,
    ).optional(),
    /** Active seconds as the client measured them; counts when smaller than the time since the start. */
    time_spent_seconds: z.int().min(0).max(86_400).optional(),
  })
  .refine((body) => body.reason === undefined || body.status === 'skipped', {
    path: ['reason'],
    message: 'goes with status "skipped"',
  })
  .refine((body) => body.status !== undefined || body.metadata !== undefined, {
    message: 'must change status or metadata',
  });
export type PatchTask = z.infer<typeof PatchTask>;
