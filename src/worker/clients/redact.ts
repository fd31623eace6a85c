import type {
  EvaluationRequest,
  EvaluationResponse,
  ProgramError,
  TestResult,
  VisibleTestResult,
} from '#contract/evaluator.ts';
import { FailedVerdict, type HiddenTests } from '#contract/submissions.ts';
import type { Verdict } from '#contract/vocabulary.ts';
import { cleanJson, cleanText, cutJson, cutText, jsonBytes } from './clean-json.ts';

/** What may be stored of an evaluation and shown to its learner. */
export type PublicResults = {
  tests: VisibleTestResult[];
  hidden: HiddenTests;
  errorMessage: string | null;
  /** CPU milliseconds of the visible tests together. */
  runtimeMs: number;
  engine: string;
};

/** Bytes as JSON of all results together; leaves room for the message below 128 KiB. */
const MOST_BYTES = 120 * 1024;
const MESSAGE_BYTES = 4096;

/**
 * Builds the results from listed fields alone: visible tests in full, cut evenly when all together would exceed 120 KiB;
 * of hidden tests how many passed and the first that failed. Which test is hidden, and what a visible one asks and
 * expects, is known from `sent`: the judge is not asked. Every text can be stored by PostgreSQL. The message is that of
 * an error outside the tests, or of the first failed test when that one is visible.
 */
export function publicResults(response: EvaluationResponse, sent: readonly SentTest[]): PublicResults {
  const asked = new Map(sent.filter(({ hidden }) => !hidden).map((test) => [test.number, test]));
  const ordered = response.tests.toSorted((a, b) => a.number - b.number);
  const visible = ordered.flatMap((test) => publicTest(test, asked.get(test.number)) ?? []);
  return {
    tests: fitted(visible),
    hidden: hiddenOf(ordered, sent),
    errorMessage: messageOf(response, ordered, visible),
    runtimeMs: Math.round(visible.reduce((sum, test) => sum + test.runtime_ms, 0) * 10) / 10,
    engine: engineName(response.engine),
  };
}

type SentTest = EvaluationRequest['tests'][number];

/** Null for a test that is hidden, or that nobody asked about. */
function publicTest(test: TestResult, sent: SentTest | undefined): VisibleTestResult | null {
  if (test.hidden || sent === undefined) return null;
  return {
    number: test.number,
    hidden: false,
    verdict: test.verdict,
    args: sent.args.map((arg) => cleanJson(arg)),
    expected: cleanJson(sent.expected),
    ...(test.actual === undefined ? {} : { actual: cleanJson(test.actual) }),
    stdout: cleanText(test.stdout),
    stdout_truncated: test.stdout_truncated,
    error: test.error === null ? null : publicError(test.error),
    runtime_ms: test.runtime_ms,
  };
}

/** Everything that leaves this function of hidden tests: an answer tells one of at most 1 + 5h(h + 1)/2 things of h. */
function hiddenOf(ordered: readonly TestResult[], sent: readonly SentTest[]): HiddenTests {
  const numbers = new Set(sent.filter(({ hidden }) => hidden).map(({ number }) => number));
  const own = ordered.filter(({ number }) => numbers.has(number));
  const failed = own.flatMap(({ number, verdict }) => {
    const parsed = FailedVerdict.safeParse(verdict);
    return parsed.success ? [{ number, verdict: parsed.data }] : [];
  });
  return {
    total: numbers.size,
    passed: own.filter(({ verdict }) => verdict === 'AC').length,
    first_failed: failed[0] ?? null,
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

function fitted(tests: VisibleTestResult[]): VisibleTestResult[] {
  if (jsonBytes(tests) <= MOST_BYTES) return tests;
  const share = Math.floor(MOST_BYTES / tests.length);
  return tests.map((test) => cut(test, share));
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

function messageOf(
  { error, verdict }: EvaluationResponse,
  ordered: readonly TestResult[],
  visible: readonly VisibleTestResult[],
): string | null {
  const limit = LIMITS[verdict] ?? null;
  if (ordered.every((test) => test.verdict === 'SK')) {
    return error === null ? limit : described(publicError(error));
  }
  const first = ordered.find((test) => test.verdict !== 'AC');
  const failed = visible.find(({ number }) => number === first?.number);
  if (failed === undefined) return null;
  const text = failed.error === null ? limit : described(failed.error);
  return text === null ? null : cutText(`Test ${failed.number}: ${text}`, MESSAGE_BYTES);
}

function described({ type, message, line }: ProgramError): string {
  const text = [type, message].filter((part) => part !== null && part !== '').join(': ');
  return cutText(line === null ? text : `${text} (line ${line})`, MESSAGE_BYTES);
}
