import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { expect, test, vi } from 'vitest';
import { ShapeRouter } from '#worker/http/router.ts';

function appWith(options: ConstructorParameters<typeof Hono>[0]) {
  const app = new Hono(options);
  app.use('*', async (c, next) => {
    await next();
    c.res.headers.append('trace', 'all');
  });
  app.use('/v1/*', async (c, next) => {
    await next();
    c.res.headers.append('trace', `v1 ${c.req.param('id') ?? ''}`);
  });
  for (const path of [
    '/v1/tasks/next',
    '/v1/tasks/:id',
    '/v1/tasks/:id/start',
    '/v1/tasks',
    '/v1/paths/:id/of/:other',
  ])
    app.get(path, (c) => c.json({ path, param: c.req.param() }));
  app.post('/v1/tasks/:id/start', (c) => c.json({ started: c.req.param('id') }));
  app.delete('/v1/tasks/:id', (c) => c.json({ gone: c.req.param('id') }));
  return app;
}

const [one, two] = [randomUUID(), randomUUID()];
const PATHS = [
  '/',
  '/v1/tasks',
  '/v1/tasks/',
  '/v1/tasks/next',
  '/v1/tasks/:',
  '/v1/tasks/:/start',
  '/v1/tasks/%3A',
  `/v1/tasks/${one}`,
  `/v1/tasks/${two}`,
  `/v1/tasks/${one}/start`,
  `/v1/tasks/${two}/start`,
  `/v1/tasks/${one.toUpperCase()}`,
  `/v1/tasks/x${one}`,
  `/v1/tasks/${one}x/start`,
  `/v1/tasks/${one}/${two}`,
  `/v1/tasks/%20${one}`,
  `/v1/paths/${one}/of/${two}`,
  `/v1/paths/${two}/of/${two}`,
  `/v1/paths/${one}/of/7`,
  `/v1/${one}/tasks`,
  '/v1/nowhere',
];

test('finds what the trie finds, also the second time and in any order', async () => {
  const plain = appWith({});
  const remembering = appWith({ router: new ShapeRouter() });
  const tell = async (app: Hono, method: string, path: string) => {
    const answer = await app.request(path, { method });
    return [answer.status, answer.headers.get('trace'), await answer.text()];
  };
  for (const paths of [PATHS, PATHS, PATHS.toReversed()])
    for (const path of paths)
      for (const method of ['GET', 'POST', 'DELETE', 'HEAD', 'PUT'])
        expect([method, path, await tell(remembering, method, path)]).toEqual([
          method,
          path,
          await tell(plain, method, path),
        ]);
});

test('a shape is searched once', async () => {
  const search = vi.spyOn(TrieRouter.prototype, 'match');
  const app = appWith({ router: new ShapeRouter() });
  for (const path of ['/v1/tasks/next', `/v1/tasks/${one}`, `/v1/tasks/${two}`, `/v1/tasks/${one}/start`])
    for (let n = 0; n < 3; n += 1) await app.request(path);
  expect(search.mock.calls.map(([, path]) => path)).toEqual([
    '/v1/tasks/next',
    `/v1/tasks/${one}`,
    `/v1/tasks/${one}/start`,
  ]);
  search.mockRestore();
});

test('a route that is added later is found', () => {
  const router = new ShapeRouter<string>();
  router.add('GET', '/a', 'first');
  expect(router.match('GET', '/a')[0].map(([handler]) => handler)).toEqual(['first']);
  router.add('ALL', '/a', 'second');
  expect(router.match('GET', '/a')[0].map(([handler]) => handler)).toEqual(['first', 'second']);
});

test('any number of paths takes no more than a little memory, and none is answered wrongly', () => {
  const router = new ShapeRouter<string>();
  router.add('GET', '/known', 'known');
  for (let n = 0; n < 2000; n += 1) expect(router.match('GET', `/${n}`)[0]).toEqual([]);
  expect(router.match('GET', '/known')[0]).toMatchObject([['known', {}]]);
});
