import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { authenticate } from '#worker/auth/middleware.ts';
import { errorHandler } from '#worker/http/problem.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { createLogger } from '#worker/log.ts';
import { makeSigner, mint, verifierOf } from './support-auth.ts';

const signer = await makeSigner('EdDSA', 'kid');
const token = await mint(signer);
const waited: Promise<unknown>[] = [];
const executionCtx = {
  waitUntil: (work: Promise<unknown>) => waited.push(work),
  passThroughOnException: () => {},
  props: {},
};

const app = new Hono<AppEnv>();
app.onError(errorHandler(createLogger({}, () => {})));
app.use(authenticate(verifierOf([signer.publicJwk])));
app.post('/', (c) => c.text(c.get('learnerId')));

function send(authorization?: string, init: RequestInit = {}) {
  const headers = authorization === undefined ? {} : { authorization };
  return app.request('/', { method: 'POST', headers, ...init }, {}, executionCtx);
}

it('sets the learner and lets the download outlive the request', async () => {
  const answer = await send(`Bearer ${token}`);
  expect(await answer.text()).toBe('learner-1');
  expect(waited).toHaveLength(1);
  expect((await send(`bearer ${token}`)).status).toBe(200);
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
  `Bearer  ${token}`,
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
