import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type FaultStack, startFaultStack, type TaskView } from './kit/fault-stack.ts';
import type { Mutant, Proof, Report, Violation } from './module.ts';
import { FAULT_BUGS } from './mutants/faults.ts';

/** How a neighbour fails: by its fault switch, or by going away. */
type Case = { name: string; fault: Omit<Fault, 'path'> | 'killed' };

const UNUSABLE: readonly Case[] = [
  { name: 'hung', fault: { kind: 'hang' } },
  { name: 'slow', fault: { kind: 'delay', delay_ms: 15_000 } },
  { name: '500', fault: { kind: 'status', status: 500 } },
  { name: 'redirect', fault: { kind: 'status', status: 302 } },
  { name: 'hangs up', fault: { kind: 'reset' } },
  { name: 'HTML', fault: { kind: 'html' } },
  { name: 'broken JSON', fault: { kind: 'garbage' } },
  { name: 'wrong schema', fault: { kind: 'wrong-schema' } },
  { name: 'cut short', fault: { kind: 'truncated' } },
  { name: 'endless body', fault: { kind: 'endless' } },
  { name: 'dripping body', fault: { kind: 'drip', delay_ms: 100 } },
  { name: '100 MiB body', fault: { kind: 'huge' } },
];

/** A judge whose answer has the right shape and is not true. */
const LIES: readonly Case[] = [
  { name: 'passes 12 of 10', fault: { kind: 'patch', patch: { passed: 12, total: 10 } } },
  { name: 'counts one more', fault: { kind: 'patch', patch: { passed: 199 } } },
  { name: 'no number', fault: { kind: 'patch', patch: { runtime_ms: 'NaN' } } },
  { name: 'other submission', fault: { kind: 'patch', patch: { submission_id: 'another' } } },
  { name: 'no tests, accepted', fault: { kind: 'patch', patch: { tests: [] } } },
  { name: 'another verdict', fault: { kind: 'patch', patch: { verdict: 'WA' } } },
  { name: 'internal error', fault: { kind: 'patch', patch: { verdict: 'IE' } } },
];

type Line = { neighbour: string; fault: string; answer: string; ms: number; after: string };

function stateOf({ task, evaluations, events }: TaskView): string {
  const results = events.filter((event) => event.event_type === 'evaluated').length;
  return (
    `${task.status}, score ${task.score}, ${evaluations.map(({ verdict }) => verdict).join('+')}, ` +
    `${results} result, ${task.pending_evaluations} pending`
  );
}

const HEALED = 'completed, score 1, AC, 1 result, 0 pending';

/** Submits while a neighbour fails, and looks at the task when it works again and the cron has passed. */
async function judgeThrough(stack: FaultStack, neighbour: 'evaluator' | 'bank', one: Case): Promise<Line> {
  const task = await stack.newTask();
  const url = stack.urls[neighbour];
  const path = neighbour === 'bank' ? '/internal' : '/v1';
  if (one.fault === 'killed') await stack.killEvaluator();
  else await stack.setFaults(url, [{ path, ...one.fault } as Fault]);
  const { status, ms, body } = await task.submit();
  const meanwhile = stateOf(await task.view());
  if (one.fault === 'killed') await stack.reviveEvaluator();
  else await stack.setFaults(url, []);
  await stack.cron();
  const answer = `${status} ${body.evaluation?.status ?? body.code}`;
  const untouched =
    meanwhile === 'in_progress, score null, , 0 result, 1 pending' ? '' : ` (meanwhile ${meanwhile})`;
  return { neighbour, fault: one.name, answer, ms, after: stateOf(await task.view()) + untouched };
}

const judgedWrongly = ({ fault, answer, after }: Line) =>
  answer !== (fault === LATE ? '200, then 200 evaluated' : '202 pending') || after !== HEALED;

const LATE = 'late duplicate';

/** A first answer that comes after the second one: the first result to come counts, the late one changes nothing. */
async function lateDuplicate(stack: FaultStack): Promise<Line> {
  const task = await stack.newTask();
  await stack.setFaults(stack.urls.evaluator, [{ path: '/v1', kind: 'delay', delay_ms: 2500, times: 1 }]);
  const first = task.submit();
  await sleep(1000);
  const second = await stack.post<{ evaluation: { status: string } }>(
    task.token,
    `${task.route}/evaluate`,
    {},
  );
  const settled = await task.view();
  const { status, ms, body } = await first;
  await stack.setFaults(stack.urls.evaluator, []);
  const after = await task.view();
  const same = after.task.version === settled.task.version ? '' : ' (changed by the late one)';
  const answer = `${second.status}, then ${status} ${body.evaluation?.status ?? body.code}`;
  return { neighbour: 'evaluator', fault: LATE, answer, ms, after: stateOf(after) + same };
}

type HintCase = {
  name: string;
  faults?: Fault[];
  stream?: Record<string, number>;
  answer: RegExp;
  outcome: string;
};

const HINTS: readonly HintCase[] = [
  ...(['hang', 'reset', 'html', 'status'] as const).map((kind) => ({
    name: kind,
    faults: [{ path: '/v1/hints', kind }],
    answer: /^503 tutor-unavailable$/,
    outcome: 'none',
  })),
  { name: 'silent after 2 words', stream: { stall_after_words: 2 }, answer: /^200/, outcome: 'timeout' },
  { name: 'never done', stream: { word_delay_ms: 900 }, answer: /^200/, outcome: 'timeout' },
  { name: 'cut after 2 words', stream: { cut_after_words: 2 }, answer: /^200/, outcome: 'failed' },
];

async function hintThrough(stack: FaultStack, one: HintCase): Promise<Line> {
  const task = await stack.newTask();
  await stack.setFaults(stack.urls.tutor, one.faults ?? []);
  await stack.setStream(one.stream ?? {});
  const at = performance.now();
  const { status, body } = await stack
    .post<{ code?: string }>(task.token, `${task.route}/hint`, {})
    .catch(() => ({ status: 200, body: { code: 'broken off' } }));
  const ms = performance.now() - at;
  await stack.setFaults(stack.urls.tutor, []);
  await stack.setStream({});
  let outcome = 'none';
  for (let tries = 0; tries < 40 && status === 200 && outcome === 'none'; tries += 1) {
    await sleep(100);
    const { events } = await task.view();
    const end = events.find((event) => event.event_type === 'tutor_interaction');
    if (end !== undefined) outcome = (end.payload as { outcome: string }).outcome;
  }
  const { hints_used } = (await task.view()).task;
  return {
    neighbour: 'tutor',
    fault: one.name,
    answer: `${status} ${body.code ?? ''}`.trim(),
    ms,
    after: `${hints_used} counted, outcome ${outcome}`,
  };
}

function hintedWrongly({ fault, answer, after }: Line): boolean {
  const expected = HINTS.find(({ name }) => name === fault);
  if (expected === undefined || !expected.answer.test(answer)) return true;
  const { outcome } = expected;
  return after !== `${outcome === 'none' ? 0 : 1} counted, outcome ${outcome}`;
}

/** Two evaluations run, the runtime is killed, and a third is asked for: the leases are still held. */
async function killedWithLeases(stack: FaultStack, forget: boolean): Promise<Line> {
  const task = await stack.newTask();
  await stack.setFaults(stack.urls.evaluator, [{ path: '/v1', kind: 'hang' }]);
  const running = [task.submit(), task.submit()].map((submitted) => submitted.catch(() => null));
  while ((await task.view()).task.pending_evaluations < 2) await sleep(50);
  const at = performance.now();
  await stack.restartWorker(forget);
  await Promise.all(running);
  const third = await task.submit();
  const retry = third.headers.get('retry-after');
  await stack.setFaults(stack.urls.evaluator, []);
  return {
    neighbour: 'Worker',
    fault: forget ? 'killed, leases lost' : 'killed with two leases held',
    answer: `${third.status} ${third.body.code ?? third.body.evaluation?.status}`,
    ms: performance.now() - at,
    after: `retry after ${retry} s; ${(await task.view()).task.attempts} attempts`,
  };
}

const keepsLimit = ({ answer, after }: Line) =>
  answer === '429 too-many-evaluations' && /^retry after [0-9]+ s; 2 attempts$/.test(after);

function named<One extends { name: string }>(all: readonly One[], name: string): One {
  const one = all.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`no fault is called ${name}`);
  return one;
}

/** What a planted bug does under a fault of the evaluator; null when it does nothing wrong. */
async function misjudged(stack: FaultStack, fault: string): Promise<string | null> {
  const line = await judgeThrough(stack, 'evaluator', named([...UNUSABLE, ...LIES], fault));
  return judgedWrongly(line) ? `${line.answer}; ${line.after}` : null;
}

async function misledHint(stack: FaultStack, fault: string): Promise<string | null> {
  const line = await hintThrough(stack, named(HINTS, fault));
  return hintedWrongly(line) ? `${line.answer}; ${line.after}` : null;
}

async function run({ say }: Parameters<Proof['run']>[0]): Promise<Report> {
  const startedAt = performance.now();
  const stack = await startFaultStack();
  const rows: Report['rows'] = [];
  const violations: Violation[] = [];
  const mutants: Mutant[] = [];

  async function section(
    name: string,
    cases: readonly (() => Promise<Line>)[],
    isWrong: (line: Line) => boolean,
  ) {
    const began = performance.now();
    const faults: Record<string, number> = {};
    let bad = 0;
    for (const one of cases) {
      const line = await one();
      faults[line.fault] = (faults[line.fault] ?? 0) + 1;
      say(
        `${line.neighbour.padEnd(9)} ${line.fault.padEnd(28)} ${line.answer.padEnd(26)} ${(line.ms / 1000).toFixed(2).padStart(6)} s  ${line.after}`,
      );
      if (!isWrong(line)) continue;
      bad += 1;
      violations.push({
        what: `${line.neighbour}, ${line.fault}: ${line.answer}; ${line.after}`,
        replay: 'faults',
      });
    }
    rows.push({
      name,
      runs: cases.length,
      faults,
      violations: bad,
      seconds: (performance.now() - began) / 1000,
    });
  }

  try {
    say('neighbour fault                        answer                          time  state after recovery');
    const killed: Case = { name: 'killed', fault: 'killed' };
    const judges = [...UNUSABLE, ...LIES, killed].map((one) => () => judgeThrough(stack, 'evaluator', one));
    await section('evaluator fails', [...judges, () => lateDuplicate(stack)], judgedWrongly);
    await section(
      'bank fails',
      UNUSABLE.map((one) => () => judgeThrough(stack, 'bank', one)),
      judgedWrongly,
    );
    await section(
      'tutor fails',
      HINTS.map((one) => () => hintThrough(stack, one)),
      hintedWrongly,
    );
    await section('Worker killed', [() => killedWithLeases(stack, false)], (line) => !keepsLimit(line));

    const forgotten = await killedWithLeases(stack, true);
    mutants.push({
      name: 'leases kept in memory alone',
      caught: keepsLimit(forgotten) ? null : forgotten.answer,
    });
    for (const { name, change, neighbour, fault } of FAULT_BUGS) {
      await stack.plantBug(change);
      const caught = neighbour === 'tutor' ? await misledHint(stack, fault) : await misjudged(stack, fault);
      mutants.push({ name, caught });
    }
    return { rows, violations, mutants, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await stack.close();
  }
}

/** Neighbours that fail in every way: what the learner is answered, how soon, and how it stands after recovery. */
export const proof: Proof = { name: 'faults', seconds: 80, run };
