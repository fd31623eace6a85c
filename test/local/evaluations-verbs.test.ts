import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { ProblemBundle, ProblemSummary } from '#contract/problem-bank.ts';
import { UpstreamError } from '#worker/clients/http.ts';
import type { Context } from '#worker/context.ts';
import { createCipher } from '#worker/crypto/cipher.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { StorageError } from '#worker/db/client.ts';
import { Config } from '#worker/env.ts';
import { AppError } from '#worker/errors.ts';
import { rerun } from '#worker/evaluations/rerun.ts';
import { run } from '#worker/evaluations/run.ts';
import { decideSlot, type Lease, leaseFor, liveLeases } from '#worker/evaluations/slot-rules.ts';
import { createSlotPool } from '#worker/evaluations/slots.ts';
import { submit } from '#worker/evaluations/submit.ts';
import { runJobs } from '#worker/jobs/index.ts';
import { type EvaluationBench, evaluationBench, NOW } from '../support/evaluation-bench.ts';

const config = Config.parse({
  DATABASE_URL: 'postgres://a:b@c/d',
  JWKS_URL: 'http://localhost/jwks',
  PROBLEM_BANK_URL: 'http://localhost',
  PROBLEM_BANK_API_KEY: 'bank-key',
  EVAL_SERVICE_URL: 'http://localhost',
  EVAL_SERVICE_API_KEY: 'eval-key',
  TUTOR_URL: 'http://localhost',
  TUTOR_API_KEY: 'tutor-key',
  CODE_ENCRYPTION_KEYS: `k1:${btoa('k'.repeat(32))}`,
  CURSOR_SIGNING_KEY: 'x'.repeat(32),
});

const bundle: ProblemBundle = {
  problem_id: 'two-sum',
  content_hash: 'c'.repeat(64),
  tests_hash: 't'.repeat(64),
  entry_point: 'two_sum',
  comparison: 'exact',
  signature: null,
  languages: ['python', 'javascript'],
  hints: [],
  tests: [
    { number: 1, hidden: false, args: [1], expected: 1 },
    { number: 2, hidden: true, args: ['SECRET'], expected: 'SECRET' },
  ],
};

/** An evaluator that accepts everything it is asked. */
function accepted(request: EvaluationRequest): EvaluationResponse {
  return {
    evaluation_id: 'e',
    submission_id: request.submission_id,
    verdict: 'AC',
    passed: request.tests.length,
    total: request.tests.length,
    runtime_ms: 5,
    memory_mb: 8,
    first_failed: null,
    error: null,
    tests: request.tests.map(({ number, hidden, args, expected }) =>
      hidden
        ? { number, hidden, verdict: 'AC' }
        : {
            number,
            hidden,
            verdict: 'AC',
            args,
            expected,
            actual: expected,
            stdout: 'NUL \0 and \ud800',
            stdout_truncated: false,
            error: null,
            runtime_ms: 1,
          },
    ),
    engine: { name: 'judge', version: '1', language_version: '3' },
  };
}

let bench: EvaluationBench;
const trips: string[] = [];
const slots = new Map<string, Lease[]>();
let logged: string[] = [];
let judgings: string[] = [];

beforeAll(async () => {
  bench = await evaluationBench(({ statement }) => trips.push(statement));
});
afterAll(() => bench.close());
afterEach(() => {
  const held = [...slots.values()].flat();
  expect(held, 'every slot is given back').toEqual([]);
  [logged, judgings] = [[], []];
});

/** The slot rules over a map instead of a Durable Object. */
const pool = createSlotPool(
  {
    getByName: (name) => ({
      async acquire(leaseId, policy) {
        const leases = slots.get(name) ?? [];
        const answer = decideSlot(leases, leaseId, policy, Date.now());
        const others = liveLeases(leases, Date.now()).filter((lease) => lease.leaseId !== leaseId);
        if (answer.ok) slots.set(name, [...others, { leaseId, expiresAt: Date.now() + policy.leaseMs }]);
        return answer;
      },
      async release(leaseId) {
        slots.set(
          name,
          (slots.get(name) ?? []).filter((lease) => lease.leaseId !== leaseId),
        );
        return { ok: true };
      },
      erase: () => Promise.reject(new Error('not part of these tests')),
    }),
  },
  { limit: 2, leaseMs: leaseFor(30) },
);

type World = {
  evaluate?: (request: EvaluationRequest) => Promise<EvaluationResponse>;
  bundle?: () => Promise<ProblemBundle | null>;
  list?: () => Promise<ProblemSummary[]>;
  db?: Context['db'];
  now?: string;
};

function world({ evaluate, bundle: getBundle, list, db = bench.db, now = NOW }: World = {}): Context {
  const unused = () => Promise.reject(new Error('not part of these tests'));
  const line = (event: string) => logged.push(event);
  return {
    config,
    db,
    problemBank: {
      get: unused,
      moduleSizes: unused,
      getMany: unused,
      bundle: getBundle ?? (async () => bundle),
      list: list ?? (async () => []),
    },
    evaluator: {
      async evaluate(request, { key }) {
        judgings.push(key);
        return evaluate === undefined ? accepted(request) : evaluate(request);
      },
    },
    tutor: { open: unused },
    slots: pool,
    archive: null,
    cipher: createCipher(config.CODE_ENCRYPTION_KEYS),
    cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
    actor: { type: 'learner' },
    requestId: 'verbs',
    now,
    newId: () => randomUUID(),
    background: () => undefined,
    log: { info: line, warn: line, error: line },
  };
}

const down = () => Promise.reject(new UpstreamError('evaluator', 'timeout'));
const body = { language: 'python' as const, code: 'def two_sum(n): return n' };

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error.code;
}

test('a submission is judged and settled in two round trips; what a program prints can be stored', async () => {
  const { learner, task } = await bench.newTask();
  trips.length = 0;
  const answer = await submit(world(), learner, task, body);
  expect(trips).toEqual(['store-submission', 'settle-evaluation']);
  expect(answer).toMatchObject({
    evaluation: { status: 'evaluated', verdict: 'AC', score: 1 },
    task: { status: 'completed', score: 1, pending_evaluations: 0 },
  });
  expect(answer.evaluation.tests?.[0]).toMatchObject({ stdout: 'NUL \uFFFD and \uFFFD' });
  expect(JSON.stringify(answer)).not.toContain('SECRET');
  expect(judgings).toEqual([`${answer.evaluation.submission_id}:1`]);
  await bench.checkedLog(task);
});

const OUTAGES: [string, World][] = [
  ['evaluator', { evaluate: down }],
  ['problem bank', { bundle: () => Promise.reject(new UpstreamError('problem-bank', 'network')) }],
  ['problem', { bundle: async () => null }],
];

test.each(OUTAGES)(
  'without the %s a submission stays pending, and evaluate judges it later',
  async (_, broken) => {
    const { learner, task } = await bench.newTask();
    const pending = await submit(world(broken), learner, task, body);
    expect(pending).toMatchObject({
      evaluation: { status: 'pending', verdict: null },
      task: { status: 'in_progress', pending_evaluations: 1 },
    });
    expect(logged).toContain('evaluation-not-judged');
    const judged = await rerun(world(), learner, task, {});
    expect(judged).toMatchObject({ evaluation: { id: pending.evaluation.id, status: 'evaluated' } });
    expect(await codeOf(rerun(world(), learner, task, {}))).toBe('nothing-to-evaluate');
    expect(await codeOf(rerun(world(), learner, task, { submission_id: randomUUID() }))).toBe('not-found');
    await bench.checkedLog(task);
  },
);

test('a database that fails between the two writes leaves the submission pending', async () => {
  const { learner, task } = await bench.newTask();
  const db: Context['db'] = {
    query: (statement, params) =>
      statement.name === 'settle-evaluation'
        ? Promise.reject(
            new StorageError(statement.name, {
              kind: 'unavailable',
              sqlstate: null,
              constraint: null,
              repeat: 'safe',
            }),
          )
        : bench.db.query(statement, params),
  };
  const answer = await submit(world({ db }), learner, task, body);
  expect(answer.evaluation.status).toBe('pending');
  expect(logged).toContain('result-not-stored');
});

test('the third evaluation at once is refused with its headers and stores nothing', async () => {
  const { learner, task } = await bench.newTask();
  const gate = Promise.withResolvers<void>();
  const slow = world({
    evaluate: async (request) => {
      await gate.promise;
      return accepted(request);
    },
  });
  const running = [submit(slow, learner, task, body), run(slow, learner, task, body)];
  await expect.poll(() => slots.get(learner)?.length).toBe(2);
  const refused = await submit(world(), learner, task, body).catch((error: unknown) => error);
  if (!(refused instanceof AppError)) throw new Error('not refused');
  expect(refused.code).toBe('too-many-evaluations');
  expect(refused.extras.retryAfter).toBe(30);
  expect(refused.extras.headers).toEqual({
    'ratelimit-policy': '"evaluations";q=2;qu="concurrent-requests"',
    ratelimit: '"evaluations";r=0;t=30',
  });
  gate.resolve();
  const [submitted] = await Promise.all(running);
  expect(submitted).toMatchObject({ task: { attempts: 1 } });
});

test('what is accepted goes on in the background when nobody waits for the answer', async () => {
  const { learner, task } = await bench.newTask();
  const work: Promise<unknown>[] = [];
  const ctx = { ...world(), background: (promise: Promise<unknown>) => work.push(promise) };
  submit(ctx, learner, task, body).catch(() => undefined);
  await expect.poll(() => work.length).toBe(1);
  expect(await work[0]).toMatchObject({ evaluation: { status: 'evaluated' } });
});

test('a language of the catalogue that the problem lacks is refused before anything is stored', async () => {
  const { learner, task } = await bench.newTask();
  const summary: ProblemSummary = {
    problem_id: 'two-sum',
    title: 'Two sum',
    module: 'hashing',
    topic_tags: [],
    difficulty: 1,
    languages: ['javascript'],
    expected_minutes: null,
    content_hash: 'c',
  };
  const refused = submit(world({ list: async () => [summary] }), learner, task, body);
  expect(await codeOf(refused)).toBe('unsupported-language');
  expect(await bench.checkedLog(task)).toHaveLength(1);
});

test('a run judges the visible tests, and says which neighbour is missing', async () => {
  const { learner, task } = await bench.newTask();
  trips.length = 0;
  const result = await run(world(), learner, task, body);
  expect(trips).toEqual(['find-runnable-task']);
  expect(result).toMatchObject({ verdict: 'AC', test_cases_total: 1 });
  expect(await codeOf(run(world({ evaluate: down }), learner, task, body))).toBe('evaluator-unavailable');
  const noBank = world({ bundle: () => Promise.reject(new UpstreamError('problem-bank', 'status')) });
  expect(await codeOf(run(noBank, learner, task, body))).toBe('problem-bank-unavailable');
  expect(await codeOf(run(world(), 'somebody-else', task, body))).toBe('not-found');
  const lesson = await bench.newTask({ kind: 'lesson' });
  expect(await codeOf(run(world(), lesson.learner, lesson.task, body))).toBe('invalid-transition');
  expect(await bench.checkedLog(task)).toHaveLength(1);
});

test('the cron judges what is due, waits for a free slot, and one failing job does not stop the others', async () => {
  await bench.rows(
    `update task_evaluations set next_redrive_at = '2099-01-01T00:00:00Z' where status = 'pending'`,
  );
  const { learner, task } = await bench.newTask();
  await submit(world({ evaluate: down }), learner, task, body);
  const at = (now: string, more: World = {}) =>
    runJobs(world({ ...more, now }), '* * * * *').then((reports) => reports[0]);

  expect(await at('2026-03-01T10:01:29.000Z')).toMatchObject({ counts: { settled: 0 } });
  await pool.acquire(learner, 'one');
  await pool.acquire(learner, 'two');
  expect(await at('2026-03-01T10:01:30.000Z')).toMatchObject({ counts: { busy: 1 } });
  await pool.release(learner, 'one');
  await pool.release(learner, 'two');

  const db: Context['db'] = {
    query: (statement, params) =>
      statement.name === 'claim-pending-evaluations'
        ? Promise.reject(new TypeError('a bug that quotes code'))
        : bench.db.query(statement, params),
  };
  const reports = await runJobs(world({ db, now: '2026-03-01T10:04:00.000Z' }), '* * * * *');
  expect(reports).toMatchObject([
    { job: 'redrive-evaluations', ok: false, error: 'TypeError' },
    { job: 'expire-tasks', ok: true },
    { job: 'due-reviews', ok: true },
    { job: 'measure-backlog', ok: true, counts: { pending_evaluations: 2, oldest_pending_seconds: 240 } },
  ]);

  const both = await Promise.all([at('2026-03-01T10:05:00.000Z'), at('2026-03-01T10:05:00.000Z')]);
  const settled = both.map((report) => (report?.ok ? (report.counts.settled ?? 0) : 0));
  expect(settled[0]).not.toBe(settled[1]);
  expect(Math.max(...settled)).toBe(1);
  const log = await bench.checkedLog(task);
  expect(log.map((fact) => fact.event_type)).toEqual([
    'created',
    'started',
    'submitted',
    'evaluated',
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
  const [event] = await bench.rows('select actor from task_events where task_id = $1 and seq = 4', [task]);
  expect(event?.actor).toEqual({ type: 'system', job: 'redrive-evaluations' });
});
