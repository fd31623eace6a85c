import type { PgTable } from 'drizzle-orm/pg-core';
import { columnsOf, rowText } from '#worker/db/rows.ts';
import {
  mastery,
  moduleStates,
  reviewLog,
  reviewQueue,
  studyPaths,
  studyTasks,
  taskEvaluations,
} from '#worker/db/schema/index.ts';

/** A table that the log can rebuild: its key, and the columns that are part of the truth. */
type Projection = { table: PgTable; key: readonly string[]; columns: readonly string[] };

/** The cron's own columns of an evaluation: when to try again, and how often it has. */
const RETRIES = ['redrives', 'judge_faults', 'next_redrive_at'];

/**
 * What the log tells of each table: every column but those named. Not in it, and therefore not compared: what keeps writers
 * of a path apart and says when its day was planned, the log's own columns of a task, code, output and the bank's tests of
 * an evaluation, and the surrogate id of a review.
 */
export const PROJECTIONS = {
  study_paths: {
    table: studyPaths,
    key: ['id'],
    columns: columnsOf(studyPaths, ['plan_version', 'last_request_at', 'planned_at']),
  },
  study_tasks: { table: studyTasks, key: ['id'], columns: columnsOf(studyTasks, ['log_seq', 'log_hash']) },
  task_evaluations: {
    table: taskEvaluations,
    key: ['id'],
    columns: columnsOf(taskEvaluations, ['code', 'output', 'tests_hash', ...RETRIES]),
  },
  mastery: { table: mastery, key: ['user_id', 'topic'], columns: columnsOf(mastery) },
  module_states: { table: moduleStates, key: ['path_id', 'module'], columns: columnsOf(moduleStates) },
  review_queue: {
    table: reviewQueue,
    key: ['user_id', 'problem_id'],
    columns: columnsOf(reviewQueue, ['due_day']),
  },
  review_log: {
    table: reviewLog,
    key: ['user_id', 'problem_id', 'seq'],
    columns: columnsOf(reviewLog, ['id']),
  },
} as const satisfies Record<string, Projection>;
export type TableName = keyof typeof PROJECTIONS;

export type Row = Record<string, unknown>;
export type Rows = Record<TableName, Row[]>;

export function noRows(): Rows {
  return {
    study_paths: [],
    study_tasks: [],
    task_evaluations: [],
    mastery: [],
    module_states: [],
    review_queue: [],
    review_log: [],
  };
}

/** SQL of a row as JSON, with instants as the API writes them. */
export function rowJson(name: TableName, alias: string): string {
  const { table, columns }: Projection = PROJECTIONS[name];
  return rowText(table, alias, columns);
}

/** The row's key as one text. */
export function keyOf(table: TableName, row: Row): string {
  return PROJECTIONS[table].key.map((column) => String(row[column])).join(' ');
}
