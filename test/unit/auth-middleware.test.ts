import { Hono } from 'hono';
import { beforeEach, expect, it } from 'vitest';
import { authenticate } from '#worker/auth/middleware.ts';
import { errorHandler } from '#worker/http/problem.ts';
import { requestId } from '#worker/http/request-id.ts';
import { requestLog } from '#worker/http/request-log.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { createLogger, type LogFields } from '#worker/log.ts';
import { makeSigner, mint, verifierOf } from './support-auth.ts';

const signer = await makeSigner('EdDSA', 'kid');
const token = await mint(signer);
const waited: Promise<unknown>[] = [];
const executionCtx = {
  waitUntil: (work: Promise<unknown>) => waited.push(work),
  passThroughOnException: () => {},
  props: {},
};

let lines: string[] = [];
const logger = (fields: LogFields) => createLogger(fields, (line) => lines.push(line));

const app = new Hono<AppEnv>();
app.onError(errorHandler(logger({})));
app.use(
  requestId(),
  requestLog(logger, async () => 'pseudonym'),
);
app.use('/v1/*', authenticate(verifierOf([signer.publicJwk]), logger));
app.post('/v1/study-tasks/:id/start', (c) => c.text(c.get('learnerId')));

beforeEach(() => {
  lines = [];
});

/** The fields of the only line of that event. */
function logged(event: string): Record<string, unknown> {
  const found = lines.map((line) => JSON.parse(line)).filter((fields) => fields.event === event);
  expect(found).toHaveLength(1);
  return found[0];
}

function send(authorization?: string, init: RequestInit = {}) {
  const headers = authorization === undefined ? {} : { authorization };
  return app.request('/v1/study-tasks/7/start', { method: 'POST', headers, ...init }, {}, executionCtx);
}

it('sets the learner and lets the download outlive the request', async () => {
  const answer = await send(`Bearer ${token}`);
  expect(await answer.text()).toBe('learner-1');
  expect(waited).toHaveLength(1);
});

it.each(['bearer', 'BEARER', 'bEaReR', 'Bearer ', 'bearer    '])(
  'the scheme %j is Bearer',
  async (scheme) => {
    const answer = await send(`${scheme} ${token}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'learner-1']);
  },
);

it('says why it refused and for which route, and nothing of the token', async () => {
  const refused = await mint(signer, { exp: 1 });
  await send(`Bearer ${refused}`, {
    headers: { authorization: `Bearer ${refused}`, 'x-request-id': 'request-1' },
  });
  expect(logged('auth-refused')).toEqual({
    level: 'info',
    event: 'auth-refused',
    request_id: 'request-1',
    reason: 'expired',
  });
  expect(logged('request')).toMatchObject({ route: '/v1/study-tasks/:id/start', status: 401, learner: null });
  for (const part of refused.split('.')) expect(lines.join()).not.toContain(part);
});

it('tells no token from one of another scheme', async () => {
  await send();
  expect(logged('auth-refused').reason).toBe('no-token');
  lines = [];
  await send('Basic dXNlcjpwYXNz');
  expect(logged('auth-refused').reason).toBe('other-scheme');
});

it.each([undefined, '', 'Basic dXNlcjpwYXNz', token, `Token ${token}`, 'Bearer\u00a0x'])(
  'no bearer token: %j',
  async (value) => {
    const answer = await send(value);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ code: 'missing-token', status: 401 });
  },
);

it.each([
  'Bearer',
  `Bearer ${token}, Bearer ${token}`,
  `Bearer ${token},`,
  `Bearer "${token}"`,
  `Bearer ${token} x`,
  'Bearer null',
])('a bad bearer token: %j', async (value) => {
  const answer = await send(value);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  expect(await answer.json()).toMatchObject({ code: 'invalid-token' });
});

it('refuses before it reads the body', async () => {
  let pulled = 0;
  const pull = () => {
    pulled += 1;
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  const answer = await send('Bearer x', { body, duplex: 'half' } as RequestInit);
  expect(answer.status).toBe(401);
  expect(pulled).toBe(0);
});
