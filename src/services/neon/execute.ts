import pg from 'pg';
import { HttpError } from './http-error.ts';
import type { Pools } from './pools.ts';
import { MAX_BYTES, type Options, type Query } from './sql-request.ts';
import { elementTypes, jsonValue, paramText } from './values.ts';

const TEXT = { getTypeParser: () => (text: string) => text };

/** What the caller waits for: the JSON text of the answer. */
export type Work = { batch: boolean; queries: Query[]; options: Options; signal: AbortSignal };

/** Runs one statement in the extended protocol with untyped text parameters, as the proxy does. */
async function runOne(client: pg.PoolClient, query: Query, options: Options): Promise<string> {
  const config = {
    text: query.query,
    values: query.params.map(paramText),
    rowMode: 'array' as const,
    types: TEXT,
    queryMode: 'extended',
  };
  const result = await client.query<(string | null)[]>(config);
  const fields = result.fields.map((field) => ({
    name: field.name,
    dataTypeID: field.dataTypeID,
    tableID: field.tableID,
    columnID: field.columnID,
    dataTypeSize: field.dataTypeSize,
    dataTypeModifier: field.dataTypeModifier,
    format: 'text',
  }));
  let rows: unknown[][] = result.rows;
  if (!options.raw && rows.length > 0) {
    const types = fields.map((field) => field.dataTypeID);
    const elements = await elementTypes(client, types);
    rows = result.rows.map((row) => row.map((cell, i) => jsonValue(cell, types[i] ?? 0, elements)));
  }
  const rowAsArray = query.arrayMode ?? options.arrayMode;
  return JSON.stringify({
    rowAsArray,
    fields,
    rows: rowAsArray
      ? rows
      : rows.map((row) => Object.fromEntries(row.map((cell, i) => [fields[i]?.name ?? '', cell]))),
    command: result.command ?? '',
    rowCount: result.rowCount ?? null,
  });
}

function limited(size: number): number {
  if (size > MAX_BYTES) throw new HttpError(507, `response is too large (max is ${MAX_BYTES} bytes)`);
  return size;
}

async function runBatch(client: pg.PoolClient, { queries, options, signal }: Work): Promise<string> {
  await client.query(options.begin);
  try {
    const results: string[] = [];
    let size = 0;
    for (const query of queries) {
      if (signal.aborted) throw cancelled();
      const text = await runOne(client, query, options);
      size = limited(size + Buffer.byteLength(text));
      results.push(text);
    }
    if (signal.aborted) throw cancelled();
    await client.query('COMMIT');
    return `{"results":[${results.join(',')}]}`;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: unknown) => {
      if (!(error instanceof pg.DatabaseError)) throw rollback; // otherwise the first error tells more
    });
    throw error;
  }
}

function cancelled(): HttpError {
  return new HttpError(400, 'Query cancelled, connection was terminated', '08P01');
}

/** After these the connection is of no use to the next call. */
function breaks(error: unknown): boolean {
  if (error instanceof HttpError) return false;
  return !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';
}

/**
 * Runs the work on a pooled connection and returns the JSON text of the answer. When `signal` aborts, the running
 * statement is cancelled and an open batch is rolled back.
 * @throws HttpError, pg.DatabaseError, or whatever broke the connection.
 */
export async function execute(pools: Pools, work: Work): Promise<string> {
  const { options, signal } = work;
  if (signal.aborted) throw cancelled();
  const client = await pools.take(options.connectionString);
  const stop = () => pools.cancel(client);
  let broken = false;
  try {
    if (signal.aborted) throw cancelled();
    signal.addEventListener('abort', stop, { once: true });
    if (work.batch) return await runBatch(client, work);
    const [query] = work.queries;
    if (query === undefined) throw new HttpError(400, 'query is not supported');
    const text = await runOne(client, query, options);
    limited(Buffer.byteLength(text));
    return text;
  } catch (error) {
    broken = breaks(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    // Not awaited: the reset is no part of what the caller waits for.
    void pools.giveBack(client, broken || signal.aborted);
  }
}
