import { Hono } from 'hono';
import { authenticate } from './auth/middleware.ts';
import type { TokenVerifier } from './auth/token.ts';
import { evaluationRoutes } from './evaluations/routes.ts';
import { storedAnswers } from './evaluations/stored-answers.ts';
import { exportRoutes } from './export/routes.ts';
import { hintRoutes } from './hints/routes.ts';
import { historyRoutes } from './history/routes.ts';
import { jsonBody, soundUrl } from './http/door.ts';
import { entityTags } from './http/etag.ts';
import { crossOrigin, privateByDefault, securityHeaders } from './http/headers.ts';
import { idempotent } from './http/idempotency.ts';
import { ownHosts } from './http/own-hosts.ts';
import { errorHandler, notFoundHandler, rightMethod } from './http/problem.ts';
import { type RateLimits, rateLimited } from './http/rate-limit.ts';
import { type RequestParts, requestContext } from './http/request-context.ts';
import { notedDay } from './http/request-day.ts';
import { requestId } from './http/request-id.ts';
import { requestLog } from './http/request-log.ts';
import { signIn } from './http/sign-in.ts';
import type { AppEnv } from './http/types.ts';
import { pathRoutes } from './paths/routes.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { progressRoutes } from './progress/routes.ts';
import type { Readiness } from './readiness.ts';
import { reviewRoutes } from './reviews/routes.ts';
import { taskRoutes } from './tasks/routes.ts';

export type AppParts = RequestParts & {
  verifier: TokenVerifier;
  readiness: Readiness;
  limits: RateLimits;
};

/** The router: health and the way to sign in for everybody, everything under `/v1` for learners with a token. */
export function createApp(parts: AppParts) {
  const { services, verifier, database, readiness, limits, clock, logger } = parts;
  const app = new Hono<AppEnv>();
  app.onError(errorHandler(logger({})));
  app.notFound(notFoundHandler);
  const { CORS_ORIGINS, ALLOWED_HOSTS, SIGN_IN_URL } = services.config;
  app.use(
    '*',
    requestId(),
    requestLog(logger, services.pseudonym),
    securityHeaders(),
    privateByDefault(),
    ownHosts(ALLOWED_HOSTS, CORS_ORIGINS),
    crossOrigin(CORS_ORIGINS),
  );
  app.use('*', soundUrl(), rightMethod(app));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const report = await readiness.check(c.get('requestId'), (work) => c.executionCtx.waitUntil(work));
    return c.json(report, report.ready ? 200 : 503);
  });
  app.get('/sign-in', signIn({ page: SIGN_IN_URL, hosts: ALLOWED_HOSTS }));

  app.use('/v1/*', authenticate(verifier, logger), requestContext({ services, database, clock, logger }));
  app.use('/v1/*', rateLimited(limits), notedDay(database));
  app.use('/v1/*', jsonBody(), idempotent(storedAnswers), entityTags());
  app.route('/v1', pathRoutes());
  app.route('/v1', progressRoutes());
  app.route('/v1', exportRoutes());
  // Before the tasks: `/study-tasks/:id` would take its name for an id.
  app.route('/v1', reviewRoutes());
  app.route('/v1', taskRoutes());
  app.route('/v1', evaluationRoutes());
  app.route('/v1', hintRoutes());
  app.route('/v1', privacyRoutes());
  app.route('/v1', historyRoutes());
  return app;
}
