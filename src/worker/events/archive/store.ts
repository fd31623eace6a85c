import { sql } from 'drizzle-orm';
import type { ArchivedChain } from '#contract/archive.ts';
import type { Database } from '../../db/client.ts';
import { iso } from '../../db/fragments.ts';
import { param, statement } from '../../db/statement.ts';

/** Oldest events that are looked at for paths to archive. */
const LOOKED_AT = 20_000;
/** Most events of an object, and most bytes of its text together with what was typed in them. */
const OBJECT_EVENTS = sql.raw('4000');
const OBJECT_BYTES = sql.raw('2097152');

const before = param('before', 'timestamptz');
const pathId = param('path_id', 'uuid');
const archiveId = param('archive_id', 'uuid');

const findDuePaths = statement<{ before: string; limit: number }, { path_id: string }>(
  'find-paths-to-archive',
  'read',
  sql`with old as materialized (
    select distinct e.task_id from (
      select task_id from task_events where created_at < ${before}
      order by created_at limit ${sql.raw(String(LOOKED_AT))}
    ) e
  )
  select distinct t.path_id from old join study_tasks t on t.id = old.task_id
  join study_paths p on p.id = t.path_id
  where p.user_id <> '' limit ${param('limit', 'integer')}`,
);

/** Up to `limit` paths that have events from before that moment. */
export async function duePaths(db: Database, before: string, limit: number): Promise<string[]> {
  const rows = await db.query(findDuePaths, { before, limit });
  return rows.map(({ path_id }) => path_id);
}

/** The content of one object. */
export type Harvest = {
  /** First day of the month that all of it was recorded in. */
  month: string;
  /** NDJSON of `ArchivedEvent`, task by task. */
  text: string;
  events: number;
  chains: ArchivedChain[];
};

const harvest = statement<{ path_id: string; before: string }, Harvest>(
  'harvest-events',
  'read',
  sql`with tasks as materialized (
    select t.id from study_tasks t join study_paths p on p.id = t.path_id
    where t.path_id = ${pathId} and p.user_id <> '' order by t.id
  ), oldest as materialized (
    select date_trunc('month', min(e.created_at) at time zone 'UTC') as month
    from tasks cross join lateral (
      select x.created_at from task_events x where x.task_id = tasks.id order by x.created_at limit 1
    ) e where e.created_at < ${before}
  ), picked as materialized (
    select e.* from tasks cross join lateral (
      select x.* from task_events x
      where x.task_id = tasks.id and x.created_at < ${before}
        and x.created_at < (select month + interval '1 month' from oldest) at time zone 'UTC'
      order by x.seq
    ) e limit ${OBJECT_EVENTS}
  ), lines as materialized (
    select e.task_id, e.seq, e.prev_hash, e.hash, l.line,
      octet_length(l.line) + coalesce(octet_length(e.personal::text), 0) as size
    from picked e cross join lateral (select jsonb_build_object('id', e.id, 'task_id', e.task_id, 'seq', e.seq,
      'position', e."position", 'event_type', e.event_type, 'schema_version', e.schema_version,
      'payload', e.payload, 'actor', e.actor, 'request_id', e.request_id, 'occurred_at', ${iso('e.occurred_at')},
      'created_at', ${iso('e.created_at')}, 'prev_hash', encode(e.prev_hash, 'hex'), 'hash', encode(e.hash, 'hex')
    )::text as line) l
  ), kept as materialized (
    select * from (
      select *, sum(size) over (order by task_id, seq rows unbounded preceding) as upto from lines
    ) s where upto - size < ${OBJECT_BYTES}
  )
  select to_char((select month from oldest), 'YYYY-MM-DD') as month,
    string_agg(line, E'\n' order by task_id, seq) || E'\n' as text, count(*)::integer as events,
    (select jsonb_agg(c) from (
      select task_id, min(seq) as first_seq, max(seq) as last_seq,
        encode((array_agg(prev_hash order by seq))[1], 'hex') as prev_hash,
        encode((array_agg(hash order by seq desc))[1], 'hex') as last_hash
      from kept group by task_id order by task_id
    ) c) as chains
  from kept having count(*) > 0`,
);

/**
 * The oldest events of a path from before that moment, of one month, as one object takes them; of each task those that
 * come first. A later call answers the same until they are removed.
 * @returns undefined when nothing is that old.
 */
export async function nextHarvest(
  db: Database,
  path_id: string,
  before: string,
): Promise<Harvest | undefined> {
  const [row] = await db.query(harvest, { path_id, before });
  return row;
}

type Attempt = { archive_id: string; path_id: string; month: string; object_key: string; now: string };

const announce = statement<Attempt, { id: string }>(
  'announce-archive',
  'idempotent',
  sql`insert into event_archives (id, path_id, month, object_key, started_at)
    values (${archiveId}, ${pathId}, ${param('month', 'date')}, ${param('object_key', 'text')},
      ${param('now', 'timestamptz')})
    on conflict (id) do nothing returning id`,
);

/** Notes an object before it is written, so that none is ever forgotten in the bucket. */
export async function announceArchive(db: Database, attempt: Attempt): Promise<void> {
  await db.query(announce, attempt);
}

type Stored = { archive_id: string; sha256: string; bytes: number; events: number; chains: string };

const settle = statement<Stored, { stored: boolean }>(
  'settle-archive',
  'idempotent',
  sql`select archive_events(${archiveId}, ${param('sha256', 'text')}, ${param('bytes', 'integer')},
    ${param('events', 'integer')}, ${param('chains', 'jsonb')}) as stored`,
);

/**
 * Writes the manifest of an object that was read back, and removes from the log exactly the events that it names: both
 * or neither.
 * @returns false when they are not, whole and with these hashes, the beginnings of what is left of their tasks' chains.
 */
export async function settleArchive(db: Database, stored: Stored): Promise<boolean> {
  const [row] = await db.query(settle, stored);
  return row?.stored ?? false;
}

const abandon = statement<{ archive_id: string }, { abandoned: boolean }>(
  'abandon-archive',
  'idempotent',
  sql`select abandon_archive(${archiveId}) as abandoned`,
);

/** Gives up an attempt. @returns false when it is part of the archive after all: then its object must stay. */
export async function abandonArchive(db: Database, archive_id: string): Promise<boolean> {
  const [row] = await db.query(abandon, { archive_id });
  return row?.abandoned ?? false;
}

export type Dropped = { id: string; object_key: string };
type DropParams = { path_ids: readonly string[] | null; abandoned_before: string; limit: number };

const take = statement<DropParams, Dropped>(
  'take-dropped-archives',
  'idempotent',
  sql`select id, object_key from take_dropped_archives(${param('path_ids', 'uuid[]')},
    ${param('abandoned_before', 'timestamptz')}, ${param('limit', 'integer')})`,
);

/**
 * Objects to delete: of paths that are erased, and of attempts that were abandoned. Nobody can make them part of the
 * archive any more, and they are answered until `forgetArchives`.
 * @param path_ids null for all paths.
 */
export function takeDropped(db: Database, params: DropParams): Promise<Dropped[]> {
  return db.query(take, params);
}

const forget = statement<{ ids: readonly string[] }, { forgotten: number }>(
  'forget-archives',
  'idempotent',
  sql`select forget_archives(${param('ids', 'uuid[]')}) as forgotten`,
);

/** Forgets objects that are deleted; one that is part of the archive is never forgotten. */
export async function forgetArchives(db: Database, ids: readonly string[]): Promise<void> {
  await db.query(forget, { ids });
}
