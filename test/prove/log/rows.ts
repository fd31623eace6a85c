import pg from 'pg';
import { keyOf, PROJECTIONS, type Row, rowJson, type TableName } from '#cli/log/tables.ts';
import { verifySnapshot } from '#cli/log/verify.ts';
import type { Random } from '../../simulate/random.ts';

const OF_ITS_PATH = '(select p.user_id from study_paths p where p.id = x.path_id)';
/** SQL of the learner that a row is about. */
const OWNERS: Readonly<Record<TableName, string>> = {
  study_paths: 'x.user_id',
  study_tasks: OF_ITS_PATH,
  task_evaluations:
    '(select p.user_id from study_tasks t join study_paths p on p.id = t.path_id where t.id = x.task_id)',
  mastery: 'x.user_id',
  module_states: OF_ITS_PATH,
  review_queue: 'x.user_id',
  review_log: 'x.user_id',
};
/** Another value of a column, by its type; of one that takes few values, by its name. */
const BY_TYPE: Readonly<Record<string, string>> = {
  smallint: '$ + 1',
  integer: '$ + 1',
  'double precision': '$ / 2 + 0.1',
  'timestamp with time zone': `$ + interval '1 second'`,
  'character varying': `'~' || substr($, 2)`,
  text: `'~' || substr($, 2)`,
  ARRAY: `array_append($, 'more')`,
  jsonb: `$ || '{"more": 1}'`,
};
const BY_NAME: Readonly<Record<string, string>> = {
  kind: `case $ when 'lesson' then 'problem' else 'lesson' end`,
  module: `case $ when 'heaps' then 'greedy' else 'heaps' end`,
  language: `case $ when 'python' then 'javascript' else 'python' end`,
  verdict: `case $ when 'WA' then 'TLE' else 'WA' end`,
};
/** SQLSTATEs of a value that a constraint forbids; another row may take it. */
const FORBIDDEN = '23';
/** Columns that say whose a row is, and the version, which the chain's end is held against. */
const APART = ['user_id', 'path_id', 'version'];

type Place = { table: TableName; column: string; edit: string };

async function places(client: pg.ClientBase): Promise<Place[]> {
  const { rows } = await client.query<{ table: TableName; column: string; type: string }>(
    `select table_name as table, column_name as column, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = any($1) and is_generated = 'NEVER' order by 1, 2`,
    [Object.keys(PROJECTIONS)],
  );
  return rows.flatMap(({ table, column, type }) => {
    const { key, columns }: { key: readonly string[]; columns: readonly string[] } = PROJECTIONS[table];
    const edit = (BY_NAME[column] ?? BY_TYPE[type])?.replaceAll('$', column);
    const known = columns.includes(column) && !key.includes(column) && !APART.includes(column);
    return known && edit !== undefined ? [{ table, column, edit }] : [];
  });
}

/** Changes a column of some row and nothing else. @returns whose row, and its key; null when no row could be changed. */
async function editOne(client: pg.ClientBase, random: Random, { table, column, edit }: Place) {
  const { rows } = await client.query<{ row: Row; owner: string; at: string }>(
    `select ${rowJson(table, 'x')} as row, ${OWNERS[table]} as owner, x.ctid as at from ${table} x
     where x.${column} is not null and ${OWNERS[table]} <> '' order by x.ctid`,
  );
  if (rows.length === 0) return null;
  for (let tries = 0; tries < 10; tries += 1) {
    const { row, owner, at } = random.pick(rows);
    await client.query('savepoint edit');
    try {
      await client.query(`update ${table} set ${column} = ${edit} where ctid = $1`, [at]);
      return { owner, key: keyOf(table, row) };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code?.startsWith(FORBIDDEN))) throw error;
      await client.query('rollback to savepoint edit');
    }
  }
  return null;
}

/**
 * Changes single columns of single rows behind the log's back, each time in a sound database: the verification must name
 * exactly that row and column.
 * @returns how many columns of each table, and what was missed.
 */
export async function editRows(
  client: pg.ClientBase,
  random: Random,
  { times, verify = verifySnapshot, first = false }: EditOptions,
): Promise<{ done: Record<string, number>; missed: string[] }> {
  const all = await places(client);
  const done: Record<string, number> = {};
  const missed: string[] = [];
  for (let time = 0; time < times && !(first && missed.length > 0); time += 1) {
    const place = all[time % all.length];
    if (place === undefined) break;
    await client.query(`begin; set local session_replication_role = replica`);
    const edited = await editOne(client, random, place);
    const verdict = edited === null ? null : await verify(client, { user: edited.owner });
    await client.query('rollback');
    if (edited === null || verdict === null) continue;
    const { table, column } = place;
    done[table] = (done[table] ?? 0) + 1;
    const found = verdict.differences.map((one) => `${one.table} ${one.key} ${one.column}`);
    found.push(...verdict.broken.map(({ stream, seq, what }) => `${stream}: event ${seq} ${what}`));
    if (found.join() !== `${table} ${edited.key} ${column}`)
      missed.push(`${table}.${column} was changed, found ${found.join(', ') || 'nothing'}`);
  }
  return { done, missed };
}

type EditOptions = { times: number; verify?: typeof verifySnapshot; first?: boolean };
