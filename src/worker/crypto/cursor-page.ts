import * as z from 'zod';
import { Id, Timestamp } from '#contract/text.ts';
import type { CursorCodec, CursorKey, CursorScope } from './cursor.ts';

/** Place in a list by time: the sort columns of the last row before it. Instants have milliseconds, as their columns. */
export const TimeKey = z.tuple([Timestamp, Id]);
export type TimeKey = z.infer<typeof TimeKey>;

/**
 * Makes a page of rows of which one more than `limit` was asked for: the row too many tells that there is a next page.
 * @returns `next_cursor`, the sealed place of the last row, null on the last page.
 */
export async function pageOf<Row>(
  cursors: CursorCodec,
  scope: CursorScope,
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
): Promise<{ data: Row[]; next_cursor: string | null }> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, next_cursor: more ? await cursors.seal(scope, keyOf(last)) : null };
}
