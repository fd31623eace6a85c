import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { ProblemDetails } from '#contract/problem-details.ts';
import { jsonBody, MAX_BODY, soundUrl } from '#worker/http/door.ts';
import { errorHandler } from '#worker/http/problem.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { createLogger } from '#worker/log.ts';

const app = new Hono<AppEnv>();
app.onError(errorHandler(createLogger({}, () => {})));
app.use(soundUrl(), jsonBody());
app.all('*', (c) => c.json({ json: c.get('json') ?? null, absent: c.get('json') === undefined }));

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream;

async function send(body?: Body, headers: Record<string, string> = {}, method = 'POST') {
  const answer = await app.request('/', {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit);
  return { status: answer.status, body: await answer.json() };
}

async function expectProblem(
  status: number,
  code: string,
  path_: string | undefined,
  ...request: Parameters<typeof send>
) {
  const answer = await send(...request);
  expect(answer).toMatchObject({ status, body: { status, code } });
  const problem = ProblemDetails.omit({ request_id: true }).parse(answer.body);
  if (path_ !== undefined) expect(problem.errors).toMatchObject([{ path: path_ }]);
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));

describe('accepted bodies', () => {
  it.each<[string, string]>([
    ['an object', '{"a":[1,"x",null,true,-0.5]}'],
    ['a string', '"x"'],
    ['null', 'null'],
    ['32 levels', nested(32)],
    ['1000 keys', keys(1000)],
    ['the largest integer', '9007199254740991'],
    ['emoji', '"👩‍💻"'],
    ['the whole size', `"${'a'.repeat(MAX_BODY - 2)}"`],
  ])('%s', async (_, text) => {
    expect(await send(text)).toEqual({ status: 200, body: { json: JSON.parse(text), absent: false } });
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset="UTF-8"',
    'application/json;',
    'application/json ; ;',
    'application/json; version=1',
    'application/json;CHARSET=UTF-8; profile="a;b\\"c"',
    'application/json; charset=utf8',
    ' application/json\t; charset="u\\tf-8"',
  ])('content type %s', async (type) => {
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      expect((await send('{}', { 'content-type': type }, method)).status).toBe(200);
    }
  });

  it('a PATCH may be declared as the merge patch that it is', async () => {
    for (const type of ['application/merge-patch+json', 'Application/Merge-Patch+JSON; charset=utf-8']) {
      expect((await send('{}', { 'content-type': type }, 'PATCH')).status).toBe(200);
      expect((await send('{}', { 'content-type': type }, 'POST')).status).toBe(415);
    }
  });

  it.each(['identity', 'Identity', 'IDENTITY, identity', ''])('content encoding %j', async (coding) =>
    expect((await send('{}', { 'content-encoding': coding })).status).toBe(200),
  );

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s without a body', async (method) => {
    expect((await send(undefined, {}, method)).body).toEqual({ json: null, absent: true });
    expect((await send('', { 'content-type': 'text/plain' }, method)).body).toEqual({
      json: null,
      absent: true,
    });
  });

  it('GET is let through', async () =>
    expect((await send(undefined, { 'content-encoding': 'gzip' }, 'GET')).status).toBe(200));
});

describe('refused bodies', () => {
  it.each<[string, number, string, string | undefined, Body, Record<string, string>?]>([
    ['33 levels', 422, 'validation', Array(32).fill('0').join('.'), nested(33)],
    ['100000 levels', 422, 'validation', undefined, nested(100_000)],
    ['1001 keys', 422, 'validation', 'a', `{"a":${keys(1001)}}`],
    ['__proto__', 422, 'validation', 'a.__proto__', '{"a":{"__proto__":{"admin":true}}}'],
    ['constructor', 422, 'validation', 'constructor', '{"constructor":1}'],
    ['prototype', 422, 'validation', '0.prototype', '[{"prototype":1}]'],
    ['NUL', 422, 'validation', 'a.1', '{"a":["x","\\u0000"]}'],
    ['NUL in a key', 422, 'validation', 'a\0', '{"a\\u0000":1}'],
    ['a lone surrogate', 422, 'validation', 'a', '{"a":"\\ud800"}'],
    ['a lone surrogate in a key', 422, 'validation', '\ufffd', '{"\\udfff":1}'],
    ['an infinite number', 422, 'validation', '0', '[1e400]'],
    ['2^53', 422, 'validation', '', '9007199254740992'],
    ['-2^53', 422, 'validation', '', '-9007199254740992'],
    ['invalid UTF-8', 400, 'malformed-json', undefined, new Uint8Array([0x22, 0xff, 0x22])],
    [
      'a surrogate in UTF-8',
      400,
      'malformed-json',
      undefined,
      new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
    ],
    ['overlong UTF-8', 400, 'malformed-json', undefined, new Uint8Array([0x22, 0xc0, 0x80, 0x22])],
    ['a byte order mark', 400, 'malformed-json', undefined, new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
    ['half', 400, 'malformed-json', undefined, '{"a":'],
    ['whitespace', 400, 'malformed-json', undefined, '  '],
    ['too large', 413, 'payload-too-large', undefined, `"${'a'.repeat(MAX_BODY - 1)}"`],
    [
      'too large by its own account',
      413,
      'payload-too-large',
      undefined,
      '{}',
      { 'content-length': String(MAX_BODY + 1) },
    ],
    [
      'too large with a false length',
      413,
      'payload-too-large',
      undefined,
      'a'.repeat(MAX_BODY + 1),
      { 'content-length': '2' },
    ],
    ['gzip', 415, 'unsupported-encoding', undefined, '{}', { 'content-encoding': 'gzip' }],
    ['text', 415, 'unsupported-media-type', undefined, '{}', { 'content-type': 'text/plain' }],
    [
      'a form',
      415,
      'unsupported-media-type',
      undefined,
      'a=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['no content type', 415, 'unsupported-media-type', undefined, '{}', { 'content-type': '' }],
    [
      'another charset',
      415,
      'unsupported-media-type',
      undefined,
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
    ],
  ])('%s', async (_, status, code, path_, body, headers = {}) =>
    expectProblem(status, code, path_, body, headers),
  );

  it('stops reading a body without end', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384));
      },
      cancel() {
        cancelled = true;
      },
    });
    await expectProblem(413, 'payload-too-large', undefined, endless);
    expect(pulled).toBeLessThan(20);
    expect(cancelled).toBe(true);
  });

  it('leaves Object.prototype alone', async () => {
    await send('{"__proto__":{"admin":true}}');
    expect('admin' in {}).toBe(false);
  });
});

describe('URLs', () => {
  it.each([
    '/%00',
    '/a%zz',
    '/%',
    '/%ff',
    '/%ed%a0%80',
    '/%c0%80',
    '/?a=%00',
    '/?a=%',
    '/?a=%ed%a0%80',
    '/?%00=1',
  ])('%s is refused', async (url) => {
    const answer = await app.request(url);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'malformed-url' });
  });

  it.each(['/%41', '/?a=%F0%9F%91%A9', '/?a=%26&b=+', '/?limit=100%25'])('%s is let through', async (url) => {
    expect((await app.request(url)).status).toBe(200);
  });
});

const SUITE = path.join(import.meta.dirname, '../../../shared/security/jsontestsuite/test_parsing');

it.skipIf(!existsSync(SUITE))('JSONTestSuite (files in ../shared)', async () => {
  const wrong: string[] = [];
  const counts: Record<string, number> = {};
  for (const file of readdirSync(SUITE)) {
    const bytes = new Uint8Array(readFileSync(path.join(SUITE, file)));
    const { status } = await send(bytes);
    const kind = file.slice(0, 2);
    counts[kind] = (counts[kind] ?? 0) + 1;
    // Valid JSON may still be refused for what it holds; no body at all counts as absent.
    const expected = kind === 'y_' ? [200, 422] : kind === 'n_' ? [400, 422] : [200, 400, 422];
    if (bytes.length > 0 && !expected.includes(status)) wrong.push(`${file} ${status}`);
  }
  expect(wrong).toEqual([]);
  expect(counts).toEqual({ y_: 95, n_: 188, i_: 35 });
});
