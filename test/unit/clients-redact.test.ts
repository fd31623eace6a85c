import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type EvaluationResponse, type TestResult, VisibleTestResult } from '#contract/evaluator.ts';
import type { Json } from '#contract/problem-bank.ts';
import { HiddenTests } from '#contract/submissions.ts';
import { cleanJson, cutText, jsonBytes } from '#worker/clients/clean-json.ts';
import { publicResults } from '#worker/clients/redact.ts';

function visible(number: number, rest: Partial<VisibleTestResult> = {}): VisibleTestResult {
  return {
    number,
    hidden: false,
    verdict: 'AC',
    args: [1],
    expected: 1,
    actual: 1,
    stdout: '',
    stdout_truncated: false,
    error: null,
    runtime_ms: 1,
    ...rest,
  };
}

function response(tests: TestResult[], rest: Partial<EvaluationResponse> = {}): EvaluationResponse {
  return {
    evaluation_id: 'e',
    submission_id: 's',
    verdict: tests.find(({ verdict }) => verdict !== 'AC')?.verdict as EvaluationResponse['verdict'],
    passed: 0,
    total: tests.length,
    runtime_ms: 5,
    memory_mb: 20,
    first_failed: null,
    error: null,
    tests,
    engine: { name: 'n', version: '1', language_version: '3' },
    ...rest,
  };
}

type Sent = Parameters<typeof publicResults>[1];

/** The tests as they were sent to a judge that answers honestly of them. */
function sentOf({ tests }: EvaluationResponse): Sent {
  return tests.map((test) => {
    const { args, expected } = { args: ['unseen'], expected: 'unseen', ...test };
    return { number: test.number, hidden: test.hidden, args, expected };
  });
}

const resultsOf = (answer: EvaluationResponse, sent = sentOf(answer)) => publicResults(answer, sent);

test('of hidden tests counts and the first failure are left, whatever the judge says', () => {
  const leaky = { ...visible(2, { stdout: 'SECRET', verdict: 'RE' }), hidden: true, error: 'SECRET' };
  const answer = response([visible(1), leaky as unknown as TestResult], {
    verdict: 'RE',
    error: { type: 'SECRET', message: 'SECRET', line: 1 },
  });
  const shown = resultsOf(answer);
  expect(shown.tests).toEqual([visible(1)]);
  expect(shown.hidden).toEqual({ total: 1, passed: 0, first_failed: { number: 2, verdict: 'RE' } });
  expect(shown.errorMessage).toBeNull();
  expect(JSON.stringify(shown)).not.toContain('SECRET');
});

test('a visible test is shown in full, tagged values included, and nothing that is not listed', () => {
  const full = visible(1, { actual: { $t: 'num', v: 'NaN' }, stdout: 'hello\n', verdict: 'WA' });
  const { tests } = resultsOf(response([{ ...full, extra: 'x' } as VisibleTestResult]));
  expect(tests).toEqual([full]);
  const { actual: _, ...without } = full;
  expect(resultsOf(response([without])).tests).toEqual([without]);
});

const error = { type: 'ValueError', message: 'bad \ud800', line: 3 };
test.each([
  ['a load error', response([], { verdict: 'CE', error }), 'ValueError: bad \uFFFD (line 3)'],
  ['a load that hangs', response([], { verdict: 'TLE' }), 'Time limit exceeded'],
  [
    'a visible failure',
    response([visible(1), visible(2, { verdict: 'RE', error })]),
    'Test 2: ValueError: bad \uFFFD (line 3)',
  ],
  ['a visible timeout', response([visible(1, { verdict: 'TLE' })]), 'Test 1: Time limit exceeded'],
  ['a wrong answer', response([visible(1, { verdict: 'WA' })]), null],
  [
    'a hidden failure before a visible one',
    response([{ number: 1, hidden: true, verdict: 'RE' }, visible(2, { verdict: 'RE', error })]),
    null,
  ],
  ['success', response([visible(1)], { verdict: 'AC' }), null],
])('the message of %s', (_name, answer, message) => {
  expect(resultsOf(answer).errorMessage).toBe(message);
});

const strings = fc.string({ unit: 'binary', maxLength: 3000 }).map((s) => `${s}\0\ud800"\\`.repeat(3));
const values = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }) as fc.Arbitrary<Json>;
const anyVisible = fc
  .record({
    verdict: fc.constantFrom('AC', 'WA', 'RE', 'TLE'),
    args: fc.array(values, { maxLength: 3 }),
    expected: fc.oneof(values, strings, fc.array(strings)),
    actual: fc.oneof(values, strings, fc.constant(Array.from({ length: 60_000 }, (_, i) => i))),
    stdout: fc.oneof(fc.constant('\x01'.repeat(65_536)), fc.constant('😀'.repeat(32_768)), strings),
    error: fc.option(
      fc.record({
        type: fc.constant('\x01'.repeat(80)),
        message: fc.option(fc.constant('"'.repeat(2000))),
        line: fc.constant(7),
      }),
    ),
  })
  .map((rest) => visible(1, rest as Partial<VisibleTestResult>));

test('whatever the judge sends, the results stay below 128 KiB, storable and of the agreed shape', async () => {
  await fc.assert(
    fc.property(fc.array(anyVisible, { minLength: 1, maxLength: 20 }), fc.nat(180), (some, hiddenCount) => {
      const tests: TestResult[] = [
        ...some.map((t, i) => ({ ...t, number: i + 1 })),
        ...Array.from({ length: hiddenCount }, (_, i) => ({
          number: some.length + i + 1,
          hidden: true as const,
          verdict: 'TLE' as const,
        })),
      ];
      const shown = resultsOf(response(tests));
      const text = JSON.stringify(shown);
      expect(new TextEncoder().encode(text).byteLength).toBeLessThan(128 * 1024);
      expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
      expect(shown.tests.map(({ number, verdict }) => [number, verdict])).toEqual(
        some.map(({ verdict }, i) => [i + 1, verdict]),
      );
      expect(z.array(VisibleTestResult).safeParse(shown.tests).success).toBe(true);
      expect(HiddenTests.parse(shown.hidden)).toMatchObject({ total: hiddenCount, passed: 0 });
    }),
    { numRuns: 30 },
  );
}, 20_000);

test('200 visible tests of the worst kind stay below 128 KiB', () => {
  const worst = { type: '\x01'.repeat(80), message: '\x01'.repeat(2000), line: 1 };
  const tests = Array.from({ length: 200 }, (_, i) =>
    visible(i + 1, {
      stdout: '\x01'.repeat(9000),
      actual: 'x'.repeat(9000),
      args: ['x'.repeat(9000)],
      error: worst,
    }),
  );
  expect(jsonBytes(resultsOf(response(tests)))).toBeLessThan(128 * 1024);
});

test('what was cut says so', () => {
  const big = visible(1, { actual: 'x'.repeat(200_000), stdout: 'y'.repeat(60_000), verdict: 'WA' });
  const [shown] = resultsOf(response([big])).tests;
  expect(shown).toMatchObject({
    actual: { $t: 'truncated' },
    stdout_truncated: true,
    args: [1],
    expected: 1,
  });
});

test('a text is cut between characters and never beyond its bytes', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(100), (text, bytes) => {
      const cut = cutText(text, bytes);
      expect(text.startsWith(cut)).toBe(true);
      expect(jsonBytes(cut) - 2).toBeLessThanOrEqual(bytes);
    }),
  );
});

test('cleaning keeps `__proto__` a key, cleans keys, and ends bottomless nesting', () => {
  const hostile = JSON.parse('{"__proto__": {"a\\u0000": ["\\ud800"]}}');
  expect(JSON.stringify(cleanJson(hostile))).toBe('{"__proto__":{"a\uFFFD":["\uFFFD"]}}');
  const deep = JSON.parse('['.repeat(1000) + ']'.repeat(1000));
  expect(JSON.stringify(cleanJson(deep))).toBe(`${'['.repeat(64)}"…"${']'.repeat(64)}`);
});

test('what is hidden, asked and expected is known from what was sent, whatever the judge says', () => {
  const sent: Sent = [
    { number: 1, hidden: false, args: ['asked'], expected: 'expected' },
    { number: 2, hidden: true, args: ['SECRET'], expected: 'SECRET' },
  ];
  const mixedUp = response([
    visible(1, { args: ['SECRET'], expected: 'SECRET' }),
    visible(2, { args: ['SECRET'], expected: 'SECRET', stdout: 'SECRET', verdict: 'RE' }),
    visible(3, { stdout: 'SECRET' }),
  ]);
  const shown = resultsOf(mixedUp, sent);
  expect(JSON.stringify(shown)).not.toContain('SECRET');
  expect(shown.tests).toEqual([visible(1, { args: ['asked'], expected: 'expected' })]);
  expect(shown.hidden).toEqual({ total: 1, passed: 0, first_failed: { number: 2, verdict: 'RE' } });
});

test('an engine has names and versions; whatever else stands there is not passed on', () => {
  const named = (name: string) => ({ name, version: '314.0.7', language_version: 'Python 3.14' });
  expect(resultsOf(response([], { engine: named('pyodide') })).engine).toBe('pyodide 314.0.7, Python 3.14');
  for (const bad of ['{"args":[1]}', '', 'x'.repeat(31), 'a\n', '\ud800']) {
    expect(resultsOf(response([], { engine: named(bad) })).engine).toBe('unnamed 314.0.7, Python 3.14');
  }
});

test('the time is that of the visible tests alone', () => {
  const answer = response([visible(1, { runtime_ms: 1.25 }), visible(2, { runtime_ms: 3 })], {
    runtime_ms: 900,
  });
  expect(resultsOf(answer).runtimeMs).toBe(4.3);
});

const hidden = (number: number, verdict: TestResult['verdict']): TestResult => ({
  number,
  hidden: true,
  verdict,
});

test('a hidden test that did not run has not failed', () => {
  const cut = response([visible(1, { verdict: 'TLE' }), hidden(2, 'SK'), hidden(3, 'SK')]);
  expect(resultsOf(cut).hidden).toEqual({ total: 2, passed: 0, first_failed: null });
  const stopped = response([visible(1), hidden(2, 'AC'), hidden(3, 'MLE'), hidden(4, 'SK')]);
  expect(resultsOf(stopped).hidden).toEqual({
    total: 3,
    passed: 1,
    first_failed: { number: 3, verdict: 'MLE' },
  });
  const none = response([], { verdict: 'CE' });
  expect(publicResults(none, sentOf(cut)).hidden).toEqual({ total: 2, passed: 0, first_failed: null });
});
