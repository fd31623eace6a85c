import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../common/faults.ts';

/**
 * The faults of every service (some of the unusable bodies), and two that only a database has. `before-commit`: the
 * answer is an error and nothing was done. `after-commit`: the work is committed, then the connection drops, or a `status` when given
 * answers. `match` limits a fault to calls with this text in one of their queries.
 */
export const SqlFault = z.object({
  ...Fault.shape,
  kind: z.enum([
    ...Fault.shape.kind.exclude(['drip', 'huge', 'patch']).options,
    'before-commit',
    'after-commit',
  ]),
  status: z.int().min(200).max(599).optional(),
  match: z.string().min(1).optional(),
});
export type SqlFault = z.infer<typeof SqlFault>;

export type Call = { path: string; method: string; queries: readonly string[] };

/** The switches: `PUT /__local/faults` with a list replaces them, `DELETE` heals the database. */
export function createSqlFaults() {
  let active: (SqlFault & { left: number })[] = [];

  /** The fault that strikes this call, counted as used. */
  function strike({ path, method, queries }: Call): SqlFault | undefined {
    const fault = active.find(
      (f) =>
        f.left > 0 &&
        path.startsWith(f.path) &&
        (f.method ?? method) === method &&
        (f.match === undefined || queries.some((query) => query.includes(f.match ?? ''))),
    );
    if (fault !== undefined) fault.left -= 1;
    return fault;
  }

  const routes = new Hono()
    .get('/faults', (c) => c.json({ data: active }))
    .put('/faults', async (c) => {
      const parsed = z.array(SqlFault).safeParse(await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
      active = parsed.data.map((fault) => ({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
      return c.json({ data: active });
    })
    .delete('/faults', (c) => {
      active = [];
      return c.body(null, 204);
    });
  return { strike, routes };
}

function answer(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, { 'content-type': type }).end(body);
}

function pourEndlessly(res: ServerResponse): void {
  const chunk = ' '.repeat(16_384);
  const pour = () => {
    while (!res.destroyed && res.write(chunk));
  };
  res.writeHead(200, { 'content-type': 'application/json' }).on('drain', pour);
  pour();
}

/** Plays a fault. True when the call shall go on (it was only delayed, or the fault strikes after the commit). */
export async function play(fault: SqlFault, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  const json = 'application/json';
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.delay_ms);
      return true;
    case 'after-commit':
      return true;
    case 'hang':
      return false;
    case 'reset':
      req.socket.destroy();
      return false;
    case 'status':
    case 'before-commit':
      answer(res, fault.status ?? 500, json, '{"message":"fault switched on","code":""}');
      return false;
    case 'html':
      answer(res, 200, 'text/html; charset=utf-8', '<!doctype html><title>Bad gateway</title>');
      return false;
    case 'garbage':
      answer(res, 200, json, '{"half":');
      return false;
    case 'wrong-schema':
      answer(res, 200, json, '{"unexpected":[1,2,3]}');
      return false;
    case 'endless':
      pourEndlessly(res);
      return false;
    case 'truncated':
      res.writeHead(200, { 'content-type': json, 'content-length': '1000' }).write('{"a":');
      setTimeout(() => req.socket.destroy(), 20); // Node would keep the connection open for the rest
      return false;
  }
}
