import { sql } from 'drizzle-orm';
import type { PathConfig, StudyPath } from '#contract/paths.ts';
import type { PathFacts } from '#domain/learning/facts.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, appendPathEvents, type EventParams, iso, pathJson } from '../db/fragments.ts';
import { insertedTasks } from '../db/insert-tasks.ts';
import { pathFacts } from '../db/learning.ts';
import { param, statement } from '../db/statement.ts';

type PathToChange = { config: Partial<PathConfig>; facts: PathFacts };

const learnerId = param('learner_id', 'text');
const pathId = param('path_id', 'uuid');
const now = param('now', 'timestamptz');

const findPath = statement<{ learner_id: string; path_id: string; now: string }, PathToChange>(
  'find-path-to-change',
  'read',
  sql`select cp.config, ${pathFacts({ path: 'cp.id', learner: 'cp.user_id' })} as facts
  from study_paths cp where cp.id = ${pathId} and cp.user_id = ${learnerId}`,
);

/** @returns undefined when the path is not the learner's. */
export async function pathToChange(
  db: Database,
  learner: string,
  path: string,
  now: string,
): Promise<PathToChange | undefined> {
  const [row] = await db.query(findPath, { learner_id: learner, path_id: path, now });
  return row;
}

type ChangeParams = EventParams & {
  learner_id: string;
  path_id: string;
  plan_version: number;
  /** JSON texts: the keys to set, and the tasks to add. */
  config: string;
  tasks: string;
  /** Tasks to replace. */
  replaced: readonly string[];
  /** JSON text of the actor that replaces tasks. */
  planner: string;
};

const planner = param('planner', 'jsonb');

// Tasks are locked before their path, as by a result. The version vouches for what was decided on but the status of the
// tasks: a start does not raise it.
const changePath = statement<ChangeParams, { path: StudyPath; version: number }>(
  'change-path',
  'write',
  sql`with old as materialized (
    select t.id, t.status, t.version from study_tasks t
    where t.path_id = ${pathId} and t.id = any(${param('replaced', 'uuid[]')}) order by t.id for update
  ), home as materialized (
    select p.id, p.plan_version from study_paths p
    where p.id = ${pathId} and p.user_id = ${learnerId} and (select count(*) from old) >= 0 for update
  ), changed as (
    update study_paths p set config = p.config || ${param('config', 'jsonb')}, updated_at = ${now},
      plan_version = p.plan_version + 1
    from home where p.id = home.id and home.plan_version = ${param('plan_version', 'integer')}
      and not exists (select 1 from old where old.status <> 'scheduled')
    returning p.*
  ), logged as (${appendPathEvents(sql`select id as path_id, 'path_changed' as event_type,
    jsonb_build_object('config', ${param('config', 'jsonb')}) as payload from changed`)}
  ), skipped as (
    update study_tasks t set status = 'skipped', version = old.version + 1,
      metadata = t.metadata || '{"replanned": true, "skip_reason": "replanned"}'
    from old, changed where t.id = old.id
    returning t.id, t.version
  ), noted as (${appendEvents(
    sql`select id as task_id, version as seq, 'status_changed' as event_type,
      jsonb_build_object('from', 'scheduled', 'to', 'skipped', 'at', ${iso(now)}, 'reason', 'replanned',
        'time_spent_seconds', null, 'replanned', true) as payload from skipped`,
    planner,
  )}), ${insertedTasks('changed', planner)}
  select ${pathJson('changed')} as path, plan_version as version from changed`,
);

/**
 * Sets keys of a path's config, replaces tasks and adds those that come instead, if the path's plan and those tasks are
 * still as they were decided on.
 * @returns undefined when they are not, or the path is gone.
 */
export async function storeChange(
  db: Database,
  learner: string,
  params: Omit<ChangeParams, 'learner_id'>,
): Promise<{ path: StudyPath; version: number } | undefined> {
  const [row] = await db.query(changePath, { learner_id: learner, ...params });
  return row;
}
