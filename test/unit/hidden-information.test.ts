import { expect, test } from 'vitest';
import { type EvaluationRequest, EvaluationResponse, type TestResult } from '#contract/evaluator.ts';
import { brokenRule } from '#worker/clients/evaluator-checks.ts';
import { publicResults } from '#worker/clients/redact.ts';

/** Submissions to one task on one day, as the operator's caps allow by default. */
const SUBMISSIONS = 40;

/** Answers that the hidden tests can bring about at most: all pass, or the first failure, its kind, and how many pass. */
const mostAnswers = (hidden: number) => 1 + (5 * hidden * (hidden + 1)) / 2;

const VERDICTS = ['AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE', 'SK'] as const;
type TestVerdict = (typeof VERDICTS)[number];

function* outcomes(hidden: number): Generator<TestVerdict[]> {
  if (hidden === 0) yield [];
  else for (const rest of outcomes(hidden - 1)) for (const verdict of VERDICTS) yield [verdict, ...rest];
}

const VISIBLE = {
  ...{ number: 1, hidden: false, verdict: 'AC', args: [1], expected: 1, actual: 1, stdout: 'seen' },
  ...{ stdout_truncated: false, error: null, runtime_ms: 1 },
} as const satisfies TestResult;

function requestOf(hidden: number): EvaluationRequest {
  const tests = Array.from({ length: hidden + 1 }, (_, index) => ({
    ...{ number: index + 1, hidden: index > 0, args: [index + 1], expected: index + 1 },
  }));
  return {
    ...{ submission_id: 's', language: 'python', entry_point: 'f', code: 'x', comparison: 'exact' },
    ...{ signature: null, tests },
  } as EvaluationRequest;
}

/** What a judge says of these hidden tests, with all else that it might tell of them beside it. */
function responseOf(verdicts: readonly TestVerdict[], passed: number): EvaluationResponse {
  const hidden = verdicts.map((verdict, index): TestResult => {
    const told = { stdout: `told ${verdicts}`, runtime_ms: index * 1000, error: { type: `${verdicts}` } };
    return { ...told, number: index + 2, hidden: true, verdict };
  });
  const tests: TestResult[] = [VISIBLE, ...hidden];
  const failed = tests.find(({ verdict }) => verdict !== 'AC');
  return {
    ...{ evaluation_id: `${verdicts}`, submission_id: 's', passed, total: tests.length, tests },
    verdict: (failed?.verdict ?? 'AC') as EvaluationResponse['verdict'],
    first_failed: failed?.number ?? null,
    error: { type: `${verdicts}`, message: `${verdicts}`, line: 1 },
    ...{ runtime_ms: verdicts.length * 99, memory_mb: 20 },
    engine: { name: 'judge', version: '1', language_version: '3' },
  };
}

/** Every answer that hidden tests can bring about, whatever the program does in them. */
function answersOf(hidden: number): Set<string> {
  const request = requestOf(hidden);
  const answers = new Set<string>();
  for (const verdicts of outcomes(hidden)) {
    const passed = 1 + verdicts.filter((verdict) => verdict === 'AC').length;
    const response = responseOf(verdicts, passed);
    // What the client of the judge does not believe reaches nobody.
    if (!EvaluationResponse.safeParse(response).success) continue;
    if (verdicts.includes('IE') || brokenRule(request, response) !== null) continue;
    const { hidden: summary, ...rest } = publicResults(response, request.tests);
    expect(rest, 'nothing but the summary depends on a hidden test').toEqual({
      tests: [VISIBLE],
      errorMessage: null,
      runtimeMs: 1,
      engine: 'judge 1, 3',
    });
    answers.add(JSON.stringify([response.verdict, response.passed, summary]));
  }
  return answers;
}

test.each([1, 2, 3, 4, 5])('%i hidden tests can bring about no more answers than the bound', (hidden) => {
  const answers = answersOf(hidden);
  expect(answers.size).toBe(mostAnswers(hidden));
});

test('ten hidden tests tell 8.2 bits with a submission and 325 bits on a day, at most', () => {
  const bits = Math.log2(mostAnswers(10));
  expect(bits).toBeLessThan(8.2);
  expect(SUBMISSIONS * bits).toBeLessThan(325);
  // Before, a verdict for each of them told a bit of each at least: six kinds of ten tests are 25.8 bits.
  expect(10 * Math.log2(6)).toBeGreaterThan(3 * bits);
});
