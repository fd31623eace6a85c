import { type SQL, sql } from 'drizzle-orm';
import { param } from '../db/statement.ts';

/** Rows joined into the text of a JSON list, without its brackets; `next` asks for the page behind it. */
export type Page<Key> = { text: string; rows: number; next: Key | null };

/** Most rows of a page and most bytes of its text, unless one row alone has more; Neon answers 10 MiB at least. */
export const PAGE_ROWS = 2000;
const PAGE_BYTES = sql.raw('4194304');

/** Separates the rows of a list: one row per line. */
export const SEPARATOR = ',\n';

type Cut = {
  /** CTEs of the statement; `texts` among them has the columns of `order` and `key`, and the row's JSON as `text`. */
  ctes: SQL;
  /** Columns of `texts` by which it is sorted, and their direction. */
  order: { columns: readonly string[]; direction: 'asc' | 'desc' };
  /** The parameters that say "behind this row", as JSON, from a row `last` of `texts`. */
  key: SQL;
  /** As many rows of `texts` as there can be in a page. */
  limit: number;
  /** Where to go on when `texts` were fewer; null for nowhere. */
  otherwise?: SQL;
  /** More columns of the answer, from the CTEs and from `kept`, the rows that are in the page. */
  more?: SQL;
};

function sorted(columns: readonly string[], direction: 'asc' | 'desc'): SQL {
  return sql.raw(columns.map((column) => `${column} ${direction}`).join(', '));
}

/**
 * The statement of one page: PostgreSQL joins the rows itself, so that the Worker passes on a text that it need not
 * understand. A page ends where its bytes are full, whatever its rows hold; running sums are made only then.
 */
export function pageOf({ ctes, order, key, limit, otherwise = sql`null`, more = sql`` }: Cut): SQL {
  const forth = sorted(order.columns, order.direction);
  const back = sorted(order.columns, order.direction === 'asc' ? 'desc' : 'asc');
  const columns = sql.raw(order.columns.join(', '));
  return sql`with ${ctes}, size as materialized (
    select count(*) as rows, coalesce(sum(octet_length(text)), 0) as bytes from texts
  ), kept as not materialized (
    select ${columns}, text from texts where (select bytes from size) <= ${PAGE_BYTES}
    union all
    select ${columns}, text from (
      select x.*, sum(octet_length(x.text)) over (order by ${forth} rows unbounded preceding) as upto from texts x
    ) y where (select bytes from size) > ${PAGE_BYTES} and y.upto - octet_length(y.text) < ${PAGE_BYTES}
  )
  select coalesce(string_agg(text, E',\n' order by ${forth}), '') as text, count(*)::integer as rows,
    case when count(*) < (select rows from size) or count(*) = ${sql.raw(String(limit))}
      then (select ${key} from kept last order by ${back} limit 1)
      else ${otherwise} end as next ${more}
  from kept`;
}

/** Whose rows, and how they stood: `learner_id`, and `as_of` as the newest `created_at`. */
export type Bounds = { learner_id: string; as_of: string };
export const learner = param('learner_id', 'text');
export const asOf = param('as_of', 'timestamptz');
