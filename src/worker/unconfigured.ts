import { Hono } from 'hono';
import { AppError } from './errors.ts';
import { privateByDefault, securityHeaders } from './http/headers.ts';
import { problemResponse } from './http/problem.ts';
import { requestId } from './http/request-id.ts';
import type { AppEnv } from './http/types.ts';

/** Answers while variables are missing or wrong: `/readyz` names them, nothing else is served with half a setup. */
export function createUnconfigured(problems: readonly { name: string; message: string }[]) {
  const app = new Hono<AppEnv>();
  app.use('*', requestId(), securityHeaders(), privateByDefault());
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', (c) => c.json({ ready: false, configuration: problems }, 503));
  app.all('*', (c) => problemResponse(new AppError('not-configured'), c.get('requestId')));
  return app;
}
