import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type RunningService, type ServiceApp, startService } from '#services/common/service.ts';
import { startTutor } from '#services/tutor/index.ts';
import { askTutor, listen, streamsOf } from './tutor-client.ts';
import { tutorRequest } from './tutor-request.ts';

/** What the fake model service sends; `signal` tells that the tutor left, `drop` breaks the connection. */
type Script = (send: (text: string) => void, signal: AbortSignal, drop: () => void) => Promise<void>;

const Sent = z.object({
  model: z.string(),
  stream: z.literal(true),
  messages: z.array(z.object({ content: z.string() })),
});
let script: Script;
let answer: Response | null;
let asked: { authorization: string | undefined; body: z.infer<typeof Sent> }[];
let abortedAt: number | null;
let model: RunningService;
let tutor: RunningService;

beforeEach(async () => {
  answer = null;
  asked = [];
  abortedAt = null;
  const app: ServiceApp = new Hono();
  app.post('/v1/chat/completions', async (c) => {
    asked.push({ authorization: c.req.header('authorization'), body: Sent.parse(await c.req.json()) });
    if (answer !== null) return answer;
    const left = new AbortController();
    const notice = () => {
      abortedAt ??= Date.now();
      left.abort();
    };
    c.req.raw.signal.addEventListener('abort', notice);
    const body = new ReadableStream({
      async start(controller) {
        const encoder = new TextEncoder();
        try {
          await script(
            (text) => controller.enqueue(encoder.encode(text)),
            left.signal,
            () => c.env.incoming.socket.destroy(),
          );
          controller.close();
        } catch (error) {
          if (!left.signal.aborted) controller.error(error);
        }
      },
      cancel: notice,
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  model = await startService('model', app);
  tutor = await startTutor({
    upstream: { url: `${model.url}/v1/`, key: 'model-key', model: 'small' },
    firstTokenMs: 300,
  });
});

afterEach(async () => {
  await tutor.close();
  await model.close();
});

function chunk(content: string | null, finish_reason: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
}

const whole = [
  'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
  chunk('Think '),
  ': keep-alive\n\n',
  chunk('of a\nmap “é”.'),
  chunk(null, 'stop'),
  'data: {"choices":[],"usage":{"total_tokens":5}}\n\n',
  'data: [DONE]\n\n',
].join('');

test('turns a completion stream into the same events', async () => {
  script = async (send) => send(whole);
  const { text, last } = await listen(await askTutor(tutor.url, tutorRequest({ level: 2 })));
  expect(text).toBe('Think of a\nmap “é”.');
  expect(last).toEqual({ event: 'done', data: { level: 2, outcome: 'complete' } });
  expect(asked).toMatchObject([{ authorization: 'Bearer model-key', body: { model: 'small' } }]);
  expect(asked[0]?.body.messages.at(-1)?.content).toContain('Rung two.');
  expect(await streamsOf(tutor.url)).toMatchObject([{ outcome: 'complete', words: 2 }]);
});

test('passes each piece on as it comes, and takes a finish reason for an end', async () => {
  const heardFirst = Promise.withResolvers<void>();
  script = async (send) => {
    send(chunk('first'));
    await heardFirst.promise;
    send(chunk(' second', 'stop'));
  };
  const response = await askTutor(tutor.url, tutorRequest());
  const heard = await listen(response, (events) => {
    if (events.length === 1) heardFirst.resolve();
    return false;
  });
  expect(heard.text).toBe('first second');
  expect(heard.last?.event).toBe('done');
});

test.each([
  ['breaks off', async (send) => send(chunk('half'))],
  [
    'drops the connection',
    async (send, signal, drop) => {
      send(chunk('half'));
      await sleep(30);
      drop();
      await once(signal, 'abort');
    },
  ],
  [
    'talks nonsense',
    async (send) => {
      send(chunk('half'));
      await sleep(30);
      send('data: {"error":{"message":"UPSTREAM-TEXT"}}\n\n');
    },
  ],
] satisfies [string, Script][])('reports an upstream that %s mid-way', async (_, misbehaviour) => {
  script = misbehaviour;
  const { text, last, broken, events } = await listen(await askTutor(tutor.url, tutorRequest()));
  expect(text).toBe('half');
  expect(last).toMatchObject({ event: 'error', data: { code: 'UPSTREAM_FAILED' } });
  expect(JSON.stringify(events)).not.toContain('UPSTREAM-TEXT');
  expect(broken).toBe(false);
  expect(await streamsOf(tutor.url)).toMatchObject([{ outcome: 'failed', words: 1 }]);
});

test.each([
  ['an error status', new Response('{"error":"UPSTREAM-TEXT model-key"}', { status: 429 })],
  ['a page', new Response('<h1>UPSTREAM-TEXT</h1>', { headers: { 'content-type': 'text/html' } })],
  ['a redirect', new Response(null, { status: 307, headers: { location: '/elsewhere' } })],
  ['no text', new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } })],
])('answers 502 when the upstream sends %s', async (_, response) => {
  answer = response;
  const failed = await askTutor(tutor.url, tutorRequest());
  expect(failed.status).toBe(502);
  const body = await failed.text();
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'UPSTREAM_FAILED' } });
  expect(body).not.toMatch(/UPSTREAM-TEXT|model-key/);
  expect(await streamsOf(tutor.url)).toMatchObject([{ outcome: 'failed', bytes_sent: 0 }]);
});

test('answers 502 when the upstream is down', async () => {
  await model.close();
  expect((await askTutor(tutor.url, tutorRequest())).status).toBe(502);
});

test('answers 502 when the first word is late, and lets go of the upstream', async () => {
  script = async (_, signal) => void (await once(signal, 'abort'));
  expect((await askTutor(tutor.url, tutorRequest())).status).toBe(502);
  await vi.waitFor(() => expect(abortedAt).not.toBeNull());
});

test.each([
  ['before the first word', 0],
  ['in the middle', 1],
])('aborts the upstream within a second when the client leaves %s', async (_, words) => {
  script = async (send, signal) => {
    if (words > 0) send(chunk('half'));
    await once(signal, 'abort');
  };
  const leave = new AbortController();
  const pending = askTutor(tutor.url, tutorRequest(), { signal: leave.signal });
  if (words === 0) {
    await vi.waitFor(() => expect(asked).toHaveLength(1));
  } else {
    await listen(await pending, (events) => events.length === words);
  }
  const left = Date.now();
  leave.abort();
  if (words === 0) await expect(pending).rejects.toThrow();
  await vi.waitFor(() => expect(abortedAt).not.toBeNull());
  expect((abortedAt ?? 0) - left).toBeLessThan(1000);
  await vi.waitFor(async () =>
    expect(await streamsOf(tutor.url)).toMatchObject([{ outcome: 'aborted', words }]),
  );
});
