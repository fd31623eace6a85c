import { expect, test } from 'vitest';
import { createAnswerCache } from '#client/answer-cache.ts';
import { createClient } from '#client/client.ts';
import { isStudyPathsError } from '#client/errors.ts';
import { exportEverything } from '#client/export-calls.ts';
import { requestHint } from '#client/hint-calls.ts';
import type { Fetch, TokenSource } from '#client/options.ts';
import { createPath, listPaths } from '#client/path-calls.ts';
import { retrying } from '#client/retry.ts';
import { createSend } from '#client/send.ts';
import { getHealth } from '#client/service-calls.ts';

type Sent = { url: string; method: string | undefined; headers: Headers };

/** A `fetch` with these answers in turn, the last one for ever, and what it was asked. */
function answering(...answers: ((init: RequestInit) => Response | Promise<Response>)[]) {
  const sent: Sent[] = [];
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, method: init.method, headers: new Headers(init.headers) });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer === undefined) throw new TypeError('no answer');
    return answer(init);
  };
  return { sent, fetch };
}

const page = () => Response.json({ data: [], next_cursor: null });
const refusal = () => Response.json({ code: 'invalid-token', title: 'No' }, { status: 401 });

function sending(fetch: Fetch, token: TokenSource = () => 'token') {
  return createSend({ baseUrl: '', fetch, token, timeoutMs: 5000 });
}

async function failure(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isStudyPathsError(error)) throw new Error(`no error of the client: ${String(error)}`);
  return error;
}

/** A body of these pieces, which then stays open until the request is aborted. */
function openBody({ signal }: RequestInit, ...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
}

/** A body of these pieces, which is then cut off. */
function cutBody(...pieces: string[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece === undefined) controller.error(new TypeError('terminated'));
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}

test('a token that is refused is asked for again; the second request has the same key', async () => {
  const { sent, fetch } = answering(refusal, () => Response.json({}, { status: 201 }));
  await sending(fetch, ({ renew }) => (renew ? 'new' : 'old'))(createPath());
  expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  expect(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
});

test.each([
  ['a problem document', refusal],
  ['a page of a proxy', () => new Response('<h1>401</h1>', { status: 401 })],
])('without another token a 401 with %s is the answer', async (_, answer) => {
  const asked: boolean[] = [];
  const { sent, fetch } = answering(answer);
  const send = sending(fetch, ({ renew }) => {
    asked.push(renew);
    return renew ? null : 'token';
  });
  expect(await failure(send(listPaths()))).toMatchObject({ status: 401 });
  expect([asked, sent.length]).toEqual([[false, true], 1]);
});

test('without a token a call goes without one, and the health of the service never needs it', async () => {
  const { sent, fetch } = answering(page);
  await sending(fetch, () => null)(listPaths());
  const never: TokenSource = () => {
    throw new Error('no one is signed in');
  };
  await sending(fetch, never)(getHealth());
  expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([null, null]);
});

test('a deadline counts until the whole answer is there', async () => {
  const { fetch } = answering((init) => new Response(openBody(init, '{"data":')));
  expect(await failure(sending(fetch)(listPaths(), { timeoutMs: 30 }))).toMatchObject({
    code: 'timeout',
    status: 0,
  });
});

test('a signal that aborts while an answer is read ends the call with its own reason', async () => {
  const { fetch } = answering((init) => new Response(openBody(init, '{"data":')));
  const controller = new AbortController();
  const call = sending(fetch)(listPaths(), { signal: controller.signal });
  const reason = new Error('the page was left');
  setTimeout(() => controller.abort(reason), 20);
  await expect(call).rejects.toBe(reason);
  await expect(sending(fetch)(listPaths(), { signal: controller.signal })).rejects.toBe(reason);
});

test.each([
  ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'network', 0],
  ['an answer that is cut off', () => new Response(cutBody('{"data":[')), 'network', 0],
  ['an answer that is no JSON', () => new Response('<h1>Welcome</h1>'), 'unexpected-answer', 0],
  [
    'the error page of a proxy',
    () => new Response('<h1>502</h1>', { status: 502 }),
    'unexpected-answer',
    502,
  ],
])('%s is an error of the client', async (_, answer, code, status) => {
  const { fetch } = answering(answer);
  expect(await failure(sending(fetch)(listPaths()))).toMatchObject({ code, status, problem: null });
});

test('an answer that is cut off is asked for again where that is safe', async () => {
  const { sent, fetch } = answering(() => new Response(cutBody('{')), page);
  const send = retrying(sending(fetch), { baseMs: 1 });
  expect(await send(listPaths())).toEqual({ data: [], next_cursor: null });
  expect(sent).toHaveLength(2);
});

const DELTA = 'event: delta\ndata: {"text":"Look"}\n\n';

test('a hint that is cut off throws stream-broken out of its loop', async () => {
  const { fetch } = answering(() => new Response(cutBody(DELTA)));
  const hint = await sending(fetch)(requestHint('id'));
  const events: string[] = [];
  const read = async () => {
    for await (const { event } of hint) events.push(event);
  };
  expect(await failure(read())).toMatchObject({ code: 'stream-broken', status: 0 });
  expect(events).toEqual(['delta']);
});

test('a hint ends with the reason of its signal, or with its deadline', async () => {
  const { fetch } = answering((init) => new Response(openBody(init, DELTA)));
  const controller = new AbortController();
  const reason = new Error('the page was left');
  const hint = await sending(fetch)(requestHint('id'), { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await expect(hint.text()).rejects.toBe(reason);
  const late = await sending(fetch)(requestHint('id'), { timeoutMs: 30 });
  expect(await failure(late.text())).toMatchObject({ code: 'stream-broken' });
});

test('events that no hint has are left out', async () => {
  const stream = [
    'event: delta\ndata: {"text":',
    'event: delta\ndata: {}',
    'event: delta\ndata: null',
    'data: {"text":"x"}',
    'event: usage\ndata: {"tokens":1}',
    'event: delta\ndata: {"text":"Look"}',
    'event: done\ndata: {"level":1,"outcome":"complete"}',
  ];
  const { fetch } = answering(() => new Response(`${stream.join('\n\n')}\n\n`));
  expect(await (await sending(fetch)(requestHint('id'))).text()).toBe('Look');
});

test('a client sends the version of a change, the headers of all calls and those of one', async () => {
  const { sent, fetch } = answering(() => Response.json({}));
  const headers = { 'x-app': 'study', 'x-page': 'all' };
  const client = createClient({ baseUrl: 'https://api.example//', token: 't', fetch, headers });
  await client.changeTask('a', {}, { version: 3, headers: { 'x-page': 'one' } });
  await client.changeTask('a', {}, { version: 'W/"3-x"' });
  await client.listPaths(undefined, { headers: { 'x-page': 'list' } });
  const of = (name: string) => sent.map((request) => request.headers.get(name));
  expect(of('if-match')).toEqual(['"3"', 'W/"3-x"', null]);
  expect(of('x-page')).toEqual(['one', 'all', 'list']);
  expect(of('x-app')).toEqual(['study', 'study', 'study']);
  expect(sent[0]?.url).toBe('https://api.example/v1/study-tasks/a');
});

const tagged = (etag: string, body: object) => () => Response.json(body, { headers: { etag } });
const unchanged = () => new Response(null, { status: 304 });

test('an answer with an ETag is kept, and asked about from then on', async () => {
  const { sent, fetch } = answering(
    tagged('"1"', { data: ['one'] }),
    unchanged,
    () => Response.json({ code: 'internal', title: 'No' }, { status: 500 }),
    unchanged,
    tagged('"2"', { data: ['two'] }),
    unchanged,
  );
  const send = sending(createAnswerCache(fetch).fetch);
  expect(await send(listPaths())).toEqual({ data: ['one'] });
  expect(await send(listPaths())).toEqual({ data: ['one'] });
  expect(await failure(send(listPaths()))).toMatchObject({ code: 'internal' });
  expect(await send(listPaths())).toEqual({ data: ['one'] });
  expect(await send(listPaths())).toEqual({ data: ['two'] });
  expect(await send(listPaths())).toEqual({ data: ['two'] });
  const asked = sent.map(({ headers }) => headers.get('if-none-match'));
  expect(asked).toEqual([null, '"1"', '"1"', '"1"', '"1"', '"2"']);
});

test('only reads with an ETag are kept, each by its own address, and no more than there is room for', async () => {
  const { sent, fetch } = answering(tagged('"1"', {}));
  const { fetch: cached } = createAnswerCache(fetch, 2);
  const send = sending(cached);
  await send(createPath());
  for (const limit of [1, 2, 3, 1, 3]) await send(listPaths({ limit }));
  const asked = sent.map(({ headers }) => headers.get('if-none-match'));
  // The third address took the place of the first.
  expect(asked).toEqual([null, null, null, null, null, '"1"']);
  const plain = answering(page);
  const other = sending(createAnswerCache(plain.fetch).fetch);
  await other(exportEverything());
  await other(exportEverything());
  expect(plain.sent.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, null]);
});

test('after clear nothing is left of the answers, not even of one that comes late', async () => {
  let answer = () => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const first = tagged('"1"', { data: ['hers'] });
  const { sent, fetch } = answering(() => late.then(first), tagged('"2"', { data: ['his'] }));
  const cache = createAnswerCache(fetch);
  const send = sending(cache.fetch);
  const hers = send(listPaths());
  await expect.poll(() => sent.length).toBe(1);
  cache.clear();
  answer();
  await hers;
  expect(await send(listPaths())).toEqual({ data: ['his'] });
  expect(sent.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, null]);
  cache.clear();
  await send(listPaths());
  expect(sent.at(-1)?.headers.get('if-none-match')).toBeNull();
});
