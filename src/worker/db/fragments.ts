import { type SQL, sql } from 'drizzle-orm';
import { StudyPath } from '#contract/paths.ts';
import { Task } from '#contract/tasks.ts';
import type { TaskCommand } from '#domain/tasks/lifecycle.ts';
import { instant, rowJson } from './rows.ts';
import { studyPaths, studyTasks } from './schema/index.ts';
import { param } from './statement.ts';

/** An instant as the API writes it, made in PostgreSQL so that no row needs mapping: `2026-11-22T09:43:00.000Z`. */
export function iso(value: string | SQL): SQL {
  if (typeof value === 'string') return sql.raw(instant(value));
  return sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Wire shape `Task` of the row with that alias. */
export function taskJson(alias: string): SQL {
  return rowJson(studyTasks, alias, Object.keys(Task.shape));
}

/** Wire shape `StudyPath` of the row with that alias. */
export function pathJson(alias: string): SQL {
  return rowJson(studyPaths, alias, Object.keys(StudyPath.shape));
}

/**
 * `locked`: the learner's task row, locked until the statement ends, with the config of its path. Every guarded write
 * begins with it: its values are the newest ones also when the statement had to wait for another writer. Columns that a
 * check of the table compares are updated from the row itself, not from here (`evaluations/store-submission.ts`).
 * Parameters: `task_id`, `learner_id`.
 */
export const lockedTask = sql`locked as materialized (
  select t.*, p.config as path_config, p.user_id as learner_id
  from study_tasks t join study_paths p on p.id = t.path_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}
  for update of t
)`;

/** Whether the task of that alias takes a command, as `task_transitions` says. */
export function takes(command: TaskCommand, alias: string): SQL {
  const t = sql.raw(alias);
  return sql`exists (select from task_transitions x
    where x.command = ${sql.raw(`'${command}'`)} and x.kind = ${t}.kind and x.status = ${t}.status)`;
}

/** Parameters that every statement with an event takes. */
export type EventParams = { now: string; actor: string; request_id: string };

/**
 * `insert into task_events`: one row per row of `from`, which must select
 * `task_id, seq, event_type, payload`. In their order, as each is chained to the one before;
 * the database hashes them and dates when it recorded them. Parameters: `now`, `actor`, `request_id`.
 */
export function appendEvents(from: SQL): SQL {
  return sql`insert into task_events
    (task_id, seq, event_type, payload, actor, request_id, occurred_at)
  select e.task_id, e.seq, e.event_type, e.payload, ${param('actor', 'jsonb')}, ${param('request_id', 'text')},
    ${param('now', 'timestamptz')}
  from (${from}) e order by e.task_id, e.seq`;
}

/** `insert into path_events`: one row per row of `from`, which must select `path_id, event_type, payload`. */
export function appendPathEvents(from: SQL): SQL {
  return sql`insert into path_events (path_id, event_type, payload, actor, request_id, occurred_at)
  select e.path_id, e.event_type, e.payload, ${param('actor', 'jsonb')}, ${param('request_id', 'text')},
    ${param('now', 'timestamptz')}
  from (${from}) e`;
}

/** Whether the task of that alias was replaced by a change of its path's config before it was started. */
export function isReplanned(alias: string): SQL {
  return sql.raw(`is_replanned(${alias}.status, ${alias}.metadata)`);
}

/** Whether the task of that alias has one of the statuses or results of a filter; every one without a filter. */
export function hasStatus(alias: string, wanted: SQL): SQL {
  const t = (column: string) => sql.raw(`${alias}.${column}`);
  return sql`(${wanted} is null or ${t('status')} = any(${wanted})
    or case when ${t('score')} = 1 then 'solved' when ${t('score')} < 1 then 'attempted' end = any(${wanted}))`;
}
