import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientTypes } from '#cli/openapi/client-types.ts';
import { createDocument } from '#cli/openapi/document.ts';
import * as calls from '#client/calls.ts';
import { createClient } from '#client/client.ts';
import { StudyPathsError, transportError } from '#client/errors.ts';
import { hintStream, takeEvents } from '#client/event-stream.ts';
import { pauseBefore } from '#client/retry.ts';
import type { HintEvent } from '#client/types.ts';
import { OPERATIONS } from '#contract/api/index.ts';

type Sent = { method: string | undefined; url: URL; body: unknown; headers: Headers };

function recording() {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: 'https://study-paths.example/base/',
    token: 'token',
    fetch: async (url, init) => {
      const body: unknown = JSON.parse(String(init.body ?? 'null'));
      sent.push({ method: init.method, url: new URL(url), body, headers: new Headers(init.headers) });
      return Response.json({});
    },
  });
  return { sent, client: client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>> };
}

/** Methods that take something else than a query or a body as it travels. */
const ARGUMENTS: Record<string, unknown> = {
  changePath: { tasks_per_day: 6 },
  gradeTask: 'hard',
  eraseLearner: 'MTc2NDE1ODQwMA.c2lnbmF0dXJl',
};

test.each(OPERATIONS)('$id has its method, which asks for the right route', async (operation) => {
  const { sent, client } = recording();
  const { id, method, path, params, query, body } = operation;
  const wish =
    ARGUMENTS[id] ?? body?.example ?? (query === undefined ? undefined : { cursor: 'a b', limit: 1 });
  const args = [...(params === undefined ? [] : ['an id']), ...(wish === undefined ? [] : [wish])];
  const call = Object.entries(calls).find(([name]) => name === id)?.[1];
  // Options come after all that the call may take, also after what is left out.
  const left = Array.from({ length: (call?.length ?? 0) - args.length }, () => undefined);
  await client[id]?.(...args, ...left, { headers: { 'x-options': 'read' } });
  expect(sent).toHaveLength(1);
  const [request] = sent;
  expect(request?.headers.get('x-options')).toBe('read');
  expect(request?.method).toBe(method.toUpperCase());
  expect(request?.url.pathname).toBe(`/base${path.replace('{id}', 'an%20id')}`);
  expect(request?.body).toEqual(body?.example ?? null);
  const asksQuery = query !== undefined && body === undefined;
  expect(request?.url.search).toBe(asksQuery ? '?cursor=a+b&limit=1' : '');
});

test('the client has no method that the API does not have', () => {
  const own = Object.keys(recording().client).filter((name) => !name.startsWith('each'));
  expect(own.toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
});

test('the types of the client are what the API document says', async () => {
  // Made anew by `npm run build:client-types`.
  expect(await readFile('src/client/types.ts', 'utf8')).toBe(clientTypes(await createDocument()));
});

test('events are the same wherever the stream is cut, with any line ends, heartbeats or not', {
  timeout: 60_000,
}, async () => {
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  const texts = fc.array(
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(texts, lineEnd, fc.array(fc.nat(200), { maxLength: 8 }), async (said, end, cuts) => {
      const lines = said.flatMap((text) => [
        `: ping`,
        '',
        'event: delta',
        `data: ${JSON.stringify({ text })}`,
        '',
      ]);
      const stream = [...lines, 'event:done', 'data:{"level":1,', 'data:"outcome":"complete"}', '', ''].join(
        end,
      );
      const bytes = new TextEncoder().encode(stream);
      const places = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
      const body = new ReadableStream({
        start(controller) {
          for (const [at, place] of places.slice(1).entries())
            controller.enqueue(bytes.slice(places[at], place));
          controller.close();
        },
      });
      const events: HintEvent[] = [];
      for await (const event of hintStream(new Response(body))) events.push(event);
      expect(events).toEqual([
        ...said.map((text) => ({ event: 'delta', data: { text } })),
        { event: 'done', data: { level: 1, outcome: 'complete' } },
      ]);
    }),
    { numRuns: 60 },
  );
  expect(takeEvents('id: 1\ndata\n\nretry: 5\n\ndata: x')).toEqual({
    events: [{ event: 'message', data: '' }],
    rest: 'data: x',
  });
});

function answered(
  code: 'rate-limited' | 'storage-unavailable' | 'hint-quota' | 'validation',
  retryAfter?: number,
) {
  const status = { 'rate-limited': 429, 'storage-unavailable': 503, 'hint-quota': 429, validation: 422 }[
    code
  ];
  const problem = { type: '', title: '', status, code, request_id: '' };
  return new StudyPathsError(code, code, {
    status,
    problem,
    retryAfter: retryAfter ?? null,
  }) as StudyPathsError;
}

test('a pause is at least what was asked for, grows, and ends after three tries', () => {
  const lost = transportError('network', 'lost') as StudyPathsError;
  const late = () => 1;
  expect([1, 2, 3].map((tried) => pauseBefore(lost, 'repeatable', tried, {}, late))).toEqual([
    250,
    500,
    null,
  ]);
  expect(pauseBefore(lost, 'repeatable', 1, {}, () => 0)).toBe(0);
  expect(pauseBefore(answered('rate-limited', 3), 'once', 1, {}, () => 0)).toBe(3000);
  expect(pauseBefore(answered('rate-limited', 60), 'once', 1, {}, late)).toBeNull();
  expect(pauseBefore(answered('rate-limited', 20), 'once', 1, {}, late)).toBe(20_000);
  expect(pauseBefore(lost, 'repeatable', 9, { attempts: 99, maxMs: 1000 }, late)).toBe(1000);
});

test('what may have been done is sent again only if that does it once; what cannot pass never', () => {
  const lost = transportError('network', 'lost') as StudyPathsError;
  expect(pauseBefore(lost, 'once', 1)).toBeNull();
  expect(pauseBefore(answered('storage-unavailable', 1), 'once', 1)).toBeNull();
  expect(pauseBefore(answered('storage-unavailable', 1), 'repeatable', 1)).toBeGreaterThanOrEqual(1000);
  expect(pauseBefore(answered('hint-quota'), 'repeatable', 1)).toBeNull();
  expect(pauseBefore(answered('validation'), 'repeatable', 1)).toBeNull();
});
