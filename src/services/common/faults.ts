import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';

/**
 * How a service misbehaves on requests whose path begins with `path`.
 * `delay`: answers `delay_ms` later. `hang`: never answers. `reset`: drops the connection. `status`: answers that
 * status with a JSON body. `html`, `garbage`, `wrong-schema`: 200 with an unusable body. `endless`: a body without
 * end. `drip`: the same, a byte every `delay_ms`. `huge`: 100 MiB as announced. `truncated`: the connection ends before
 * the body that was announced. `patch`: the right answer with the top-level keys of `patch` in the place of its own.
 * `times` limits how often it happens (default: until removed).
 */
export const Fault = z.object({
  path: z.string().default('/'),
  method: z.string().optional(),
  kind: z.enum([
    'delay',
    'hang',
    'reset',
    'status',
    'html',
    'garbage',
    'wrong-schema',
    'endless',
    'drip',
    'huge',
    'truncated',
    'patch',
  ]),
  status: z.int().min(200).max(599).default(500),
  delay_ms: z.int().min(0).max(600_000).default(1000),
  patch: z.record(z.string(), z.json()).default({}),
  times: z.int().min(1).optional(),
});
export type Fault = z.infer<typeof Fault>;

const SPACES = new TextEncoder().encode(' '.repeat(16_384));
const HUGE = 104_857_600;

/** White space, which a JSON text may begin with; `bytes` of it, a chunk every `pauseMs`. */
function blank(chunk: Uint8Array, bytes = Number.POSITIVE_INFINITY, pauseMs = 0): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    async pull(controller) {
      if (pauseMs > 0) await sleep(pauseMs);
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) controller.close();
    },
  });
}

/** The service's own answer with some members replaced. */
async function patched(answer: Response, patch: Fault['patch']): Promise<Response> {
  const body = (await answer.json()) as object;
  return Response.json({ ...body, ...patch }, { status: answer.status });
}

/** Fault switches of one service: `PUT /__local/faults` with a list replaces them, `DELETE` removes all. */
export function createFaults() {
  let active: (Fault & { left: number })[] = [];

  const middleware: MiddlewareHandler<{ Bindings: HttpBindings }> = async (c, next) => {
    const fault = active.find(
      (f) => c.req.path.startsWith(f.path) && (f.method ?? c.req.method) === c.req.method && f.left > 0,
    );
    if (fault === undefined) return next();
    fault.left -= 1;
    const json = { 'content-type': 'application/json' };
    switch (fault.kind) {
      case 'delay':
        await sleep(fault.delay_ms);
        return next();
      case 'hang':
        return new Promise<never>(() => {});
      case 'reset':
        c.env.incoming.socket.destroy();
        return new Promise<never>(() => {});
      case 'status':
        return new Response('{"error":"fault switched on"}', { status: fault.status, headers: json });
      case 'html':
        return c.html('<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>');
      case 'garbage':
        return c.body('{"half":', 200, json);
      case 'wrong-schema':
        return c.json({ unexpected: [1, 2, 3] });
      case 'endless':
        return c.body(blank(SPACES), 200, json);
      case 'drip':
        return c.body(blank(SPACES.subarray(0, 1), undefined, fault.delay_ms), 200, json);
      case 'huge':
        return c.body(blank(SPACES, HUGE), 200, { ...json, 'content-length': String(HUGE) });
      case 'patch':
        await next();
        c.res = await patched(c.res, fault.patch);
        return undefined;
      case 'truncated':
        return c.body('{"a":', 200, { ...json, 'content-length': '1000', connection: 'close' });
    }
  };

  const routes = new Hono()
    .get('/faults', (c) => c.json({ data: active }))
    .put('/faults', async (c) => {
      const parsed = z.array(Fault).safeParse(await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
      active = parsed.data.map((fault) => ({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
      return c.json({ data: active });
    })
    .delete('/faults', (c) => {
      active = [];
      return c.body(null, 204);
    });
  return { middleware, routes };
}
