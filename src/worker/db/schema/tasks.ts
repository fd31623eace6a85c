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
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { Module, TaskKind, TaskStatus } from '#contract/vocabulary.ts';
import { bytes, instant, oneOf } from './columns.ts';

export const studyPaths = pgTable(
  'study_paths',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: varchar('user_id', { length: 255 }).notNull(),
    trackId: varchar('track_id', { length: 100 }).notNull().default('coding-interview-meta'),
    config: jsonb('config').notNull().default({}),
    /** Rises with everything that decides which problems come next: whoever chose on an older one chooses again. */
    planVersion: integer('plan_version').notNull().default(1),
    /** The first request of the learner on the last day that had one: no cron plans for a day without a request. */
    lastRequestAt: instant('last_request_at').notNull().defaultNow(),
    /** When the tasks of the learner's day were planned last. */
    plannedAt: instant('planned_at').notNull().defaultNow(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('idx_study_paths_user').on(t.userId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('idx_study_paths_last_request').on(t.lastRequestAt),
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
    /** The learner's day of it; null before completion, and for what was completed before days were stored. */
    completedDay: date('completed_day'),
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
      .where(sql.raw(`status in ('scheduled', 'in_progress') and pending_evaluations = 0 and score is null`)),
    index('idx_study_tasks_completed')
      .on(t.pathId, t.kind, t.completedAt)
      .where(sql.raw(`status = 'completed'`)),
    index('idx_study_tasks_reviews')
      .on(t.pathId, t.scheduledAt)
      .where(sql.raw(`status = 'scheduled' and kind = 'review'`)),
  ],
);
