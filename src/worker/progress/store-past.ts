import { sql } from 'drizzle-orm';
import type { RawEvent } from '#domain/events/upcast.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/client.ts';
import { iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { byObject, readObject } from '../events/archive/read.ts';
import { type Segment, segmentJson } from '../events/archive/store-read.ts';

/** An event as a replay takes it; `position` is its place among all events. */
export type PastEvent = RawEvent & { seq: number; position: number; occurred_at: string };

/** Events of the learner's paths and of the learner apart from tasks, up to a moment. */
export type PastRecord = { paths: (PastEvent & { path_id: string })[]; learner: PastEvent[] };

type PathParams = { learner_id: string; path_id: string; as_of: string };

const learnerId = param('learner_id', 'text');
const asOf = param('as_of', 'timestamptz');

const eventJson = (payload: string) => sql`jsonb_build_object('seq', e.seq, 'position', e.position,
  'event_type', e.event_type, 'schema_version', e.schema_version, 'payload', ${sql.raw(payload)},
  'occurred_at', ${iso('e.occurred_at')})`;

const findPast = statement<PathParams, PastRecord>(
  'find-past-paths',
  'read',
  sql`select
    (select coalesce(jsonb_agg(${eventJson('e.payload')} || jsonb_build_object('path_id', e.path_id) order by e.position), '[]')
     from study_paths own join path_events e on e.path_id = own.id
     where own.user_id = p.user_id and e.created_at <= ${asOf}) as paths,
    (select coalesce(jsonb_agg(${eventJson('e.payload')} order by e.seq), '[]')
     from learner_events e where e.user_id = p.user_id and e.created_at <= ${asOf}) as learner
  from study_paths p where p.id = ${param('path_id', 'uuid')} and p.user_id = ${learnerId}`,
);

/** @returns undefined when the path is not the learner's. */
export async function pastPaths(
  db: Database,
  learnerId: string,
  params: { path_id: string; as_of: string },
): Promise<PastRecord | undefined> {
  const [row] = await db.query(findPast, { learner_id: learnerId, ...params });
  return row;
}

/** Tasks whose events come in one answer. */
const TASKS = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export type PastTask = { id: string; events: PastEvent[] };
type TasksParams = { learner_id: string; after: string; as_of: string };
type TasksRow = { last: string | null; tasks: PastTask[]; archived: Segment[] };

// A learner's own notes may be large and count for nothing here.
const findPastTasks = statement<TasksParams, TasksRow>(
  'find-past-tasks',
  'read',
  sql`with page as materialized (
    select t.id from study_paths p join study_tasks t on t.path_id = p.id
    where p.user_id = ${learnerId} and t.id > ${param('after', 'uuid')} order by t.id limit ${sql.raw(String(TASKS))}
  ), logs as (
    select page.id, jsonb_agg(${eventJson(
      `case e.event_type when 'metadata_changed' then '{"metadata": {}}'
       else event_payload(e.event_type, e.payload, e.personal) end`,
    )} order by e.seq) as events
    from page join task_events e on e.task_id = page.id where e.created_at <= ${asOf} group by page.id
  )
  select (select id from page order by id desc limit 1) as last,
    (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'events', events)), '[]') from logs) as tasks,
    (select coalesce(jsonb_agg(${segmentJson} order by a.month, a.id, s.task_id, s.first_seq), '[]')
     from page join archived_tasks s on s.task_id = page.id join event_archives a on a.id = s.archive_id) as archived`,
);

type Parts = Pick<Context, 'db' | 'archive'>;

/** What was recorded of a page's tasks by a moment, from the archive and the log. */
async function withArchived(
  parts: Parts,
  learnerId: string,
  { tasks, archived }: TasksRow,
  asOf: string,
): Promise<PastTask[]> {
  const logs = new Map<string, PastEvent[]>();
  for (const object of byObject(archived))
    for (const event of (await readObject(parts, learnerId, object)).flat()) {
      if (Date.parse(event.created_at) > Date.parse(asOf)) continue;
      logs.set(event.task_id, [...(logs.get(event.task_id) ?? []), event]);
    }
  for (const { id, events } of tasks) logs.set(id, [...(logs.get(id) ?? []), ...events]);
  return [...logs].map(([id, events]) => ({ id, events: events.toSorted((a, b) => a.seq - b.seq) }));
}

/**
 * The learner's tasks that the log knew by a moment, of all paths, each with its events up to then; page by page.
 * @throws AppError `integrity-error`, `archive-unavailable`.
 */
export async function* pastTasks(parts: Parts, learnerId: string, as_of: string): AsyncGenerator<PastTask[]> {
  for (let after: string | null = FIRST_ID; after !== null; ) {
    const [page]: TasksRow[] = await parts.db.query(findPastTasks, {
      learner_id: learnerId,
      after,
      as_of,
    });
    if (page === undefined) return;
    yield page.archived.length === 0 ? page.tasks : await withArchived(parts, learnerId, page, as_of);
    after = page.last;
  }
}
