/** A table that the log can rebuild: its key, and the columns that are part of the truth. */
type Projection = { key: readonly string[]; columns: readonly string[]; times: readonly string[] };

const written = ['rule_version', 'version', 'updated_at'] as const;

/**
 * What the log tells of each table, column by column. Not in it, and therefore not compared: `plan_version` of a path
 * (keeps writers apart), code, output, `tests_hash` and the cron's own columns of an evaluation (the learner's text, the
 * bank's tests, when to try again), the surrogate id of a review.
 */
export const PROJECTIONS = {
  study_paths: {
    key: ['id'],
    columns: ['id', 'user_id', 'track_id', 'config', 'created_at', 'updated_at'],
    times: ['created_at', 'updated_at'],
  },
  study_tasks: {
    key: ['id'],
    columns: [
      ...[
        'id',
        'path_id',
        'kind',
        'problem_id',
        'module',
        'topic_tags',
        'difficulty',
        'scheduled_at',
        'started_at',
        'completed_at',
        'completed_day',
      ],
      ...['expires_at', 'status', 'score', 'time_spent_seconds', 'hints_used', 'attempts'],
      ...['pending_evaluations', 'version', 'metadata', 'created_at'],
    ],
    times: ['scheduled_at', 'started_at', 'completed_at', 'expires_at', 'created_at'],
  },
  task_evaluations: {
    key: ['id'],
    columns: [
      ...[
        'id',
        'task_id',
        'submission_id',
        'attempt',
        'run',
        'language',
        'status',
        'verdict',
        'test_cases_passed',
      ],
      ...['test_cases_total', 'score', 'runtime_ms', 'memory_mb', 'hidden', 'content_hash', 'engine'],
      ...['time_spent_seconds', 'created_at', 'day', 'evaluated_at'],
    ],
    times: ['created_at', 'evaluated_at'],
  },
  mastery: {
    key: ['user_id', 'topic'],
    columns: ['user_id', 'topic', 'rating', 'n', 'reason', ...written],
    times: ['updated_at'],
  },
  module_states: {
    key: ['path_id', 'module'],
    columns: ['path_id', 'module', 'difficulty', 'successes', 'reason', ...written],
    times: ['updated_at'],
  },
  review_queue: {
    key: ['user_id', 'problem_id'],
    columns: [
      ...[
        'user_id',
        'problem_id',
        'path_id',
        'module',
        'topic_tags',
        'difficulty',
        'due_day',
        'state',
        'task_id',
      ],
      ...written,
    ],
    times: ['updated_at'],
  },
  review_log: {
    key: ['user_id', 'problem_id', 'seq'],
    columns: ['user_id', 'problem_id', 'task_id', 'seq', 'log', 'undone_at', 'created_at'],
    times: ['undone_at', 'created_at'],
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
export function rowJson(table: TableName, alias: string): string {
  const { columns, times }: Projection = PROJECTIONS[table];
  const parts = columns.map((column) => {
    const value = `${alias}.${column}`;
    return `'${column}', ${times.includes(column) ? `iso_instant(${value})` : value}`;
  });
  return `jsonb_build_object(${parts.join(', ')})`;
}

/** The row's key as one text. */
export function keyOf(table: TableName, row: Row): string {
  return PROJECTIONS[table].key.map((column) => String(row[column])).join(' ');
}
