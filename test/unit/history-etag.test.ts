import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { answerJson } from '#worker/http/answer.ts';
import { entityTags, matchesNone, versionOfTag, versionsOf } from '#worker/http/etag.ts';
import type { AppEnv } from '#worker/http/types.ts';

let problem: string | null = 'two-sum';

const app = new Hono<AppEnv>()
  .use(entityTags())
  .get('/task', (c) => answerJson(c, { problem }, 200, { etag: '"7"' }))
  .get('/list', (c) => answerJson(c, { data: [] }, 200, { link: '</list?cursor=x>; rel="next"' }))
  .get('/secret', (c) => answerJson(c, { code: 'x' }, 200, { 'cache-control': 'private, no-store' }))
  .get('/export', (c) => c.body('{"data":[]}', 200, { 'content-type': 'application/json' }))
  .get('/stream', () => new Response('data: 1\n\n', { headers: { 'content-type': 'text/event-stream' } }))
  .get('/nothing', (c) => c.body(null, 204))
  .post('/list', (c) => answerJson(c, { made: true }));

const ask = (path: string, ifNoneMatch = '', method = 'GET') =>
  app.request(path, { method, headers: { 'if-none-match': ifNoneMatch } });
const tagOf = async (path: string) => (await ask(path)).headers.get('etag') ?? '';

test('two representations of one version have two tags', async () => {
  problem = 'two-sum';
  const whole = await tagOf('/task');
  problem = null;
  const half = await tagOf('/task');
  expect([versionOfTag(whole), versionOfTag(half)]).toEqual([7, 7]);
  expect(half).not.toBe(whole);
  expect((await ask('/task', whole)).status).toBe(200);
  expect((await ask('/task', half)).status).toBe(304);
});

test('a 304 keeps what a cache needs and leaves the rest', async () => {
  const first = await ask('/list');
  expect([await first.text(), first.headers.get('link')]).toEqual([
    '{"data":[]}',
    '</list?cursor=x>; rel="next"',
  ]);
  const again = await ask('/list', first.headers.get('etag') ?? '');
  expect(again.status).toBe(304);
  expect(Object.fromEntries(again.headers)).toEqual({
    etag: first.headers.get('etag'),
    'cache-control': 'private, no-cache',
  });
});

test('what a route says of caches stays', async () => {
  const answer = await ask('/secret');
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  expect(answer.headers.get('etag')).not.toBeNull();
});

test.each([
  ['/export', 'GET', 200],
  ['/stream', 'GET', 200],
  ['/nothing', 'GET', 204],
  ['/nowhere', 'GET', 404],
  ['/list', 'POST', 200],
])('%s by %s is left as it is', async (path, method, status) => {
  const answer = await ask(path, '*', method);
  expect([answer.status, answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([
    status,
    null,
    null,
  ]);
});

test('If-None-Match compares weakly, as a list', () => {
  for (const known of ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a" , "c"', '"b,", "a"', '*', ' * ']) {
    expect([known, matchesNone(known, '"a"')]).toEqual([known, true]);
  }
  for (const other of [undefined, '', 'a', '"A"', '"b, a"', '"aa"', "'a'", '"*"', '"a', 'W/a']) {
    expect([other, matchesNone(other, '"a"')]).toEqual([other, false]);
  }
});

test('a version is read from a tag of ours and no other', () => {
  const hash = 'A-_9'.repeat(5).concat('AA');
  expect([versionOfTag('"7"'), versionOfTag(` "12-${hash}" `)]).toEqual([7, 12]);
  // Bug: a proxy that compresses weakens the tag, and no change was possible any more.
  expect([versionOfTag('W/"7"'), versionOfTag(`W/"12-${hash}"`)]).toEqual([7, 12]);
  for (const tag of ['7', '"0"', '"07"', '"7-"', `"7-${hash}A"`, `"-${hash}"`, '"7","8"', '*', '']) {
    expect([tag, versionOfTag(tag)]).toEqual([tag, null]);
  }
});

test('If-Match names any of several versions, or every one', () => {
  const hash = 'A'.repeat(22);
  expect(versionsOf(undefined)).toBeNull();
  expect(versionsOf(' * ')).toBeNull();
  expect(versionsOf('"3"')).toEqual([3]);
  expect(versionsOf(`"3", W/"4-${hash}" ,"x","5"`)).toEqual([3, 4, 5]);
  for (const none of ['', 'x', '3', '"x"', 'W/"a, b"', '"*"'])
    expect([none, versionsOf(none)]).toEqual([none, []]);
});
