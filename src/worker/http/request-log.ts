import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Pseudonyms } from '../crypto/pseudonym.ts';
import type { LogFields, Logger } from '../log.ts';
import type { AppEnv } from './types.ts';

/**
 * The pattern of the route that the request is for, also when a middleware refused it before that route was reached;
 * `*` for a path that no route has.
 */
function routeOf(c: Context<AppEnv>): string {
  return matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? '*';
}

/**
 * One line per request, whatever became of it, and `Server-Timing` for whoever looks at one answer: the route (never
 * the path, which holds ids), status, milliseconds until the answer began, database round trips and their
 * milliseconds, and the learner's pseudonym.
 */
export function requestLog(
  logger: (fields: LogFields) => Logger,
  pseudonym: Pseudonyms,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const started = Date.now();
    await next();
    const ms = Date.now() - started;
    const { count, ms: databaseMs } = c.get('trips') ?? { count: 0, ms: 0 };
    c.res.headers.append(
      'server-timing',
      `total;dur=${ms}, db;dur=${databaseMs};desc="${count} round trips"`,
    );
    const learnerId = c.get('learnerId');
    logger({ request_id: c.get('requestId') }).info('request', {
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      ms,
      round_trips: count,
      db_ms: databaseMs,
      learner: learnerId === undefined ? null : await pseudonym(learnerId),
    });
  };
}
