import { getTableColumns, type SQL, sql } from 'drizzle-orm';
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

/** An instant as the API writes it, made in PostgreSQL so that no row needs mapping: `2026-11-22T09:43:00.000Z`. */
export function instant(value: string): string {
  return `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A column of a table's alias as the API writes it: instants as RFC 3339 in UTC, everything else as it is. */
function value(table: PgTable, alias: string, name: string): string {
  const column = Object.values(getTableColumns(table)).find((one) => one.name === name);
  if (column === undefined) throw new TypeError(`${getTableConfig(table).name} has no column ${name}`);
  return column.columnType === 'PgTimestamp' ? instant(`${alias}.${name}`) : `${alias}.${name}`;
}

/** SQL of the row with that alias as JSON: `jsonb_strip_nulls` would lose the nulls that the contract names. */
export function rowText(table: PgTable, alias: string, columns: readonly string[]): string {
  const pairs = columns.map((name) => `'${name}', ${value(table, alias, name)}`);
  return `jsonb_build_object(${pairs.join(', ')})`;
}

/** The same as a part of a statement. */
export function rowJson(table: PgTable, alias: string, columns: readonly string[]): SQL {
  return sql.raw(rowText(table, alias, columns));
}

/** The same columns, each under its name. */
export function rowColumns(table: PgTable, alias: string, columns: readonly string[]): SQL {
  return sql.raw(columns.map((name) => `${value(table, alias, name)} as ${name}`).join(', '));
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
