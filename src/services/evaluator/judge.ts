import type { EvaluationRequest, EvaluationResponse, ProgramError, TestResult } from '#contract/evaluator.ts';
import { plainArguments } from '#contract/float-tags.ts';
import type { TestVerdict, Verdict } from '#contract/vocabulary.ts';
import { isAccepted } from './compare.ts';
import {
  ACTUAL_CAP,
  DEFAULT_MEMORY_MB,
  DEFAULT_TIME_MS,
  LOAD_MS,
  RUN_WALL_MS,
  TOTAL_MS,
  timeLimit,
} from './limits.ts';
import { type Outcome, toOutcome } from './outcome.ts';
import { PRINTED_CAP, type Printed } from './printed.ts';
import type { Sandbox, TimedReply } from './sandbox-process.ts';
import { clip, present } from './wire-values.ts';

type Test = EvaluationRequest['tests'][number];
type VisibleResult = Extract<TestResult, { hidden: false }>;
/** What running the tests gives; the service adds ids and engine. */
export type Judgement = Omit<EvaluationResponse, 'evaluation_id' | 'submission_id' | 'engine'>;

const MIB = 1_048_576;
/** Step of `runtime_ms`: finer figures are noise. */
const RUNTIME_STEP_MS = 5;
/** Bytes of JSON that a program may fill in all results together; what exceeds them is left out, last tests first. */
const SHOWN_BYTES = 1_048_576;
const NOTHING: Printed = { text: '', truncated: false };

/** Visible tests first, so that nothing a visible result shows can have seen a hidden input. */
function inRunningOrder(tests: Test[]): Test[] {
  return tests.toSorted((a, b) => Number(a.hidden) - Number(b.hidden) || a.number - b.number);
}

/** MiB that a child claims; never more than it was allowed, as the word is a program's. */
function heapMb(reply: TimedReply, memoryMb: number): number {
  const said = reply.kind === 'frame' && reply.frame.k === 'R' ? reply.frame.heap : 0;
  return Math.min((reply.peak ?? said) / MIB, memoryMb);
}

/** Result of a test that tells no more than its verdict. */
export function blank(test: Test, verdict: TestVerdict): TestResult {
  if (test.hidden) return { number: test.number, hidden: true, verdict };
  const { number, expected } = test;
  const args = plainArguments(test.args);
  const rest = { stdout: '', stdout_truncated: false, error: null, runtime_ms: 0 };
  return { number, hidden: false, verdict, args, expected, ...rest };
}

/** What loading printed belongs to the first visible test, whether that ran or not. */
function joined(loading: Printed, call: Printed): Pick<VisibleResult, 'stdout' | 'stdout_truncated'> {
  const text = loading.text + call.text;
  const truncated = loading.truncated || call.truncated || text.length > PRINTED_CAP;
  return { stdout: clip(text, PRINTED_CAP), stdout_truncated: truncated };
}

/** Leaves out what exceeds the bytes left, so that the answer as a whole stays within what its reader accepts. */
function createBound() {
  let left = SHOWN_BYTES;
  return (result: VisibleResult): VisibleResult => {
    const { actual, stdout, error } = result;
    const bytes = Buffer.byteLength(JSON.stringify([actual, stdout, error]));
    if (bytes <= left) {
      left -= bytes;
      return result;
    }
    const { actual: _, ...rest } = result;
    const short = error === null ? null : { ...error, message: null };
    return { ...rest, stdout: '', stdout_truncated: stdout !== '', error: short };
  };
}

function visibleResult(
  test: Test,
  verdict: TestVerdict,
  reply: TimedReply,
  outcome: Outcome,
  loading: Printed,
): VisibleResult {
  const readable = outcome.verdict === 'OK' && outcome.text.length <= ACTUAL_CAP;
  return {
    number: test.number,
    hidden: false,
    verdict,
    args: plainArguments(test.args),
    expected: test.expected,
    ...(readable ? { actual: present(outcome.value) } : {}),
    ...joined(loading, reply.printed),
    error: outcome.verdict === 'OK' ? null : outcome.error,
    runtime_ms: Math.round(reply.ms * 10) / 10,
  };
}

function stopsTheRun(verdict: TestVerdict): boolean {
  return verdict === 'TLE' || verdict === 'MLE' || verdict === 'OLE';
}

function loadFailure(outcome: Exclude<Outcome, { verdict: 'OK' }>): ProgramError {
  if (outcome.error !== null) return outcome.error;
  const message = `The ${outcome.verdict === 'TLE' ? 'time' : 'resource'} limit was exceeded while loading`;
  return { type: outcome.verdict, message, line: null };
}

/** Nothing ran: what loading printed goes with the first visible test all the same. */
function unloaded(
  tests: Test[],
  loaded: TimedReply,
  outcome: Exclude<Outcome, { verdict: 'OK' }>,
): Omit<Judgement, 'memory_mb'> {
  const first = tests.find((test) => !test.hidden);
  return {
    verdict: outcome.verdict,
    passed: 0,
    total: tests.length,
    runtime_ms: 0,
    first_failed: null,
    error: loadFailure(outcome),
    tests: tests.map((test) => {
      const result = blank(test, 'SK');
      if (test !== first || result.hidden) return result;
      return { ...result, ...joined(loaded.printed, NOTHING) };
    }),
  };
}

/** End of the run on `performance.now()`, and whom to tell that the program waits without the processor. */
export type RunBounds = { wallEnd: number; onIdle?: () => void };

/**
 * Runs a submission in a booted child that nobody has used before. The caller kills the child afterwards.
 * Arguments go in one test at a time, expected values never do, and of a hidden test only number and verdict come
 * out: time and memory are those of the visible ones. A wrong answer or an exception goes on with the next test; TLE, MLE, OLE or a dead child end the run (SK).
 */
export async function judge(
  sandbox: Sandbox,
  request: EvaluationRequest,
  bounds: RunBounds = { wallEnd: performance.now() + RUN_WALL_MS },
): Promise<Judgement> {
  const timeMs = timeLimit(request.language, request.limits?.time_ms ?? DEFAULT_TIME_MS);
  const memoryMb = request.limits?.memory_mb ?? DEFAULT_MEMORY_MB;
  const tests = inRunningOrder(request.tests);
  const total = tests.length;

  const { code, entry_point: entry } = request;
  const loaded = await sandbox.ask(
    { t: 'load', n: 0, code, entry, memory_mb: memoryMb },
    { limitMs: LOAD_MS, memoryMb, ...bounds },
  );
  const loading = toOutcome(loaded, 0);
  let heap = heapMb(loaded, memoryMb);
  if (loading.verdict !== 'OK') {
    return { ...unloaded(tests, loaded, loading), memory_mb: Math.ceil(heap) };
  }

  const spec = JSON.stringify(request.signature ?? {});
  const results: TestResult[] = [];
  let verdict: Verdict = 'AC';
  let firstFailed: number | null = null;
  /** CPU milliseconds of all tests, and of those that may be shown. */
  let [runtime, shown] = [0, 0];
  let stopped = false;
  let loadOutput = loaded.printed;
  const bounded = createBound();
  for (const [i, test] of tests.entries()) {
    if (stopped) {
      results.push(blank(test, 'SK'));
      continue;
    }
    const n = i + 1;
    const limitMs = Math.max(1, Math.min(timeMs, TOTAL_MS - runtime));
    const call = { t: 'call' as const, n, args: JSON.stringify(test.args), spec };
    const reply = await sandbox.ask(call, { limitMs, memoryMb, ...bounds });
    const outcome = toOutcome(reply, n);
    const own =
      outcome.verdict === 'OK'
        ? isAccepted(outcome.value, test.expected, request.comparison)
          ? 'AC'
          : 'WA'
        : outcome.verdict;
    runtime += reply.ms;
    if (!test.hidden) {
      shown += reply.ms;
      heap = Math.max(heap, own === 'MLE' ? memoryMb : heapMb(reply, memoryMb));
    }
    results.push(
      test.hidden ? blank(test, own) : bounded(visibleResult(test, own, reply, outcome, loadOutput)),
    );
    loadOutput = NOTHING;
    if (own === 'AC') continue;
    if (verdict === 'AC') verdict = own;
    firstFailed ??= test.number;
    // After its last word a child is ending, whether the system says so already or not.
    const last = reply.kind === 'frame' && reply.frame.k === 'FATAL';
    stopped = request.fail_fast === true || stopsTheRun(own) || last || sandbox.isOver();
  }
  return {
    verdict,
    passed: results.filter((result) => result.verdict === 'AC').length,
    total,
    runtime_ms: Math.round(shown / RUNTIME_STEP_MS) * RUNTIME_STEP_MS,
    memory_mb: Math.ceil(heap),
    first_failed: firstFailed,
    error: null,
    tests: results,
  };
}
