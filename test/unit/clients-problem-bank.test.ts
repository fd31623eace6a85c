import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { Module } from '#contract/vocabulary.ts';
import { globalFetcher } from '#worker/clients/http.ts';
import { createProblemBank, type ProblemBankOptions } from '#worker/clients/problem-bank.ts';
import { type Handler, hang, json, reset, upstream } from './support-clients.ts';

const MINUTE = 60_000;

function summary(n: number): ProblemSummary {
  return {
    problem_id: `p-${n}`,
    title: `Problem ${n}`,
    module: Module.options[n % 14] ?? 'design',
    topic_tags: [`tag-${n % 5}`],
    difficulty: 1 + (n % 5),
    languages: ['python'],
    expected_minutes: null,
    content_hash: `hash-${n}`,
  };
}

function problem(n: number, title = `Problem ${n}`) {
  return {
    ...summary(n),
    title,
    statement: 'Do it.',
    entry_point: 'solve',
    params: [],
    starter_code: {},
    visible_tests: [{ args: [1], expected: 1 }],
    comparison: 'exact',
    hidden_test_count: 1,
    hint_count: 0,
  };
}

const bundle = {
  problem_id: 'p-1',
  content_hash: 'c',
  tests_hash: 't',
  entry_point: 'solve',
  comparison: 'exact',
  signature: null,
  languages: ['python'],
  hints: [],
  tests: [
    { number: 1, hidden: false, args: [1], expected: 1 },
    { number: 2, hidden: true, args: [2], expected: 2 },
  ],
};

/** Answers with an ETag, and 304 when the caller has it. */
function tagged(value: unknown, etag: string): Handler {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else json(value, 200, { etag })(request, response);
  };
}

/** A bank of `size` problems in pages of 500; `version` is in the ETag of each page. */
function catalogue(size: number, versions: Record<number, string> = {}): Handler {
  return (request: IncomingMessage, response: ServerResponse) => {
    const from = Number(new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? 0);
    const to = Math.min(size, from + 500);
    const data = Array.from({ length: to - from }, (_, i) => summary(from + i));
    const page = { data, next_cursor: to < size ? String(to) : null };
    tagged(page, `"${from}-${size}-${versions[from] ?? 'v1'}"`)(request, response);
  };
}

function client(url: string, rest: Partial<ProblemBankOptions> = {}) {
  const clock = { ms: 1_000_000 };
  const bank = createProblemBank({
    fetcher: globalFetcher,
    url,
    apiKey: 'bank-key',
    now: () => clock.ms,
    ...rest,
  });
  return { bank, clock };
}

test('a problem is fetched once in 60 s, then checked by its ETag', async () => {
  const server = await upstream(tagged(problem(1), '"a"'));
  const { bank, clock } = client(server.url);
  expect(await bank.get('p-1', 'r')).toMatchObject({ problem_id: 'p-1', title: 'Problem 1' });
  clock.ms += MINUTE - 1;
  await bank.get('p-1', 'r');
  expect(server.seen).toHaveLength(1);
  clock.ms += 1;
  expect(await bank.get('p-1', 'r')).toMatchObject({ title: 'Problem 1' });
  expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"a"']);
  await bank.get('p-1', 'r');
  expect(server.seen).toHaveLength(2);
  server.become(tagged(problem(1, 'New'), '"b"'));
  clock.ms += MINUTE;
  expect(await bank.get('p-1', 'r')).toMatchObject({ title: 'New' });
  expect(server.seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
});

test('an unknown problem is null, also when it was known before', async () => {
  const server = await upstream(tagged(problem(1), '"a"'));
  const { bank, clock } = client(server.url);
  await bank.get('p-1', 'r');
  server.become(json({ code: 'not-found' }, 404));
  clock.ms += MINUTE;
  expect(await bank.get('p-1', 'r')).toBeNull();
  server.become(reset);
  await expect(bank.get('p-1', 'r')).rejects.toMatchObject({ kind: 'network' });
});

test.each(['..', '../modules', '', 'a/b', 'a?x', 'é', 'x'.repeat(101)])(
  'the impossible id %j is unknown without asking',
  async (id) => {
    const server = await upstream(json(problem(1)));
    const { bank } = client(server.url);
    expect(await bank.get(id, 'r')).toBeNull();
    expect(await bank.bundle(id, 'r')).toBeNull();
    expect(server.seen).toHaveLength(0);
  },
);

test('a problem under another id is not believed', async () => {
  const server = await upstream(json(problem(2)));
  await expect(client(server.url).bank.get('p-1', 'r')).rejects.toMatchObject({ kind: 'wrong-schema' });
});

test('during an outage a copy serves for 24 h, and one slow request spares the next ones', async () => {
  const server = await upstream(tagged(problem(1), '"a"'));
  const { bank, clock } = client(server.url);
  await bank.get('p-1', 'r');
  server.become(json({}, 500));
  clock.ms += MINUTE;
  expect(await bank.get('p-1', 'r')).toMatchObject({ problem_id: 'p-1' });
  expect(await bank.get('p-1', 'r')).toMatchObject({ problem_id: 'p-1' });
  expect(server.seen).toHaveLength(2);
  clock.ms += 5000;
  await bank.get('p-1', 'r');
  expect(server.seen).toHaveLength(3);
  clock.ms = 1_000_000 + 24 * 60 * MINUTE;
  await expect(bank.get('p-1', 'r')).rejects.toMatchObject({ kind: 'status', status: 500 });
});

test('a bundle is asked for with the key, and serves for 10 minutes of an outage', async () => {
  const server = await upstream(tagged(bundle, '"a"'));
  const { bank, clock } = client(server.url);
  expect(await bank.bundle('p-1', 'r')).toEqual(bundle);
  expect(server.seen[0]).toMatchObject({
    path: '/internal/v1/problems/p-1/bundle',
    headers: { authorization: 'Bearer bank-key' },
  });
  clock.ms += MINUTE;
  await bank.bundle('p-1', 'r');
  expect(server.seen[1]?.headers['if-none-match']).toBe('"a"');
  server.become(reset);
  clock.ms += 10 * MINUTE - 1;
  expect(await bank.bundle('p-1', 'r')).toEqual(bundle);
  clock.ms += 5001;
  await expect(bank.bundle('p-1', 'r')).rejects.toMatchObject({ kind: 'network' });
});

test('a bundle whose tests are not numbered from 1 is not believed', async () => {
  const server = await upstream(json({ ...bundle, tests: bundle.tests.toReversed() }));
  await expect(client(server.url).bank.bundle('p-1', 'r')).rejects.toMatchObject({ kind: 'wrong-schema' });
});

test('a bundle with a visible test behind a hidden one is not believed', async () => {
  const tests = bundle.tests.map((t, index) => ({ ...t, hidden: index === 0 }));
  expect(tests.length).toBeGreaterThan(1);
  const server = await upstream(json({ ...bundle, tests }));
  await expect(client(server.url).bank.bundle('p-1', 'r')).rejects.toMatchObject({ kind: 'wrong-schema' });
});

test('many who want the same at once cause one request', async () => {
  const server = await upstream((request, response) => {
    setTimeout(() => json(problem(1))(request, response), 50);
  });
  const { bank } = client(server.url);
  const found = await Promise.all(Array.from({ length: 50 }, () => bank.get('p-1', 'r')));
  expect(found.every((p) => p?.problem_id === 'p-1')).toBe(true);
  expect(server.seen).toHaveLength(1);
});

test('who waits for a load that died begins another one', async () => {
  let calls = 0;
  const fetcher: typeof globalFetcher = {
    fetch: (input, init) => {
      calls += 1;
      return calls === 1 ? new Promise(() => {}) : globalFetcher.fetch(input, init);
    },
  };
  const server = await upstream(json(problem(1)));
  const { bank } = client(server.url, { fetcher });
  const first = bank.get('p-1', 'r');
  const startedAt = performance.now();
  expect(await bank.get('p-1', 'r')).toMatchObject({ problem_id: 'p-1' });
  expect(performance.now() - startedAt).toBeLessThan(2500);
  // Its own call never answers, but by then the other one has left a copy.
  expect(await first).toMatchObject({ problem_id: 'p-1' });
});

test('list and getMany answer from the whole catalogue, which is fetched once', async () => {
  const server = await upstream(catalogue(2241));
  const { bank } = client(server.url);
  const ids = Array.from({ length: 498 }, (_, i) => `p-${i * 4}`);
  const [many, listed, hard] = await Promise.all([
    bank.getMany([...ids, 'p-0', 'nobody'], 'r'),
    bank.list({}, 'r'),
    bank.list(
      { modules: ['arrays-strings', 'hashing'], difficulties: [2, 3], tags: ['tag-1'], limit: 3 },
      'r',
    ),
  ]);
  expect([...many.keys()]).toEqual(ids);
  expect(many.get('p-8')).toEqual(summary(8));
  expect(listed.map((p) => p.problem_id)).toEqual(Array.from({ length: 2241 }, (_, i) => `p-${i}`));
  expect(hard).toHaveLength(3);
  for (const p of hard)
    expect([['arrays-strings', 'hashing'].includes(p.module), p.difficulty, p.topic_tags]).toEqual([
      true,
      2,
      ['tag-1'],
    ]);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/v1/problems?limit=500',
    ...[500, 1000, 1500, 2000].map((cursor) => `/v1/problems?limit=500&cursor=${cursor}`),
  ]);
});

test('after 60 s the pages are checked by ETag and only a changed one is read again', async () => {
  const server = await upstream(catalogue(1200));
  const { bank, clock } = client(server.url);
  await bank.list({}, 'r');
  server.become(catalogue(1200, { 500: 'v2' }));
  clock.ms += MINUTE;
  const seen: number[] = [];
  expect(await bank.list({}, 'r')).toHaveLength(1200);
  for (const { headers } of server.seen.slice(3)) seen.push(headers['if-none-match'] === undefined ? 0 : 1);
  expect(seen).toEqual([1, 1, 1]);
  clock.ms += MINUTE;
  await bank.list({}, 'r');
  expect(server.seen.slice(6).map(({ headers }) => headers['if-none-match'])).toEqual([
    '"0-1200-v1"',
    '"500-1200-v2"',
    '"1000-1200-v1"',
  ]);
});

test('with a background the catalogue is given out at once and refreshed afterwards', async () => {
  const server = await upstream(catalogue(600));
  const work: Promise<unknown>[] = [];
  const { bank, clock } = client(server.url, { background: (promise) => work.push(promise) });
  await bank.list({}, 'r');
  clock.ms += MINUTE;
  server.become(catalogue(601));
  expect(await bank.list({}, 'r')).toHaveLength(600);
  expect(await bank.list({}, 'r')).toHaveLength(600);
  await Promise.all(work);
  // Two pages at first, and once again.
  expect(server.seen).toHaveLength(4);
  expect(await bank.list({}, 'r')).toHaveLength(601);
  server.become(reset);
  clock.ms += MINUTE;
  expect(await bank.list({}, 'r')).toHaveLength(601);
  await expect(Promise.all(work)).resolves.toBeDefined();
  clock.ms += 10 * MINUTE;
  expect(await bank.list({}, 'r')).toHaveLength(601);
});

test('few problems are asked for singly while the catalogue is not at hand', async () => {
  const server = await upstream((request, response) => {
    const n = Number(request.url?.split('p-')[1]);
    (n < 4 ? json(problem(n)) : json({}, 404))(request, response);
  });
  const found = await client(server.url).bank.getMany(['p-1', 'p-2', 'p-9'], 'r');
  expect([...found.keys()]).toEqual(['p-1', 'p-2']);
  expect(server.seen).toHaveLength(3);
});

test('a catalogue without end is refused', async () => {
  let page = 0;
  const server = await upstream((request, response) =>
    json({ data: [summary(1)], next_cursor: `c${page++}` })(request, response),
  );
  await expect(client(server.url).bank.list({}, 'r')).rejects.toMatchObject({ kind: 'wrong-schema' });
  expect(server.seen).toHaveLength(40);
});

test('a catalogue that hangs is waited for once', async () => {
  const server = await upstream(hang);
  const { bank } = client(server.url);
  await expect(bank.list({}, 'r')).rejects.toMatchObject({ kind: 'timeout' });
  const startedAt = performance.now();
  await expect(bank.list({}, 'r')).rejects.toMatchObject({ kind: 'timeout' });
  expect(performance.now() - startedAt).toBeLessThan(100);
}, 10_000);

test('sizes name all 14 modules', async () => {
  const server = await upstream(tagged({ data: [{ module: 'hashing', problems: 7 }] }, '"s"'));
  const { bank, clock } = client(server.url);
  const sizes = await bank.moduleSizes('r');
  expect(Object.keys(sizes)).toEqual(Module.options);
  expect([sizes.hashing, sizes.design]).toEqual([7, 0]);
  server.become(reset);
  clock.ms += MINUTE;
  expect(await bank.moduleSizes('r')).toEqual(sizes);
});

test('copies are bounded: the least recently used problem is dropped', async () => {
  const server = await upstream((request, response) =>
    json(problem(Number(request.url?.split('p-')[1])))(request, response),
  );
  const { bank } = client(server.url);
  for (let n = 0; n < 500; n += 1) await bank.get(`p-${n}`, 'r');
  await bank.get('p-0', 'r');
  await bank.get('p-500', 'r');
  expect(server.seen).toHaveLength(501);
  await bank.get('p-0', 'r');
  expect(server.seen).toHaveLength(501);
  await bank.get('p-1', 'r');
  expect(server.seen).toHaveLength(502);
}, 20_000);
