import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as z from 'zod';
import { HttpError } from './http-error.ts';

/** Both directions; the default of Neon's proxy (production allows 64 MB). */
export const MAX_BYTES = 10 * 1024 * 1024;

const Query = z.object({
  query: z.string(),
  params: z.array(z.unknown()).default([]),
  arrayMode: z.boolean().nullish(),
});
export type Query = z.infer<typeof Query>;

const Payload = z.union([z.object({ queries: z.array(Query) }), Query]);

const ISOLATION = {
  Serializable: 'SERIALIZABLE',
  RepeatableRead: 'REPEATABLE READ',
  ReadCommitted: 'READ COMMITTED',
  ReadUncommitted: 'READ UNCOMMITTED',
} as const;

function isLevel(text: string): text is keyof typeof ISOLATION {
  return Object.hasOwn(ISOLATION, text);
}

/** What the headers of a call ask for; `echo` goes back with the answer of a batch. */
export type Options = {
  connectionString: string;
  raw: boolean;
  arrayMode: boolean;
  begin: string;
  echo: Record<string, string>;
};

/** @throws HttpError 400 when the connection string is missing or the isolation level is unknown. */
export function readOptions(headers: IncomingHttpHeaders): Options {
  const header = (name: string) => headers[`neon-${name}`]?.toString();
  const connectionString = header('connection-string');
  if (connectionString === undefined) throw new HttpError(400, 'invalid header: neon-connection-string');
  if (headers.authorization !== undefined)
    throw new HttpError(400, 'missing authentication credentials: required password');

  const echo: Record<string, string> = {};
  const modes: string[] = [];
  const level = header('batch-isolation-level');
  if (level !== undefined) {
    if (!isLevel(level)) throw new HttpError(400, 'invalid isolation level');
    modes.push(`ISOLATION LEVEL ${ISOLATION[level]}`);
    echo['neon-batch-isolation-level'] = level;
  }
  if (header('batch-read-only') === 'true') {
    modes.push('READ ONLY');
    echo['neon-batch-read-only'] = 'true';
  }
  if (header('batch-deferrable') === 'true') {
    modes.push('DEFERRABLE');
    echo['neon-batch-deferrable'] = 'true';
  }
  return {
    connectionString,
    raw: header('raw-text-output') === 'true',
    arrayMode: header('array-mode') === 'true',
    begin: `START TRANSACTION ${modes.join(', ')}`,
    echo,
  };
}

/** @throws HttpError 413 past 10 MiB. */
export async function readBody(req: IncomingMessage): Promise<string> {
  const tooLarge = new HttpError(413, `request is too large (max is ${MAX_BYTES} bytes)`);
  if (Number(req.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) reject(tooLarge);
      else chunks.push(chunk);
    });
    req.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    req.once('error', reject);
  });
}

/** The queries of a body, and whether they came as a batch. @throws HttpError 400 when it is neither form. */
export function readQueries(body: string): { batch: boolean; queries: Query[] } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, `could not parse the HTTP request body: ${reason}`);
  }
  const payload = Payload.safeParse(json);
  if (!payload.success)
    throw new HttpError(
      400,
      'could not parse the HTTP request body: data did not match any variant of untagged enum Payload',
    );
  return 'queries' in payload.data
    ? { batch: true, queries: payload.data.queries }
    : { batch: false, queries: [payload.data] };
}
