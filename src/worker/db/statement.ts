import { is, Placeholder, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

/** What a statement takes: text, numbers, booleans, null, or anything that goes over as JSON text. */
export type Params = Record<string, unknown>;

/**
 * Whether a statement may be sent again when its outcome is unknown (connection lost, 5xx): a `read` always, an
 * `idempotent` write because its guards make a second run harmless, a `write` never.
 */
export type Effect = 'read' | 'idempotent' | 'write';

/** SQL text made once per isolate, with the order of its parameters. */
export type Statement<P extends Params, Row> = {
  readonly name: string;
  readonly effect: Effect;
  readonly text: string;
  bind(params: P): unknown[];
  /** Only a type: the row that one execution answers. */
  readonly row?: Row;
};

/** One statement of a transaction with its values. `Row` is what it answers. */
export type Step<Row> = {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
  /** Only a type. */
  readonly row?: Row;
};

/** A step for each kind of row. */
export type Steps<Rows extends unknown[]> = readonly [...{ [Key in keyof Rows]: Step<Rows[Key]> }];
/** The rows of each step. */
export type RowsOf<Rows extends unknown[]> = { [Key in keyof Rows]: Rows[Key][] };

/** A statement with its values, to be sent as part of a transaction. */
export function step<P extends Params, Row>(statement: Statement<P, Row>, params: P): Step<Row> {
  return { name: statement.name, text: statement.text, values: statement.bind(params) };
}

const dialect = new PgDialect();

/** Marks the place of a named parameter; PostgreSQL needs its type, as Neon sends every value as text. */
export function param(name: string, type: string): SQL {
  return sql`${sql.placeholder(name)}::${sql.raw(type)}`;
}

/**
 * Whether a row has none of the versions that the client knows; null knows them all. Of a row that the statement locks or
 * changes, so that of two changes on one version one is refused. Parameter: `if_versions`.
 */
export function isStale(version: string): SQL {
  return sql`coalesce(${sql.raw(version)} <> all(${param('if_versions', 'integer[]')}), false)`;
}

const known: Statement<Params, unknown>[] = [];

/** All statements of the modules that are loaded, for tests and benches. */
export function statements(): readonly Statement<Params, unknown>[] {
  return known;
}

type Made = { text: string; names: readonly string[] };

function make(name: string, query: SQL): Made {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const names: string[] = [];
  const place = params.map((value) => {
    if (!is(value, Placeholder)) throw new TypeError(`statement ${name}: write constants into the text`);
    if (!names.includes(value.name)) names.push(value.name);
    return names.indexOf(value.name) + 1;
  });
  return { text: text.replace(/\$(\d+)/g, (_, position) => `$${place[Number(position) - 1]}`), names };
}

/**
 * Makes a statement out of drizzle's `sql` with `param()` places. Do it at module level: building text per request
 * costs more CPU than running it (notes on performance). The text is made when it is first asked for, as no isolate
 * needs all of them when it starts. A parameter named twice is sent once.
 */
export function statement<P extends Params, Row>(
  name: string,
  effect: Effect,
  query: SQL,
): Statement<P, Row> {
  let text: Made | null = null;
  const once = () => {
    text ??= make(name, query);
    return text;
  };
  const made: Statement<P, Row> = {
    name,
    effect,
    get text() {
      return once().text;
    },
    bind: (values) =>
      once().names.map((key) => {
        if (!(key in values)) throw new TypeError(`statement ${name}: parameter ${key} is missing`);
        return values[key];
      }),
  };
  known.push(made as Statement<Params, unknown>);
  return made;
}
