import { type SQL, sql } from 'drizzle-orm';
import type { ErasureCounts } from '#contract/privacy.ts';
import type { Database } from '../db/client.ts';
import type { EventParams } from '../db/fragments.ts';
import { isStale, param, statement } from '../db/statement.ts';

/** Tasks that one step removes (only a function of the log's owner may), with their events and evaluations: about 0.6 s on two busy cores. */
const STEP_TASKS = 10_000;

/**
 * Owner of a path that is being removed. A token's `sub` is never empty, so such a path is nobody's: no statement of a
 * learner finds it or anything below it, and whoever sweeps it up need not know whose it was.
 */
const NOBODY = sql.raw(`''`);

/** Events of the tasks of CTE `paths` that are in the archive. */
function archived(paths: string): SQL {
  return sql.raw(`(select coalesce(sum(x.last_seq - x.first_seq + 1), 0) from archived_tasks x
    join study_tasks t on t.id = x.task_id where t.path_id in (select id from ${paths}))`);
}

/** Counts of what hangs on the paths of CTE `paths`, of the rows of CTEs `keys` and `topics`, and the count of CTE `own`. */
function counts(paths: string, keys: string): SQL {
  const on = (table: string) =>
    sql.raw(`(select count(*) from ${table} x where x.path_id in (select id from ${paths}))`);
  const below = (table: string) =>
    sql.raw(`(select count(*) from ${table} x join study_tasks t on t.id = x.task_id
      where t.path_id in (select id from ${paths}))`);
  return sql`jsonb_build_object('study_paths', (select count(*) from ${sql.raw(paths)}),
    'study_tasks', ${on('study_tasks')}, 'module_states', ${on('module_states')},
    'review_queue', ${on('review_queue')}, 'review_log', ${below('review_log')},
    'mastery', (select count(*) from topics),
    'task_events', ${below('task_events')}, 'task_transcripts', ${below('task_transcripts')},
    'archived_events', ${archived(paths)}, 'path_events', ${on('path_events')},
    'learner_events', coalesce((select n from own), 0), 'task_evaluations', ${below('task_evaluations')},
    'idempotency_keys', (select count(*) from ${sql.raw(keys)}))`;
}

const countLearner = statement<{ learner_id: string }, { removes: ErasureCounts }>(
  'count-learner-rows',
  'read',
  sql`with paths as materialized (select id from study_paths where user_id = ${param('learner_id', 'text')}),
    keys as (select 1 from idempotency_keys where user_id = ${param('learner_id', 'text')}),
    topics as (select 1 from mastery where user_id = ${param('learner_id', 'text')}),
    own as (select count(*) as n from learner_events where user_id = ${param('learner_id', 'text')})
  select ${counts('paths', 'keys')} as removes`,
);

/** How many rows an erasure of the learner would remove now. */
export async function countRows(db: Database, learnerId: string): Promise<ErasureCounts | undefined> {
  const [row] = await db.query(countLearner, { learner_id: learnerId });
  return row?.removes;
}

export type Detached = {
  /** Paths that this call took away from the learner; their rows are still to be removed. */
  path_ids: string[];
  /** Whether this erasure has removed anything, now or when it was sent before. */
  erased: boolean;
  /** Of the one path that was asked for, as it was before; null when it is not the learner's. */
  version: number | null;
};

type DetachParams = EventParams & {
  learner_id: string;
  path_id: string | null;
  erasure_id: string;
  if_versions: readonly number[] | null;
};

const pathId = param('path_id', 'uuid');
const erasureId = param('erasure_id', 'uuid');

const detach = statement<DetachParams, Detached>(
  'detach-learner-rows',
  'idempotent',
  sql`with paths as (
    update study_paths set user_id = ${NOBODY}
    where user_id = ${param('learner_id', 'text')} and (${pathId} is null or id = ${pathId})
      and not ${isStale('plan_version')}
    returning id
  ), keys as (
    delete from idempotency_keys where user_id = ${param('learner_id', 'text')}
      and (${pathId} is null or ((response_output = 'sealed' or response_body like '%' || ${pathId} || '%'
          or (response_body like '{"ids":%' and exists (select from study_tasks t
            where t.path_id = ${pathId} and response_body like '%' || t.id || '%')))
        and exists (select 1 from paths)))
    returning 1
  ), topics as (
    delete from mastery where user_id = ${param('learner_id', 'text')} and ${pathId} is null returning 1
  ), own as materialized (
    select remove_learner_events(${param('learner_id', 'text')}) as n where ${pathId} is null
  ), cards as (
    delete from review_queue q where q.path_id in (select id from paths) returning problem_id
  ), released as (
    update review_queue q set task_id = null, version = q.version + 1, updated_at = ${param('now', 'timestamptz')}
    from study_tasks t
    where q.user_id = ${param('learner_id', 'text')} and ${pathId} is not null and t.id = q.task_id
      and t.path_id in (select id from paths) and q.path_id not in (select id from paths)
    returning q.problem_id, q.version
  ), learnt as materialized (
    select mastery_now(${param('learner_id', 'text')}) as mastery,
      (select coalesce(jsonb_agg(problem_id order by problem_id), '[]') from cards) as forgotten,
      (select coalesce(jsonb_agg(jsonb_build_object('problem_id', problem_id, 'version', version)
        order by problem_id), '[]') from released) as released
    from paths where ${pathId} is not null
  ), kept as (
    insert into learner_events (user_id, event_type, payload, actor, request_id, occurred_at)
    select ${param('learner_id', 'text')}, 'learning_kept',
      jsonb_build_object('mastery', mastery, 'forgotten', forgotten, 'released', released), ${param('actor', 'jsonb')},
      ${param('request_id', 'text')}, ${param('now', 'timestamptz')}
    from learnt where mastery <> '[]' or forgotten <> '[]' or released <> '[]'
  ), reviews as (
    delete from review_log g using study_tasks t
    where t.id = g.task_id and t.path_id in (select id from paths)
  ), waiting as (
    delete from task_evaluations e using study_tasks t
    where e.status = 'pending' and t.id = e.task_id and t.path_id in (select id from paths)
  ), tombstone as (
    insert into erasures (id, scope, removed, erased_at, heads)
    select ${erasureId}, case when ${pathId} is null then 'learner' else 'path' end,
      ${counts('paths', 'keys')}, ${param('now', 'timestamptz')},
      (select sha256(string_agg(t.log_hash, ''::bytea order by t.id)) from study_tasks t
       where t.path_id in (select id from paths))
    where exists (select 1 from paths) or exists (select 1 from keys) or exists (select 1 from topics)
      or (select n from own) > 0
    on conflict (id) do nothing returning id
  )
  select (select coalesce(jsonb_agg(id), '[]') from paths) as path_ids,
    exists (select 1 from tombstone) or exists (select 1 from erasures where id = ${erasureId}) as erased,
    (select plan_version from study_paths
     where id = ${pathId} and user_id = ${param('learner_id', 'text')}) as version`,
);

/**
 * Takes a path, or all paths, mastery and idempotency keys when `pathId` is null, away from the learner in one
 * statement: from its commit on nothing of them can be read or written by the learner, and no cron judges what was
 * pending. Leaves the tombstone, with counts, a digest of the chains that end and without a word about whom. The log
 * of a learner who stays keeps the mastery that came from there too, and which cards went.
 * @param erasure its id makes a repeat after a lost answer recognisable; a path that has none of `ifVersions` stays.
 */
export async function detachRows(
  db: Database,
  learnerId: string,
  {
    pathId,
    erasureId,
    ifVersions = null,
    ...stamp
  }: EventParams & {
    pathId: string | null;
    erasureId: string;
    ifVersions?: readonly number[] | null;
  },
): Promise<Detached> {
  const ids = { learner_id: learnerId, path_id: pathId, erasure_id: erasureId };
  const [row] = await db.query(detach, { ...stamp, ...ids, if_versions: ifVersions });
  return row ?? { path_ids: [], erased: false, version: null };
}

const removeStep = statement<{ path_ids: readonly string[] | null }, { more: boolean }>(
  'remove-detached-rows',
  'idempotent',
  sql`select remove_erased(${param('path_ids', 'uuid[]')}, ${sql.raw(String(STEP_TASKS))}) as more`,
);

/**
 * Removes up to 10,000 tasks of detached paths with all that hangs on them, and the paths once they are empty. May be
 * cut off and repeated anywhere; rows that another call removes at the same time are waited for.
 * @param pathIds null for every detached path, whoever left it.
 * @returns whether there may be more.
 */
export async function removeDetached(db: Database, pathIds: readonly string[] | null): Promise<boolean> {
  const [row] = await db.query(removeStep, { path_ids: pathIds });
  return row?.more ?? false;
}

const forgetRest = statement<{ learner_id: string }, { topics: number }>(
  'forget-rest',
  'idempotent',
  sql`with gone as (
    delete from mastery m where m.user_id = ${param('learner_id', 'text')}
      and not exists (select 1 from study_paths p where p.user_id = m.user_id)
    returning 1
  ), parts as (
    delete from import_parts where user_id = ${param('learner_id', 'text')}
  ) select count(*)::integer as topics from gone`,
);

/**
 * Removes the mastery of a learner without paths, and what an import that was cut off has left. A result that was being
 * written while the learner was detached has waited for nothing of the mastery, and the detaching statement could not
 * see its rows yet.
 * @returns topics removed.
 */
export async function removeRest(db: Database, learnerId: string): Promise<number> {
  const [row] = await db.query(forgetRest, { learner_id: learnerId });
  return row?.topics ?? 0;
}
