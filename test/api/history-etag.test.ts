import { beforeAll, expect, test } from 'vitest';
import type { Task } from '#contract/tasks.ts';
import { type Answer, type Learner, newLearner } from '../support/api.ts';

let learner: Learner;
let created: Awaited<ReturnType<Learner['newPath']>>;

beforeAll(async () => {
  learner = await newLearner('etag');
  created = await learner.newPath();
});

const task = () => `/v1/study-tasks/${created.first_task.id}`;
const routes = (): string[] => [
  '/v1/study-tasks?limit=3',
  '/v1/study-paths',
  '/v1/study-paths/current',
  '/v1/study-tasks/next',
  task(),
  `${task()}/events`,
  `${task()}/hints`,
];
const tagOf = ({ headers }: { headers: Headers }) => headers.get('etag') ?? '';
const ask = (route: string, ifNoneMatch: string, method = 'GET') =>
  learner.send(route, { method, headers: { 'if-none-match': ifNoneMatch } });

test('every read has a strong tag, and whoever has the tag gets 304 without a body', async () => {
  for (const route of routes()) {
    const first = await learner.call(route);
    const tag = tagOf(first);
    expect([route, tag]).toEqual([route, expect.stringMatching(/^"(\d+-)?[A-Za-z0-9_-]{22}"$/)]);
    expect(tagOf(await learner.call(route))).toBe(tag);
    for (const known of [tag, `W/${tag}`, `"other", W/"x,y" ,${tag}`, '*', ' * ']) {
      const again = await ask(route, known);
      expect([route, known, again.status, await again.text()]).toEqual([route, known, 304, '']);
      expect(tagOf(again)).toBe(tag);
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      expect(again.headers.get('vary')).toContain('Authorization');
      expect(again.headers.get('content-type')).toBeNull();
      expect(again.headers.get('server-timing')).toContain('1 round trips');
      expect(again.headers.get('x-request-id')).not.toBeNull();
    }
    for (const other of ['"other"', tag.slice(1, -1), `"${tag}"`, '']) {
      expect((await ask(route, other)).status).toBe(200);
    }
  }
});

test('HEAD answers the headers of GET', async () => {
  for (const route of routes()) {
    const got = await learner.call(route);
    const head = await learner.send(route, { method: 'HEAD' });
    expect([head.status, await head.text(), tagOf(head)]).toEqual([200, '', tagOf(got)]);
    expect(head.headers.get('link')).toBe(got.headers.get('link'));
    expect((await ask(route, tagOf(got), 'HEAD')).status).toBe(304);
  }
});

test('a browser may keep lists but asks each time; code and transcripts it does not keep', async () => {
  const cacheOf = async (route: string) => (await learner.call(route)).headers.get('cache-control');
  expect(await cacheOf('/v1/study-tasks')).toBe('private, no-cache');
  expect(await cacheOf(task())).toBe('private, no-store');
  expect(await cacheOf(`${task()}/hints`)).toBe('private, no-store');
  expect(await cacheOf('/v1/study-tasks?limit=0')).toBe('private, no-store');
});

test('a change of a task changes its tag and that of every list that shows it', async () => {
  const before = await Promise.all(routes().map((route) => learner.call(route)));
  const patched = await learner.call(task(), { method: 'PATCH', body: { metadata: { note: 'again' } } });
  expect(tagOf(patched)).toBe('"2"');
  const list = await ask('/v1/study-tasks?limit=200', tagOf(await learner.call('/v1/study-tasks?limit=200')));
  expect(list.status).toBe(304);
  for (const [index, route] of routes().entries()) {
    if (/study-paths|hints|limit=3/.test(route)) continue;
    expect([route, (await ask(route, tagOf(before[index] as Answer<unknown>))).status]).toEqual([route, 200]);
  }
});

test('If-Match takes the tag of a read as it takes the bare version', async () => {
  const url = `/v1/study-tasks/${created.tasks[1]?.id}`;
  const patch = (tag: string, note: string) =>
    learner.call<{ task: Task }>(url, {
      method: 'PATCH',
      body: { metadata: { note } },
      headers: { 'if-match': tag },
    });
  const read = tagOf(await learner.call(url));
  expect(read).toMatch(/^"1-/);
  expect(await patch(read, 'one')).toMatchObject({ status: 200, body: { task: { version: 2 } } });
  expect(await patch(read, 'two')).toMatchObject({ status: 412 });
  expect(await patch('"2"', 'two')).toMatchObject({ status: 200, body: { task: { version: 3 } } });
  for (const tag of ['"3-short"', '"three"', '3']) {
    expect(await patch(tag, 'three')).toMatchObject({ status: 412 });
  }
});

test('two tasks of one version do not pass for one another under /next', async () => {
  const own = await newLearner('etag-next');
  const { tasks } = await own.newPath();
  const first = await own.call<{ task: Task }>('/v1/study-tasks/next');
  expect(first.body.task).toMatchObject({ id: tasks[0]?.id, version: 1 });
  await own.call(`/v1/study-tasks/${tasks[0]?.id}`, { method: 'PATCH', body: { status: 'skipped' } });
  const next = await own.call<{ task: Task }>('/v1/study-tasks/next', {
    headers: { 'if-none-match': tagOf(first) },
  });
  expect(next).toMatchObject({ status: 200, body: { task: { id: tasks[1]?.id, version: 1 } } });
});

test('errors, writes and streams have no tag of their own and never become 304', async () => {
  const unknown = await ask(`/v1/study-tasks/${crypto.randomUUID()}`, '*');
  expect([unknown.status, unknown.headers.get('etag')]).toEqual([404, null]);
  const path = await learner.send('/v1/study-paths', { body: {}, headers: { 'if-none-match': '*' } });
  expect(path.status).toBe(201);
  const hint = await learner.send(`${task()}/hint`, { body: {}, headers: { 'if-none-match': '*' } });
  expect([hint.status, hint.headers.get('etag')]).toEqual([200, null]);
  expect(await hint.text()).toContain('event: done');
});
