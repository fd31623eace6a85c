import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { type Segment, segmentJson } from '../events/archive/store-read.ts';
import { asOf, type Bounds, learner, PAGE_ROWS, type Page, pageOf } from './pages.ts';
import { judgingColumns, placeOf } from './store.ts';

const limit = sql.raw(String(PAGE_ROWS));
const afterId = param('after_id', 'uuid');

/** Row behind which a section goes on: its task's place, and its own within the task. */
export type ChildKey = { after_at: string; after_id: string; after_first: number; after_second: number };

const START: ChildKey = {
  after_at: '-infinity',
  after_id: '00000000-0000-0000-0000-000000000000',
  after_first: 0,
  after_second: 0,
};
/** Above every attempt, run and seq: the task's rows are done. */
const DONE = sql.raw('2147483647');

type ChildParams = Bounds & ChildKey & { mark: string };

/**
 * Pages through the rows of a table below the tasks, task by task: tasks from the last one on, and of the first of them
 * only the rows behind the last. `first` and `second` order the rows within a task. Newer rows than `as_of` come along:
 * a task's row may be newer too, and whoever restores it needs all its events.
 */
function childrenOf<Row extends Page<ChildKey>>(
  name: string,
  child: { table: string; first: string; second: string; columns: SQL; more?: SQL },
) {
  const c = (column: string) => sql.raw(`c.${column}`);
  const within = sql`(${c(child.first)}, ${c(child.second)})`;
  const key = (from: SQL, first: SQL, second: SQL) => sql`json_build_object(
    'after_at', ${iso(sql`${from}.scheduled_at`)}, 'after_id', ${from}.id, 'after_first', ${first},
    'after_second', ${second})`;
  return statement<ChildParams, Row>(
    name,
    'read',
    pageOf({
      ctes: sql`tasks as materialized (
        select t.id, t.scheduled_at from study_paths p cross join lateral (
          select t.id, t.scheduled_at from study_tasks t
          where t.path_id = p.id and t.created_at <= ${asOf}
            and (t.scheduled_at, t.id) >= (${param('after_at', 'timestamptz')}, ${afterId})
          order by t.scheduled_at, t.id limit ${limit}
        ) t
        where p.user_id = ${learner} order by t.scheduled_at, t.id limit ${limit}
      ), texts as materialized (
        select r.scheduled_at, r.id, r.first, r.second, row_to_json(w)::text as text
        from (
          select t.scheduled_at, t.id, ${c(child.first)} as first, ${c(child.second)} as second, c.id as child_id
          from tasks t join ${sql.raw(child.table)} c on c.task_id = t.id
          where (t.id <> ${afterId}
            or ${within} > (${param('after_first', 'integer')}, ${param('after_second', 'integer')}))
          order by t.scheduled_at, t.id, ${c(child.first)}, ${c(child.second)} limit ${limit}
        ) r join ${sql.raw(child.table)} c on c.id = r.child_id cross join lateral (select ${child.columns}) w
      )`,
      order: { columns: ['scheduled_at', 'id', 'first', 'second'], direction: 'asc' },
      key: key(sql`last`, sql`last.first`, sql`last.second`),
      limit: PAGE_ROWS,
      otherwise: sql`(case when (select count(*) from tasks) = ${limit} then (
        select ${key(sql`t`, DONE, DONE)} from tasks t order by t.scheduled_at desc, t.id desc limit 1) end)`,
      ...(child.more === undefined ? {} : { more: child.more }),
    }),
  );
}

const JUDGINGS = childrenOf<Page<ChildKey>>('export-judgings', {
  table: 'task_evaluations',
  first: 'attempt',
  second: 'run',
  columns: sql`c.task_id, ${judgingColumns('c')}, ${placeOf('o', 'c.id')} as error_message, ${placeOf('c', 'c.id')} as code`,
});

/**
 * Segments of the archive that belong to a page's tasks, from the same moment as its rows: behind what earlier pages have
 * had of the first task, and no task beyond the last row of a page that was cut off. By object.
 */
const ARCHIVED = sql`, (
  select coalesce(jsonb_agg(${segmentJson} || jsonb_build_object('after', s.after)
    order by a.path_id, a.month, a.id, s.task_id, s.first_seq), '[]')
  from (
    select x.*, case when t.id = ${afterId} then ${param('after_first', 'integer')} else 0 end as after
    from tasks t join archived_tasks x on x.task_id = t.id
    where ((select count(*) from kept) = (select rows from size) and (select rows from size) < ${limit})
      or (t.scheduled_at, t.id) <= (
        select l.scheduled_at, l.id from kept l order by l.scheduled_at desc, l.id desc limit 1)
  ) s join event_archives a on a.id = s.archive_id
  where s.last_seq > s.after
) as archived`;

/** A page of events: rows of the log, and the older events of the same tasks. */
export type EventPage = Page<ChildKey> & { archived: (Segment & { after: number })[] };

const EVENTS = childrenOf<EventPage>('export-events', {
  table: 'task_events',
  first: 'seq',
  second: 'schema_version',
  columns: sql`c.id, c.task_id, c.seq, c.position, c.event_type, c.schema_version,
    event_payload(c.event_type, c.payload, c.personal) as payload, c.actor, c.request_id,
    ${iso('c.occurred_at')} as occurred_at, ${iso('c.created_at')} as created_at,
    case when exists (select from task_transcripts s where s.event_id = c.id) then ${placeOf('t', 'c.id')} end
      as transcript`,
  more: ARCHIVED,
});

const NOTHING = { text: '', rows: 0, next: null };

type PageWish = { as_of: string; mark: string; after: ChildKey | null };

/** One page of the learner's judgings, each as the JSON of `StoredJudging` with places for output and code. */
export async function judgingPage(db: Database, learnerId: string, { after, ...rest }: PageWish) {
  const [page] = await db.query(JUDGINGS, { learner_id: learnerId, ...rest, ...(after ?? START) });
  return page ?? NOTHING;
}

/** One page of the learner's events, each as the JSON of `StoredEvent` with a place for the transcript. */
export async function eventPage(
  db: Database,
  learnerId: string,
  { after, ...rest }: PageWish,
): Promise<EventPage> {
  const [page] = await db.query(EVENTS, { learner_id: learnerId, ...rest, ...(after ?? START) });
  return page ?? { ...NOTHING, archived: [] };
}

/** Place in the order of idempotency keys. */
export type KeyPlace = { after_key: string };

const KEYS = statement<Bounds & KeyPlace, Page<KeyPlace>>(
  'export-idempotency-keys',
  'read',
  pageOf({
    ctes: sql`texts as materialized (
      select k.key, json_build_object('key', k.key, 'created_at', ${iso('k.created_at')})::text as text
      from idempotency_keys k
      where k.user_id = ${learner} and k.created_at <= ${asOf} and k.key > ${param('after_key', 'text')}
      order by k.key limit ${limit}
    )`,
    order: { columns: ['key'], direction: 'asc' },
    key: sql`json_build_object('after_key', last.key)`,
    limit: PAGE_ROWS,
  }),
);

/** One page of the learner's idempotency keys: names and times, never the answers kept beside them. */
export async function keyPage(
  db: Database,
  learnerId: string,
  { as_of, after }: { as_of: string; after: KeyPlace | null },
) {
  const [page] = await db.query(KEYS, { learner_id: learnerId, as_of, ...(after ?? { after_key: '' }) });
  return page ?? NOTHING;
}
