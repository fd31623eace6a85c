import { Hono } from 'hono';
import { authenticate } from './auth/middleware.ts';
import type { TokenVerifier } from './auth/token.ts';
import type { Context, Services } from './context.ts';
import type { createDatabase } from './db/client.ts';
import { evaluationRoutes } from './evaluations/index.ts';
import { hintRoutes } from './hints/index.ts';
import { jsonBody, soundUrl } from './http/door.ts';
import { crossOrigin, privateByDefault, securityHeaders } from './http/headers.ts';
import { idempotent } from './http/idempotency.ts';
import { errorHandler, notFoundHandler, rightMethod } from './http/problem.ts';
import { requestId } from './http/request-id.ts';
import type { AppEnv } from './http/types.ts';
import type { LogFields, Logger } from './log.ts';
import { pathRoutes } from './paths/index.ts';
import type { Readiness } from './readiness.ts';
import { taskRoutes } from './tasks/index.ts';

export type AppParts = {
  services: Services;
  verifier: TokenVerifier;
  database: ReturnType<typeof createDatabase>;
  readiness: Readiness;
  clock: () => Date;
  logger: (fields: LogFields) => Logger;
};

/** The router: health for everybody, everything under `/v1` for learners with a token. */
export function createApp({ services, verifier, database, readiness, clock, logger }: AppParts) {
  const app = new Hono<AppEnv>();
  app.onError(errorHandler(logger({})));
  app.notFound(notFoundHandler);
  app.use('*', requestId(), securityHeaders(), privateByDefault(), crossOrigin(services.config.CORS_ORIGINS));
  app.use('*', soundUrl(), rightMethod(app));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const report = await readiness.check(c.get('requestId'));
    return c.json(report, report.ready ? 200 : 503);
  });

  app.use('/v1/*', authenticate(verifier), async (c, next) => {
    const started = Date.now();
    const id = c.get('requestId');
    const log = logger({ request_id: id });
    let trips = 0;
    let databaseMs = 0;
    const ctx: Context = {
      ...services,
      db: database.forRequest(id, ({ statement, ms, failure }) => {
        trips += 1;
        databaseMs += ms;
        if (failure !== null)
          log.warn('statement-failed', { statement, ms, kind: failure.kind, sqlstate: failure.sqlstate });
      }),
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
  });
  app.use('/v1/*', jsonBody(), idempotent());
  app.route('/v1', pathRoutes());
  app.route('/v1', taskRoutes());
  app.route('/v1', evaluationRoutes());
  app.route('/v1', hintRoutes());
  return app;
}
