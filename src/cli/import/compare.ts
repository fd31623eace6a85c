import { canonicalJson } from '../log/canonical.ts';

type Row = { readonly [column: string]: unknown };

/** Longest piece of a value that a problem quotes. */
const QUOTED = 120;

/** The JSON of a value, whatever the order of its keys was. */
export function textOf(value: unknown): string {
  return canonicalJson(JSON.stringify(value ?? null));
}

/** Whether two values are the same JSON, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return textOf(one) === textOf(other);
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}...`;
}

/** A line for each of these columns in which a row of the file is not what its events make. */
export function contradictions(
  place: string,
  row: Row,
  made: Row,
  columns: readonly string[],
  source = 'its events say',
): string[] {
  return columns
    .filter((column) => !isSame(row[column], made[column]))
    .map((column) => `${place}.${column}: is ${quoted(row[column])}, ${source} ${quoted(made[column])}`);
}
