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

/** Gives each request its `ctx` and counts its round trips to the database in `trips`. */
export function requestContext({
  services,
  database,
  clock,
  logger,
}: RequestParts): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const id = c.get('requestId');
    const log = logger({ request_id: id });
    const trips = { count: 0, ms: 0 };
    c.set('trips', trips);
    const db = database.forRequest(id, ({ statement, ms, failure }) => {
      trips.count += 1;
      trips.ms += ms;
      // A guard that refuses is no fault: the use case decides again.
      if (failure === null || failure.kind === 'refused') return;
      const { kind, setup, sqlstate } = failure;
      log.warn('statement-failed', { statement, ms, kind, setup, sqlstate });
    });
    const ctx: Context = {
      ...services,
      db,
      actor: c.get('scopes').has('co') ? { type: 'co' } : { type: 'learner' },
      requestId: id,
      now: clock().toISOString(),
      newId: () => crypto.randomUUID(),
      background: (work) => c.executionCtx.waitUntil(work),
      log,
    };
    c.set('ctx', ctx);
    await next();
  };
}
