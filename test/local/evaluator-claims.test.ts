import { describe, expect, test } from 'vitest';
import { EvaluationRequest, EvaluationResponse, type TestResult } from '#contract/evaluator.ts';
import type { Comparison } from '#contract/problem-bank.ts';
import { type Judgement, judge } from '../../src/services/evaluator/judge.ts';
import { result, type Step, withScript } from '../support/scripted-child.ts';

const LOADED: Step = result(0, 0);
const O = (n: number, text: string): Step => ({ send: { k: 'O', n, text } });

function request(count: number, comparison: Comparison = 'exact', hidden = false): EvaluationRequest {
  return EvaluationRequest.parse({
    submission_id: 's',
    ...{ language: 'javascript', entry_point: 'f', code: '', comparison, signature: null },
    limits: { time_ms: 400, memory_mb: 100 },
    tests: Array.from({ length: count }, (_, i) => ({ number: i + 1, hidden, args: [], expected: [1] })),
  });
}

/** Judges the answers of a scripted child; the judgement is one that the Worker can read and the database can hold. */
async function judged(
  steps: readonly (readonly Step[])[],
  asked = request(steps.length - 1),
): Promise<Judgement> {
  const judgement = await withScript(steps, (sandbox) => judge(sandbox, asked));
  const engine = { name: 'e', version: '1', language_version: '1' };
  const text = JSON.stringify({ evaluation_id: 'e', submission_id: 's', engine, ...judgement });
  EvaluationResponse.parse(JSON.parse(text));
  expect([text.isWellFormed(), /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(text)]).toEqual([true, false]);
  expect(text.length).toBeLessThan(2_500_000);
  return judgement;
}
function visible(found: TestResult | undefined) {
  if (found === undefined || found.hidden) throw new Error('expected a visible result');
  return found;
}

const deep = (levels: number) => `{"k":"OK","v":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const STRANGE: [what: string, claim: unknown][] = [
  ['a map without pairs', { $t: 'map', v: 5 }],
  ['a map', { $t: 'map', v: [['a', 1]] }],
  ['an object', { a: 1 }],
  ['a set', { $t: 'set', v: [1] }],
  ['an unknown tag', { $t: 'generator', v: null }],
  ['a tag of a tag', { $t: 'int', v: { $t: 'int', v: '0x1' } }],
  ['keys of Object.prototype', JSON.parse('{"__proto__":1,"constructor":2,"hasOwnProperty":3}')],
  ['half of a pair', '\ud800'],
  ['NUL', 'a\0b'],
  ['a long text', 'x'.repeat(1_000_000)],
  ['5,000 levels', deep(5000)],
  ['200,000 levels', deep(200_000)],
  ['infinity', '{"k":"OK","v":1e999}'],
  ['nothing', '{"k":"OK"}'],
];

describe('whatever a child answers is a verdict of that test', () => {
  test.each(STRANGE)('%s', async (what, claim) => {
    // A string in `result` is taken as the harness's own text only where it is one.
    const text =
      typeof claim === 'string' && claim.startsWith('{"k"') ? claim : JSON.stringify({ k: 'OK', v: claim });
    for (const comparison of ['exact', 'unordered', 'any_of'] as const) {
      const asked = request(2, comparison);
      const { verdict, tests } = await judged([[LOADED], [result(1, text)], [result(2, [1])]], asked);
      const first = comparison === 'unordered' && what === 'a set' ? 'AC' : 'WA';
      const second = comparison === 'any_of' ? 'WA' : 'AC';
      expect(tests.map((one) => one.verdict)).toEqual([first, second]);
      expect(verdict).toBe(first === 'AC' ? second : first);
    }
  });
  test.each([
    ['no JSON', 'no'],
    ['5,000 levels of no claim', '['.repeat(5000)],
    ['a claim of another kind', '{"k":"AC"}'],
    ['a list', '[]'],
  ])('%s is an RE', async (_what, text) => {
    const { tests } = await judged([[LOADED], [result(1, text)], [result(2, [1])]]);
    expect(tests.map(({ verdict }) => verdict)).toEqual(['RE', 'AC']);
  });
  test('error texts are cut to what can be stored, and a line beyond every program is none', async () => {
    const error = { k: 'RE', type: `${'t'.repeat(79)}😀`, message: `${'m'.repeat(1999)}😀\0`, line: 9e15 };
    const { tests } = await judged([[LOADED], [result(1, JSON.stringify(error))]]);
    const found = visible(tests[0]).error;
    expect([found?.type.length, found?.message?.length, found?.line]).toEqual([80, 2000, null]);
  });
  test('claims of memory end at the limit, and those of hidden tests are not believed at all', async () => {
    const huge = result(1, [1], { heap: 2 ** 32 });
    expect((await judged([[LOADED], [huge]])).memory_mb).toBe(100);
    expect((await judged([[LOADED], [huge]], request(1, 'exact', true))).memory_mb).toBe(0);
  });
  test.each([
    ['a frame for another request', [result(7, [1])]],
    ['no frame at all', [{ raw: '{"half":' }]],
    ['an unknown frame', [{ send: { k: 'X', n: 1 } }]],
    ['a heap beyond every memory', [result(1, [1], { heap: 9e293 })]],
    ['READY again', [{ send: { k: 'READY' } }]],
    ['output of another request', [O(2, 'x'), result(1, [1])]],
    ['output beyond its size', [O(1, 'x'.repeat(16_385)), result(1, [1])]],
    [
      'more pieces of output than any needs',
      [...Array.from({ length: 2000 }, () => O(1, '')), result(1, [1])],
    ],
  ] as [string, Step[]][])('%s is an RE, and ends the run', async (_what, steps) => {
    const { tests } = await judged([[LOADED], steps, [result(2, [1])]]);
    expect(tests.map(({ verdict }) => verdict)).toEqual(['RE', 'SK']);
    expect(visible(tests[0]).error?.type).toBe('ProtocolViolation');
  });
  test('200 tests that answer and print all they may fit in one answer', async () => {
    const loud = (n: number) => [
      ...[1, 2, 3].map(() => O(n, '\u0001'.repeat(16_384))),
      result(n, JSON.stringify({ k: 'OK', v: '\u0001'.repeat(10_000) })),
    ];
    const steps = [[LOADED], ...Array.from({ length: 200 }, (_, i) => loud(i + 1))];
    const { tests } = await judged(steps);
    expect(visible(tests[0])).toMatchObject({ verdict: 'WA', stdout_truncated: false });
    expect(visible(tests[0]).stdout).toHaveLength(3 * 16_384);
    expect(visible(tests[199])).toMatchObject({ verdict: 'WA', stdout: '', stdout_truncated: true });
  });
});

describe('what was printed is kept, whatever the verdict', () => {
  const printed = [O(1, 'before '), O(1, 'the end')];
  test.each([
    ['AC', [result(1, [1], { stdout: '.' })], 'before the end.'],
    ['WA', [result(1, [2])], 'before the end'],
    ['RE', [result(1, JSON.stringify({ k: 'RE', type: 'E', message: '', line: 1 }))], 'before the end'],
    ['RE', [{ do: 'exit' }], 'before the end'],
    ['RE', [{ send: { k: 'FATAL', n: 1, message: 'fatal' } }], 'before the end'],
    ['TLE', [{ do: 'spin' }], 'before the end'],
    ['TLE', [{ do: 'sleep' }], 'before the end'],
    ['OLE', [{ send: { k: 'OLE', n: 1 } }], 'before the end'],
    [
      'MLE',
      [result(1, JSON.stringify({ k: 'RE', type: 'MemoryError', message: '', line: 1 }))],
      'before the end',
    ],
  ] as [string, Step[], string][])('%s (%j)', async (verdict, last, text) => {
    const { tests } = await judged([[LOADED], [...printed, ...last]]);
    expect(visible(tests[0])).toMatchObject({ verdict, stdout: text, stdout_truncated: false });
  });
  test('each test has its own, and loading goes with the first', async () => {
    const steps = [
      [O(0, 'load '), result(0, 0, { stdout: 'ing ' })],
      [O(1, 'one'), result(1, [1])],
      [O(2, 'two'), result(2, [1])],
    ];
    const { tests } = await judged(steps);
    expect(tests.map((one) => visible(one).stdout)).toEqual(['load ing one', 'two']);
  });
  test.each([
    ['RE', [result(0, JSON.stringify({ k: 'RE', type: 'E', message: '', line: 1 }))]],
    ['CE', [result(0, JSON.stringify({ k: 'CE', type: 'E', message: '', line: 1 }))]],
    ['TLE', [{ do: 'spin' }]],
    ['RE', [{ do: 'exit' }]],
    ['OLE', [{ send: { k: 'OLE', n: 0 } }]],
  ] as [string, Step[]][])('that of loading also where loading fails: %s (%j)', async (verdict, last) => {
    const judgement = await judged([[O(0, 'loading'), ...last], []], request(2));
    expect(judgement).toMatchObject({ verdict, passed: 0, first_failed: null });
    expect(judgement.tests.map((one) => [one.verdict, visible(one).stdout])).toEqual([
      ['SK', 'loading'],
      ['SK', ''],
    ]);
  });
  test('of a hidden test nothing is', async () => {
    const steps = [
      [O(0, 'SECRET'), LOADED],
      [O(1, 'SECRET'), result(1, [1], { stdout: 'SECRET' })],
    ];
    const judgement = await judged(steps, request(1, 'exact', true));
    expect(JSON.stringify(judgement)).not.toContain('SECRET');
  });
  test('beyond 65,536 characters it is cut and says so', async () => {
    const much = Array.from({ length: 5 }, () => O(1, 'x'.repeat(16_384)));
    const found = visible((await judged([[LOADED], [...much, result(1, [1])]])).tests[0]);
    expect([found.stdout.length, found.stdout_truncated]).toEqual([65_536, true]);
  });
});
