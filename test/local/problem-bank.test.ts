import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModuleSizes, Problem, ProblemBundle, ProblemPage } from '#contract/problem-bank.ts';
import type { RunningService } from '#services/common/service.ts';
import { canonicalJson } from '#services/problem-bank/canonical.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import type { ProblemInput } from '#services/problem-bank/problems/problem-input.ts';

function problem(
  problem_id: string,
  module: ProblemInput['module'],
  difficulty: number,
  tags: string[] = [],
): ProblemInput {
  return {
    problem_id,
    title: `Title of ${problem_id}`,
    statement: 'Give back the number doubled.',
    module,
    topic_tags: [module, ...tags],
    difficulty,
    entry_point: 'double',
    params: ['n'],
    languages: ['python', 'javascript'],
    starter_code: { python: 'def double(n):\n    pass\n', javascript: 'function double(n) {\n}\n' },
    visible_tests: [{ args: [1], expected: 2 }],
    hidden_tests: [
      { args: [777001], expected: 1554002 },
      { args: [[{ deep: null }]], expected: { b: 1, a: [2] } },
    ],
    comparison: 'exact',
    hints: ['HINT-ONE', 'HINT-TWO'],
    reference_solution: { python: 'REFERENCE-SOLUTION', javascript: 'REFERENCE-SOLUTION' },
    notes: ['NOTE-INSIDE'],
    equivalence_group: 'GROUP-INSIDE',
  };
}

const SECRETS = /777001|1554002|HINT-ONE|REFERENCE-SOLUTION|NOTE-INSIDE/;
const fixture = [
  problem('z-hash', 'hashing', 1, ['map']),
  problem('b-array', 'arrays-strings', 2, ['two-pointers']),
  problem('a-array', 'arrays-strings', 2, ['map']),
  problem('c-array', 'arrays-strings', 1),
  problem('a-design', 'design', 5, ['map', 'two-pointers']),
  problem('intro', 'introduction', 1),
];
const IN_ORDER = ['intro', 'c-array', 'a-array', 'b-array', 'z-hash', 'a-design'];
const KEY = 'key-of-the-bank';
let bank: RunningService;

beforeAll(async () => {
  bank = await startProblemBank({ apiKey: KEY, problems: fixture });
});
afterAll(() => bank.close());

function get(path: string, headers: Record<string, string> = {}) {
  return fetch(`${bank.url}${path}`, { headers });
}

async function list(query: string) {
  const response = await get(`/v1/problems${query}`);
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).not.toMatch(SECRETS);
  const page = ProblemPage.parse(JSON.parse(text));
  return { ids: page.data.map(({ problem_id }) => problem_id), next: page.next_cursor };
}

test('lists all problems by module, difficulty and id', async () => {
  expect(await list('')).toEqual({ ids: IN_ORDER, next: null });
});

test.each([
  ['?module=arrays-strings', ['c-array', 'a-array', 'b-array']],
  ['?module=design&module=introduction', ['intro', 'a-design']],
  ['?difficulty=1', ['intro', 'c-array', 'z-hash']],
  ['?difficulty=5&difficulty=2', ['a-array', 'b-array', 'a-design']],
  ['?tag=map', ['a-array', 'z-hash', 'a-design']],
  ['?tag=map&tag=two-pointers', ['a-array', 'b-array', 'z-hash', 'a-design']],
  ['?module=arrays-strings&difficulty=2&tag=map', ['a-array']],
  ['?module=heaps', []],
])('%s filters', async (query, ids) => {
  expect(await list(query)).toEqual({ ids, next: null });
});

test.each([1, 2, 4, 5, 6])('pages of %i join to the whole list', async (limit) => {
  const seen: string[] = [];
  let cursor: string | null = '';
  let pages = 0;
  while (cursor !== null) {
    const page = await list(`?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.ids.length).toBeLessThanOrEqual(limit);
    seen.push(...page.ids);
    cursor = page.next;
    pages += 1;
  }
  expect(seen).toEqual(IN_ORDER);
  expect(pages).toBe(Math.ceil(IN_ORDER.length / limit));
});

test.each([
  'module=nothing',
  'difficulty=6',
  'difficulty=0',
  'difficulty=1.5',
  'difficulty=',
  'tag=',
  'limit=0',
  'limit=501',
  'limit=ten',
  'limit=1&limit=2',
  'cursor=rubbish',
  `cursor=${Buffer.from('["heaps",9,"x"]').toString('base64url')}`,
  'modul=heaps',
])('refuses ?%s', async (query) => {
  const response = await get(`/v1/problems?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'INVALID_QUERY' } });
});

test('shows a problem without hidden tests, hints and references', async () => {
  const response = await get('/v1/problems/a-array');
  const text = await response.text();
  expect(text).not.toMatch(SECRETS);
  const shown = Problem.strict().parse(JSON.parse(text));
  expect(shown).toMatchObject({
    problem_id: 'a-array',
    hidden_test_count: 2,
    hint_count: 2,
    signature: null,
  });
  expect(response.headers.get('etag')).toBe(`"${shown.content_hash}"`);
});

test('the bundle holds all tests, numbered with the visible ones first', async () => {
  const response = await get('/internal/v1/problems/a-array/bundle', { authorization: `Bearer ${KEY}` });
  const bundle = ProblemBundle.strict().parse(await response.json());
  expect(bundle.tests).toEqual([
    { number: 1, hidden: false, args: [1], expected: 2 },
    { number: 2, hidden: true, args: [777001], expected: 1554002 },
    { number: 3, hidden: true, args: [[{ deep: null }]], expected: { b: 1, a: [2] } },
  ]);
  expect(bundle.hints).toEqual(['HINT-ONE', 'HINT-TWO']);
  const shown = Problem.parse(await (await get('/v1/problems/a-array')).json());
  expect(bundle.content_hash).toBe(shown.content_hash);
  const { tests, comparison, signature } = bundle;
  const digest = createHash('sha256').update(canonicalJson({ tests, comparison, signature })).digest('hex');
  expect(bundle.tests_hash).toBe(digest);
});

test.each([undefined, 'Bearer wrong', KEY, 'Basic a2V5', 'Bearer '])(
  'the bundle stays shut for %s',
  async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    for (const id of ['a-array', 'unknown']) {
      const response = await get(`/internal/v1/problems/${id}/bundle`, headers);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toMatch(SECRETS);
    }
  },
);

test.each(['/v1/problems/unknown', '/v1/problems/%00', '/__local/solutions/unknown', '/v1/else', '/'])(
  '%s is not found',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  },
);

test('an unknown bundle is not found', async () => {
  const response = await get('/internal/v1/problems/unknown/bundle', { authorization: `Bearer ${KEY}` });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('counts the problems of every module', async () => {
  const { data } = ModuleSizes.parse(await (await get('/v1/modules')).json());
  expect(data).toHaveLength(14);
  expect(data.filter(({ problems }) => problems > 0)).toEqual([
    { module: 'introduction', problems: 1 },
    { module: 'arrays-strings', problems: 3 },
    { module: 'hashing', problems: 1 },
    { module: 'design', problems: 1 },
  ]);
});

test.each([
  '/v1/problems',
  '/v1/problems?limit=2',
  '/v1/problems/intro',
  '/v1/modules',
  '/internal/v1/problems/intro/bundle',
])('%s answers 304 to its own entity tag', async (path) => {
  const authorization = `Bearer ${KEY}`;
  const first = await get(path, { authorization });
  const tag = first.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"[0-9a-f]{64}"$/);
  const again = await get(path, { authorization, 'if-none-match': `"other", ${tag}` });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
  expect(again.headers.get('etag')).toBe(tag);
  expect((await get(path, { authorization, 'if-none-match': '"other"' })).status).toBe(200);
});

test('entity tags differ between pages and change with hidden content', async () => {
  const changed = await startProblemBank({
    apiKey: KEY,
    problems: fixture.map((p, i) => (i === 0 ? { ...p, hidden_tests: [] } : p)),
  });
  const tag = async (url: string) => (await fetch(url)).headers.get('etag');
  expect(await tag(`${bank.url}/v1/problems?limit=1`)).not.toBe(await tag(`${bank.url}/v1/problems?limit=2`));
  expect(await tag(`${bank.url}/v1/problems`)).not.toBe(await tag(`${changed.url}/v1/problems`));
  expect(await tag(`${bank.url}/v1/problems/z-hash`)).not.toBe(
    await tag(`${changed.url}/v1/problems/z-hash`),
  );
  expect(await tag(`${bank.url}/v1/problems/intro`)).toBe(await tag(`${changed.url}/v1/problems/intro`));
  await changed.close();
});

test('gives reference solutions for demos and tests', async () => {
  expect(await (await get('/__local/solutions/intro')).json()).toEqual({
    problem_id: 'intro',
    entry_point: 'double',
    reference_solution: { python: 'REFERENCE-SOLUTION', javascript: 'REFERENCE-SOLUTION' },
  });
});
