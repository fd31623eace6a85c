import * as z from 'zod';
import { StreamOutcome } from './hints.ts';
import {
  DifficultyReason,
  DifficultyState,
  GradeSource,
  MasteryReason,
  MasteryState,
  ReviewGrade,
  ReviewLog,
  ReviewState,
} from './learning.ts';
import { HiddenTests } from './submissions.ts';
import { DayKey, Timestamp } from './text.ts';
import { Difficulty, Language, Module, TaskKind, TaskStatus, Verdict } from './vocabulary.ts';

/** Who caused an event: the learner, the Curriculum Orchestrator in the learner's name (scope `co`), or a cron job. */
export const Actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('learner') }),
  z.object({ type: z.literal('co') }),
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

/** The learner's day on which it happened; absent in events from before days were stored, and in those of crons. */
const day = DayKey.optional();

/** Counts how often a row was written; what an event says of it is the row as this version. */
const rowVersion = z.int().min(1);

/** The review card after an event: its version, and the review task that stands ready for it. */
const card = { card_version: rowVersion.nullable(), ready_task_id: z.string().nullable() };

const { version: _rule, ...level } = DifficultyState.shape;

const judged = {
  evaluation_id: z.string(),
  submission_id: z.string(),
  attempt: z.int().min(1),
  run: z.int().min(1),
};

/**
 * Keys of a payload that hold what somebody typed. The database keeps them beside the hashed payload, with a salt, and
 * puts `personal_sha256` in their place; the API shows them where they were.
 */
export const PERSONAL_KEYS = {
  created: 'metadata',
  metadata_changed: 'metadata',
  status_changed: 'reason',
} as const;

/**
 * Everything that can happen to a task: a closed union, the only door into `task_events`. Payloads hold outcomes, so
 * that a replay reads no clock and draws no random number, and all of them: a column of a task, of its evaluations, of
 * mastery, module states, review cards or reviews that no event tells of is not part of the truth (replay/). Of a
 * learner's texts they hold a skip's reason and own metadata; code, questions and transcripts never.
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
    /** Of the review card that the task was made for; its `ready_task_id` is this task. */
    card_version: rowVersion.optional(),
  }),
  event('started', { started_at: Timestamp, expires_at: Timestamp }),
  event('submitted', {
    ...judged,
    language: Language,
    /** Size of the code in UTF-8 bytes. */
    code_bytes: z.int().min(1),
    time_spent_seconds: z.int().min(0).nullable(),
    day,
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
    hidden: HiddenTests.nullable(),
    content_hash: z.string(),
    engine: z.string(),
    /** Best and first score of the task after this judging; null while it has no result. A CE changes neither. */
    best_score: z.number().min(0).max(1).nullable(),
    first_score: z.number().min(0).max(1).nullable(),
    /** With the first result of a task whose problem the learner had a result of before: it is no first attempt. */
    repeat: z.literal(true).optional(),
    /** Submissions of the task that did not compile, after this judging. Rule version 1 counted a CE as a result. */
    compile_errors: z.int().min(0).optional(),
    rule_version: z.int().min(1),
  }),
  /** Nobody could judge it: `cause` is `no-result-in-24-hours`, `three-judge-faults`, or another one of an import. */
  event('evaluation_failed', { ...judged, verdict: z.literal('IE'), cause: z.string() }),
  event('hint_requested', { hint_id: z.string(), level: z.int().min(1), hints_used: z.int().min(1) }),
  event('tutor_interaction', {
    hint_id: z.string(),
    level: z.int().min(1),
    outcome: StreamOutcome,
    duration_ms: z.int().min(0),
    bytes: z.int().min(0),
    /**
     * SHA-256 (hex) of the transcript, a JSON text that is kept encrypted elsewhere and holds a random salt: it binds
     * the transcript to the log without telling of it. Null when nothing was received.
     */
    transcript_sha256: z.string().nullable(),
  }),
  event('status_changed', {
    from: TaskStatus,
    to: TaskStatus,
    at: Timestamp,
    reason: z.string().nullable(),
    time_spent_seconds: z.int().min(0).nullable(),
    day,
    /** The task was not started and a change of its path's config has replaced it. */
    replanned: z.literal(true).optional(),
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
          version: rowVersion,
        }),
      )
      .min(1),
    rule_version: z.int().min(1),
    /** The task's module in its path after a first attempt that counts for its difficulty. */
    level: z.strictObject({ ...level, rule_version: z.int().min(1), version: rowVersion }).nullable(),
  }),
  /** The module's next problems are harder or easier; a result that only counts towards that raises no event. */
  event('difficulty_changed', {
    module: Module,
    from: Difficulty,
    to: Difficulty,
    reason: DifficultyReason,
    rule_version: z.int().min(1),
  }),
  /**
   * The problem's review card after it: `due` to `last_review`; it belongs to the task's path now. `review` counts the
   * reviews of the card from 1. With `params`, `before` and the two figures it is the whole review (`ReviewLog`).
   */
  event('graded', {
    problem_id: z.string(),
    review: z.int().min(1),
    grade: ReviewGrade,
    source: GradeSource,
    ...ReviewState.shape,
    ...ReviewLog.pick({ params: true, elapsed_days: true, retrievability: true, before: true }).shape,
    ...card,
    rule_version: z.int().min(1),
  }),
  /** `review` as the undone one's `graded` says; `card` is the state before it, null when it had been the first. */
  event('grade_undone', {
    problem_id: z.string(),
    review: z.int().min(1),
    card: ReviewState.nullable(),
    ...card,
    rule_version: z.int().min(1),
  }),
  /** What was typed in the events before it, the transcripts and programs' output are gone: so many texts. The chain stays. */
  event('erased', { texts: z.int().min(1) }),
]);
export type TaskFact = z.infer<typeof TaskFact>;
export type EventType = TaskFact['event_type'];

const recorded = {
  id: z.string(),
  seq: z.int().min(1),
  actor: Actor,
  request_id: z.string().nullable(),
  occurred_at: Timestamp,
  /** When the log took it, by the database's clock. */
  created_at: Timestamp,
};

/** A fact as the log keeps it; `seq` counts from 1 without gaps and equals the task's version at that moment. */
export const TaskEvent = z.intersection(TaskFact, z.object({ ...recorded, task_id: z.string() }));
export type TaskEvent = z.infer<typeof TaskEvent>;

const Config = z.record(z.string(), z.json());

/** What happens to a path apart from its tasks; `config` of a change names the keys that it sets. */
export const PathFact = z.discriminatedUnion('event_type', [
  event('path_created', { track_id: z.string(), config: Config }),
  event('path_changed', { config: Config }),
]);
export type PathFact = z.infer<typeof PathFact>;

const written = { rule_version: z.int().min(1), version: rowVersion, updated_at: Timestamp };
const { version: _masteryRule, ...rating } = MasteryState.shape;
const keptMastery = z.array(z.strictObject({ topic: z.string(), ...rating, ...written }));

/**
 * What a learner knows apart from the tasks that are there. `learning_kept`: a path was erased with its events; the
 * mastery that came from it stays, the cards of `forgotten` problems are gone, those of `released` ones have lost the
 * task that stood ready. `learning_restored`: an import has
 * brought rows, and these are all of the learner's since; of the reviews it names those that count.
 */
export const LearnerFact = z.discriminatedUnion('event_type', [
  event('learning_kept', {
    mastery: keptMastery,
    forgotten: z.array(z.string()),
    released: z.array(z.strictObject({ problem_id: z.string(), version: rowVersion })),
  }),
  event('learning_restored', {
    mastery: keptMastery,
    modules: z.array(z.strictObject({ path_id: z.string(), module: Module, ...level, ...written })),
    cards: z.array(
      z.strictObject({
        problem_id: z.string(),
        path_id: z.string(),
        module: Module,
        topic_tags: z.array(z.string()),
        difficulty: Difficulty,
        state: ReviewState,
        ready_task_id: z.string().nullable(),
        ...written,
      }),
    ),
    reviews: z.array(z.strictObject({ problem_id: z.string(), review: z.int().min(1), task_id: z.string() })),
  }),
]);
export type LearnerFact = z.infer<typeof LearnerFact>;

/** A fact of a path as the log keeps it; `seq` counts the path's own facts from 1. */
export const PathEvent = z.intersection(PathFact, z.object({ ...recorded, path_id: z.string() }));
export type PathEvent = z.infer<typeof PathEvent>;

/** A fact of a learner as the log keeps it; `seq` counts the learner's own facts from 1. */
export const LearnerEvent = z.intersection(LearnerFact, z.object(recorded));
export type LearnerEvent = z.infer<typeof LearnerEvent>;
