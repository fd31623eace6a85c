import { sql } from 'drizzle-orm';
import type { CalendarRule } from '#domain/calendar.ts';
import type { Database } from '../db/client.ts';
import type { EventParams } from '../db/fragments.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { param, statement } from '../db/statement.ts';
import type { TaskSeed } from '../tasks/domain.ts';
import { insertedTasks, seedsJson } from '../tasks/insert.ts';
import type { PathFacts } from './facts.ts';
import { horizon, openProblems, pathFacts } from './store.ts';

/** A path with fewer open problems than its horizon. */
export type ShortPath = { path_id: string; learner_id: string; config: unknown; facts: PathFacts };

/** `last` is the id to go on behind; null when nothing is left. */
export type ShortPaths = { last: string | null; paths: ShortPath[] };

type FindParams = { now: string; active_days: number; after: string; limit: number };

// A path at a time by its id: whether it was practised lately is one look into an index.
const findShort = statement<FindParams, ShortPaths>(
  'find-short-paths',
  'read',
  sql`with active as materialized (
    select a.id as path_id from study_paths a
    where a.id > ${param('after', 'uuid')} and exists (select from practice_days d where d.path_id = a.id
      and d.day >= (${param('now', 'timestamptz')} at time zone 'UTC')::date - ${param('active_days', 'integer')})
    order by a.id limit ${param('limit', 'integer')}
  ), short as (
    select p.* from active a join study_paths p on p.id = a.path_id
    where p.user_id <> '' and ${openProblems('p.id')} < ${horizon(sql`p.config`)}
      and not exists (select 1 from study_paths n where n.user_id = p.user_id and n.track_id = p.track_id
        and (n.created_at, n.id) > (p.created_at, p.id))
  )
  select (select path_id from active order by path_id desc limit 1) as last,
    (select coalesce(jsonb_agg(jsonb_build_object('path_id', short.id, 'learner_id', short.user_id,
      'config', short.config,
      'facts', ${pathFacts({ path: 'short.id', config: 'short.config', learner: 'short.user_id' })}) order by short.id), '[]')
     from short) as paths`,
);

/** Looks at `limit` active paths behind `after`, and answers the newest ones of their learners that need tasks. */
export async function shortPaths(db: Database, params: FindParams): Promise<ShortPaths> {
  const [row] = await db.query(findShort, params);
  return row ?? { last: null, paths: [] };
}

/**
 * A path that has nothing left to do, as it is; `calendar` is the learner's, and `first_due` the first day on which a
 * card of the learner falls due.
 */
export type EmptyPath = {
  config: unknown;
  facts: PathFacts;
  calendar: CalendarRule;
  first_due: string | null;
};

type EmptyParams = { learner_id: string; path_id: string; now: string };

const learnerId = param('learner_id', 'text');

const findEmpty = statement<EmptyParams, EmptyPath>(
  'find-empty-path',
  'read',
  sql`select ep.config, ${pathFacts({ path: 'ep.id', config: 'ep.config', learner: 'ep.user_id' })} as facts,
    ${calendarOfLearner(learnerId)} as calendar,
    (select min(q.due_day) from review_queue q where q.user_id = ${learnerId})::text as first_due
  from study_paths ep where ep.id = ${param('path_id', 'uuid')} and ep.user_id = ${learnerId}`,
);

/** What choosing tasks for a path takes, and whether its learner has reviews due. @returns undefined when it is gone. */
export async function emptyPath(
  db: Database,
  learnerId: string,
  pathId: string,
  now: string,
): Promise<EmptyPath | undefined> {
  const [row] = await db.query(findEmpty, { learner_id: learnerId, path_id: pathId, now });
  return row;
}

type TopUpParams = EventParams & { learner_id: string; path_id: string; plan_version: number; tasks: string };

const topUp = statement<TopUpParams, { added: number }>(
  'top-up-path',
  'idempotent',
  sql`with path as (
    update study_paths set plan_version = plan_version + 1
    where id = ${param('path_id', 'uuid')} and user_id = ${param('learner_id', 'text')}
      and plan_version = ${param('plan_version', 'integer')}
    returning id, config
  ), ${insertedTasks('path')}
  select count(*)::integer as added from inserted`,
);

/**
 * Inserts tasks that were chosen on a `plan_version` of the path, if it is still that one: of two who chose at the same
 * time only one adds anything.
 * @returns how many were added.
 */
export async function storeTopUp(
  db: Database,
  learnerId: string,
  { tasks, ...params }: EventParams & { path_id: string; plan_version: number; tasks: readonly TaskSeed[] },
): Promise<number> {
  const [row] = await db.query(topUp, { learner_id: learnerId, ...params, tasks: seedsJson(tasks) });
  return row?.added ?? 0;
}
