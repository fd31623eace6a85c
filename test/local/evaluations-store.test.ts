import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Evaluation } from '#contract/submissions.ts';
import { Task } from '#contract/tasks.ts';
import type { StoredEvaluation } from '#worker/evaluations/store.ts';
import { requestRerun } from '#worker/evaluations/store-rerun.ts';
import { storeSubmission } from '#worker/evaluations/store-submission.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  NOW,
  SOON,
  stamp,
  submission,
  typesOf,
} from '../support/evaluation-bench.ts';
import { untilBlocked } from '../support/postgres.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

test('a submission starts its scheduled task and gives it a day', async () => {
  const { learner, task } = await bench.newTask();
  const stored = await bench.submitted(learner, task, { reported_seconds: 30 });
  Task.parse(stored.task);
  Evaluation.parse(stored.evaluation);
  expect(stored.task).toMatchObject({
    status: 'in_progress',
    started_at: NOW,
    expires_at: '2026-03-02T10:00:00.000Z',
    attempts: 1,
    pending_evaluations: 1,
    version: 3,
  });
  expect(stored.evaluation).toMatchObject({ status: 'pending', attempt: 1, run: 1, created_at: NOW });
  expect(stored).toMatchObject({ learner_id: learner, submitted_at: NOW, reported_seconds: 30 });
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created', 'started', 'submitted']);
});

test('a start and an expiry beyond the day stay as they are', async () => {
  const { learner, task } = await bench.newTask({
    status: 'in_progress',
    expires_at: '2026-03-08T00:00:00.000Z',
  });
  const stored = await bench.submitted(learner, task);
  expect(stored.task).toMatchObject({
    started_at: '2026-03-01T09:50:00.000Z',
    expires_at: '2026-03-08T00:00:00.000Z',
  });
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created', 'submitted']);
});

test.each([
  [{ status: 'skipped' }, { outcome: 'refused', status: 'skipped' }],
  [{ status: 'expired' }, { outcome: 'refused', status: 'expired' }],
  [{ kind: 'lesson' }, { outcome: 'refused', kind: 'lesson' }],
] as const)('a task that is %o takes no code', async (seed, outcome) => {
  const { learner, task } = await bench.newTask(seed);
  expect(await storeSubmission(bench.db, learner, submission(task))).toMatchObject(outcome);
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created']);
});

test('a language that the problem does not take is refused before anything is stored', async () => {
  const { learner, task } = await bench.newTask();
  const wish = submission(task, { unsupported: ['other', 'two-sum'] });
  expect(await storeSubmission(bench.db, learner, wish)).toEqual({ outcome: 'unsupported' });
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created']);
});

test("another learner's task is unknown to every statement", async () => {
  const { learner, task } = await bench.newTask();
  const stored = await bench.submitted(learner, task);
  const foreign = 'somebody-else';
  expect(await storeSubmission(bench.db, foreign, submission(task))).toBeUndefined();
  expect(await bench.settle({ ...stored, learner_id: foreign }, judged(4))).toBeUndefined();
  const wish = {
    ...stamp,
    task_id: task,
    submission_id: null,
    evaluation_id: randomUUID(),
    next_redrive_at: SOON,
  };
  expect(await requestRerun(bench.db, foreign, wish)).toBeUndefined();
  expect(typesOf(await bench.checkedLog(task))).toEqual(['created', 'started', 'submitted']);
});

test('the same submission again answers what is stored, also while the first one is on its way', async () => {
  const { learner, task } = await bench.newTask();
  const same = submission(task);
  const both = await Promise.all([1, 2, 3].map(() => storeSubmission(bench.db, learner, same)));
  expect(both.map((answer) => answer?.outcome).sort()).toEqual(['repeated', 'repeated', 'stored']);
  expect(await storeSubmission(bench.db, learner, same)).toMatchObject({
    outcome: 'repeated',
    evaluation: { id: same.evaluation_id },
    task: { attempts: 1, version: 3 },
  });
  await bench.checkedLog(task);
});

/** Bug: the row from before the wait, given the status of now, broke a check, and the answer was 500. */
test('a submission that waits for what completes its task is stored behind it', async () => {
  const { learner, task } = await bench.newTask({ status: 'in_progress' });
  const other = new pg.Client({ connectionString: bench.postgresUrl });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('begin');
  await other.query(`update study_tasks set status = 'completed', completed_at = now() where id = $1`, [
    task,
  ]);
  const waiting = bench.submitted(learner, task);
  await untilBlocked(bench.adminUrl, 1);
  await other.query('commit');
  expect((await waiting).task).toMatchObject({ status: 'completed', attempts: 1, pending_evaluations: 1 });
});

test('a result is written with its events, summary and score', async () => {
  const { learner, task } = await bench.newTask({ status: 'in_progress' });
  const settled = await bench.settle(await bench.submitted(learner, task), judged(3));
  expect(settled).toMatchObject({
    outcome: 'settled',
    task: {
      status: 'completed',
      score: 0.75,
      completed_at: LATER,
      time_spent_seconds: 600,
      pending_evaluations: 0,
    },
    evaluation: {
      status: 'evaluated',
      verdict: 'WA',
      test_cases_passed: 3,
      score: 0.75,
      evaluated_at: LATER,
    },
  });
  Task.parse(settled?.task);
  Evaluation.parse(settled?.evaluation);
  expect(settled?.evaluation).toMatchObject({ error_message: null, tests: null, hidden: judged(3).hidden });
  const [stored] = await bench.rows('select output, tests_hash from task_evaluations where task_id = $1', [
    task,
  ]);
  expect(stored).toEqual({ output: 'sealed output', tests_hash: judged(3).tests_hash });
  expect(settled?.task.metadata).toMatchObject({ first_score: 0.75, evaluation: { attempts: 1 } });
  expect(typesOf(await bench.checkedLog(task))).toEqual([
    'created',
    'submitted',
    'evaluated',
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
});

test('a decision on an old version is stale and writes nothing; decided again it settles', async () => {
  const { learner, task } = await bench.newTask({ status: 'in_progress' });
  const first = await bench.submitted(learner, task);
  await bench.submitted(learner, task);
  const stale = await bench.settle(first, judged(2));
  expect(stale).toMatchObject({ outcome: 'stale', task: { version: 3, attempts: 2 } });
  if (stale === undefined) throw new Error('gone');
  expect(await bench.settle(stale, judged(2))).toMatchObject({
    outcome: 'settled',
    task: { pending_evaluations: 1 },
  });
  await bench.checkedLog(task);
});

test('of ten results at once the first wins, the others answer it', async () => {
  const { learner, task } = await bench.newTask({ status: 'in_progress' });
  const stored = await bench.submitted(learner, task);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => bench.settle(stored, judged(i % 5))),
  );
  const outcomes = answers.map((answer) => answer?.outcome);
  expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already')).toHaveLength(9);
  expect(new Set(answers.map((answer) => answer?.evaluation.score)).size).toBe(1);
  expect(typesOf(await bench.checkedLog(task))).toEqual([
    'created',
    'submitted',
    'evaluated',
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
});

test('a result for a deleted task is dropped', async () => {
  const { learner, task } = await bench.newTask();
  const stored = await bench.submitted(learner, task);
  await bench.dropTasks('id', task);
  expect(await bench.settle(stored, judged(4))).toBeUndefined();
});

test('twenty submissions at once are attempts 1 to 20, and all of them settle', async () => {
  const { learner, task } = await bench.newTask();
  const stored = await Promise.all(Array.from({ length: 20 }, () => bench.submitted(learner, task)));
  const attempts = stored.map(({ evaluation }) => evaluation.attempt).sort((a, b) => a - b);
  expect(attempts).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  await Promise.all(
    stored.map(async (mine, i) => {
      let seen: StoredEvaluation = mine;
      for (;;) {
        const written = await bench.settle(seen, judged(i % 5));
        if (written === undefined) throw new Error('gone');
        if (written.outcome === 'settled') return;
        seen = written;
      }
    }),
  );
  const log = await bench.checkedLog(task);
  expect(log.filter((fact) => fact.event_type === 'evaluated')).toHaveLength(20);
  expect(log.filter((fact) => fact.event_type === 'status_changed')).toHaveLength(1);
  const [row] = await bench.rows(
    'select status, score, attempts, pending_evaluations from study_tasks where id = $1',
    [task],
  );
  expect(row).toEqual({ status: 'completed', score: 1, attempts: 20, pending_evaluations: 0 });
});
