import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { OutgoingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { EvaluationAccepted, EvaluationCancelled } from '#contract/evaluator.ts';
import type { ServiceApp } from '../common/service.ts';
import type { Engine } from './engine.ts';
import type { Evaluations } from './evaluations.ts';
import { FAULT_STATUS, ServiceFault } from './faults.ts';
import type { Log } from './log.ts';
import { parseRequest } from './requests.ts';

const BODY_CAP = 8 * 1_048_576;
const KEY_CAP = 200;
/** Milliseconds that callers get to take their answers when the service stops. */
const FLUSH_MS = 1000;

type Env = { Bindings: HttpBindings };

function answer(c: Context<Env>, { code, message, retryAfter }: ServiceFault): Response {
  const headers = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return c.json({ error: { code, message } }, FAULT_STATUS[code], headers);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export type EvaluatorRoutes = {
  app: ServiceApp;
  /** Resolves when every caller has its answer, or after a second. */
  flushed(): Promise<void>;
};

/** The HTTP interface: `POST|DELETE /v1/evaluations`, `GET|DELETE /v1/evaluations/:id`, `GET /v1/ping`, `GET /health`. */
export function createRoutes(
  apiKey: string,
  engine: Engine,
  evaluations: Evaluations,
  log: Log,
): EvaluatorRoutes {
  const expected = digest(`Bearer ${apiKey}`);
  const open = new Set<OutgoingMessage>();
  const app = new Hono<Env>();

  app.onError((error, c) => {
    if (error instanceof ServiceFault) return answer(c, error);
    log({ event: 'internal-error', reason: error.name });
    return c.json({ error: { code: 'INTERNAL', message: 'The evaluator failed' } }, 500);
  });
  app.use('*', async (c, next) => {
    const { outgoing } = c.env;
    open.add(outgoing);
    outgoing.once('close', () => open.delete(outgoing));
    await next();
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

  app.get('/v1/ping', (c) => c.json({ ok: true }));

  const json = { 'content-type': 'application/json' };
  function accepted(c: Context<Env>, id: string): Response {
    const body: EvaluationAccepted = { evaluation_id: id };
    return c.json(body, 202, { location: `/v1/evaluations/${id}`, 'retry-after': '1' });
  }

  app.post(
    '/v1/evaluations',
    bodyLimit({
      maxSize: BODY_CAP,
      onError: (c) => answer(c, new ServiceFault('TOO_LARGE', `A body has at most ${BODY_CAP} bytes`)),
    }),
    async (c) => {
      if (!engine.isReady()) throw new ServiceFault('NOT_READY', 'The engines are not up, or go down', 2);
      const key = c.req.header('idempotency-key') ?? null;
      if (key !== null && (key.length === 0 || key.length > KEY_CAP)) {
        throw new ServiceFault('INVALID_REQUEST', `Idempotency-Key has 1 to ${KEY_CAP} characters`);
      }
      const body = await c.req.text();
      const entry = evaluations.start(parseRequest(body), body, key);
      if (c.req.query('wait') === 'false') {
        evaluations.keep(entry);
        return accepted(c, entry.id);
      }
      const leave = evaluations.join(entry);
      const { outgoing } = c.env;
      if (outgoing.destroyed) leave();
      else outgoing.once('close', leave);
      return c.body(await entry.answer, 200, json);
    },
  );
  app.delete('/v1/evaluations', async (c) => {
    const key = c.req.query('key') ?? '';
    if (key === '') throw new ServiceFault('INVALID_REQUEST', 'Name the Idempotency-Key: ?key=');
    return c.json({ cancelled: await evaluations.cancel({ key }) } satisfies EvaluationCancelled);
  });
  app.delete('/v1/evaluations/:id', async (c) => {
    const cancelled = await evaluations.cancel({ id: c.req.param('id') });
    return c.json({ cancelled } satisfies EvaluationCancelled);
  });
  app.get('/v1/evaluations/:id', async (c) => {
    const { id, answer: text, length } = evaluations.find(c.req.param('id'));
    return length === null ? accepted(c, id) : c.body(await text, 200, json);
  });
  return {
    app,
    async flushed() {
      const left = [...open].map((outgoing) => once(outgoing, 'close'));
      await Promise.race([Promise.all(left), delay(FLUSH_MS)]);
    },
  };
}
