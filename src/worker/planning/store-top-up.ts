import { sql } from 'drizzle-orm';
import type { CalendarRule } from '#domain/calendar.ts';
import type { PathFacts } from '#domain/learning/facts.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import type { Database } from '../db/client.ts';
import { type EventParams, iso } from '../db/fragments.ts';
import { insertedTasks, seedsJson } from '../db/insert-tasks.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { horizon, openProblems, pathFacts } from '../db/learning.ts';
import { param, statement } from '../db/statement.ts';

/** A path with fewer open problems than its horizon. */
export type ShortPath = {
  path_id: string;
  learner_id: string;
  config: unknown;
  /** The learner's. */
  calendar: CalendarRule;
  last_request_at: string;
  facts: PathFacts;
};

/** `last` is the id to go on from; null when nothing is left. */
export type ShortPaths = { last: string | null; paths: ShortPath[] };

type FindParams = { now: string; after: string; limit: number };

const findShort = statement<FindParams, ShortPaths>(
  'find-short-paths',
  'read',
  sql`with active as materialized (
    select p.* from study_paths p
    where p.last_request_at > ${param('now', 'timestamptz')} - interval '26 hours' and p.id > ${param('after', 'uuid')}
    order by p.id limit ${param('limit', 'integer')}
  ), short as (
    select p.* from active p
    where p.user_id <> '' and ${openProblems('p.id')} < ${horizon(sql`p.config`)}
      and not exists (select 1 from study_paths n where n.user_id = p.user_id and n.track_id = p.track_id
        and (n.created_at, n.id) > (p.created_at, p.id))
  )
  select (select id from active order by id desc limit 1) as last,
    (select coalesce(jsonb_agg(jsonb_build_object('path_id', short.id, 'learner_id', short.user_id,
      'config', short.config, 'calendar', ${calendarOfLearner(sql`short.user_id`)}, 'last_request_at', ${iso('short.last_request_at')},
      'facts', ${pathFacts({ path: 'short.id', learner: 'short.user_id' })}) order by short.id), '[]')
     from short) as paths`,
);

/** Looks at `limit` paths beyond `after` whose learners sent a request in the last 26 hours: the short ones of them. */
export async function shortPaths(db: Database, params: FindParams): Promise<ShortPaths> {
  const [row] = await db.query(findShort, params);
  return row ?? { last: null, paths: [] };
}

/** A path to plan for; `calendar` is the learner's, and `first_due` the first day on which a card falls due. */
export type PathToPlan = {
  config: unknown;
  facts: PathFacts;
  calendar: CalendarRule;
  first_due: string | null;
};

type PlanParams = { learner_id: string; path_id: string; now: string };

const learnerId = param('learner_id', 'text');

const findPath = statement<PlanParams, PathToPlan>(
  'find-path-to-plan',
  'read',
  sql`select pp.config, ${pathFacts({ path: 'pp.id', learner: 'pp.user_id' })} as facts,
    ${calendarOfLearner(learnerId)} as calendar,
    (select min(q.due_day) from review_queue q where q.user_id = ${learnerId})::text as first_due
  from study_paths pp where pp.id = ${param('path_id', 'uuid')} and pp.user_id = ${learnerId}`,
);

/** What choosing tasks for a path takes, and whether its learner has reviews due. @returns undefined when it is gone. */
export async function pathToPlan(
  db: Database,
  learner: string,
  pathId: string,
  now: string,
): Promise<PathToPlan | undefined> {
  const [row] = await db.query(findPath, { learner_id: learner, path_id: pathId, now });
  return row;
}

const markPlanned = statement<PlanParams & { day_starts: string }, never>(
  'mark-day-planned',
  'idempotent',
  sql`update study_paths set planned_at = ${param('now', 'timestamptz')},
    last_request_at = greatest(last_request_at, ${param('now', 'timestamptz')})
  where id = ${param('path_id', 'uuid')} and user_id = ${learnerId}
    and planned_at < ${param('day_starts', 'timestamptz')}`,
);

/** Notes that the path's day is planned, unless that is noted already. */
export async function storeDayPlanned(
  db: Database,
  learner: string,
  day: { path_id: string; now: string; day_starts: string },
): Promise<void> {
  await db.query(markPlanned, { learner_id: learner, ...day });
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
