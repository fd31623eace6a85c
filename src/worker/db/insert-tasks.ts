import { type SQL, sql } from 'drizzle-orm';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import { appendEvents, iso } from './fragments.ts';
import { param } from './statement.ts';

/** The JSON text that `insertedTasks` reads; `ord` keeps the order of the request. */
export function seedsJson(seeds: readonly TaskSeed[]): string {
  return JSON.stringify(seeds.map((seed, ord) => ({ ord, ...seed })));
}

/**
 * CTEs `inserted` and `created`: the tasks of parameter `tasks` with their `created` events (seq 1), for the single
 * row `id, config` of the CTE named `path`. Ids come from the caller, so that a repeat inserts nothing.
 */
export function insertedTasks(path: string): SQL {
  return sql`inserted as (
    insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at,
      expires_at, metadata, created_at)
    select x.id, p.id, x.kind, x.problem_id, x.module, x.topic_tags, x.difficulty, x.scheduled_at,
      x.scheduled_at + make_interval(hours => (p.config->>'expiry_hours')::integer), x.metadata,
      ${param('now', 'timestamptz')}
    from ${sql.raw(path)} p cross join jsonb_to_recordset(${param('tasks', 'jsonb')}) as x(id uuid, kind text,
      problem_id text, module text, topic_tags text[], difficulty integer, scheduled_at timestamptz, metadata jsonb)
    on conflict (id) do nothing
    returning *
  ), created as (${appendEvents(
    sql`select id as task_id, version as seq, 'created' as event_type,
    jsonb_build_object('path_id', path_id, 'kind', kind, 'problem_id', problem_id, 'module', module,
      'topic_tags', topic_tags, 'difficulty', difficulty, 'scheduled_at', ${iso('scheduled_at')},
      'expires_at', ${iso('expires_at')}, 'metadata', metadata) as payload from inserted`,
  )})`;
}
