import * as z from 'zod';
import { StreamOutcome } from './hints.ts';
import {
  DifficultyReason,
  GradeSource,
  MasteryReason,
  MasteryState,
  ReviewGrade,
  ReviewState,
} from './learning.ts';
import { Timestamp } from './text.ts';
import { Difficulty, Language, Module, TaskKind, TaskStatus, Verdict } from './vocabulary.ts';

/** Who caused an event: the learner, the orchestrator's batch in the learner's name, or a cron job. */
export const Actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('learner') }),
  z.object({ type: z.literal('system'), job: z.string() }),
]);
export type Actor = z.infer<typeof Actor>;

function event<const Type extends string, Payload extends z.ZodRawShape>(event_type: Type, payload: Payload) {
  return z.object({
    event_type: z.literal(event_type),
    schema_version: z.literal(1),
    payload: z.strictObject(payload),
  });
}

const judged = {
  evaluation_id: z.string(),
  submission_id: z.string(),
  attempt: z.int().min(1),
  run: z.int().min(1),
};

/**
 * Everything that can happen to a task: a closed union, the only door into `task_events`. Payloads hold outcomes, so
 * that a replay reads no clock and draws no random number. Of a learner's texts they hold a skip's reason and own
 * metadata; code, questions and transcripts never.
 */
export const TaskFact = z.discriminatedUnion('event_type', [
  event('created', {
    path_id: z.string(),
    kind: TaskKind,
    problem_id: z.string(),
    module: Module,
    topic_tags: z.array(z.string()),
    difficulty: Difficulty,
    scheduled_at: Timestamp,
    expires_at: Timestamp,
    metadata: z.record(z.string(), z.json()),
  }),
  event('started', { started_at: Timestamp, expires_at: Timestamp }),
  event('submitted', {
    ...judged,
    language: Language,
    /** Size of the code in UTF-8 bytes. */
    code_bytes: z.int().min(1),
    time_spent_seconds: z.int().min(0).nullable(),
  }),
  event('evaluation_requested', judged),
  event('evaluated', {
    ...judged,
    verdict: Verdict,
    test_cases_passed: z.int().min(0),
    test_cases_total: z.int().min(1),
    score: z.number().min(0).max(1),
    runtime_ms: z.number().min(0),
    memory_mb: z.number().min(0),
    content_hash: z.string(),
    tests_hash: z.string(),
    engine: z.string(),
    /** Best score of the task and `metadata` keys after this result. */
    best_score: z.number().min(0).max(1),
    first_score: z.number().min(0).max(1),
    rule_version: z.int().min(1),
  }),
  event('evaluation_failed', { ...judged, verdict: z.literal('IE'), cause: z.string() }),
  event('hint_requested', { hint_id: z.string(), level: z.int().min(1), hints_used: z.int().min(1) }),
  event('tutor_interaction', {
    hint_id: z.string(),
    level: z.int().min(1),
    outcome: StreamOutcome,
    duration_ms: z.int().min(0),
    bytes: z.int().min(0),
    /** SHA-256 (hex) of the sealed transcript beside the payload; null when nothing was received. */
    transcript_sha256: z.string().nullable(),
  }),
  event('status_changed', {
    from: TaskStatus,
    to: TaskStatus,
    at: Timestamp,
    reason: z.string().nullable(),
    time_spent_seconds: z.int().min(0).nullable(),
  }),
  event('metadata_changed', { metadata: z.record(z.string(), z.json()) }),
  /** `rating_before` is null for a topic without evidence. */
  event('mastery_changed', {
    changes: z
      .array(
        z.strictObject({
          topic: z.string(),
          rating_before: MasteryState.shape.rating.nullable(),
          rating: MasteryState.shape.rating,
          n: MasteryState.shape.n,
          reason: MasteryReason,
        }),
      )
      .min(1),
    rule_version: z.int().min(1),
  }),
  /** The module's next problems are harder or easier; a result that only counts towards that raises no event. */
  event('difficulty_changed', {
    module: Module,
    from: Difficulty,
    to: Difficulty,
    reason: DifficultyReason,
    rule_version: z.int().min(1),
  }),
  /** The problem's review card after it: `due` to `last_review`. `review` counts the reviews of the card from 1. */
  event('graded', {
    problem_id: z.string(),
    review: z.int().min(1),
    grade: ReviewGrade,
    source: GradeSource,
    ...ReviewState.shape,
    rule_version: z.int().min(1),
  }),
  /** `review` as the undone one's `graded` says; `card` is the state before it, null when it had been the first. */
  event('grade_undone', {
    problem_id: z.string(),
    review: z.int().min(1),
    card: ReviewState.nullable(),
    rule_version: z.int().min(1),
  }),
]);
export type TaskFact = z.infer<typeof TaskFact>;
export type EventType = TaskFact['event_type'];

/** A fact as the log keeps it; `seq` counts from 1 without gaps and equals the task's version at that moment. */
export const TaskEvent = z.intersection(
  TaskFact,
  z.object({
    id: z.string(),
    task_id: z.string(),
    seq: z.int().min(1),
    actor: Actor,
    request_id: z.string().nullable(),
    occurred_at: Timestamp,
    created_at: Timestamp,
  }),
);
export type TaskEvent = z.infer<typeof TaskEvent>;
