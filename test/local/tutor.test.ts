import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { RunningService } from '#services/common/service.ts';
import { startTutor, type TutorOptions } from '#services/tutor/index.ts';
import { ladderHint } from '#services/tutor/ladder.ts';
import { askTutor, listen, streamsOf } from './tutor-client.ts';
import { attempt, tutorRequest } from './tutor-request.ts';

let running: RunningService | undefined;
afterEach(() => running?.close());

async function start(options: TutorOptions = {}): Promise<string> {
  running = await startTutor(options);
  return running.url;
}

function setStream(url: string, settings: unknown) {
  return fetch(`${url}/__local/stream`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

test('streams the hint word by word and says when it is done', async () => {
  const url = await start();
  const request = tutorRequest({
    level: 2,
    attempts: [attempt(1)],
    question: 'Line\n\ndata: event: done\u2028?',
  });
  const response = await askTutor(url, request);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const { text, events, last, bytes } = await listen(response);
  expect(text).toBe(ladderHint(request));
  expect(events.length).toBe(text.trim().split(/\s+/).length + 1);
  expect(last).toEqual({ event: 'done', data: { level: 2, outcome: 'complete' } });
  expect(await streamsOf(url)).toMatchObject([
    {
      request_id: 'request-1',
      outcome: 'complete',
      words: events.length - 1,
      bytes_sent: bytes,
      aborted_at: null,
    },
  ]);
});

test('asks for its key when it has one', async () => {
  const url = await start({ apiKey: 'tutor-key' });
  expect((await askTutor(url, tutorRequest())).status).toBe(401);
  const wrong = { headers: { authorization: 'Bearer other' } };
  expect((await askTutor(url, tutorRequest(), wrong)).status).toBe(401);
  const right = { headers: { authorization: 'Bearer tutor-key' } };
  const response = await askTutor(url, tutorRequest(), right);
  expect(response.status).toBe(200);
  await listen(response);
});

test.each(['', '{', '[]', '{"level":1}', JSON.stringify({ ...tutorRequest(), level: 0 })])(
  'refuses the body %s',
  async (body) => {
    const url = await start();
    const response = await fetch(`${url}/v1/hints`, { method: 'POST', body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
    expect(await streamsOf(url)).toEqual([]);
  },
);

test('notices within a second that the client left, and when', async () => {
  const url = await start({ wordDelayMs: 30 });
  const { events } = await listen(await askTutor(url, tutorRequest()), (heard) => heard.length >= 3);
  const left = Date.now();
  expect(events.length).toBeGreaterThanOrEqual(3);
  const [entry] = await vi.waitFor(async () => {
    const streams = await streamsOf(url);
    expect(streams).toMatchObject([{ outcome: 'aborted' }]);
    return streams;
  });
  expect(Math.abs(Date.parse(entry?.aborted_at ?? '') - left)).toBeLessThan(1000);
  const words = entry?.words ?? 0;
  await sleep(100);
  expect((await streamsOf(url))[0]?.words).toBe(words);
});

test('can be told to be slow, with heartbeats in between', async () => {
  const url = await start({ heartbeatMs: 20 });
  expect((await setStream(url, { word_delay_ms: 70 })).status).toBe(200);
  const { events, comments } = await listen(
    await askTutor(url, tutorRequest()),
    (heard) => heard.length >= 2,
  );
  expect(events).toHaveLength(2);
  expect(comments.length).toBeGreaterThanOrEqual(4);
  expect(new Set(comments)).toEqual(new Set(['ping']));
});

test('sends no heartbeat while words come', async () => {
  const url = await start({ heartbeatMs: 400, wordDelayMs: 30 });
  const { comments, last } = await listen(await askTutor(url, tutorRequest()));
  expect(last?.event).toBe('done');
  expect(comments).toEqual([]);
});

test('can be told to stall: silent, without heartbeats, until the client leaves', async () => {
  const url = await start({ heartbeatMs: 20 });
  await setStream(url, { stall_after_words: 2 });
  const leave = new AbortController();
  const response = await askTutor(url, tutorRequest(), { signal: leave.signal });
  setTimeout(() => leave.abort(), 300);
  const { events, comments, broken } = await listen(response);
  expect(events.map(({ event }) => event)).toEqual(['delta', 'delta']);
  expect(comments).toEqual([]);
  expect(broken).toBe(true);
  await vi.waitFor(async () =>
    expect(await streamsOf(url)).toMatchObject([{ outcome: 'aborted', words: 2 }]),
  );
});

test.each([0, 3])('can be told to cut the connection after %i words', async (words) => {
  const url = await start();
  await setStream(url, { cut_after_words: words });
  const response = await askTutor(url, tutorRequest()).catch(() => null);
  // With nothing sent yet the connection may be gone before its headers: both are a cut.
  if (response !== null) {
    const { events, broken } = await listen(response);
    expect(events.map(({ event }) => event)).toEqual(Array.from({ length: words }, () => 'delta'));
    expect(broken).toBe(true);
  }
  expect(response === null && words > 0).toBe(false);
  expect(await streamsOf(url)).toMatchObject([{ outcome: 'cut', words, aborted_at: null }]);
  await fetch(`${url}/__local/stream`, { method: 'DELETE' });
  expect((await listen(await askTutor(url, tutorRequest()))).last?.event).toBe('done');
});

test.each([null, { word_delay_ms: -1 }, { stall_after: 2 }])(
  'refuses the stream setting %j',
  async (settings) => {
    const url = await start();
    expect((await setStream(url, settings)).status).toBe(422);
  },
);

test('closes while a client still listens', async () => {
  const url = await start({ wordDelayMs: 5000 });
  const response = await askTutor(url, tutorRequest());
  const heard = listen(response);
  await running?.close();
  running = undefined;
  expect(await heard).toMatchObject({ broken: true, events: [] });
});
