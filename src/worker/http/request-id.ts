import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './types.ts';

const ACCEPTED = /^[A-Za-z0-9._-]{8,64}$/;

/** Gives the request its id, the caller's `X-Request-Id` when that is harmless in a log, and echoes it. */
export function requestId(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    const id = ACCEPTED.test(given) ? given : crypto.randomUUID();
    c.set('requestId', id);
    await next();
    // Not before: a header that is set early makes Hono build an answer for it, and copy that into the real one.
    c.res.headers.set('X-Request-Id', id);
  };
}
