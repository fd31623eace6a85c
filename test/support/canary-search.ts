import pg from 'pg';
import { stack } from './api.ts';
import { found } from './database-dump.ts';

/** Everything that left the product, by the place where somebody can read it. */
export type Places = Record<string, string>;

/** One line per place: bytes searched, and the names of the canaries found there. */
export type Finding = { place: string; bytes: number; hits: string[] };

export function search(places: Places, canaries: Record<string, string>): Finding[] {
  return Object.entries(places).map(([place, text]) => ({
    place,
    bytes: Buffer.byteLength(text),
    hits: found(text, canaries),
  }));
}

export function named(name: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [`${name} ${index + 1}`, text]));
}

type Column = { table: string; column: string; type: string };

/** Every column that can hold a text, of every table of the product. */
const COLUMNS = `select format('%I.%I', c.table_schema, c.table_name) as table, c.column_name as column,
    case when c.data_type = 'ARRAY' then 'text[]' when c.data_type = 'jsonb' then 'jsonb' else 'text' end as type
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where t.table_type = 'BASE TABLE' and t.table_schema not in ('pg_catalog', 'information_schema')
    and c.is_generated = 'NEVER' and (c.data_type in ('text', 'character varying', 'jsonb')
      or (c.data_type = 'ARRAY' and c.udt_name in ('_text', '_varchar')))
  order by 1, 2`;

const AS: Readonly<Record<string, string>> = {
  text: '$1',
  jsonb: `jsonb_build_object('planted', $1::text)`,
  'text[]': 'array[$1::text]',
};

/**
 * Plants a canary in one row of each text column of each table in turn, and takes it out again: which columns does a
 * search of the whole dump find it in? Columns that admit no such text (a status, a language) and empty tables cannot
 * leak it either and are counted apart.
 */
export async function plantEverywhere(canary: string) {
  const client = new pg.Client({ connectionString: stack.adminUrl });
  await client.connect();
  const result = {
    found: [] as string[],
    missed: [] as string[],
    empty: [] as string[],
    refused: [] as string[],
  };
  try {
    const columns = await client.query<Column>(COLUMNS);
    await client.query('begin');
    for (const { table, column, type } of columns.rows) {
      await client.query('savepoint planted');
      result[await plant(client, { table, column, type }, canary)].push(`${table}.${column}`);
      await client.query('rollback to savepoint planted');
    }
    await client.query('rollback');
    return result;
  } finally {
    await client.end();
  }
}

async function plant(client: pg.Client, { table, column, type }: Column, canary: string) {
  try {
    // Triggers and references are not asked: what is planted shall lie where no rule would let it.
    await client.query(`alter table ${table} disable trigger all`);
    const { rowCount } = await client.query(
      `update ${table} set "${column}" = ${AS[type]} where ctid = (select min(ctid) from ${table})`,
      [canary],
    );
    if (rowCount === 0) return 'empty';
  } catch {
    return 'refused';
  }
  const { rows } = await client.query<{ line: string }>(`select t::text as line from ${table} t`);
  return found(rows.map(({ line }) => line).join('\n'), { canary }).length > 0 ? 'found' : 'missed';
}
