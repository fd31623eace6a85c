type Page<Row> = { data: Row[]; next_cursor: string | null };

/** Rows as they are wanted: `for await` reads them, once. */
export type Rows<Row> = AsyncGenerator<Row, void, undefined>;

/** Every row of a list, page after page; each page is asked for when its first row is wanted. */
export async function* rowsOf<Row, Query extends { cursor?: string | undefined }>(
  list: (query: Query) => Promise<Page<Row>>,
  query: Query,
): Rows<Row> {
  for (let next: Query | null = query; next !== null; ) {
    const { data, next_cursor }: Page<Row> = await list(next);
    yield* data;
    next = next_cursor === null ? null : { ...query, cursor: next_cursor };
  }
}
