import { expect, test } from 'vitest';
import type { EvaluationRequest, EvaluationResponse, TestResult } from '#contract/evaluator.ts';
import { createEvaluator } from '#worker/clients/evaluator.ts';
import { brokenRule } from '#worker/clients/evaluator-checks.ts';
import { globalFetcher } from '#worker/clients/http.ts';
import { type Handler, hang, json, reset, upstream } from './support-clients.ts';

const request: EvaluationRequest = {
  submission_id: 's-1',
  language: 'python',
  entry_point: 'solve',
  code: 'def solve(): pass',
  comparison: 'exact',
  signature: null,
  tests: [1, 2, 3, 4].map((number) => ({ number, hidden: number > 2, args: [number], expected: number })),
};

function results(verdicts: string): TestResult[] {
  return verdicts.split(' ').map((v, i) => {
    const verdict = v as TestResult['verdict'];
    if (i > 1) return { number: i + 1, hidden: true, verdict };
    return {
      number: i + 1,
      hidden: false,
      verdict,
      args: [i + 1],
      expected: i + 1,
      stdout: '',
      stdout_truncated: false,
      error: null,
      runtime_ms: 1,
    };
  });
}

function response(verdicts: string, rest: Partial<EvaluationResponse> = {}): EvaluationResponse {
  const tests = verdicts === '' ? [] : results(verdicts);
  const failed = tests.find(({ verdict }) => verdict !== 'AC');
  return {
    evaluation_id: 'e-1',
    submission_id: 's-1',
    verdict: (failed?.verdict ?? 'AC') as EvaluationResponse['verdict'],
    passed: tests.filter(({ verdict }) => verdict === 'AC').length,
    total: 4,
    runtime_ms: 5,
    memory_mb: 20,
    first_failed: failed?.number ?? null,
    error: null,
    tests,
    engine: { name: 'pyodide', version: '1', language_version: '3' },
    ...rest,
  };
}

const error = { type: 'SyntaxError', message: 'bad', line: 1 };
const options = { requestId: 'r-1', key: 's-1:1' };

function client(url: string, timeoutMs = 2000) {
  return createEvaluator({ fetcher: globalFetcher, url, apiKey: 'eval-key', timeoutMs });
}

const believed: [string, EvaluationResponse][] = [
  ['all accepted', response('AC AC AC AC')],
  ['a wrong answer', response('AC WA AC TLE')],
  ['tests in another order', { ...response('AC WA AC AC'), tests: results('AC WA AC AC').toReversed() }],
  ['a run cut short', response('AC AC MLE SK')],
  ['code that does not compile', response('', { verdict: 'CE', error })],
  ['code that hangs while it loads', response('', { verdict: 'TLE' })],
  ['tests all skipped', response('SK SK SK SK', { verdict: 'RE', error, first_failed: null })],
];

test.each(believed)('%s is believed', (_name, answer) => {
  expect(brokenRule(request, answer)).toBeNull();
});

const disbelieved: [string, EvaluationResponse, string][] = [
  ['another submission', response('AC AC AC AC', { submission_id: 's-2' }), 'other-submission'],
  ['12 of 4 passed', response('AC AC AC AC', { passed: 12 }), 'wrong-count'],
  ['another total', response('AC AC AC AC', { total: 12 }), 'other-total'],
  ['a test too few', response('AC AC AC'), 'other-tests'],
  [
    'a test twice',
    { ...response('AC AC AC AC'), tests: results('AC AC AC AC').fill(results('AC')[0] as TestResult, 1, 2) },
    'other-tests',
  ],
  [
    'a test too many',
    { ...response('AC AC AC AC'), tests: results('AC AC AC AC AC'), passed: 5 },
    'other-tests',
  ],
  [
    'a hidden test shown as visible',
    {
      ...response('AC AC AC AC'),
      tests: results('AC AC AC AC').map((t) =>
        t.number === 3 ? { ...(results('AC')[0] as TestResult), number: 3 } : t,
      ),
    },
    'other-tests',
  ],
  ['accepted in spite of a failure', response('AC AC WA AC', { verdict: 'AC' }), 'wrong-verdict'],
  ['a later verdict', response('AC RE WA AC', { verdict: 'WA' }), 'wrong-verdict'],
  ['refused in spite of success', response('AC AC AC AC', { verdict: 'WA' }), 'wrong-verdict'],
  ['accepted without a test', response('', { verdict: 'AC' }), 'wrong-verdict'],
  ['a test that does not compile', response('AC AC CE AC'), 'wrong-verdict'],
  ['accepted with all skipped', response('SK SK SK SK', { verdict: 'AC', passed: 0 }), 'wrong-verdict'],
  ['another first failure', response('AC WA WA AC', { first_failed: 3 }), 'wrong-first-failed'],
  ['a first failure of none', response('AC AC AC AC', { first_failed: 1 }), 'wrong-first-failed'],
  ['a first failure without tests', response('', { verdict: 'CE', first_failed: 1 }), 'wrong-first-failed'],
];

test.each(disbelieved)('%s is a fault of the judge, not a result', async (_name, answer, rule) => {
  expect(brokenRule(request, answer)).toBe(rule);
  const server = await upstream(json(answer));
  await expect(client(server.url).evaluate(request, options)).rejects.toMatchObject({
    service: 'evaluator',
    kind: 'wrong-schema',
    message: `evaluator: wrong-schema ${rule}`,
  });
});

test('the request carries key, idempotency key and tests', async () => {
  const server = await upstream(json(response('AC AC AC AC')));
  expect(await client(server.url).evaluate(request, options)).toEqual(response('AC AC AC AC'));
  const [seen] = server.seen;
  expect(seen).toMatchObject({
    method: 'POST',
    path: '/v1/evaluations',
    headers: { authorization: 'Bearer eval-key', 'idempotency-key': 's-1:1', 'x-request-id': 'r-1' },
  });
  expect(JSON.parse(seen?.body ?? '')).toEqual(request);
});

test.each([
  ['as a whole', response('', { verdict: 'IE' })],
  ['in one test', response('AC WA IE AC')],
])('an internal error %s is a judge fault', async (_name, answer) => {
  const server = await upstream(json(answer));
  await expect(client(server.url).evaluate(request, options)).rejects.toMatchObject({ kind: 'judge-fault' });
});

test.each([
  ['503', json({}, 503), 2, 'status'],
  ['429 with a short wait', json({}, 429, { 'retry-after': '0' }), 2, 'status'],
  ['a hang-up', reset, 2, 'network'],
  ['500', json({}, 500), 1, 'status'],
  ['504', json({}, 504), 1, 'status'],
  ['a number that is none', json({ ...response('AC AC AC AC'), runtime_ms: 'NaN' }), 1, 'wrong-schema'],
] satisfies [string, Handler, number, string][])(
  '%s ends as a fault after the agreed attempts',
  async (...row) => {
    const [, handler, attempts, kind] = row;
    const server = await upstream(handler);
    await expect(client(server.url).evaluate(request, options)).rejects.toMatchObject({ kind });
    expect(server.seen).toHaveLength(attempts);
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['s-1:1']));
  },
);

test('a judge that hangs is left at the deadline', async () => {
  const server = await upstream(hang);
  await expect(client(server.url, 150).evaluate(request, options)).rejects.toMatchObject({ kind: 'timeout' });
});

test('fields that nobody agreed on are dropped', async () => {
  const leaky = { ...response('AC AC AC WA'), canary: 'SECRET' };
  const tests = leaky.tests.map((t) => ({ ...t, expected: t.hidden ? 'SECRET' : t.number, error: null }));
  const server = await upstream(json({ ...leaky, tests }));
  expect(JSON.stringify(await client(server.url).evaluate(request, options))).not.toContain('SECRET');
});

test('a cancel names the key, and is certain when the service says that nothing runs', async () => {
  const server = await upstream(json({ cancelled: true }));
  expect(await client(server.url).cancel(options)).toBe(true);
  expect(server.seen).toMatchObject([
    {
      method: 'DELETE',
      path: '/v1/evaluations?key=s-1%3A1',
      headers: { authorization: 'Bearer eval-key', 'x-request-id': 'r-1' },
    },
  ]);
  server.become(json({ cancelled: false }));
  expect(await client(server.url).cancel(options)).toBe(true);
});

test.each([
  ['a service that has no such route', json({}, 404)],
  ['a service that is down', reset],
  ['a service that hangs', hang],
  ['a page', json('cancelled')],
])('a cancel is not certain with %s', async (_, handler) => {
  const server = await upstream(handler);
  expect(await client(server.url, 300).cancel(options)).toBe(false);
});
