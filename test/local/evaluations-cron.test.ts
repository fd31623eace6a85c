import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPending, failOverdue } from '#worker/evaluations/store-claims.ts';
import { storeSubmission } from '#worker/evaluations/store-submission.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  NOW,
  SOON,
  submission,
  system,
  typesOf,
} from '../support/evaluation-bench.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

const putOff = () =>
  bench.rows(`update task_evaluations set next_redrive_at = '2099-01-01T00:00:00Z' where status = 'pending'`);
const claim = (now: string, { limit = 5, except = [] as readonly string[] } = {}) =>
  claimPending(bench.db, { now, leastPauseSeconds: 90, limit, except });

test('claims take what is due once, one of a learner at a time, and put it off longer each time', async () => {
  await putOff();
  const learners = await Promise.all(Array.from({ length: 12 }, () => bench.newTask()));
  const mine = await Promise.all(learners.map(({ learner, task }) => bench.submitted(learner, task)));
  expect(await claim('2026-03-01T10:01:29.000Z')).toEqual([]);
  const claimed = (await Promise.all([claim(SOON), claim(SOON), claim(SOON), claim(SOON)])).flat();
  const rest = [...(await claim(SOON)), ...(await claim(SOON)), ...(await claim(SOON))];
  const ids = [...claimed, ...rest].map(({ evaluation }) => evaluation.id).sort();
  expect(ids).toEqual(mine.map(({ evaluation }) => evaluation.id).sort());
  expect(claimed[0]).toMatchObject({ sealed_code: 'sealed', sealed_output: null, submitted_at: NOW });
  const pauses: unknown[] = [];
  let now = SOON;
  for (let turn = 0; turn < 9; turn += 1) {
    const [row] = await bench.rows(
      `select to_char(next_redrive_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
       from task_evaluations where id = $1`,
      [ids[0]],
    );
    pauses.push((Date.parse(String(row?.at)) - Date.parse(now)) / 1000);
    now = String(row?.at);
    while ((await claim(now)).length > 0);
  }
  expect(pauses).toEqual([90, 90, 120, 240, 480, 960, 1920, 3600, 3600]);
});

test('a hundred submissions of one learner take one place of a claim, behind who has only one waiting', async () => {
  await putOff();
  const [many, one] = [await bench.newTask(), await bench.newTask()];
  for (let at = 0; at < 100; at += 20)
    await Promise.all(Array.from({ length: 20 }, () => bench.submitted(many.learner, many.task)));
  await bench.submitted(one.learner, one.task, { next_redrive_at: LATER });
  const learnersOf = (claimed: { learner_id: string }[]) => claimed.map(({ learner_id }) => learner_id);
  expect(learnersOf(await claim(LATER, { limit: 1 }))).toEqual([one.learner]);
  expect(learnersOf(await claim(LATER, { limit: 8 }))).toEqual([many.learner]);
  expect(learnersOf(await claim(LATER, { except: [many.learner] }))).toEqual([]);
  expect(await claim(LATER)).toHaveLength(1);
});

test('what nobody could judge fails with IE and changes nothing else of its task', async () => {
  const { learner, task } = await bench.newTask();
  const settled = await bench.settle(await bench.submitted(learner, task), judged(2));
  await bench.submitted(learner, task);
  await bench.submitted(learner, task);
  const young = await bench.submitted(learner, task, { now: LATER });
  const fail = () => failOverdue(bench.db, { ...system, before: NOW, cause: 'test', limit: 500 });
  const counts = await Promise.all([fail(), fail(), fail()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
  const log = await bench.checkedLog(task);
  expect(typesOf(log).slice(-2)).toEqual(['evaluation_failed', 'evaluation_failed']);
  expect(log.slice(-2).map(({ payload }) => 'attempt' in payload && payload.attempt)).toEqual([2, 3]);
  const [row] = await bench.rows(
    'select status, score, pending_evaluations, metadata from study_tasks where id = $1',
    [task],
  );
  expect(row).toEqual({
    status: 'completed',
    score: 0.5,
    pending_evaluations: 1,
    metadata: settled?.task.metadata,
  });
  const failed = await bench.rows(
    `select status, verdict from task_evaluations where task_id = $1 and attempt in (2, 3)`,
    [task],
  );
  expect(failed).toEqual(Array(2).fill({ status: 'failed', verdict: 'IE' }));
  // The one that is young enough still gets its result.
  expect(
    await bench.settle({ ...young, task: { ...young.task, version: log.length } }, judged(4)),
  ).toMatchObject({
    outcome: 'settled',
  });
});

test('in 200 races of a submission with expiry each task either expires or is judged', async () => {
  const outcomes = { expired: 0, submitted: 0 };
  for (let batch = 0; batch < 10; batch += 1) {
    const tasks = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        bench.newTask({ status: i % 2 === 0 ? 'scheduled' : 'in_progress', expires_at: NOW }),
      ),
    );
    const expiry = () => expireTasks(bench.db, { ...system, limit: 500 });
    const half = tasks.length / 2;
    const submit = ({ learner, task }: (typeof tasks)[number]) =>
      storeSubmission(bench.db, learner, submission(task));
    // Spread over the time that a cron takes, so that each side wins some.
    const submitLater = async (one: (typeof tasks)[number], place: number) => {
      await sleep(place * 3);
      return submit(one);
    };
    await Promise.all([
      ...tasks.slice(0, half).map(submit),
      expiry(),
      ...tasks.slice(half).map(submitLater),
      expiry(),
    ]);
    const results = tasks.map(async ({ task }) => {
      const types = typesOf(await bench.checkedLog(task));
      const [row] = await bench.rows(
        'select status, pending_evaluations as pending from study_tasks where id = $1',
        [task],
      );
      if (row?.status === 'expired') {
        expect(row.pending).toBe(0);
        expect(types).toEqual(['created', 'status_changed']);
        outcomes.expired += 1;
      } else {
        expect(row).toEqual({ status: 'in_progress', pending: 1 });
        expect(types.at(-1)).toBe('submitted');
        outcomes.submitted += 1;
      }
    });
    await Promise.all(results);
  }
  expect(outcomes.expired + outcomes.submitted).toBe(200);
  expect(Math.min(outcomes.expired, outcomes.submitted)).toBeGreaterThan(0);
});
