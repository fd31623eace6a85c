import { sql } from 'drizzle-orm';
import {
  check,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { DifficultyReason, MasteryReason } from '#contract/learning.ts';
import { Module } from '#contract/vocabulary.ts';
import { instant, oneOf } from './columns.ts';
import { studyPaths, studyTasks } from './tasks.ts';

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
    /** The learner's day on which it falls due, where an index can find it. */
    dueDay: date('due_day').notNull(),
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
    index('idx_review_queue_due').on(t.dueDay),
    index('idx_review_queue_user_due').on(t.userId, t.dueDay, t.problemId),
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
