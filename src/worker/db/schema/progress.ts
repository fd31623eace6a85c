import {
  bigint,
  bit,
  check,
  date,
  foreignKey,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { oneOf } from './columns.ts';
import { studyPaths } from './tasks.ts';

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
    /**
     * Problems and reviews with a score; those whose first result was the learner's first of that problem, and of these
     * the ones that it solved; those whose best score is 1.
     */
    judged: integer('judged').notNull(),
    firstResults: integer('first_results').notNull(),
    solvedFirst: integer('solved_first').notNull(),
    solved: integer('solved').notNull(),
    /** Exact, so that adding and taking away in any order ends at the same sum. */
    scoreSum: numeric('score_sum').notNull(),
    hintsUsed: bigint('hints_used', { mode: 'number' }).notNull(),
    timeSpentSeconds: bigint('time_spent_seconds', { mode: 'number' }).notNull(),
    /** Of a module: rows in tried_problems and in solved_problems; 0 for a topic. */
    problemsTried: integer('problems_tried').notNull(),
    problemsSolved: integer('problems_solved').notNull(),
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

/** Problems with at least one result: retries and reviews bring further ones of the same problem. */
export const triedProblems = pgTable(
  'tried_problems',
  {
    pathId: uuid('path_id').notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.module, t.problemId] }),
    foreignKey({
      name: 'tried_problems_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
  ],
);

/** Problems that passed every test at least once. */
export const solvedProblems = pgTable(
  'solved_problems',
  {
    pathId: uuid('path_id').notNull(),
    module: varchar('module', { length: 50 }).notNull(),
    problemId: varchar('problem_id', { length: 100 }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.module, t.problemId] }),
    foreignKey({
      name: 'solved_problems_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
  ],
);

/**
 * Days on which a learner practised in a path, by the key that was stored when it happened: a later change of the time
 * zone rewrites none of them. One bit for each quarter of an hour that saw practice, from a day before the date in UTC
 * on, so that every zone's day fits in; days of several paths are put together by their bits.
 */
export const practiceDays = pgTable(
  'practice_days',
  {
    pathId: uuid('path_id').notNull(),
    day: date('day').notNull(),
    quarters: bit('quarters', { dimensions: 288 }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pathId, t.day] }),
    foreignKey({
      name: 'practice_days_path_fk',
      columns: [t.pathId],
      foreignColumns: [studyPaths.id],
    }).onDelete('cascade'),
  ],
);
