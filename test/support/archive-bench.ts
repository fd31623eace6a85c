import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TaskEvent } from '#contract/events.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { createDatabase, type Database } from '#worker/db/client.ts';
import { archiveOldEvents } from '#worker/events/archive/archive-events.ts';
import type { ArchiveBucket } from '#worker/events/archive/bucket.ts';
import { dropArchives } from '#worker/events/archive/drop.ts';
import { detachRows, removeDetached } from '#worker/privacy/store.ts';
import { listEvents } from '#worker/tasks/verbs.ts';
import { startMigratedDatabase } from './postgres.ts';

/** Everything before March 2025 is old at this moment, by the standard of twelve months. */
export const NOW = '2026-03-15T10:17:00.000Z';
export const HOURS_LATER = '2026-03-15T13:17:00.000Z';
const QUIET = { info() {}, warn() {}, error() {} };
const STAMP = { actor: JSON.stringify({ type: 'learner' }), request_id: 'bench' };

export type SeededPath = { learner: string; path: string; tasks: string[] };

/** One statement: tasks of a path, and events every ten days from the first day on, texts of learners among them. */
const SEED = `with new_path as (
    insert into study_paths (id, user_id) values ($1, $2) returning id
  ), new_tasks as (
    insert into study_tasks (id, path_id, problem_id, module, difficulty, scheduled_at, expires_at, version)
    select x.id, new_path.id, 'two-sum', 'hashing', 1, $4::timestamptz, '2199-01-01', $5
    from new_path, unnest($3::uuid[]) x(id) returning id
  )
  insert into task_events (task_id, seq, event_type, payload, actor, request_id, occurred_at, created_at)
  select id, n, case when n = 1 then 'created' when n % 5 = 0 then 'hint_requested' else 'metadata_changed' end,
    case when n = 1 then jsonb_build_object('path_id', $1::uuid, 'kind', 'problem', 'problem_id', 'two-sum',
        'module', 'hashing', 'topic_tags', '[]'::jsonb, 'difficulty', 1, 'scheduled_at', '2025-01-01T00:00:00.000Z',
        'expires_at', '2199-01-01T00:00:00.000Z', 'metadata', '{}'::jsonb)
      when n % 5 = 0 then jsonb_build_object('hint_id', gen_random_uuid(), 'level', 1, 'hints_used', n / 5)
      else jsonb_build_object('metadata', jsonb_build_object('note', 'œ "' || n || E'" \\n', 'n', (n / 7.0)::double precision, 'a', 1)) end,
    '{"type": "learner"}', 'seed', $4::timestamptz + n * interval '10 days', $4::timestamptz + n * interval '10 days'
  from new_tasks, generate_series(1, $5) n order by id, n`;

/** A migrated database as the Worker's role sees it, a bucket, and what is done to both. */
export async function archiveBench(bucket: ArchiveBucket) {
  const server = await startMigratedDatabase();
  const client = createDatabase({ url: server.workerUrl, fetchEndpoint: server.fetchEndpoint });
  const db = client.forRequest('bench');
  const owner = new pg.Pool({ connectionString: server.postgresUrl, max: 4 });
  // A connection that the server ends while it is idle is nobody's trouble.
  owner.on('error', () => undefined);
  const cursors = createCursorCodec('a secret of this bench, long enough');

  async function rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await owner.query<Row>(text, values)).rows;
  }

  /** A path whose tasks have `events` events each, ten days apart, the first ten days after `from`. */
  async function seedPath({
    tasks = 3,
    events = 12,
    from = '2024-12-20T00:00:00.000Z',
  } = {}): Promise<SeededPath> {
    const seeded = {
      learner: `learner-${randomUUID()}`,
      path: randomUUID(),
      tasks: Array.from({ length: tasks }, () => randomUUID()),
    };
    await rows(SEED, [seeded.path, seeded.learner, seeded.tasks, from, events]);
    return seeded;
  }

  /** The task's log as its learner reads it, in pages of that many events, from log and archive. */
  async function read(
    learner: string,
    task: string,
    limit = 5,
    archive: ArchiveBucket | null = bucket,
  ): Promise<TaskEvent[]> {
    const events: TaskEvent[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listEvents({ db, archive, cursors }, learner, task, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      events.push(...page.data);
      if (page.next_cursor === null) return events;
      cursor = page.next_cursor;
    }
  }

  /** All of a path's logs, as text. */
  async function readAll({ learner, tasks }: SeededPath, limit = 200): Promise<string> {
    const logs = [];
    for (const task of tasks) logs.push(await read(learner, task, limit));
    return JSON.stringify(logs);
  }

  type Ports = { db?: Database; bucket?: ArchiveBucket; now?: string };

  /** The job of the cron, with ports of the test's own if it likes. */
  async function archive(ports: Ports = {}) {
    const now = ports.now ?? NOW;
    const at = { db: ports.db ?? db, now };
    const dropped = await dropArchives({ ...at, archive: ports.bucket ?? bucket }, null);
    const parts = {
      ...at,
      bucket: ports.bucket ?? bucket,
      newId: () => randomUUID(),
      log: QUIET,
      months: 12,
    };
    return { dropped, ...(await archiveOldEvents(parts)) };
  }

  /** What an erasure of the learner does to rows and objects. */
  async function erase(learner: string, pathId: string | null = null, ports: Ports = {}) {
    const stamp = { ...STAMP, now: NOW };
    await detachRows(db, learner, { ...stamp, pathId, erasureId: randomUUID() });
    while (await removeDetached(db, null));
    await dropArchives({ db: ports.db ?? db, archive: ports.bucket ?? bucket, now: NOW }, null);
  }

  /** Events that are rows, and keys of objects by what the manifests say of them. */
  async function state(path?: string) {
    const [counts] = await rows<{ events: number }>(
      `select count(*)::integer as events from task_events e join study_tasks t on t.id = e.task_id
       where $1::uuid is null or t.path_id = $1`,
      [path ?? null],
    );
    const manifests = await rows<{ object_key: string; state: string; events: number | null }>(
      'select object_key, state, events from event_archives where $1::uuid is null or path_id = $1 order by object_key',
      [path ?? null],
    );
    return { events: counts?.events ?? 0, manifests };
  }

  async function close() {
    await owner.end();
    await server.close();
  }

  return { db, rows, seedPath, read, readAll, archive, erase, state, close };
}

export type ArchiveBench = Awaited<ReturnType<typeof archiveBench>>;

/** Thrown by every port of a process that has died. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/**
 * Ports of a process that dies at its call number `at`: before the call reaches anything, or after it was carried out but
 * nobody hears of it. From then on no call does anything.
 */
export function dyingPorts(
  real: { db: Database; bucket: ArchiveBucket },
  at: number,
  when: 'before' | 'after',
) {
  let calls = 0;
  async function step<T>(work: () => Promise<T>): Promise<T> {
    calls += 1;
    if (calls > at || (calls === at && when === 'before')) throw new CutOff();
    const result = await work();
    if (calls >= at) throw new CutOff();
    return result;
  }
  const { db, bucket } = real;
  return {
    calls: () => calls,
    db: {
      query: (statement, params) => step(() => db.query(statement, params)),
      transact: (...parts) => step(() => db.transact(...parts)),
    } satisfies Database,
    bucket: {
      put: (key, bytes) => step(() => bucket.put(key, bytes)),
      get: (key) => step(() => bucket.get(key)),
      delete: (keys) => step(() => bucket.delete(keys)),
    } satisfies ArchiveBucket,
  };
}
