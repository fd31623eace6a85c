import { Hono } from 'hono';
import * as z from 'zod';

/** Request ids remembered; the oldest are forgotten first. */
const KEPT = 2000;

/**
 * Counts calls per `x-request-id`, so that a test can prove how many round trips one request of the Worker makes:
 * `GET /__local/round-trips?request_id=`, `DELETE` forgets all.
 */
export function createRoundTrips() {
  const counts = new Map<string, { round_trips: number; queries: number }>();

  function count(requestId: string, queries: number): void {
    const before = counts.get(requestId) ?? { round_trips: 0, queries: 0 };
    counts.delete(requestId);
    counts.set(requestId, { round_trips: before.round_trips + 1, queries: before.queries + queries });
    const [oldest] = counts.keys();
    if (counts.size > KEPT && oldest !== undefined) counts.delete(oldest);
  }

  const routes = new Hono()
    .get('/round-trips', (c) => {
      const id = c.req.query('request_id');
      if (id === undefined)
        return c.json({ data: [...counts].map(([request_id, n]) => ({ request_id, ...n })) });
      return c.json({ data: { request_id: id, ...(counts.get(id) ?? { round_trips: 0, queries: 0 }) } });
    })
    .delete('/round-trips', (c) => {
      counts.clear();
      return c.body(null, 204);
    });
  return { count, routes };
}

const Latency = z.object({ ms: z.int().min(0).max(60_000) });

/** Time added to every call, as the distance to a real region would: `PUT /__local/latency {"ms":50}`. */
export function createLatency(initialMs: number) {
  let ms = initialMs;
  const routes = new Hono()
    .get('/latency', (c) => c.json({ data: { ms } }))
    .put('/latency', async (c) => {
      const parsed = Latency.safeParse(await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
      ms = parsed.data.ms;
      return c.json({ data: { ms } });
    });
  return { now: () => ms, routes };
}
