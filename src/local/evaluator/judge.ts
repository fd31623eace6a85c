import type { EvaluationRequest, EvaluationResponse, ProgramError, TestResult } from '#contract/evaluator.ts';
import { plainArguments } from '#contract/float-tags.ts';
import type { TestVerdict, Verdict } from '#contract/vocabulary.ts';
import { isAccepted } from './compare.ts';
import { ACTUAL_CAP, DEFAULT_MEMORY_MB, DEFAULT_TIME_MS, LOAD_MS, RUN_WALL_MS, TOTAL_MS } from './limits.ts';
import { type Outcome, toOutcome } from './outcome.ts';
import type { Sandbox, TimedReply } from './sandbox-process.ts';
import { cleanText, present } from './wire-values.ts';

type Test = EvaluationRequest['tests'][number];
type VisibleResult = Extract<TestResult, { hidden: false }>;
/** What running the tests gives; the service adds ids and engine. */
export type Judgement = Omit<EvaluationResponse, 'evaluation_id' | 'submission_id' | 'engine'>;

const MIB = 1_048_576;
/** Step of `runtime_ms`: finer figures are noise. */
const RUNTIME_STEP_MS = 5;
const STDOUT_CAP = 65_536;

/** Visible tests first, so that nothing a visible result shows can have seen a hidden input. */
function inRunningOrder(tests: Test[]): Test[] {
  return tests.toSorted((a, b) => Number(a.hidden) - Number(b.hidden) || a.number - b.number);
}

function printed(reply: TimedReply): { stdout: string; truncated: boolean } {
  if (reply.kind !== 'frame' || reply.frame.k !== 'R') return { stdout: '', truncated: false };
  return { stdout: reply.frame.stdout, truncated: reply.frame.truncated };
}

function heapMb(reply: TimedReply): number {
  return reply.kind === 'frame' && reply.frame.k === 'R' ? reply.frame.heap / MIB : 0;
}

/** Result of a test that tells no more than its verdict. */
export function blank(test: Test, verdict: TestVerdict): TestResult {
  if (test.hidden) return { number: test.number, hidden: true, verdict };
  const { number, expected } = test;
  const args = plainArguments(test.args);
  const rest = { stdout: '', stdout_truncated: false, error: null, runtime_ms: 0 };
  return { number, hidden: false, verdict, args, expected, ...rest };
}

function visibleResult(
  test: Test,
  verdict: TestVerdict,
  reply: TimedReply,
  outcome: Outcome,
  loading: string,
): VisibleResult {
  const { stdout, truncated } = printed(reply);
  const text = cleanText(loading + stdout);
  const readable = outcome.verdict === 'OK' && outcome.text.length <= ACTUAL_CAP;
  return {
    number: test.number,
    hidden: false,
    verdict,
    args: plainArguments(test.args),
    expected: test.expected,
    ...(readable ? { actual: present(outcome.value) } : {}),
    stdout: text.slice(0, STDOUT_CAP),
    stdout_truncated: truncated || text.length > STDOUT_CAP,
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

/**
 * Runs a submission in a booted child that nobody has used before. The caller kills the child afterwards.
 * Arguments go in one test at a time, expected values never do, and of a hidden test only number and verdict come
 * out. A wrong answer or an exception goes on with the next test; TLE, MLE, OLE or a dead child end the run (SK).
 */
export async function judge(sandbox: Sandbox, request: EvaluationRequest): Promise<Judgement> {
  const timeMs = request.limits?.time_ms ?? DEFAULT_TIME_MS;
  const memoryMb = request.limits?.memory_mb ?? DEFAULT_MEMORY_MB;
  const tests = inRunningOrder(request.tests);
  const total = tests.length;

  const { code, entry_point: entry } = request;
  const wallEnd = performance.now() + RUN_WALL_MS;
  const loaded = await sandbox.ask(
    { t: 'load', n: 0, code, entry, memory_mb: memoryMb },
    { limitMs: LOAD_MS, memoryMb, wallEnd },
  );
  const loading = toOutcome(loaded, 0);
  let heap = heapMb(loaded);
  if (loading.verdict !== 'OK') {
    return {
      verdict: loading.verdict,
      passed: 0,
      total,
      runtime_ms: 0,
      memory_mb: Math.ceil(heap),
      first_failed: null,
      error: loadFailure(loading),
      tests: tests.map((test) => blank(test, 'SK')),
    };
  }

  const spec = JSON.stringify(request.signature ?? {});
  const results: TestResult[] = [];
  let verdict: Verdict = 'AC';
  let firstFailed: number | null = null;
  let runtime = 0;
  let visibleRuntime = 0;
  let stopped = false;
  let loadOutput = printed(loaded).stdout;
  for (const [i, test] of tests.entries()) {
    if (stopped) {
      results.push(blank(test, 'SK'));
      continue;
    }
    const n = i + 1;
    const limitMs = Math.max(1, Math.min(timeMs, TOTAL_MS - runtime));
    const call = { t: 'call' as const, n, args: JSON.stringify(test.args), spec };
    const reply = await sandbox.ask(call, { limitMs, memoryMb, wallEnd });
    const outcome = toOutcome(reply, n);
    const own =
      outcome.verdict === 'OK'
        ? isAccepted(outcome.value, test.expected, request.comparison)
          ? 'AC'
          : 'WA'
        : outcome.verdict;
    runtime += reply.ms;
    if (!test.hidden) {
      visibleRuntime += reply.ms;
      heap = Math.max(heap, own === 'MLE' ? memoryMb : heapMb(reply));
    }
    results.push(test.hidden ? blank(test, own) : visibleResult(test, own, reply, outcome, loadOutput));
    loadOutput = '';
    if (own === 'AC') continue;
    if (verdict === 'AC') verdict = own;
    firstFailed ??= test.number;
    stopped = request.fail_fast === true || stopsTheRun(own) || sandbox.isOver();
  }
  return {
    verdict,
    passed: results.filter((result) => result.verdict === 'AC').length,
    total,
    runtime_ms: Math.round(visibleRuntime / RUNTIME_STEP_MS) * RUNTIME_STEP_MS,
    memory_mb: Math.ceil(heap),
    first_failed: firstFailed,
    error: null,
    tests: results,
  };
}
