import type { MiddlewareHandler } from 'hono';
import type { Context, Services } from '../context.ts';
import type { createDatabase } from '../db/client.ts';
import type { LogFields, Logger } from '../log.ts';
import type { AppEnv } from './types.ts';

export type RequestParts = {
  services: Services;
  database: ReturnType<typeof createDatabase>;
  clock: () => Date;
  logger: (fields: LogFields) => Logger;
};

/** Gives each request its `ctx`, counts its round trips to the database, and logs one line when it ends. */
export function requestContext({
  services,
  database,
  clock,
  logger,
}: RequestParts): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const started = Date.now();
    const id = c.get('requestId');
    const log = logger({ request_id: id });
    let trips = 0;
    let databaseMs = 0;
    const db = database.forRequest(id, ({ statement, ms, failure }) => {
      trips += 1;
      databaseMs += ms;
      if (failure === null) return;
      log.warn('statement-failed', { statement, ms, kind: failure.kind, sqlstate: failure.sqlstate });
    });
    const ctx: Context = {
      ...services,
      db,
      actor: { type: 'learner' },
      requestId: id,
      now: clock().toISOString(),
      newId: () => crypto.randomUUID(),
      background: (work) => c.executionCtx.waitUntil(work),
      log,
    };
    c.set('ctx', ctx);
    await next();
    c.res.headers.append('server-timing', `db;dur=${databaseMs};desc="${trips} round trips"`);
    log.info('request', {
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      ms: Date.now() - started,
      round_trips: trips,
    });
  };
}
