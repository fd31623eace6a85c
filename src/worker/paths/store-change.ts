import { sql } from 'drizzle-orm';
import type { Actor } from '#contract/events.ts';
import type { PathConfig, StudyPath } from '#contract/paths.ts';
import type { PathFacts } from '#domain/learning/facts.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, appendPathEvents, type EventParams, iso, pathJson } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { pathFacts } from '../db/learning.ts';
import { givenTasks } from '../db/new-tasks.ts';
import { param, statement, step } from '../db/statement.ts';
import type { Stamp } from '../db/task-rows.ts';
import { eventParams } from '../events/params.ts';

/** Who replaces tasks when the config has changed. */
const PLANNER: Actor = { type: 'system', job: 'replan' };

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

/** What was decided on a version of a path's plan. */
export type PathWrite = {
  path_id: string;
  plan_version: number;
  /** Of the path before, as stored, and the keys to set. */
  before: Partial<PathConfig>;
  change: Partial<PathConfig>;
  /** Tasks to replace, and tasks to add. */
  replaced: readonly string[];
  tasks: readonly TaskSeed[];
};

type ChangeParams = EventParams & { path_id: string; change: string; replaced: readonly string[] };

const replaced = sql`t.id = any(${param('replaced', 'uuid[]')})`;

// A start does not raise the plan's version.
const checkReplaced = statement<ChangeParams, never>(
  'check-replaced',
  'write',
  sql`select refuse('stale') from study_tasks t where ${replaced} and t.status <> 'scheduled'`,
);

const setConfig = statement<ChangeParams, never>(
  'set-config',
  'write',
  sql`update study_paths set config = config || ${param('change', 'jsonb')}, updated_at = ${now},
      plan_version = plan_version + 1
    where id = ${pathId}`,
);

const logConfig = statement<ChangeParams, never>(
  'log-config',
  'write',
  appendPathEvents(sql`select ${pathId} as path_id, 'path_changed' as event_type,
    jsonb_build_object('config', ${param('change', 'jsonb')}) as payload`),
);

const skipReplaced = statement<ChangeParams, never>(
  'skip-replaced',
  'write',
  sql`update study_tasks t set status = 'skipped', version = t.version + 1,
      metadata = t.metadata || '{"replanned": true, "skip_reason": "replanned"}'
    where ${replaced}`,
);

const logReplaced = statement<ChangeParams, never>(
  'log-replaced',
  'write',
  appendEvents(sql`select t.id as task_id, t.version as seq, 'status_changed' as event_type,
      jsonb_build_object('from', 'scheduled', 'to', 'skipped', 'at', ${iso(now)}, 'reason', 'replanned',
        'time_spent_seconds', null, 'replanned', true) as payload
    from study_tasks t where ${replaced}`),
);

const findChanged = statement<{ path_id: string }, { path: StudyPath; version: number }>(
  'find-changed-path',
  'read',
  sql`select ${pathJson('p')} as path, p.plan_version as version from study_paths p where p.id = ${pathId}`,
);

/**
 * Sets keys of a path's config, replaces tasks and adds those that come instead, if the path's plan and those tasks are
 * still as they were decided on.
 * @param stamp of the learner; tasks are replaced and added by the planner.
 * @returns undefined when they are not, or the path is gone.
 */
export async function storeChange(
  db: Database,
  learner: string,
  { path_id, plan_version, before, change, replaced, tasks }: PathWrite,
  stamp: Stamp,
): Promise<{ path: StudyPath; version: number } | undefined> {
  const planner: Stamp = { ...stamp, actor: PLANNER };
  const params = { path_id, change: JSON.stringify(change), replaced, ...eventParams(stamp) };
  const replacing = { ...params, ...eventParams(planner) };
  const steps = [
    guard({ learner, tasks: replaced.map((id) => ({ id })), path: { id: path_id, version: plan_version } }),
    ...[checkReplaced, setConfig, logConfig].map((one) => step(one, params)),
    ...[skipReplaced, logReplaced].map((one) => step(one, replacing)),
    ...givenTasks(tasks, { id: path_id, config: { ...before, ...change } }, planner),
  ];
  const rows = await unlessRefused(
    db.transact({ name: 'change-path', effect: 'write' }, steps, [step(findChanged, { path_id })]),
  );
  return isRefused(rows) ? undefined : rows[0][0];
}
