import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { UpstreamError } from '#worker/clients/http.ts';
import type { Context } from '#worker/context.ts';
import { StorageError } from '#worker/db/client.ts';
import { AppError } from '#worker/errors.ts';
import { rerun } from '#worker/evaluations/rerun.ts';
import { run } from '#worker/evaluations/run.ts';
import { submit } from '#worker/evaluations/submit.ts';
import { runJobs } from '#worker/jobs/index.ts';
import { type EvaluationBench, evaluationBench } from '../support/evaluation-bench.ts';
import { accepted, body, down, evaluationWorld, type World } from '../support/evaluation-world.ts';

let bench: EvaluationBench;
let worlds: ReturnType<typeof evaluationWorld>;
const trips: string[] = [];

beforeAll(async () => {
  bench = await evaluationBench(({ statement }) => trips.push(statement));
  worlds = evaluationWorld(bench.db);
});
afterAll(() => bench.close());
afterEach(() => {
  expect(worlds.slots.held(), 'every slot is given back').toBe(0);
  worlds.forget();
});

const world = (parts: World = {}) => worlds.world(parts);

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
  expect(worlds.seen.judgings).toEqual([`${answer.evaluation.submission_id}:1`]);
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
    expect(worlds.seen.logged).toContain('evaluation-not-judged');
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
    ...bench.db,
    transact: (transaction, steps, answers) =>
      transaction.name === 'settle-evaluation'
        ? Promise.reject(
            new StorageError(transaction.name, {
              kind: 'unavailable',
              sqlstate: null,
              constraint: null,
              repeat: 'safe',
            }),
          )
        : bench.db.transact(transaction, steps, answers),
  };
  const answer = await submit(world({ db }), learner, task, body);
  expect(answer.evaluation.status).toBe('pending');
  expect(worlds.seen.logged).toContain('result-not-stored');
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
  await expect.poll(() => worlds.slots.held()).toBe(2);
  const refused = await submit(world(), learner, task, body).catch((error: unknown) => error);
  if (!(refused instanceof AppError)) throw new Error('not refused');
  expect(refused.code).toBe('too-many-evaluations');
  expect(refused.extras.retryAfter).toBe(45);
  expect(refused.extras.headers).toEqual({
    'ratelimit-policy': '"evaluations";q=2;qu="concurrent-requests"',
    ratelimit: '"evaluations";r=0;t=45',
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
  await worlds.pool.acquire(learner, 'one');
  await worlds.pool.acquire(learner, 'two');
  expect(await at('2026-03-01T10:01:30.000Z')).toMatchObject({ counts: { busy: 1 } });
  await worlds.pool.release(learner, 'one');
  await worlds.pool.release(learner, 'two');

  const db: Context['db'] = {
    ...bench.db,
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
