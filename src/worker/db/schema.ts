import { sql } from 'drizzle-orm';
import {
  bigint,
  bit,
  check,
  customType,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { DifficultyReason, MasteryReason } from '#contract/learning.ts';
import { EvaluationStatus, Language, Module, TaskKind, TaskStatus, Verdict } from '#contract/vocabulary.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** One order of all events, of tasks, paths and learners: drawn while the rows that an event is about are locked. */
export const logPositions = pgSequence('log_positions');
const position = () =>
  bigint('position', { mode: 'number' }).notNull().default(sql`nextval('log_positions')`);

/** What every event has. Triggers chain the rows of a stream and refuse to change them (drizzle/0006_log_chain.sql). */
const eventColumns = () => ({
  position: position(),
  eventType: varchar('event_type', { length: 40 }).notNull(),
  schemaVersion: smallint('schema_version').notNull().default(1),
  payload: jsonb('payload').notNull(),
  actor: jsonb('actor').notNull(),
  requestId: varchar('request_id', { length: 100 }),
  occurredAt: instant('occurred_at').notNull(),
  /** When the log took it, by the database's clock; never before the event in front of it. */
  createdAt: instant('created_at').notNull(),
  /** SHA-256 of the event in front of it (zeros for the first), and of that together with this one. */
  prevHash: bytes('prev_hash').notNull(),
  hash: bytes('hash').notNull(),
});

/** `column in ('a', 'b')` as SQL text: a check constraint takes no parameters. */
function oneOf(column: string, values: readonly string[]) {
  return sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(', ')})`);
}

export const studyPaths = pgTable(
  'study_paths',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: varchar('user_id', { length: 255 }).notNull(),
    trackId: varchar('track_id', { length: 100 }).notNull().default('coding-interview-meta'),
    config: jsonb('config').notNull().default({}),
    /** Rises with everything that decides which problems come next: whoever chose on an older one chooses again. */
    planVersion: integer('plan_version').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('idx_study_paths_user').on(t.userId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
  ],
);

export const studyTasks = pgTable(
  'study_tasks',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    pathId: uuid('path_id').notNull(),
    kind: varchar('kind', { length: 20 }).notNull().default('problem'),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    topicTags: text('topic_tags').array().notNull().default(sql`'{}'`),
    difficulty: integer('difficulty').notNull(),
    scheduledAt: instant('scheduled_at').notNull(),
    startedAt: instant('started_at'),
    completedAt: instant('completed_at'),
    expiresAt: instant('expires_at').notNull(),
    status: varchar('status', { length: 20 }).notNull().default('scheduled'),
    score: doublePrecision('score'),
    timeSpentSeconds: integer('time_spent_seconds'),
    hintsUsed: integer('hints_used').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    pendingEvaluations: integer('pending_evaluations').notNull().default(0),
    version: integer('version').notNull().default(1),
    metadata: jsonb('metadata').notNull().default({}),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Number and hash of its newest event, set by the log alone; at commit `log_seq` is the version. */
    logSeq: integer('log_seq').notNull().default(0),
    logHash: bytes('log_hash'),
  },
  (t) => [
    foreignKey({
      name: 'study_tasks_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
    check('study_tasks_kind', oneOf('kind', TaskKind.options)),
    check('study_tasks_module', oneOf('module', Module.options)),
    check('study_tasks_status', oneOf('status', TaskStatus.options)),
    check('study_tasks_difficulty', sql.raw('difficulty between 1 and 5')),
    check('study_tasks_score', sql.raw('score between 0 and 1')),
    check('study_tasks_counters', sql.raw('hints_used >= 0 and attempts >= 0 and pending_evaluations >= 0')),
    check('study_tasks_version', sql.raw('version >= 1')),
    check('study_tasks_time_spent', sql.raw('time_spent_seconds >= 0')),
    // A task that is under way has a start, one that is done an end; nothing else may claim either.
    check('study_tasks_started', sql.raw(`status <> 'in_progress' or started_at is not null`)),
    check('study_tasks_completed', sql.raw(`(status = 'completed') = (completed_at is not null)`)),
    index('idx_study_tasks_path_schedule').on(t.pathId, t.scheduledAt, t.id),
    index('idx_study_tasks_path_module').on(t.pathId, t.module, t.status, t.scheduledAt, t.id),
    index('idx_study_tasks_path_status').on(t.pathId, t.status, t.scheduledAt, t.id),
    index('idx_study_tasks_problem').on(t.problemId),
    index('idx_study_tasks_expiry')
      .on(t.expiresAt)
      .where(sql.raw(`status in ('scheduled', 'in_progress') and pending_evaluations = 0`)),
    index('idx_study_tasks_reviews')
      .on(t.pathId, t.scheduledAt)
      .where(sql.raw(`status = 'scheduled' and kind = 'review'`)),
  ],
);

/** No cascade ends here: events go through the functions of erasure and archive alone. */
export const taskEvents = pgTable(
  'task_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    taskId: uuid('task_id').notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
    /** What somebody typed, with a salt; the payload holds its digest instead, so that it can be erased. */
    personal: jsonb('personal'),
  },
  (t) => [
    foreignKey({
      name: 'task_events_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }),
    unique('task_events_seq').on(t.taskId, t.seq),
    check('task_events_seq_positive', sql.raw('seq >= 1')),
    index('idx_task_events_task').on(t.taskId, t.createdAt),
    index('idx_task_events_created').on(t.createdAt),
  ],
);

/** How a path began and what became of its config. */
export const pathEvents = pgTable(
  'path_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    pathId: uuid('path_id').notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
  },
  (t) => [
    foreignKey({ name: 'path_events_path_fk', columns: [t.pathId], foreignColumns: [studyPaths.id] }),
    unique('path_events_seq').on(t.pathId, t.seq),
  ],
);

/** What a learner knows apart from any task: kept when a path was erased, or brought by an import. */
export const learnerEvents = pgTable(
  'learner_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: varchar('user_id', { length: 255 }).notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
  },
  (t) => [unique('learner_events_seq').on(t.userId, t.seq)],
);

/**
 * What was said in a hint, beside its `tutor_interaction`: the log is never written again, but a transcript is when keys
 * change. No foreign key to the event, which may lie in the archive.
 */
export const taskTranscripts = pgTable(
  'task_transcripts',
  {
    eventId: uuid('event_id').primaryKey(),
    taskId: uuid('task_id').notNull(),
    hintId: text('hint_id').notNull(),
    /** AES-256-GCM under the key ring; never plain text. */
    sealed: text('sealed').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'task_transcripts_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    index('idx_task_transcripts_task').on(t.taskId),
  ],
);

/**
 * Objects of the archive's bucket: each is noted before it is written, and forgotten after it is deleted. It holds events
 * of one path, recorded in one month. No foreign key to the path, whose row an erasure removes first.
 */
export const eventArchives = pgTable(
  'event_archives',
  {
    id: uuid('id').primaryKey(),
    pathId: uuid('path_id').notNull(),
    /** First day of the month. */
    month: date('month').notNull(),
    objectKey: text('object_key').notNull(),
    /** `writing` until it was read back, then `stored`; `dropping` when it is to be deleted. */
    state: varchar('state', { length: 10 }).notNull().default('writing'),
    /** SHA-256 (hex) and size of the object, and the events in it. */
    sha256: varchar('sha256', { length: 64 }),
    bytes: integer('bytes'),
    events: integer('events'),
    startedAt: instant('started_at').notNull(),
  },
  (t) => [
    unique('event_archives_key').on(t.objectKey),
    check('event_archives_state', oneOf('state', ['writing', 'stored', 'dropping'])),
    check(
      'event_archives_stored',
      sql.raw(`state <> 'stored' or (sha256 is not null and bytes > 0 and events > 0)`),
    ),
    index('idx_event_archives_path').on(t.pathId),
    index('idx_event_archives_unsettled').on(t.startedAt).where(sql.raw(`state <> 'stored'`)),
  ],
);

/** Which of a task's events are in which object: a beginning of its chain, without gaps, and the hashes at its ends. */
export const archivedTasks = pgTable(
  'archived_tasks',
  {
    taskId: uuid('task_id').notNull(),
    firstSeq: integer('first_seq').notNull(),
    lastSeq: integer('last_seq').notNull(),
    prevHash: bytes('prev_hash').notNull(),
    lastHash: bytes('last_hash').notNull(),
    archiveId: uuid('archive_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.firstSeq] }),
    foreignKey({
      name: 'archived_tasks_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'archived_tasks_archive_fk',
      columns: [t.archiveId],
      foreignColumns: [eventArchives.id],
    }).onDelete('cascade'),
    check('archived_tasks_range', sql.raw('first_seq >= 1 and last_seq >= first_seq')),
    index('idx_archived_tasks_archive').on(t.archiveId),
  ],
);

/** What somebody typed in archived events: it stays here, where it can be erased. */
export const archivedTexts = pgTable(
  'archived_texts',
  {
    eventId: uuid('event_id').primaryKey(),
    taskId: uuid('task_id').notNull(),
    archiveId: uuid('archive_id').notNull(),
    personal: jsonb('personal').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'archived_texts_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'archived_texts_archive_fk',
      columns: [t.archiveId],
      foreignColumns: [eventArchives.id],
    }).onDelete('cascade'),
    index('idx_archived_texts_archive').on(t.archiveId, t.taskId),
    index('idx_archived_texts_task').on(t.taskId),
  ],
);

export const taskEvaluations = pgTable(
  'task_evaluations',
  {
    id: uuid('id').primaryKey(),
    taskId: uuid('task_id').notNull(),
    submissionId: uuid('submission_id').notNull(),
    attempt: integer('attempt').notNull(),
    run: integer('run').notNull().default(1),
    language: varchar('language', { length: 20 }).notNull(),
    /** AES-256-GCM under the key ring; never plain text. */
    code: text('code').notNull(),
    status: varchar('status', { length: 20 }).notNull().default('pending'),
    verdict: varchar('verdict', { length: 4 }),
    testCasesPassed: integer('test_cases_passed'),
    testCasesTotal: integer('test_cases_total'),
    score: doublePrecision('score'),
    runtimeMs: doublePrecision('runtime_ms'),
    memoryMb: doublePrecision('memory_mb'),
    errorMessage: text('error_message'),
    tests: jsonb('tests'),
    contentHash: varchar('content_hash', { length: 64 }),
    testsHash: varchar('tests_hash', { length: 64 }),
    engine: varchar('engine', { length: 100 }),
    timeSpentSeconds: integer('time_spent_seconds'),
    /** How often the cron has tried again, and when it may next. */
    redrives: integer('redrives').notNull().default(0),
    nextRedriveAt: instant('next_redrive_at').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    evaluatedAt: instant('evaluated_at'),
  },
  (t) => [
    foreignKey({
      name: 'task_evaluations_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    unique('task_evaluations_run').on(t.submissionId, t.run),
    check('task_evaluations_language', oneOf('language', Language.options)),
    check('task_evaluations_status', oneOf('status', EvaluationStatus.options)),
    check('task_evaluations_verdict', oneOf('verdict', Verdict.options)),
    check('task_evaluations_settled', sql.raw(`(status = 'pending') = (verdict is null)`)),
    check('task_evaluations_passed', sql.raw('test_cases_passed between 0 and test_cases_total')),
    check('task_evaluations_score', sql.raw('score between 0 and 1')),
    check('task_evaluations_order', sql.raw('attempt >= 1 and run >= 1 and redrives >= 0')),
    index('idx_task_evaluations_task').on(t.taskId, t.createdAt),
    index('idx_task_evaluations_pending').on(t.nextRedriveAt).where(sql.raw(`status = 'pending'`)),
  ],
);

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: varchar('user_id', { length: 255 }).notNull(),
    key: varchar('key', { length: 255 }).notNull(),
    /** SHA-256 (hex) of method, path and body: the same key with another request is refused. */
    fingerprint: varchar('fingerprint', { length: 64 }).notNull(),
    /** Seed of the ids that the request makes, so that a second run after a crash makes the same ones. */
    seed: uuid('seed').notNull(),
    lockedUntil: instant('locked_until').notNull(),
    responseStatus: smallint('response_status'),
    responseBody: text('response_body'),
    responseHeaders: jsonb('response_headers'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('idx_idempotency_keys_created').on(t.createdAt)],
);

/** What remains of erased data: when and how much, nothing of whom (decisions, section 8). */
export const erasures = pgTable(
  'erasures',
  {
    id: uuid('id').primaryKey(),
    scope: varchar('scope', { length: 20 }).notNull(),
    /** Rows removed, by table. */
    removed: jsonb('removed').notNull(),
    erasedAt: instant('erased_at').notNull(),
    /** SHA-256 over the newest hashes of the chains that end here, by the order of their tasks' ids. */
    heads: bytes('heads'),
    /** Tombstones are a chain of their own. */
    seq: integer('seq').notNull(),
    prevHash: bytes('prev_hash').notNull(),
    hash: bytes('hash').notNull(),
  },
  (t) => [check('erasures_scope', oneOf('scope', ['path', 'learner'])), unique('erasures_seq').on(t.seq)],
);

/**
 * Sums over the tasks of a path by module and by topic tag: what reading progress costs does not grow with the history.
 * Triggers on study_tasks keep them in the transaction of each change; `rebuild_progress(path)` makes them anew.
 */
export const progressCounters = pgTable(
  'progress_counters',
  {
    pathId: uuid('path_id').notNull(),
    scope: varchar('scope', { length: 10 }).notNull(),
    /** The module or the topic tag. */
    name: text('name').notNull(),
    tasks: integer('tasks').notNull(),
    scheduled: integer('scheduled').notNull(),
    inProgress: integer('in_progress').notNull(),
    completed: integer('completed').notNull(),
    skipped: integer('skipped').notNull(),
    expired: integer('expired').notNull(),
    /** Problems and reviews with a score; those whose first score was 1; those whose best score is 1. */
    judged: integer('judged').notNull(),
    solvedFirst: integer('solved_first').notNull(),
    solved: integer('solved').notNull(),
    /** Exact, so that adding and taking away in any order ends at the same sum. */
    scoreSum: numeric('score_sum').notNull(),
    hintsUsed: bigint('hints_used', { mode: 'number' }).notNull(),
    timeSpentSeconds: bigint('time_spent_seconds', { mode: 'number' }).notNull(),
    /** Of a module: rows in completed_problems; 0 for a topic. */
    problemsCompleted: integer('problems_completed').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.scope, t.name] }),
    foreignKey({
      name: 'progress_counters_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
    check('progress_counters_scope', oneOf('scope', ['module', 'topic'])),
  ],
);

/** Problems that were completed at least once: retries and reviews complete the same one again. */
export const completedProblems = pgTable(
  'completed_problems',
  {
    pathId: uuid('path_id').notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.module, t.problemId] }),
    foreignKey({
      name: 'completed_problems_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
  ],
);

/**
 * When a learner practised: one bit per quarter of an hour of a month in UTC. Every zone's days begin at such a quarter,
 * so days and streaks follow from it in any time zone, and years of practice are a few dozen rows.
 */
export const practiceMonths = pgTable(
  'practice_months',
  {
    pathId: uuid('path_id').notNull(),
    /** First day of the month. */
    month: date('month').notNull(),
    slots: bit('slots', { dimensions: 2976 }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.month] }),
    foreignKey({
      name: 'practice_months_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
    index('idx_practice_months_month').on(t.month, t.pathId),
  ],
);

/** Of one learner across all paths; topics are the tags of tasks, the module's own among them. */
export const mastery = pgTable(
  'mastery',
  {
    userId: varchar('user_id', { length: 255 }).notNull(),
    topic: text('topic').notNull(),
    rating: doublePrecision('rating').notNull(),
    /** First attempts behind the rating. */
    n: integer('n').notNull(),
    reason: varchar('reason', { length: 30 }).notNull(),
    ruleVersion: integer('rule_version').notNull(),
    version: integer('version').notNull().default(1),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.topic] }),
    check('mastery_rating', sql.raw('rating between 0 and 3000')),
    check('mastery_n', sql.raw('n >= 0')),
    check('mastery_reason', oneOf('reason', MasteryReason.options)),
    check('mastery_versions', sql.raw('rule_version >= 1 and version >= 1')),
  ],
);

/** Difficulty that a path practises a module at; there is no row before the first result. */
export const moduleStates = pgTable(
  'module_states',
  {
    pathId: uuid('path_id').notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    difficulty: integer('difficulty').notNull(),
    successes: integer('successes').notNull(),
    reason: varchar('reason', { length: 30 }).notNull(),
    ruleVersion: integer('rule_version').notNull(),
    version: integer('version').notNull().default(1),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.module] }),
    foreignKey({
      name: 'module_states_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
    check('module_states_module', oneOf('module', Module.options)),
    check('module_states_difficulty', sql.raw('difficulty between 1 and 5')),
    check('module_states_successes', sql.raw('successes between 0 and 1')),
    check('module_states_reason', oneOf('reason', DifficultyReason.options)),
    check('module_states_versions', sql.raw('rule_version >= 1 and version >= 1')),
  ],
);

/** Memory of one problem: a learner has one card of it, which belongs to the path that practised it last. */
export const reviewQueue = pgTable(
  'review_queue',
  {
    userId: varchar('user_id', { length: 255 }).notNull(),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
    pathId: uuid('path_id').notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    topicTags: text('topic_tags').array().notNull().default(sql`'{}'`),
    difficulty: integer('difficulty').notNull(),
    /** The state's own `due`, where an index can find it. */
    due: instant('due').notNull(),
    /** `ReviewState` of the contract. */
    state: jsonb('state').notNull(),
    /** The review task that stands ready for it; null when none does. */
    taskId: uuid('task_id'),
    ruleVersion: integer('rule_version').notNull(),
    version: integer('version').notNull().default(1),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.problemId] }),
    foreignKey({
      name: 'review_queue_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'review_queue_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('set null'),
    check('review_queue_module', oneOf('module', Module.options)),
    check('review_queue_difficulty', sql.raw('difficulty between 1 and 5')),
    check('review_queue_versions', sql.raw('rule_version >= 1 and version >= 1')),
    index('idx_review_queue_due').on(t.due),
    index('idx_review_queue_user_due').on(t.userId, t.due),
    index('idx_review_queue_path').on(t.pathId),
    index('idx_review_queue_task').on(t.taskId).where(sql.raw('task_id is not null')),
  ],
);

/** Every review as it was made; one that is undone stays, marked. */
export const reviewLog = pgTable(
  'review_log',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: varchar('user_id', { length: 255 }).notNull(),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
    taskId: uuid('task_id').notNull(),
    /** Counts the reviews of one learner's problem from 1. */
    seq: integer('seq').notNull(),
    /** `ReviewLog` of the contract. */
    log: jsonb('log').notNull(),
    undoneAt: instant('undone_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'review_log_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    unique('review_log_seq').on(t.userId, t.problemId, t.seq),
    check('review_log_seq_positive', sql.raw('seq >= 1')),
    index('idx_review_log_task').on(t.taskId),
  ],
);
