import { expect, test } from 'vitest';
import type { TutorRequest } from '#contract/tutor.ts';
import { globalFetcher, type ObservedCall } from '#worker/clients/http.ts';
import { createTutor } from '#worker/clients/tutor.ts';
import { type Handler, hang, json, reset, upstream } from './support-clients.ts';

const request = { request_id: 'r-1', level: 1, question: 'why?' } as TutorRequest;

function client(url: string, connectMs = 2000, observed: ObservedCall[] = []) {
  return createTutor({
    fetcher: globalFetcher,
    url,
    apiKey: 'tutor-key',
    connectMs,
    observe: (call) => observed.push(call),
  });
}

const open = (url: string, connectMs?: number, signal = new AbortController().signal) =>
  client(url, connectMs).open(request, { requestId: 'r-1', signal });

const stream: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('event: delta\ndata: {"text":"a"}\n\n');
};

test('the answer comes with its first byte unread, the request with key and question', async () => {
  const server = await upstream(stream);
  const response = await open(server.url);
  expect(response.bodyUsed).toBe(false);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('event: delta\ndata: {"text":"a"}\n\n');
  await reader?.cancel();
  expect(server.seen[0]).toMatchObject({
    method: 'POST',
    path: '/v1/hints',
    headers: {
      authorization: 'Bearer tutor-key',
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-request-id': 'r-1',
    },
    body: JSON.stringify(request),
  });
});

test('a stream may last longer than its headers were given', async () => {
  const server = await upstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('a');
    setTimeout(() => response.end('b'), 1500);
  });
  expect(await (await open(server.url, 1000)).text()).toBe('ab');
});

test('the signal ends a stream under way, and the tutor notices', async () => {
  const left = Promise.withResolvers<void>();
  const server = await upstream((q, r) => {
    r.on('close', () => left.resolve());
    stream(q, r);
  });
  const controller = new AbortController();
  const response = await open(server.url, undefined, controller.signal);
  controller.abort();
  await expect(response.text()).rejects.toThrow();
  await left.promise;
});

test.each([
  ['503', json({}, 503), { kind: 'status', status: 503 }],
  ['a redirect', (_q, r) => void r.writeHead(307, { location: '/' }).end(), { kind: 'status', status: 307 }],
  ['JSON', json({ text: 'SECRET' }), { kind: 'not-json' }],
  [
    'HTML without end',
    (_q, r) => {
      r.writeHead(200, { 'content-type': 'text/html' });
      r.write('<h1>');
    },
    { kind: 'not-json' },
  ],
  ['a hang-up', reset, { kind: 'network' }],
] satisfies [string, Handler, object][])(
  '%s is a fault, asked once and let go',
  async (_name, handler, fault) => {
    const closed = Promise.withResolvers<void>();
    const server = await upstream((q, r) => {
      r.on('close', () => closed.resolve());
      handler(q, r);
    });
    const observed: ObservedCall[] = [];
    const answer = client(server.url, 2000, observed).open(request, {
      requestId: 'r-1',
      signal: new AbortController().signal,
    });
    await expect(answer).rejects.toMatchObject({ name: 'UpstreamError', service: 'tutor', ...fault });
    await closed.promise;
    expect(server.seen).toHaveLength(1);
    expect(observed).toHaveLength(1);
  },
);

test('a tutor that does not answer is left at the deadline', async () => {
  const closed = Promise.withResolvers<void>();
  const server = await upstream((q, r) => {
    r.on('close', () => closed.resolve());
    hang(q, r);
  });
  await expect(open(server.url, 100)).rejects.toMatchObject({ kind: 'timeout' });
  await closed.promise;
});

test('a learner who leaves before the headers ends the call at once', async () => {
  const server = await upstream(hang);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await expect(open(server.url, 5000, controller.signal)).rejects.toMatchObject({ kind: 'network' });
  await expect(open(server.url, 5000, AbortSignal.abort())).rejects.toMatchObject({ kind: 'network' });
});
