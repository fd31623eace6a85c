import { getTableColumns, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { param, type Statement, statement } from './statement.ts';

/** Rows as JSON text; their keys are the table's columns. */
type Rows = { rows: string };

const rows = param('rows', 'jsonb');

/** The columns of a table by name, in the order of the schema, but for those named. */
export function columnsOf(table: PgTable, except: readonly string[] = []): string[] {
  return Object.values(getTableColumns(table))
    .map(({ name }) => name)
    .filter((name) => !except.includes(name));
}

/** Inserts rows in their order, with all columns but those named, which take their defaults. */
export function insertion(table: PgTable, except: readonly string[] = []): Statement<Rows, never> {
  const { name } = getTableConfig(table);
  const columns = sql.raw(columnsOf(table, except).join(', '));
  const into = sql.raw(name);
  return statement(
    `insert-${name}`,
    'write',
    sql`insert into ${into} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${into}, ${rows})`,
  );
}

/** Gives each row its columns but those named, where the key is that of the row. */
export function replacement(
  table: PgTable,
  key: readonly string[],
  except: readonly string[] = [],
): Statement<Rows, never> {
  const { name } = getTableConfig(table);
  const columns = columnsOf(table, [...key, ...except]);
  const set = sql.raw(columns.map((column) => `${column} = r.${column}`).join(', '));
  const same = sql.raw(key.map((column) => `t.${column} = r.${column}`).join(' and '));
  const into = sql.raw(name);
  return statement(
    `update-${name}`,
    'write',
    sql`update ${into} t set ${set}
    from jsonb_populate_recordset(null::${into}, ${rows}) r where ${same}`,
  );
}
