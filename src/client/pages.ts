type Page<Row> = { data: Row[]; next_cursor: string | null };

/** Every row of a list, page after page; each page is asked for when its first row is wanted. */
export async function* rowsOf<Row, Query extends { cursor?: string | undefined }>(
  list: (query: Query) => Promise<Page<Row>>,
  query: Query,
): AsyncGenerator<Row, void, undefined> {
  for (let next: Query | null = query; next !== null; ) {
    const { data, next_cursor }: Page<Row> = await list(next);
    yield* data;
    next = next_cursor === null ? null : { ...query, cursor: next_cursor };
  }
}
