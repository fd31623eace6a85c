import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ServiceApp } from '../kit/service.ts';
import type { Engine } from './engine.ts';
import type { Evaluations } from './evaluations.ts';
import { FAULT_STATUS, ServiceFault } from './faults.ts';
import { parseRequest } from './requests.ts';

const BODY_CAP = 8 * 1_048_576;
const KEY_CAP = 200;

type Env = { Bindings: HttpBindings };

function answer(c: Context<Env>, { code, message, retryAfter }: ServiceFault): Response {
  const headers = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return c.json({ error: { code, message } }, FAULT_STATUS[code], headers);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The HTTP interface: `POST /v1/evaluations`, `GET /v1/evaluations/:id`, `GET /health`. */
export function createRoutes(apiKey: string, engine: Engine, evaluations: Evaluations): ServiceApp {
  const expected = digest(`Bearer ${apiKey}`);
  const app = new Hono<Env>();

  app.onError((error, c) => {
    if (error instanceof ServiceFault) return answer(c, error);
    return c.json({ error: { code: 'INTERNAL', message: 'The evaluator failed' } }, 500);
  });
  app.get('/health', (c) => {
    const health = engine.health();
    return c.json(health, health.ok ? 200 : 503);
  });
  app.use('/v1/*', async (c, next) => {
    const given = digest(c.req.header('authorization') ?? '');
    if (timingSafeEqual(given, expected)) return next();
    return answer(c, new ServiceFault('UNAUTHORIZED', 'The service key is missing or wrong'));
  });

  app.post(
    '/v1/evaluations',
    bodyLimit({
      maxSize: BODY_CAP,
      onError: (c) => answer(c, new ServiceFault('TOO_LARGE', `A body has at most ${BODY_CAP} bytes`)),
    }),
    async (c) => {
      if (!engine.isReady()) throw new ServiceFault('NOT_READY', 'The engines are not up', 2);
      const key = c.req.header('idempotency-key') ?? null;
      if (key !== null && (key.length === 0 || key.length > KEY_CAP)) {
        throw new ServiceFault('INVALID_REQUEST', `Idempotency-Key has 1 to ${KEY_CAP} characters`);
      }
      const body = await c.req.text();
      const { id, result } = evaluations.start(parseRequest(body), body, key);
      if (c.req.query('wait') === 'false') return c.json({ evaluation_id: id }, 202);
      return c.json(await result);
    },
  );
  app.get('/v1/evaluations/:id', async (c) => {
    const { id, result, done } = evaluations.find(c.req.param('id'));
    return done ? c.json(await result) : c.json({ evaluation_id: id }, 202, { 'retry-after': '1' });
  });
  return app;
}
