import type pg from 'pg';
import type { ArchiveObjects } from '../archive/objects.ts';
import { type ArchivedRow, type ArchivedRows, archivedRows } from '../archive/read.ts';
import type { EventRow } from './chain.ts';
import { type Row, rowJson, type TableName } from './tables.ts';

/** What asks the database: a client inside a transaction, so that all of a run sees one moment. */
export type Ask = Pick<pg.ClientBase, 'query'>;

/** Learners and tasks that one query reads. */
const LEARNERS = 100;
const TASKS = 1000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const EVENT = `e.id, e.seq, e.position, e.event_type, e.schema_version, e.payload::text as payload,
  e.actor::text as actor, e.request_id, iso_instant(e.occurred_at) as occurred_at,
  iso_instant(e.created_at) as recorded_at, encode(e.prev_hash, 'hex') as prev_hash, encode(e.hash, 'hex') as hash`;

const STREAMS = {
  task_events: { kind: 'task', column: 'task_id', type: 'uuid' },
  path_events: { kind: 'path', column: 'path_id', type: 'uuid' },
  learner_events: { kind: 'learner', column: 'user_id', type: 'text' },
} as const;

/** Events of a table by whom they are about, each stream in order. */
async function eventsOf(
  ask: Ask,
  table: keyof typeof STREAMS,
  of: readonly string[],
): Promise<Map<string, EventRow[]>> {
  const { kind, column, type } = STREAMS[table];
  const beside =
    table === 'task_events'
      ? `e.personal::text as personal, exists (select from task_transcripts s where s.event_id = e.id) as transcript`
      : 'null as personal, false as transcript';
  const { rows } = await ask.query<EventRow & { about: string }>(
    `select ${EVENT}, ${beside}, e.${column} as about, '${kind}:' || e.${column} as stream
     from ${table} e where e.${column} = any($1::${type}[]) order by e.${column}, e.seq`,
    [of],
  );
  return Map.groupBy(rows, ({ about }) => about);
}

/** Learners in the order of their ids, a batch at a time; those whose erasure is under way have none. */
export async function* learnerBatches(ask: Ask, after = ''): AsyncGenerator<string[]> {
  for (let last = after; ; ) {
    const { rows } = await ask.query<{ user_id: string }>(
      `select user_id from (
         select user_id from study_paths union select user_id from learner_events union select user_id from mastery
         union select user_id from review_queue union select user_id from review_log
       ) known where user_id > $1 and user_id <> '' order by user_id limit ${LEARNERS}`,
      [last],
    );
    if (rows.length === 0) return;
    last = rows.at(-1)?.user_id ?? last;
    yield rows.map(({ user_id }) => user_id);
  }
}

/** Some learners, chosen by chance. */
export async function someLearners(ask: Ask, count: number): Promise<string[]> {
  const { rows } = await ask.query<{ user_id: string }>(
    `select user_id from (select distinct user_id from study_paths where user_id <> '') known order by random() limit $1`,
    [count],
  );
  return rows.map(({ user_id }) => user_id);
}

/** The rows of a table that are these learners', as JSON. */
export async function rowsOf(ask: Ask, table: TableName, learners: readonly string[]): Promise<Row[]> {
  const owned =
    table === 'module_states' ? 'join study_paths p on p.id = x.path_id where p.user_id' : 'where x.user_id';
  const { rows } = await ask.query<{ row: Row }>(
    `select ${rowJson(table, 'x')} as row from ${table} x ${owned} = any($1::text[])`,
    [learners],
  );
  return rows.map(({ row }) => row);
}

type PathRecord = { id: string; row: Row; events: EventRow[] };

export async function pathsOf(ask: Ask, learners: readonly string[]): Promise<PathRecord[]> {
  const rows = await rowsOf(ask, 'study_paths', learners);
  const ids = rows.map(({ id }) => String(id));
  const events = await eventsOf(ask, 'path_events', ids);
  return rows.map((row) => ({ id: String(row.id), row, events: events.get(String(row.id)) ?? [] }));
}

export function learnerEventsOf(ask: Ask, learners: readonly string[]): Promise<Map<string, EventRow[]>> {
  return eventsOf(ask, 'learner_events', learners);
}

/** A task's row with the log's note on it, its judgings and its events. */
export type TaskRecord = {
  id: string;
  row: Row;
  head: { seq: number; hash: string | null };
  judgings: Row[];
  events: EventRow[];
};

/** An archived event as a row of the log. */
function rowOf({ event, personal }: ArchivedRow, transcripts: ReadonlySet<string>): EventRow {
  const { task_id, created_at, payload, actor, position, ...rest } = event;
  return {
    ...rest,
    stream: `task:${task_id}`,
    position: String(position),
    payload: JSON.stringify(payload),
    personal: personal === null ? null : JSON.stringify(personal),
    actor: JSON.stringify(actor),
    recorded_at: created_at,
    transcript: transcripts.has(event.id),
  };
}

async function transcriptsOf(ask: Ask, tasks: readonly string[]): Promise<Set<string>> {
  const { rows } = await ask.query<{ event_id: string }>(
    'select event_id from task_transcripts where task_id = any($1::uuid[])',
    [tasks],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}

/** Tasks, and the objects of the archive that could not be read for them. */
export type TaskPage = { tasks: TaskRecord[]; faults: ArchivedRows['faults'] };

/**
 * The tasks of these paths by id, a page at a time, with the events of the log and of the archive.
 * @throws Error when there are archived events and `objects` is null.
 */
export async function* taskPages(
  ask: Ask,
  pathIds: readonly string[],
  objects: ArchiveObjects | null,
): AsyncGenerator<TaskPage> {
  for (let after = FIRST_ID; ; ) {
    const { rows: tasks } = await ask.query<{ id: string; row: Row; seq: number; hash: string | null }>(
      `select x.id, ${rowJson('study_tasks', 'x')} as row, x.log_seq as seq, encode(x.log_hash, 'hex') as hash
       from study_tasks x where x.path_id = any($1::uuid[]) and x.id > $2 order by x.id limit ${TASKS}`,
      [pathIds, after],
    );
    if (tasks.length === 0) return;
    const ids = tasks.map(({ id }) => id);
    after = ids.at(-1) ?? after;
    const events = await eventsOf(ask, 'task_events', ids);
    const { rows: archived, faults } = await archivedRows(ask, objects, ids);
    const transcripts = await transcriptsOf(ask, [...archived.keys()]);
    const { rows: judgings } = await ask.query<{ row: Row }>(
      `select ${rowJson('task_evaluations', 'x')} as row from task_evaluations x where x.task_id = any($1::uuid[])`,
      [ids],
    );
    const byTask = Map.groupBy(judgings, ({ row }) => String(row.task_id));
    const records = tasks.map(({ id, row, seq, hash }) => ({
      id,
      row,
      head: { seq, hash },
      judgings: (byTask.get(id) ?? []).map((judging) => judging.row),
      events: [
        ...(archived.get(id) ?? []).map((event) => rowOf(event, transcripts)),
        ...(events.get(id) ?? []),
      ],
    }));
    yield { tasks: records, faults };
  }
}

/** Events that belong to no task, path or learner that there is. */
export async function strayEvents(ask: Ask): Promise<{ stream: string; seq: number }[]> {
  const { rows } = await ask.query<{ stream: string; seq: number }>(
    `select 'task:' || e.task_id as stream, e.seq from task_events e
     where not exists (select from study_tasks t where t.id = e.task_id)
     union all
     select 'path:' || e.path_id, e.seq from path_events e
     where not exists (select from study_paths p where p.id = e.path_id)
     union all
     select 'learner:', e.seq from learner_events e where e.user_id = ''
     order by 1, 2`,
  );
  return rows;
}
