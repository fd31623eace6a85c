import type pg from 'pg';
import type { Break } from '#cli/log/chain.ts';
import { type Verdict, verifySnapshot } from '#cli/log/verify.ts';
import type { Random } from '../simulate/random.ts';

/** An event to lay hands on: the first of its learner's that the edit makes wrong is known. */
type Target = { id: string; task_id: string; seq: number; version: number; user_id: string };

/** What was done, whose logs show it (null: nobody's, only a look at all of them does), and the first broken links. */
export type Tampering = { what: string; users: string[] | null; first: Pick<Break, 'stream' | 'seq'>[] };

/** A change of one column that is sure to be one. */
const EDITS: Readonly<Record<string, string>> = {
  id: 'gen_random_uuid()',
  position: 'position + 1',
  event_type: `case event_type when 'started' then 'created' else 'started' end`,
  schema_version: 'schema_version + 1',
  payload: `payload || '{"score": 0.12500000000000001}'`,
  'payload, a key less': `payload - (select min(k) from jsonb_object_keys(payload) k)`,
  actor: `actor || '{"job": "nobody"}'`,
  request_id: `coalesce(request_id, '') || 'x'`,
  occurred_at: `occurred_at + interval '1 millisecond'`,
  created_at: `created_at - interval '1 millisecond'`,
  prev_hash: `set_byte(prev_hash, 7, (get_byte(prev_hash, 7) + 1) % 256)`,
  hash: `set_byte(hash, 31, (get_byte(hash, 31) + 1) % 256)`,
  personal: `coalesce(personal, '{}') || '{"note": "added"}'`,
};

async function targetOf(client: pg.ClientBase, random: Random, all: readonly string[]): Promise<Target> {
  const { rows } = await client.query<Target>(
    `select e.id, e.task_id, e.seq, t.version, p.user_id from task_events e join study_tasks t on t.id = e.task_id
     join study_paths p on p.id = t.path_id where e.id = $1`,
    [random.pick(all)],
  );
  const [target] = rows;
  if (target === undefined) throw new Error('no such event');
  return target;
}

async function edit(client: pg.ClientBase, random: Random, target: Target): Promise<Tampering> {
  const [name, value] = random.pick(Object.entries(EDITS));
  const [column = name] = name.split(',');
  await client.query(`update task_events set ${column} = ${value} where id = $1`, [target.id]);
  return {
    what: `edit of ${name}`,
    users: [target.user_id],
    first: [{ stream: `task:${target.task_id}`, seq: target.seq }],
  };
}

async function remove(client: pg.ClientBase, target: Target): Promise<Tampering> {
  await client.query('delete from task_events where id = $1', [target.id]);
  return {
    what: 'deletion',
    users: [target.user_id],
    first: [{ stream: `task:${target.task_id}`, seq: target.seq }],
  };
}

/** Exchanges the places of two events of a task, or what two events of different tasks say. */
async function swap(client: pg.ClientBase, random: Random, a: Target, b: Target): Promise<Tampering> {
  if (a.version > 1 && random.chance(0.5)) {
    const other = a.seq === a.version ? a.seq - 1 : a.seq + 1;
    await client.query('update task_events set seq = seq + 1000000 where task_id = $1 and seq in ($2, $3)', [
      ...[a.task_id, a.seq, other],
    ]);
    await client.query(
      'update task_events set seq = case seq - 1000000 when $2 then $3 else $2 end where task_id = $1 and seq > 1000000',
      [a.task_id, a.seq, other],
    );
    const first = [{ stream: `task:${a.task_id}`, seq: Math.min(a.seq, other) }];
    return { what: 'swap of two places', users: [a.user_id], first };
  }
  await client.query(
    `update task_events e set event_type = o.event_type, payload = o.payload, personal = o.personal, hash = o.hash,
       prev_hash = o.prev_hash
     from task_events o where (e.id, o.id) in (($1, $2), ($2, $1))`,
    [a.id, b.id],
  );
  const first = [a, b].map(({ task_id, seq }) => ({ stream: `task:${task_id}`, seq }));
  const one = a.task_id === b.task_id ? [first[a.seq < b.seq ? 0 : 1] ?? { stream: '', seq: 0 }] : first;
  return { what: 'swap of what was said', users: [...new Set([a.user_id, b.user_id])], first: one };
}

/** A forged event behind the newest one, hashed as it should be, or one for a task that never was. */
async function insert(client: pg.ClientBase, random: Random, target: Target): Promise<Tampering> {
  const stray = random.chance(0.3);
  const { rows } = await client.query<{ task_id: string; seq: number }>(
    `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at, created_at, prev_hash, hash)
     select task_id, seq, 'metadata_changed', '{"metadata": {}}', actor, occurred_at, created_at, prev_hash,
       sha256(prev_hash || convert_to(event_text('task:' || task_id, seq, gen_random_uuid(), 1, 'metadata_changed',
         1::smallint, '{"metadata": {}}', actor, null, occurred_at, created_at), 'UTF8'))
     from (select case when $2 then gen_random_uuid() else e.task_id end as task_id,
             case when $2 then 1 else e.seq + 1 end as seq, e.actor, e.occurred_at, e.created_at,
             case when $2 then decode(repeat('00', 32), 'hex') else e.hash end as prev_hash
           from task_events e where e.task_id = $1 order by e.seq desc limit 1) newest
     returning task_id, seq`,
    [target.task_id, stray],
  );
  const first = rows.map(({ task_id, seq }) => ({ stream: `task:${task_id}`, seq }));
  return {
    what: stray ? 'insertion of a stray' : 'insertion',
    users: stray ? null : [target.user_id],
    first,
  };
}

/** What a verdict lacks or gets wrong of a tampering; null when it names each first broken link and no other. */
export function missed({ what, first }: Tampering, { broken }: Pick<Verdict, 'broken'>): string | null {
  const names = (breaks: readonly Pick<Break, 'stream' | 'seq'>[]) =>
    breaks.map(({ stream, seq }) => `${stream} ${seq}`).toSorted();
  const [wanted, found] = [names(first), names(broken)];
  if (wanted.join() === found.join()) return null;
  return `${what}: first broken link ${wanted.join(', ')}, found ${found.join(', ') || 'nothing'}`;
}

/**
 * Lays hands on the log `times` times, each time on a sound one: single edits, deletions, swaps and insertions by the
 * owner, with every trigger switched off.
 * @param verify what has to find it.
 * @param first whether the first one that is missed is enough.
 * @returns how many of each kind, and what was missed.
 */
export async function tamper(
  client: pg.ClientBase,
  random: Random,
  times: number,
  { verify = verifySnapshot, first = false }: { verify?: typeof verifySnapshot; first?: boolean } = {},
): Promise<{ done: Record<string, number>; missed: string[] }> {
  const { rows } = await client.query<{ id: string }>('select id from task_events order by position');
  const ids = rows.map(({ id }) => id);
  const done: Record<string, number> = {};
  const faults: string[] = [];
  await client.query('alter table task_events disable trigger user');
  try {
    for (let time = 0; time < times && !(first && faults.length > 0); time += 1) {
      // References are not asked either.
      await client.query('begin; set local session_replication_role = replica');
      const [a, b] = [await targetOf(client, random, ids), await targetOf(client, random, ids)];
      const kind = a.id === b.id ? 0 : Math.floor(random.next() * 4);
      const tampering =
        kind === 0
          ? await edit(client, random, a)
          : kind === 1
            ? await remove(client, a)
            : kind === 2
              ? await swap(client, random, a, b)
              : await insert(client, random, a);
      const broken: Break[] = [];
      for (const user of tampering.users ?? [undefined])
        broken.push(...(await verify(client, { user })).broken);
      await client.query('rollback');
      done[tampering.what] = (done[tampering.what] ?? 0) + 1;
      const fault = missed(tampering, { broken });
      if (fault !== null) faults.push(fault);
    }
  } finally {
    await client.query('rollback');
    await client.query('alter table task_events enable trigger user');
    const { rows: own } = await client.query<{ name: string }>(
      `select tgname as name from pg_trigger where tgrelid = 'task_events'::regclass and not tgisinternal`,
    );
    for (const { name } of own) await client.query(`alter table task_events enable always trigger ${name}`);
  }
  return { done, missed: faults };
}
