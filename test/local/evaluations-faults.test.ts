import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EvaluationRequest } from '#contract/evaluator.ts';
import { UpstreamError, type UpstreamFault } from '#worker/clients/http.ts';
import { StorageError } from '#worker/db/client.ts';
import { rerun } from '#worker/evaluations/rerun.ts';
import { countJudgeFault } from '#worker/evaluations/store-faults.ts';
import { submit } from '#worker/evaluations/submit.ts';
import { runJobs } from '#worker/jobs/index.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { changeTask } from '#worker/tasks/verbs.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  SOON,
  stamp,
  system,
  typesOf,
} from '../support/evaluation-bench.ts';
import { accepted, body, down, evaluationWorld, type World } from '../support/evaluation-world.ts';

let bench: EvaluationBench;
let worlds: ReturnType<typeof evaluationWorld>;
beforeAll(async () => {
  bench = await evaluationBench();
});
beforeEach(async () => {
  worlds = evaluationWorld(bench.db);
  await bench.rows(
    `update task_evaluations set next_redrive_at = '2099-01-01T00:00:00Z' where status = 'pending'`,
  );
});
afterAll(() => bench.close());

const failing =
  (kind: UpstreamFault, status?: number): NonNullable<World['evaluate']> =>
  () =>
    Promise.reject(new UpstreamError('evaluator', kind, status === undefined ? {} : { status }));
const faulty = failing('judge-fault');

const faultsOf = async (task: string) =>
  (await bench.rows('select judge_faults from task_evaluations where task_id = $1', [task])).map(
    ({ judge_faults }) => judge_faults,
  );

async function cron(now: string, parts: World = {}): Promise<unknown> {
  const [report] = await runJobs(worlds.world({ ...parts, now }), '* * * * *');
  return report?.ok === true ? report.counts : report;
}

/** When the cron looks next after a judging that failed at `now`: 90 s later, and the pauses are that long at least. */
const minutes = (count: number) => new Date(Date.parse(SOON) + count * 90_000).toISOString();

test('three faults of the judge end a submission, wherever they happen: it failed, and its task can end', async () => {
  const { learner, task } = await bench.newTask();
  const first = await submit(worlds.world({ evaluate: faulty }), learner, task, body);
  expect(first).toMatchObject({ evaluation: { status: 'pending' }, task: { pending_evaluations: 1 } });
  expect(await cron(SOON, { evaluate: failing('too-large') })).toMatchObject({ hindered: 1, settled: 0 });
  expect(await faultsOf(task)).toEqual([2]);
  const last = await rerun(worlds.world({ evaluate: failing('status', 422) }), learner, task, {});
  expect(last).toMatchObject({
    evaluation: { id: first.evaluation.id, status: 'failed', verdict: 'IE', score: null, tests: null },
    task: { status: 'in_progress', pending_evaluations: 0, score: null },
  });
  expect(worlds.seen.logged).toContain('evaluation-given-up');
  const log = await bench.checkedLog(task);
  expect(log.at(-1)).toMatchObject({
    event_type: 'evaluation_failed',
    payload: { cause: 'three-judge-faults' },
  });
  expect(await cron(minutes(9)), 'nothing is left to do').toMatchObject({ settled: 0, hindered: 0 });
  await bench.rows('update study_tasks set expires_at = $2 where id = $1', [task, LATER]);
  await expireTasks(bench.db, { ...system, now: minutes(99), limit: 500 });
  expect(typesOf(await bench.checkedLog(task)).at(-1)).toBe('status_changed');
});

const UNAVAILABLE: [string, NonNullable<World['evaluate']>][] = [
  ['that does not answer', down],
  ['that hangs up', failing('network')],
  ['that is full', failing('status', 503)],
  ['that fails altogether', failing('status', 500)],
  ['behind a page of a proxy', failing('not-json')],
  ['that takes another key', failing('status', 401)],
];

test.each(UNAVAILABLE)('a judge %s is unavailable: no fault is counted', async (_, evaluate) => {
  const { learner, task } = await bench.newTask();
  await submit(worlds.world({ evaluate }), learner, task, body);
  for (let turn = 0; turn < 4; turn += 1)
    expect(await cron(minutes(turn * 9), { evaluate })).toMatchObject({ unavailable: 1 });
  expect(await faultsOf(task)).toEqual([0]);
  expect(await cron(minutes(99))).toMatchObject({ settled: 1 });
});

test('a result after two faults counts, and so does one that comes before the third', async () => {
  const { learner, task } = await bench.newTask();
  await submit(worlds.world({ evaluate: faulty }), learner, task, body);
  await cron(SOON, { evaluate: faulty });
  expect(await rerun(worlds.world(), learner, task, {})).toMatchObject({
    evaluation: { status: 'evaluated', verdict: 'AC' },
  });

  const other = await bench.newTask();
  const seen = await bench.submitted(other.learner, other.task);
  const fault = () =>
    countJudgeFault(bench.db, other.learner, {
      ...stamp,
      task_id: other.task,
      evaluation_id: seen.evaluation.id,
    });
  await fault();
  await bench.settle(seen, judged(4));
  expect(await fault()).toMatchObject({ outcome: 'settled', evaluation: { verdict: 'AC' } });
  expect(await faultsOf(other.task)).toEqual([1]);
});

test('of ten faults at once the third ends it, once, and a late result changes nothing', async () => {
  const { learner, task } = await bench.newTask();
  const seen = await bench.submitted(learner, task);
  const about = { ...stamp, task_id: task, evaluation_id: seen.evaluation.id };
  const all = await Promise.all(Array.from({ length: 10 }, () => countJudgeFault(bench.db, learner, about)));
  const outcomes = all.map((one) => one?.outcome).sort();
  expect(outcomes).toEqual(['counted', 'counted', 'ended', ...Array(7).fill('settled')]);
  expect(typesOf(await bench.checkedLog(task)).filter((type) => type === 'evaluation_failed')).toHaveLength(
    1,
  );
  expect(await faultsOf(task)).toEqual([3]);
  expect(await bench.settle({ ...seen, task: { ...seen.task, version: 4 } }, judged(4))).toMatchObject({
    outcome: 'already',
    evaluation: { status: 'failed' },
  });
  expect(await countJudgeFault(bench.db, 'somebody-else', about)).toBeUndefined();
});

/** A judge that fails over what is poisoned, and knows how often it was asked about that. */
function poisonable() {
  const asked: string[] = [];
  return {
    asked,
    async evaluate(request: EvaluationRequest) {
      if (!request.code.includes('poison')) return accepted(request);
      asked.push(request.submission_id);
      throw new UpstreamError('evaluator', 'judge-fault');
    },
  };
}

const poison = { ...body, code: 'poison' };

test('a hundred poisoned submissions of one learner delay nobody: who is due is judged in the first run', async () => {
  const hostile = await bench.newTask();
  const offline = worlds.world({ evaluate: down });
  for (let at = 0; at < 100; at += 1) await submit(offline, hostile.learner, hostile.task, poison);
  const honest = await Promise.all(Array.from({ length: 20 }, () => bench.newTask()));
  for (const { learner, task } of honest) await submit(offline, learner, task, body);

  const judge = poisonable();
  expect(await cron(SOON, judge)).toMatchObject({ settled: 20, hindered: 1, unavailable: 0, busy: 0 });
  expect(judge.asked).toHaveLength(1);
  expect(await cron(minutes(1), judge), 'the next run tries the next one').toMatchObject({ hindered: 1 });
  expect(new Set(judge.asked).size).toBe(2);
});

test('batches of which nothing could be judged do not end the run; a service that is down does', async () => {
  const hostile = await Promise.all(Array.from({ length: 17 }, () => bench.newTask()));
  const offline = worlds.world({ evaluate: down });
  for (const { learner, task } of hostile) await submit(offline, learner, task, poison);
  const honest = await bench.newTask();
  await submit(worlds.world({ evaluate: down, now: LATER }), honest.learner, honest.task, body);

  const due = new Date(Date.parse(LATER) + 90_000).toISOString();
  expect(await cron(due, poisonable()), 'the honest one is due last').toMatchObject({
    settled: 1,
    hindered: 17,
  });

  const later = new Date(Date.parse(due) + 90_000).toISOString();
  expect(await cron(later, { evaluate: down })).toMatchObject({ unavailable: 8, settled: 0 });
});

/** Lets the database do the next statement with that text, and lose its answer. */
async function losingAnswers<T>(match: string, work: () => Promise<T>): Promise<T> {
  const faults = new URL('/__local/faults', bench.fetchEndpoint);
  const put = (list: unknown[]) => fetch(faults, { method: 'PUT', body: JSON.stringify(list) });
  expect((await put([{ kind: 'after-commit', match, times: 1 }])).ok).toBe(true);
  try {
    return await work();
  } finally {
    await put([]);
  }
}

/** Bug: every transaction was sent again when its answer was lost, also one that no guard keeps from happening twice. */
test('a fault of the judge whose answer was lost is counted once', async () => {
  const { learner, task } = await bench.newTask();
  const { evaluation } = await bench.submitted(learner, task);
  const fault = { ...system, task_id: task, evaluation_id: evaluation.id };
  await losingAnswers('judge_faults', () =>
    expect(countJudgeFault(bench.db, learner, fault)).rejects.toBeInstanceOf(StorageError),
  );
  const [row] = await bench.rows('select judge_faults as n from task_evaluations where id = $1', [
    evaluation.id,
  ]);
  expect(row?.n).toBe(1);
});

test('a change on a version whose answer was lost is unknown to its sender, and not a change that came too late', async () => {
  const { learner, task } = await bench.newTask();
  const ctx = { db: bench.db, actor: { type: 'learner' }, requestId: 'test', now: LATER } as const;
  await losingAnswers('update study_tasks', () =>
    expect(changeTask(ctx, learner, task, { metadata: { note: 'x' } }, [1])).rejects.toBeInstanceOf(
      StorageError,
    ),
  );
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created', 'metadata_changed']);
});
