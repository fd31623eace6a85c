import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  callJson,
  globalFetcher,
  type JsonCall,
  type ObservedCall,
  UpstreamError,
} from '#worker/clients/http.ts';
import { type Handler, hang, json, reset, upstream } from './support-clients.ts';

const Schema = z.object({ n: z.number() });

function call(url: string, rest: Partial<JsonCall<{ n: number }>> = {}) {
  return callJson({
    service: 'problem-bank',
    fetcher: globalFetcher,
    url,
    method: 'GET',
    schema: Schema,
    deadlineMs: 2000,
    capBytes: 1_000_000,
    attempts: 1,
    requestId: 'r-1',
    ...rest,
  });
}

const raw =
  (
    body: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Handler =>
  (_request, response) =>
    void response.writeHead(200, headers).end(body);

const endless: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(16_384, 0x20)));
  };
  response.on('drain', more);
  more();
};

test('a good answer is parsed, with its ETag and size', async () => {
  const server = await upstream(json({ n: 1, extra: true }, 200, { etag: '"a"' }));
  expect(await call(server.url)).toEqual({ ok: true, value: { n: 1 }, etag: '"a"', bytes: 20 });
  expect(server.seen[0]?.headers).toMatchObject({ accept: 'application/json', 'x-request-id': 'r-1' });
});

test('a body is sent as JSON', async () => {
  const server = await upstream(json({ n: 1 }));
  await call(server.url, { method: 'POST', body: { a: 'ä' } });
  expect(server.seen[0]).toMatchObject({ method: 'POST', body: '{"a":"ä"}' });
  expect(server.seen[0]?.headers['content-type']).toBe('application/json');
});

const wrong: [string, Handler, { kind: string; status?: number }][] = [
  ['500', json({ n: 1 }, 500), { kind: 'status', status: 500 }],
  ['404 that nobody expects', json({ n: 1 }, 404), { kind: 'status', status: 404 }],
  [
    'a redirect',
    (_q, r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    { kind: 'status', status: 302 },
  ],
  ['HTML', raw('<h1>hello</h1>', { 'content-type': 'text/html' }), { kind: 'not-json' }],
  ['JSON by a false name', raw('{"n":1}', { 'content-type': 'application/jsonp' }), { kind: 'not-json' }],
  ['half of a JSON text', raw('{"n":'), { kind: 'not-json' }],
  ['an empty body', raw(''), { kind: 'not-json' }],
  ['bytes that are not UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), { kind: 'not-json' }],
  ['another shape', json({ n: 'one' }), { kind: 'wrong-schema' }],
  ['a number beyond all', raw('{"n":1e400}'), { kind: 'wrong-schema' }],
  ['a hang-up', reset, { kind: 'network' }],
  [
    'a body shorter than announced',
    (_q, r) => {
      r.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      r.write('{"n":1}');
      setTimeout(() => r.destroy(), 20);
    },
    { kind: 'network' },
  ],
  ['a body without end', endless, { kind: 'too-large' }],
  ['a body that announces too much', raw(Buffer.alloc(1_000_001, 0x20)), { kind: 'too-large' }],
];

test.each(wrong)('%s is a fault without any text of the answer', async (_name, handler, fault) => {
  const server = await upstream(handler);
  const error = await call(server.url).catch((e) => e);
  expect(error).toBeInstanceOf(UpstreamError);
  expect(error).toMatchObject({ service: 'problem-bank', ...fault });
  expect(`${error.message} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(/hello|<h1>|one/);
});

test('nesting that overflows the check is a wrong schema', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const server = await upstream(raw(deep));
  const schema = z.object({ n: z.number() }).or(z.json()) as unknown as z.ZodType<{ n: number }>;
  await expect(call(server.url, { schema })).rejects.toMatchObject({ kind: 'wrong-schema' });
});

test('a refused connection is a network fault', async () => {
  const server = await upstream(hang);
  await server.close();
  await expect(call(server.url)).rejects.toMatchObject({ kind: 'network' });
});

test.each([
  ['before the headers', hang],
  [
    'within the body',
    (_q, r) => {
      r.writeHead(200, { 'content-type': 'application/json' });
      r.write('{"n":');
    },
  ],
  [
    'in drips that never end',
    (_q, r) => {
      r.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => r.write(' '), 5);
      r.on('close', () => clearInterval(timer));
    },
  ],
] satisfies [string, Handler][])('silence %s ends at the deadline', async (_name, handler) => {
  const server = await upstream(handler);
  const startedAt = performance.now();
  await expect(call(server.url, { deadlineMs: 150, attempts: 3 })).rejects.toMatchObject({ kind: 'timeout' });
  expect(performance.now() - startedAt).toBeLessThan(600);
  expect(server.seen).toHaveLength(1);
});

test('a neighbour that ignores the signal cannot hold the caller', async () => {
  const fetcher = { fetch: () => new Promise<Response>(() => {}) };
  await expect(call('http://x/', { fetcher, deadlineMs: 50 })).rejects.toMatchObject({ kind: 'timeout' });
});

test('reading 100 MB stops at the cap and closes the connection', async () => {
  let written = 0;
  const closed = Promise.withResolvers<void>();
  const server = await upstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.on('close', () => closed.resolve());
    const more = () => {
      while (written < 100_000_000 && !response.destroyed) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536, 0x20))) return;
      }
      response.end();
    };
    response.on('drain', more);
    more();
  });
  await expect(call(server.url)).rejects.toMatchObject({ kind: 'too-large' });
  await closed.promise;
  expect(written).toBeLessThan(50_000_000);
});

test('tiny chunks take linear time', async () => {
  async function read(bytes: number): Promise<number> {
    let left = bytes - 7;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(left-- > 0 ? new Uint8Array([0x20]) : new TextEncoder().encode('{"n":1}'));
        if (left < 0) controller.close();
      },
    });
    const fetcher = {
      fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }),
    };
    const startedAt = performance.now();
    expect(await call('http://x/', { fetcher, deadlineMs: 20_000 })).toMatchObject({ ok: true, bytes });
    return performance.now() - startedAt;
  }
  await read(20_000);
  const small = await read(40_000);
  const large = await read(320_000);
  // Eight times the chunks; a quadratic reader takes 64 times as long.
  expect(large / small).toBeLessThan(32);
});

test('a transient fault is tried again only for a call that may be repeated', async () => {
  let failures = 1;
  const server = await upstream((request, response) => {
    failures -= 1;
    (failures >= 0 ? json({}, 503) : json({ n: 7 }))(request, response);
  });
  await expect(call(server.url, { attempts: 1 })).rejects.toMatchObject({ status: 503 });
  failures = 1;
  const observed: ObservedCall[] = [];
  expect(await call(server.url, { attempts: 2, observe: (seen) => observed.push(seen) })).toMatchObject({
    value: { n: 7 },
  });
  expect(observed.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 503],
    [2, 200],
  ]);
});

test.each([
  ['500', json({}, 500), 1],
  ['502', json({}, 502), 3],
  ['429 without a Retry-After', json({}, 429), 1],
  ['429 with a long Retry-After', json({}, 429, { 'retry-after': '60' }), 1],
  ['429 with a short Retry-After', json({}, 429, { 'retry-after': '0' }), 3],
  ['503 with a long Retry-After', json({}, 503, { 'retry-after': '60' }), 1],
  ['a hang-up', reset, 3],
  ['a wrong schema', json({}), 1],
] satisfies [string, Handler, number][])(
  '%s is tried as often as makes sense',
  async (_name, handler, asked) => {
    const server = await upstream(handler);
    await expect(call(server.url, { attempts: 3 })).rejects.toBeInstanceOf(UpstreamError);
    expect(server.seen).toHaveLength(asked);
  },
);

test('the wait that a neighbour asks for is told to the caller', async () => {
  const server = await upstream(json({}, 429, { 'retry-after': '60' }));
  await expect(call(server.url)).rejects.toMatchObject({ status: 429, retryAfter: 60 });
});

test('no attempt begins after the deadline', async () => {
  const server = await upstream(json({}, 429, { 'retry-after': '1' }));
  const startedAt = performance.now();
  await expect(call(server.url, { attempts: 5, deadlineMs: 300 })).rejects.toMatchObject({ status: 429 });
  expect(performance.now() - startedAt).toBeLessThan(300);
});
