import { Hono, type MiddlewareHandler } from 'hono';

/** One request that a service received; `body` holds up to 256 KiB, so that tests can assert what was sent. */
export type LoggedRequest = {
  at: string;
  method: string;
  path: string;
  request_id: string | null;
  authorized: boolean;
  body: string | null;
};

const KEPT = 500;
const BODY_CAP = 256 * 1024;

/** Remembers the newest 500 requests; `?request_id=` narrows the list. */
export function createRequestLog() {
  const entries: LoggedRequest[] = [];
  function record(entry: Omit<LoggedRequest, 'at'>): void {
    entries.push({ at: new Date().toISOString(), ...entry, body: entry.body?.slice(0, BODY_CAP) ?? null });
    if (entries.length > KEPT) entries.splice(0, entries.length - KEPT);
  }
  const middleware: MiddlewareHandler = async (c, next) => {
    record({
      method: c.req.method,
      path: c.req.path,
      request_id: c.req.header('x-request-id') ?? null,
      authorized: c.req.header('authorization') !== undefined,
      body: c.req.method === 'GET' ? null : await c.req.raw.clone().text(),
    });
    await next();
  };
  const routes = new Hono()
    .get('/requests', (c) => {
      const id = c.req.query('request_id');
      return c.json({
        data: id === undefined ? entries : entries.filter((entry) => entry.request_id === id),
      });
    })
    .delete('/requests', (c) => {
      entries.length = 0;
      return c.body(null, 204);
    });
  return { middleware, record, routes };
}
