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
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { EvaluationStatus, Language, Verdict } from '#contract/vocabulary.ts';
import { instant, oneOf } from './columns.ts';
import { studyTasks } from './tasks.ts';

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
    /** Error message and visible tests with what was printed: JSON under the key ring; never plain text. */
    output: text('output'),
    hidden: jsonb('hidden'),
    contentHash: varchar('content_hash', { length: 64 }),
    /** Of the test set that it was judged by. No answer, export or event shows it: guesses could be checked with it. */
    testsHash: varchar('tests_hash', { length: 64 }),
    engine: varchar('engine', { length: 100 }),
    timeSpentSeconds: integer('time_spent_seconds'),
    /** How often the cron has tried again, and when it may next. */
    redrives: integer('redrives').notNull().default(0),
    /** How often the judge was there and failed over it. */
    judgeFaults: integer('judge_faults').notNull().default(0),
    nextRedriveAt: instant('next_redrive_at').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** The learner's day on which the code was sent, the same for every run; null from before days were stored. */
    day: date('day'),
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
    check(
      'task_evaluations_order',
      sql.raw('attempt >= 1 and run >= 1 and redrives >= 0 and judge_faults >= 0'),
    ),
    index('idx_task_evaluations_task').on(t.taskId, t.createdAt),
    index('idx_task_evaluations_pending').on(t.nextRedriveAt).where(sql.raw(`status = 'pending'`)),
  ],
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
