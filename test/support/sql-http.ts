import * as z from 'zod';
import type { RunningDatabase } from '#services/neon/index.ts';

const Result = z.object({
  rowAsArray: z.boolean(),
  fields: z.array(z.object({ name: z.string(), dataTypeID: z.number(), format: z.string() })),
  rows: z.array(z.unknown()),
  command: z.string(),
  rowCount: z.number().nullable(),
});
const Answer = z.object({
  ...Result.partial().shape,
  results: z.array(Result).optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  severity: z.string().optional(),
  constraint: z.string().nullish(),
});

export type SqlBody = { query: string; params?: unknown[]; arrayMode?: boolean } | { queries: SqlBody[] };

/** Posts to the endpoint without any driver, as curl would. */
export function sqlOverHttp(database: RunningDatabase) {
  return async (body: SqlBody | string, headers: Record<string, string> = {}) => {
    const response = await fetch(database.fetchEndpoint, {
      method: 'POST',
      headers: { 'neon-connection-string': database.connectionString, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      answer: Answer.parse(await response.json()),
    };
  };
}
