import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { param, statement } from '../db/statement.ts';

/** Whose key it is, and the lock by which this request holds it. */
export type KeyHolder = { learner_id: string; key: string; locked_until: string };

/** `output` says what the stored body lacks of the answer, see the table's column. */
export type StoredResponse = {
  status: number;
  body: string | null;
  output: 'evaluation' | 'sealed' | null;
  headers: Record<string, string>;
};

/** What claiming a key found. `running`: another request holds it; `reused`: it belongs to another request. */
export type Claim =
  | { state: 'claimed'; seed: string }
  | { state: 'stored'; response: StoredResponse }
  | { state: 'running' }
  | { state: 'reused' };

type ClaimParams = KeyHolder & { fingerprint: string; seed: string; now: string };
type ClaimRow = {
  state: Claim['state'];
  seed: string;
  response_status: number | null;
  response_body: string | null;
  response_output: StoredResponse['output'];
  response_headers: Record<string, string> | null;
};

/**
 * Takes the key when it is new, older than 24 h, or left behind by a request that died, whose seed is then kept. The
 * second half sees the table as it was before: no row at all means that a request of this very moment holds the key.
 */
const claimKey = statement<ClaimParams, ClaimRow>(
  'idempotency-claim',
  'idempotent',
  sql`with claimed as (
    insert into idempotency_keys as k (user_id, key, fingerprint, seed, locked_until, created_at)
    values (${param('learner_id', 'text')}, ${param('key', 'text')}, ${param('fingerprint', 'text')},
      ${param('seed', 'uuid')}, ${param('locked_until', 'timestamptz')}, ${param('now', 'timestamptz')})
    on conflict (user_id, key) do update set
      fingerprint = excluded.fingerprint,
      seed = case when k.created_at <= ${param('now', 'timestamptz')} - interval '24 hours'
        then excluded.seed else k.seed end,
      created_at = case when k.created_at <= ${param('now', 'timestamptz')} - interval '24 hours'
        then excluded.created_at else k.created_at end,
      locked_until = excluded.locked_until,
      response_status = null, response_body = null, response_output = null, response_headers = null
    where k.created_at <= ${param('now', 'timestamptz')} - interval '24 hours'
      or (k.response_status is null and k.fingerprint = excluded.fingerprint
        and (k.locked_until <= ${param('now', 'timestamptz')} or k.seed = excluded.seed))
    returning seed
  )
  select 'claimed' as state, seed, null::int as response_status, null::text as response_body,
    null::text as response_output, null::jsonb as response_headers
  from claimed
  union all
  select case when fingerprint <> ${param('fingerprint', 'text')} then 'reused'
      when response_status is not null then 'stored' else 'running' end,
    seed, response_status::int, response_body, response_output, response_headers
  from idempotency_keys
  where user_id = ${param('learner_id', 'text')} and key = ${param('key', 'text')}
    and not exists (select 1 from claimed)`,
);

type CompleteParams = KeyHolder & Omit<StoredResponse, 'headers'> & { headers: string };

const ownLock = sql`user_id = ${param('learner_id', 'text')} and key = ${param('key', 'text')}
  and locked_until = ${param('locked_until', 'timestamptz')} and response_status is null`;

const completeKey = statement<CompleteParams, never>(
  'idempotency-complete',
  'idempotent',
  sql`update idempotency_keys set response_status = ${param('status', 'smallint')},
    response_body = ${param('body', 'text')}, response_output = ${param('output', 'text')},
    response_headers = ${param('headers', 'jsonb')}
  where ${ownLock}`,
);

const forgetKey = statement<KeyHolder, never>(
  'idempotency-forget',
  'idempotent',
  sql`delete from idempotency_keys where ${ownLock}`,
);

const unlockKey = statement<KeyHolder & { now: string }, never>(
  'idempotency-unlock',
  'idempotent',
  sql`update idempotency_keys set locked_until = ${param('now', 'timestamptz')} where ${ownLock}`,
);

/**
 * For the cron: deletes at most 5000 keys older than 24 h and answers how many. Run it until it answers fewer.
 * Parameter: `now`, RFC 3339.
 */
export const sweepIdempotencyKeys = statement<{ now: string }, { deleted: number }>(
  'idempotency-sweep',
  'idempotent',
  sql`with old as (
    select user_id, key from idempotency_keys
    where created_at <= ${param('now', 'timestamptz')} - interval '24 hours'
    order by created_at limit 5000 for update skip locked
  ), gone as (
    delete from idempotency_keys k using old where k.user_id = old.user_id and k.key = old.key returning 1
  )
  select count(*)::int as deleted from gone`,
);

/** Claims the key for `locked_until`; a seed is used unless an earlier, unfinished request has left its own. */
export async function claim(db: Database, request: ClaimParams): Promise<Claim> {
  const [row] = await db.query(claimKey, request);
  switch (row?.state) {
    case 'claimed':
      return { state: 'claimed', seed: row.seed };
    case 'stored':
      return {
        state: 'stored',
        response: {
          status: row.response_status ?? 500,
          body: row.response_body,
          output: row.response_output,
          headers: row.response_headers ?? {},
        },
      };
    case 'reused':
      return { state: 'reused' };
    default:
      return { state: 'running' };
  }
}

/** Stores the answer for a repeat of the request; does nothing when the lock has passed to another request. */
export async function complete(db: Database, holder: KeyHolder, response: StoredResponse): Promise<void> {
  await db.query(completeKey, { ...holder, ...response, headers: JSON.stringify(response.headers) });
}

/** Nothing was done under this key: it is free for any request. */
export async function forget(db: Database, holder: KeyHolder): Promise<void> {
  await db.query(forgetKey, holder);
}

/** Something may have been done: the same request may try again, and makes the same ids. */
export async function unlock(db: Database, holder: KeyHolder, now: string): Promise<void> {
  await db.query(unlockKey, { ...holder, now });
}
