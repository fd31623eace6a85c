import type {
  EvaluationRequest,
  EvaluationResponse,
  ProgramError,
  TestResult,
  VisibleTestResult,
} from '#contract/evaluator.ts';
import type { Verdict } from '#contract/vocabulary.ts';
import { cleanJson, cleanText, cutJson, cutText, jsonBytes } from './clean-json.ts';

/** What may be stored of an evaluation and shown to its learner. */
export type PublicResults = { tests: TestResult[]; errorMessage: string | null; engine: string };

/** Bytes as JSON of all results together; leaves room for the message below 128 KiB. */
const MOST_BYTES = 120 * 1024;
const MESSAGE_BYTES = 4096;

/**
 * Builds the results anew from listed fields alone (decisions, section 5): hidden tests keep number and verdict, visible
 * ones everything, cut evenly when all together would exceed 120 KiB. Which test is hidden, and what a visible one asks
 * and expects, is known from `sent`: the judge is not asked. Every text can be stored by PostgreSQL. The message is
 * that of an error outside the tests, or of the first failed test when that one is visible.
 */
export function publicResults(response: EvaluationResponse, sent: readonly SentTest[]): PublicResults {
  const asked = new Map(sent.map((test) => [test.number, test]));
  const ordered = response.tests.toSorted((a, b) => a.number - b.number);
  const tests = ordered.map((test) => publicTest(test, asked.get(test.number)));
  return {
    tests: fitted(tests),
    errorMessage: messageOf(response, tests),
    engine: engineName(response.engine),
  };
}

type SentTest = EvaluationRequest['tests'][number];

function publicTest(test: TestResult, sent: SentTest | undefined): TestResult {
  const { number, verdict } = test;
  if (test.hidden || sent === undefined || sent.hidden) return { number, hidden: true, verdict };
  return {
    number,
    hidden: false,
    verdict,
    args: sent.args.map((arg) => cleanJson(arg)),
    expected: cleanJson(sent.expected),
    ...(test.actual === undefined ? {} : { actual: cleanJson(test.actual) }),
    stdout: cleanText(test.stdout),
    stdout_truncated: test.stdout_truncated,
    error: test.error === null ? null : publicError(test.error),
    runtime_ms: test.runtime_ms,
  };
}

/** Names and versions as programs have them; whatever else a judge writes there is no name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+ -]{0,29}$/;

function engineName({ name, version, language_version }: EvaluationResponse['engine']): string {
  const [a, b, c] = [name, version, language_version].map((text) => (NAME.test(text) ? text : 'unnamed'));
  return `${a} ${b}, ${c}`;
}

function publicError({ type, message, line }: ProgramError): ProgramError {
  return { type: cleanText(type), message: message === null ? null : cleanText(message), line };
}

function fitted(tests: TestResult[]): TestResult[] {
  if (jsonBytes(tests) <= MOST_BYTES) return tests;
  const visible = tests.filter((test) => !test.hidden).length;
  const hidden = jsonBytes(tests.filter((test) => test.hidden));
  const share = Math.floor((MOST_BYTES - hidden) / visible);
  return tests.map((test) => (test.hidden ? test : cut(test, share)));
}

/** Cuts what is long until the test takes about `share` bytes: a fifth for each of the five fields that can grow. */
function cut(test: VisibleTestResult, share: number): VisibleTestResult {
  if (jsonBytes(test) <= share) return test;
  const { args, actual, error, stdout } = test;
  const part = Math.max(0, Math.floor((share - FIXED_BYTES) / 5));
  const shorter = cutText(stdout, part);
  return {
    ...test,
    args: jsonBytes(args) <= part ? args : [cutJson(args, part)],
    expected: cutJson(test.expected, part),
    ...(actual === undefined ? {} : { actual: cutJson(actual, part) }),
    stdout: shorter,
    stdout_truncated: test.stdout_truncated || shorter.length < stdout.length,
    error: error === null ? null : shorterError(error, part),
  };
}

function shorterError({ type, message, line }: ProgramError, bytes: number): ProgramError {
  return { type: cutText(type, 80), message: message === null ? null : cutText(message, bytes), line };
}

/** Names of the fields, numbers, verdict, an error's type, and the tags of what was cut. */
const FIXED_BYTES = 400;

const LIMITS: Partial<Record<Verdict, string>> = {
  TLE: 'Time limit exceeded',
  MLE: 'Memory limit exceeded',
  OLE: 'Output limit exceeded',
};

function messageOf({ error, verdict }: EvaluationResponse, tests: readonly TestResult[]): string | null {
  const limit = LIMITS[verdict] ?? null;
  if (tests.every((test) => test.verdict === 'SK')) {
    return error === null ? limit : described(publicError(error));
  }
  const failed = tests.find((test) => test.verdict !== 'AC');
  if (failed === undefined || failed.hidden) return null;
  const text = failed.error === null ? limit : described(failed.error);
  return text === null ? null : cutText(`Test ${failed.number}: ${text}`, MESSAGE_BYTES);
}

function described({ type, message, line }: ProgramError): string {
  const text = [type, message].filter((part) => part !== null && part !== '').join(': ');
  return cutText(line === null ? text : `${text} (line ${line})`, MESSAGE_BYTES);
}
