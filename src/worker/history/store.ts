import { type SQL, sql } from 'drizzle-orm';
import type { ListTasks, TaskFilters } from '#contract/history.ts';
import { Module, TaskResult, TaskStatus } from '#contract/vocabulary.ts';
import type { TimeKey } from '../crypto/cursor-page.ts';
import type { Database } from '../db/client.ts';
import { hasStatus, iso, isReplanned, taskJson } from '../db/fragments.ts';
import { hintsOf, type SealedHint } from '../db/hints.ts';
import { NO_SEARCH, type Search, searched } from '../db/search.ts';
import { param, type Statement, statement } from '../db/statement.ts';
import { type Segment, segmentsOf } from '../events/archive/store-read.ts';

/** The least id: what lies before an instant lies before this id at that instant. No task has it. */
const LEAST_ID = '00000000-0000-0000-0000-000000000000';

type Order = ListTasks['order'];

/** A task as the text of its JSON, which goes into the answer as it is, with what the list has to know of it. */
export type Listed = { task: string; id: string; problem_id: string; scheduled_at: string };

type ListParams = Search & {
  learner_id: string;
  path_id: string | null;
  track_id: string | null;
  modules: readonly string[] | null;
  statuses: readonly string[] | null;
  /** The whole filter when it names results: then `statuses` cuts nothing off. */
  results: readonly string[] | null;
  replanned: boolean;
  difficulties: readonly number[] | null;
  kinds: readonly string[] | null;
  /** JSON text: an array parameter would not carry every character. */
  topics: string | null;
  /** Where the walk begins, exclusive, and the instant at which it ends: exclusive going up, inclusive going down. */
  after_at: string;
  after_id: string;
  until: string;
  limit: number;
};

/**
 * How the walks of a list are cut, so that each of them reads one index in its order and stops at the limit: one walk
 * per path, per path and status, or per path, module and status.
 */
const SHAPES = {
  all: { table: sql``, where: sql`` },
  status: {
    table: sql`cross join unnest(${param('statuses', 'text[]')}) s(status)`,
    where: sql`and t.status = s.status`,
  },
  module: {
    table: sql`cross join unnest(${param('modules', 'text[]')}) m(module)
      cross join unnest(${param('statuses', 'text[]')}) s(status)`,
    where: sql`and t.module = m.module and t.status = s.status`,
  },
} as const satisfies Record<string, { table: SQL; where: SQL }>;
type Shape = keyof typeof SHAPES;

/**
 * One constant text per shape and order. The planner knows an average learner only: for one with a long history it would
 * fetch and sort all of it. A limit that it cannot foresee makes it walk the index in order instead.
 */
function listStatement(shape: Shape, order: Order): Statement<ListParams, Listed> {
  const { table, where } = SHAPES[shape];
  const direction = sql.raw(order);
  const beyond = order === 'desc' ? sql`<` : sql`>`;
  const within = order === 'desc' ? sql`>=` : sql`<`;
  return statement(
    `list-tasks-${shape}-${order}`,
    'read',
    sql`with page as (
      select t.* from study_paths p ${table}
      cross join lateral (
        select t.* from study_tasks t
        where t.path_id = p.id ${where}
          and (t.scheduled_at, t.id) ${beyond} (${param('after_at', 'timestamptz')}, ${param('after_id', 'uuid')})
          and t.scheduled_at ${within} ${param('until', 'timestamptz')}
          and (${param('difficulties', 'integer[]')} is null or t.difficulty = any(${param('difficulties', 'integer[]')}))
          and (${param('kinds', 'text[]')} is null or t.kind = any(${param('kinds', 'text[]')}))
          and (${param('topics', 'jsonb')} is null or t.topic_tags && array(select jsonb_array_elements_text(${param('topics', 'jsonb')})))
          and ${hasStatus('t', param('results', 'text[]'))}
          and (${param('replanned', 'boolean')} or not ${isReplanned('t')}) and ${searched('t')}
        order by t.scheduled_at ${direction}, t.id ${direction} limit (select ${param('limit', 'integer')})
      ) t
      where p.user_id = ${param('learner_id', 'text')}
        and (${param('path_id', 'uuid')} is null or p.id = ${param('path_id', 'uuid')})
        and (${param('track_id', 'text')} is null or p.track_id = ${param('track_id', 'text')})
      order by t.scheduled_at ${direction}, t.id ${direction} limit ${param('limit', 'integer')}
    )
    select ${taskJson('page')}::text as task, page.id, page.problem_id, ${iso('page.scheduled_at')} as scheduled_at
    from page order by page.scheduled_at ${direction}, page.id ${direction}`,
  );
}

const LISTS = {
  all: { desc: listStatement('all', 'desc'), asc: listStatement('all', 'asc') },
  status: { desc: listStatement('status', 'desc'), asc: listStatement('status', 'asc') },
  module: { desc: listStatement('module', 'desc'), asc: listStatement('module', 'asc') },
} as const satisfies Record<Shape, Record<Order, Statement<ListParams, Listed>>>;

type ListWish = TaskFilters & { order: Order } & Pick<ListTasks, 'include'>;

/** Which part of the list is meant; `search` stands for the filter `q`. */
type Part = { after: TimeKey | null; limit: number; search?: Search | null };

const isOneOf = (values: readonly string[], value: string) => values.includes(value);

/** The statement for those filters and its parameters; `limit` is the most rows it answers. */
export function listing(
  learnerId: string,
  wish: ListWish,
  page: Part,
): [Statement<ListParams, Listed>, ListParams] {
  const { module, status, order } = wish;
  const narrowed = (values: readonly string[] | undefined, all: readonly string[]) =>
    values === undefined || values.length === all.length ? null : values;
  const modules = narrowed(module, Module.options);
  const results = status?.some((one) => isOneOf(TaskResult.options, one)) ? status : null;
  const statuses = results === null ? narrowed(status, TaskStatus.options) : null;
  const shape: Shape = modules !== null ? 'module' : statuses !== null ? 'status' : 'all';
  const { from = '-infinity', to = 'infinity' } = wish;
  // One bound on each side: with two, PostgreSQL may begin its walk at the wider one.
  const [after_at, after_id] = page.after ?? [order === 'desc' ? to : from, LEAST_ID];
  return [
    LISTS[shape][order],
    {
      learner_id: learnerId,
      path_id: wish.path_id ?? null,
      track_id: wish.track_id ?? null,
      modules,
      results,
      replanned: wish.include === 'replanned',
      statuses: statuses ?? (shape === 'module' ? TaskStatus.options : null),
      difficulties: wish.difficulty ?? null,
      kinds: wish.kind ?? null,
      topics: wish.topic === undefined ? null : JSON.stringify(wish.topic),
      after_at,
      after_id,
      until: order === 'desc' ? from : to,
      limit: page.limit,
      ...(page.search ?? NO_SEARCH),
    },
  ];
}

/** @returns up to `limit` tasks of all the learner's paths beyond `after`, in order. */
export async function listTasks(
  db: Database,
  learnerId: string,
  wish: ListWish,
  page: Part,
): Promise<Listed[]> {
  return db.query(...listing(learnerId, wish, page));
}

type HintParams = { learner_id: string; task_id: string; after: number; limit: number };

const ONE_PAGE = sql`and x.seq > ${param('after', 'integer')} order by x.seq limit ${param('limit', 'integer')}`;

/** A page of hints of which the log holds the requests, and the archive's segments behind it. */
export type HintPage = { hints: SealedHint[]; archived: Segment[] };

const findHintsStatement = statement<HintParams, HintPage>(
  'find-hints',
  'read',
  sql`select ${hintsOf('t', ONE_PAGE)} as hints, ${segmentsOf('t', param('after', 'integer'))} as archived
    from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns up to `limit` hints of the task with `seq > after`, undefined when it is not the learner's. */
export async function findHints(
  db: Database,
  learnerId: string,
  taskId: string,
  page: { after: number; limit: number },
): Promise<HintPage | undefined> {
  const [row] = await db.query(findHintsStatement, { learner_id: learnerId, task_id: taskId, ...page });
  return row;
}
