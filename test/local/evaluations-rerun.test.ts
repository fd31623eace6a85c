import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failOverdue } from '#worker/evaluations/store-claims.ts';
import { requestRerun } from '#worker/evaluations/store-rerun.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  NOW,
  SOON,
  stamp,
  system,
  typesOf,
} from '../support/evaluation-bench.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

test('a rerun of a settled submission is its next run and keeps the first time and code', async () => {
  const { learner, task } = await bench.newTask();
  const first = await bench.submitted(learner, task);
  await bench.settle(first, judged(1));
  const wish = {
    ...stamp,
    now: LATER,
    task_id: task,
    submission_id: first.evaluation.submission_id,
    evaluation_id: randomUUID(),
    next_redrive_at: LATER,
  };
  const again = await requestRerun(bench.db, learner, wish);
  expect(again).toMatchObject({
    outcome: 'requested',
    evaluation: { id: wish.evaluation_id, attempt: 1, run: 2, status: 'pending', created_at: LATER },
    task: { attempts: 1, pending_evaluations: 1 },
    submitted_at: NOW,
    sealed_code: 'sealed',
  });
  // The same request once more, and another one while that run is pending, add nothing.
  expect(await requestRerun(bench.db, learner, wish)).toMatchObject({
    evaluation: { id: wish.evaluation_id, run: 2, status: 'pending' },
  });
  const other = { ...wish, evaluation_id: randomUUID() };
  expect(await requestRerun(bench.db, learner, other)).toMatchObject({
    outcome: 'found',
    evaluation: { run: 2 },
  });
  if (again?.outcome !== 'requested') throw new Error('not requested');
  expect(await bench.settle(again, judged(4))).toMatchObject({
    outcome: 'settled',
    task: { score: 1, metadata: { first_score: 0.25 } },
  });
  // Sent again after its result came, it answers that result.
  expect(await requestRerun(bench.db, learner, wish)).toMatchObject({
    evaluation: { run: 2, status: 'evaluated' },
  });
  expect(typesOf(await bench.checkedLog(task)).slice(-2)).toEqual(['evaluation_requested', 'evaluated']);
});

test('without a submission the newest pending or failed one is taken, and nothing when all have results', async () => {
  const { learner, task } = await bench.newTask();
  const wish = () => ({
    ...stamp,
    task_id: task,
    submission_id: null,
    evaluation_id: randomUUID(),
    next_redrive_at: SOON,
  });
  expect(await requestRerun(bench.db, learner, wish())).toEqual({ outcome: 'nothing' });
  const first = await bench.submitted(learner, task);
  expect(await requestRerun(bench.db, learner, wish())).toMatchObject({
    outcome: 'found',
    evaluation: { id: first.evaluation.id },
  });
  await failOverdue(bench.db, { ...system, before: NOW, cause: 'test', limit: 500 });
  const rerun = await requestRerun(bench.db, learner, wish());
  expect(rerun).toMatchObject({ outcome: 'requested', evaluation: { attempt: 1, run: 2 } });
  if (rerun?.outcome !== 'requested') throw new Error('not requested');
  await bench.settle(rerun, judged(4));
  expect(await requestRerun(bench.db, learner, wish())).toEqual({ outcome: 'nothing' });
  const unknown = { ...wish(), submission_id: randomUUID() };
  expect(await requestRerun(bench.db, learner, unknown)).toEqual({ outcome: 'nothing' });
  await bench.checkedLog(task);
});

test('five reruns at once make one run', async () => {
  const { learner, task } = await bench.newTask();
  const first = await bench.submitted(learner, task);
  await bench.settle(first, judged(1));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      requestRerun(bench.db, learner, {
        ...stamp,
        task_id: task,
        submission_id: first.evaluation.submission_id,
        evaluation_id: randomUUID(),
        next_redrive_at: SOON,
      }),
    ),
  );
  expect(answers.map((answer) => answer?.outcome).sort()).toEqual([
    'found',
    'found',
    'found',
    'found',
    'requested',
  ]);
  await bench.checkedLog(task);
});
