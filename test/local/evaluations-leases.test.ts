import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EvaluationRequest } from '#contract/evaluator.ts';
import { UpstreamError } from '#worker/clients/http.ts';
import { run } from '#worker/evaluations/run.ts';
import { submit } from '#worker/evaluations/submit.ts';
import { type EvaluationBench, evaluationBench } from '../support/evaluation-bench.ts';
import { accepted, body, evaluationWorld } from '../support/evaluation-world.ts';

/** A lease far shorter than the run that it is held for, in milliseconds. */
const LEASE = { leaseMs: 1500, renewMs: 250 };
const RUN_MS = 3500;

let bench: EvaluationBench;
let worlds: ReturnType<typeof evaluationWorld>;
beforeAll(async () => {
  bench = await evaluationBench();
});
beforeEach(() => {
  worlds = evaluationWorld(bench.db, LEASE);
});
afterAll(() => bench.close());

const timeout = () => Promise.reject(new UpstreamError('evaluator', 'timeout'));

test('a lease lives as long as its run, however long that takes, and ends with its answer', async () => {
  const { learner, task } = await bench.newTask();
  let going = 0;
  const slow = worlds.world({
    async evaluate(request) {
      going += 1;
      await sleep(RUN_MS);
      going -= 1;
      return accepted(request);
    },
  });
  const running = [submit(slow, learner, task, body), run(slow, learner, task, body)];
  await expect.poll(() => going).toBe(2);
  let looks = 0;
  for (; going === 2; looks += 1) {
    const third = await worlds.pool.acquire(learner, `third-${looks}`);
    if (going === 2) expect(third, 'no slot is free while both runs go').toMatchObject({ ok: false });
    await sleep(100);
  }
  await Promise.all(running);
  expect(looks).toBeGreaterThan(10);
  expect(worlds.seen.logged).not.toContain('slot-lost');
  await expect.poll(() => worlds.pool.acquire(learner, 'next')).toEqual({ ok: true });
});

test('a run that outlasts the deadline is cancelled under its key, and gives its slot back once that is confirmed', async () => {
  const { learner, task } = await bench.newTask();
  const answer = await submit(worlds.world({ evaluate: timeout }), learner, task, body);
  expect(answer.evaluation.status).toBe('pending');
  expect(worlds.seen.cancelled).toEqual([`${answer.evaluation.submission_id}:1`]);
  expect(worlds.slots.held()).toBe(0);
});

test('without a confirmed cancel the slot stays taken, and its lease ends by itself', async () => {
  const { learner, task } = await bench.newTask();
  const lost = worlds.world({ evaluate: timeout, cancel: async () => false });
  const ended = Date.now();
  await Promise.all([submit(lost, learner, task, body), submit(lost, learner, task, body)]);
  expect(worlds.slots.held(), 'nobody knows whether the runs still go').toBe(2);
  const refused = await worlds.pool.acquire(learner, 'third');
  expect(refused).toMatchObject({ ok: false, limit: 2 });
  const wait = refused.ok ? 0 : refused.retryAfterSeconds * 1000;
  expect(wait).toBeLessThanOrEqual(Math.ceil(LEASE.leaseMs / 1000) * 1000);
  await sleep(wait);
  expect(await worlds.pool.acquire(learner, 'third'), 'the refusal said when').toEqual({ ok: true });
  expect(Date.now() - ended).toBeGreaterThanOrEqual(LEASE.leaseMs);
});

const ENDED = [
  [
    'a judge that is full',
    { evaluate: () => Promise.reject(new UpstreamError('evaluator', 'status', { status: 503 })) },
  ],
  [
    'a judge that talks nonsense',
    { evaluate: () => Promise.reject(new UpstreamError('evaluator', 'wrong-schema')) },
  ],
  ['a bank that is down', { bundle: () => Promise.reject(new UpstreamError('problem-bank', 'timeout')) }],
] as const;

test.each(ENDED)('after %s nothing runs: nothing is cancelled and the slot is free', async (_, broken) => {
  const { learner, task } = await bench.newTask();
  await submit(worlds.world({ ...broken, cancel: async () => false }), learner, task, body);
  expect(worlds.seen.cancelled).toEqual([]);
  expect(worlds.slots.held()).toBe(0);
});

test('the judge knows a learner by a keyed pseudonym, the same for each of their submissions', async () => {
  const [one, two] = [await bench.newTask(), await bench.newTask()];
  const asked: EvaluationRequest[] = [];
  const world = worlds.world({
    async evaluate(request) {
      asked.push(request);
      return accepted(request);
    },
  });
  await submit(world, one.learner, one.task, body);
  await run(world, one.learner, one.task, body);
  await submit(world, two.learner, two.task, body);
  const names = asked.map(({ learner }) => learner);
  expect(names[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(names[1]).toBe(names[0]);
  expect(names[2]).not.toBe(names[0]);
  expect(JSON.stringify(asked)).not.toContain(one.learner);
});
