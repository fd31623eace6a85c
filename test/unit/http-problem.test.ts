import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { ProblemCode, ProblemDetails } from '#contract/problem-details.ts';
import { Id } from '#contract/text.ts';
import { UpstreamError } from '#worker/clients/http.ts';
import { StorageError } from '#worker/db/client.ts';
import { AppError } from '#worker/errors.ts';
import { jsonBody } from '#worker/http/door.ts';
import { crossOrigin, privateByDefault, securityHeaders } from '#worker/http/headers.ts';
import { errorHandler, notFoundHandler, problemResponse, rightMethod } from '#worker/http/problem.ts';
import { requestId } from '#worker/http/request-id.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { body, params, query } from '#worker/http/validate.ts';
import { createLogger } from '#worker/log.ts';

const SECRET = 'canary-5512';
const ORIGIN = 'https://app.scimigo.com';
const logged: string[] = [];

const app = new Hono<AppEnv>();
app.onError(errorHandler(createLogger({}, (line) => logged.push(line))));
app.notFound(notFoundHandler);
app.use(
  requestId(),
  crossOrigin([ORIGIN, 'http://localhost:5173']),
  securityHeaders(),
  privateByDefault(),
  rightMethod(app),
);
app.use(jsonBody());

const Things = z.strictObject({
  name: z.string().min(1),
  list: z.array(z.strictObject({ n: z.int() })).default([]),
});
const Filter = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/)
    .transform(Number)
    .default(50),
});

const things = new Hono<AppEnv>()
  .get('/:id', params(z.object({ id: Id })), (c) => c.json({ id: c.req.valid('param').id satisfies string }))
  .patch('/:id', (c) => c.json({ id: c.req.param('id') }))
  .get('/', query(Filter), (c) => c.json({ limit: c.req.valid('query').limit satisfies number }))
  .post('/', body(Things), (c) => {
    const { name, list } = c.req.valid('json') satisfies z.output<typeof Things>;
    return c.json({ name, sum: list.reduce((sum, { n }) => sum + n, 0) }, 201, { Location: '/v1/things/1' });
  });
app.route('/v1/things', things);
app.post('/v1/optional', body(z.strictObject({ a: z.int().optional() }).prefault({})), (c) =>
  c.json(c.req.valid('json')),
);

const ways: Record<string, () => Response> = {
  bug: () => {
    throw new TypeError(`${SECRET} is not a function`);
  },
  conflict: () => {
    throw new StorageError('task-start', {
      kind: 'conflict',
      sqlstate: '40001',
      constraint: null,
      repeat: 'always',
    });
  },
  unavailable: () => {
    throw new StorageError('task-start', {
      kind: 'unavailable',
      sqlstate: null,
      constraint: null,
      repeat: 'safe',
    });
  },
  timeout: () => {
    throw new StorageError('task-start', {
      kind: 'timeout',
      sqlstate: '57014',
      constraint: null,
      repeat: 'never',
    });
  },
  constraint: () => {
    throw new StorageError('task-start', {
      kind: 'constraint',
      sqlstate: '23514',
      constraint: 'c',
      repeat: 'never',
    });
  },
  rejected: () => {
    throw new StorageError('task-start', {
      kind: 'rejected',
      sqlstate: '42601',
      constraint: null,
      repeat: 'never',
    });
  },
  tutor: () => {
    throw new UpstreamError('tutor', 'timeout');
  },
  http413: () => {
    throw new HTTPException(413, { message: SECRET });
  },
  http418: () => {
    throw new HTTPException(418, { message: SECRET });
  },
  limited: () => {
    throw new AppError('too-many-evaluations', {
      detail: 'Two are running.',
      retryAfter: 2.1,
      headers: { RateLimit: '"eval";r=0;t=3' },
      cause: new Error(SECRET),
    });
  },
  page: () =>
    new Response('<p>', {
      headers: {
        'content-security-policy': "default-src 'self'",
        'cache-control': 'no-cache',
        vary: 'Accept',
      },
    }),
};
app.get('/fail/:way', (c) => (ways[c.req.param('way')] ?? (() => c.notFound() as Response))());

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = ProblemDetails.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  expect(problem.type).toBe(`https://study-paths.scimigo.com/problems/${problem.code}`);
  expect(problem.request_id).toBe(answer.headers.get('x-request-id'));
  expect(JSON.stringify(problem)).not.toContain(SECRET);
  return problem;
}

it.each(ProblemCode.options)('%s has an answer', async (code) => {
  const answer = problemResponse(new AppError(code), 'request-1');
  const problem = ProblemDetails.parse(await answer.json());
  expect(problem).toMatchObject({ code, status: answer.status, request_id: 'request-1' });
  expect(problem.status).toBeGreaterThanOrEqual(400);
});

it.each<[string, number, string, string | null]>([
  ['bug', 500, 'internal', null],
  ['conflict', 503, 'storage-unavailable', '1'],
  ['unavailable', 503, 'storage-unavailable', '2'],
  ['timeout', 503, 'storage-unavailable', '5'],
  ['constraint', 500, 'internal', null],
  ['rejected', 500, 'internal', null],
  ['tutor', 503, 'tutor-unavailable', '5'],
  ['http413', 413, 'payload-too-large', null],
  ['http418', 500, 'internal', null],
  ['limited', 429, 'too-many-evaluations', '3'],
])('%s becomes %d %s', async (way, status, code, retryAfter) => {
  logged.length = 0;
  const answer = await app.request(`/fail/${way}`);
  expect(await problemOf(answer)).toMatchObject({ status, code });
  expect(answer.headers.get('retry-after')).toBe(retryAfter);
  expect(logged.join()).not.toContain(SECRET);
  expect(logged).toHaveLength(status >= 500 ? 1 : 0);
});

it('keeps the headers of an error', async () => {
  expect((await app.request('/fail/limited')).headers.get('ratelimit')).toBe('"eval";r=0;t=3');
});

it('an unknown path is 404, a known one with another method 405', async () => {
  expect(await problemOf(await app.request('/v1/nothing'))).toMatchObject({ code: 'not-found' });
  const answer = await app.request('/v1/things/x', { method: 'DELETE' });
  expect(await problemOf(answer)).toMatchObject({ code: 'method-not-allowed', status: 405 });
  expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH');
});

it('a malformed id answers like an unknown path', async () => {
  const known = '0b5c1b52-9f5f-4a8e-8a51-0d5b4b6f9d11';
  expect((await app.request(`/v1/things/${known}`)).status).toBe(200);
  const { request_id: _, ...unknown } = await problemOf(await app.request('/v1/nothing'));
  for (const id of ['x', known.toUpperCase(), `{${known}}`, `${known}'`, '%27', 'null']) {
    const { request_id: __, ...malformed } = await problemOf(await app.request(`/v1/things/${id}`));
    expect(malformed).toEqual(unknown);
  }
});

it.each([
  'limit=1&limit=999',
  'limit=0x10',
  'limit=%205',
  'limit=1e2',
  'limit=',
  'limit=-1',
  'other=1',
  'limit[]=1',
])('query %s is 400', async (search) => {
  const problem = await problemOf(await app.request(`/v1/things?${search}`));
  expect(problem).toMatchObject({ code: 'invalid-query', status: 400 });
  expect(problem.errors).toHaveLength(1);
});

const post = (value: unknown, url = '/v1/things') =>
  app.request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });

it('a body by its schema', async () => {
  const answer = await post({ name: 'a', list: [{ n: 1 }, { n: 2 }] });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ name: 'a', sum: 3 });
  expect(await (await app.request('/v1/things')).json()).toEqual({ limit: 50 });
  expect(await (await app.request('/v1/optional', { method: 'POST' })).json()).toEqual({});
});

it('a refused body names every field', async () => {
  const problem = await problemOf(await post({ name: '', list: [{ n: 1 }, { n: 'x' }, { n: 1.5 }] }));
  expect(problem).toMatchObject({ code: 'validation', status: 422 });
  expect(problem.errors?.map((error) => error.path)).toEqual(['name', 'list.1.n', 'list.2.n']);
  expect(await problemOf(await post({ name: 'a', user_id: 'b' }))).toMatchObject({ code: 'validation' });
  expect(await problemOf(await app.request('/v1/things', { method: 'POST' }))).toMatchObject({
    code: 'validation',
  });
});

it('the request id', async () => {
  const withId = async (id: string) =>
    (await app.request('/v1/things', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  expect(await withId('client.id_42-x')).toBe('client.id_42-x');
  for (const bad of ['short', 'a'.repeat(65), 'with space', '"quoted-id"', 'ümlaut-id']) {
    expect(await withId(bad)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

it.each(['/v1/things', '/v1/nothing', '/fail/bug'])('headers of %s', async (url) => {
  const { headers } = await app.request(url);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('private, no-store');
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('vary')).toMatch(/Origin/);
  expect(headers.get('vary')).toMatch(/Authorization/);
});

it("a page's own policy stays", async () => {
  const { headers } = await app.request('/fail/page');
  expect(headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(headers.get('cache-control')).toBe('no-cache');
  expect(headers.get('vary')).toMatch(/Accept/);
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

it.each([
  'null',
  '*',
  'https://app.scimigo.com.evil.test',
  'https://evil.test',
  'http://app.scimigo.com',
  'https://APP.scimigo.com',
])('origin %s gets no permission', async (origin) => {
  for (const method of ['GET', 'OPTIONS']) {
    const { headers } = await app.request('/v1/things', { method, headers: { origin } });
    expect(headers.get('access-control-allow-origin')).toBe(null);
  }
});

it('a configured origin may read answers, errors too', async () => {
  for (const url of ['/v1/things', '/fail/bug']) {
    const { headers } = await app.request(url, { headers: { origin: ORIGIN } });
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-expose-headers')).toMatch(/ETag.*Idempotency-Replayed.*X-Request-Id/);
    expect(headers.get('access-control-allow-credentials')).toBe(null);
  }
  const preflight = await app.request('/v1/things', {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toMatch(/PATCH/);
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(
    /Authorization.*Idempotency-Key.*If-Match/,
  );
});
