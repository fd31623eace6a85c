import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPending } from '#worker/evaluations/store-claims.ts';
import { storeSubmission } from '#worker/evaluations/store-submission.ts';
import { countRows, detachRows, removeDetached, removeRest } from '#worker/privacy/store.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  stamp,
  submission,
} from '../support/evaluation-bench.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

const everything = () => ({ ...stamp, pathId: null, erasureId: randomUUID() });

async function countOf(table: string, column: string, value: string) {
  const [row] = await bench.rows(`select count(*)::int as n from ${table} where ${column} = $1`, [value]);
  return row?.n;
}

async function newKey(learner: string, answer: string | null) {
  const key = randomUUID();
  await bench.rows(
    `insert into idempotency_keys (user_id, key, fingerprint, seed, locked_until, response_status, response_body)
     values ($1, $2, 'f', gen_random_uuid(), now(), $3, $4)`,
    [learner, key, answer === null ? null : 200, answer],
  );
  return key;
}

test('what is detached takes no submission and no result, and no cron claims it', async () => {
  const { learner, task } = await bench.newTask();
  const pending = await bench.submitted(learner, task);
  await newKey(learner, null);
  const removes = {
    study_paths: 1,
    study_tasks: 1,
    task_events: 3,
    task_transcripts: 0,
    archived_events: 0,
    path_events: 0,
    learner_events: 0,
    task_evaluations: 1,
    idempotency_keys: 1,
    module_states: 0,
    review_queue: 0,
    review_log: 0,
    mastery: 0,
  };
  expect(await countRows(bench.db, learner)).toEqual(removes);

  const erasure = everything();
  const detached = await detachRows(bench.db, learner, erasure);
  expect(detached).toMatchObject({ path_ids: [expect.any(String)], erased: true });
  expect(await countRows(bench.db, learner)).toEqual({
    study_paths: 0,
    study_tasks: 0,
    task_events: 0,
    task_transcripts: 0,
    archived_events: 0,
    path_events: 0,
    learner_events: 0,
    task_evaluations: 0,
    idempotency_keys: 0,
    module_states: 0,
    review_queue: 0,
    review_log: 0,
    mastery: 0,
  });
  expect(await bench.settle(pending, judged(4))).toBeUndefined();
  expect(await storeSubmission(bench.db, learner, submission(task))).toBeUndefined();
  const claimed = await claimPending(bench.db, { now: LATER, leastPauseSeconds: 1, limit: 10, except: [] });
  expect(claimed.filter(({ learner_id }) => learner_id === '' || learner_id === learner)).toEqual([]);

  // The answer was lost and the statement is sent again: it knows its tombstone and adds none.
  expect(await detachRows(bench.db, learner, erasure)).toMatchObject({ path_ids: [], erased: true });
  const [row] = await bench.rows('select scope, removed from erasures where id = $1', [erasure.erasureId]);
  expect(row).toEqual({ scope: 'learner', removed: removes });
  expect(await removeDetached(bench.db, detached.path_ids)).toBe(false);
  expect(await countOf('study_tasks', 'id', task)).toBe(0);
  expect(await countOf('task_events', 'task_id', task)).toBe(0);
});

test('a learner without anything leaves no tombstone', async () => {
  expect(await detachRows(bench.db, `learner-${randomUUID()}`, everything())).toMatchObject({
    path_ids: [],
    erased: false,
  });
});

test('a path takes along the kept answers that are about it, and no others', async () => {
  const { learner, task } = await bench.newTask();
  const [path] = await bench.rows('select path_id as id from study_tasks where id = $1', [task]);
  const pathId = String(path?.id);
  const about = await newKey(learner, JSON.stringify({ task: { path_id: pathId } }));
  const [other, running] = [await newKey(learner, '{"ids":[]}'), await newKey(learner, null)];

  const foreign = { ...stamp, pathId, erasureId: randomUUID() };
  expect(await detachRows(bench.db, `learner-${randomUUID()}`, foreign)).toMatchObject({
    path_ids: [],
    erased: false,
  });
  const erasure = { ...stamp, pathId, erasureId: randomUUID() };
  expect(await detachRows(bench.db, learner, erasure)).toMatchObject({ path_ids: [pathId], erased: true });
  const kept = await Promise.all(
    [about, other, running].map((key) => countOf('idempotency_keys', 'key', key)),
  );
  expect(kept).toEqual([0, 1, 1]);
});

test('a step removes ten thousand tasks, and the path with the last of them; others stay', async () => {
  const [many, other] = [await bench.newTask(), await bench.newTask()];
  await bench.rows(
    `with made as (
       insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at)
       select t.path_id, 'many', 'hashing', 1, now(), now() from study_tasks t, generate_series(1, 20000)
       where t.id = $1 returning id
     ) insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     select id, 1, 'created', '{}', '{"type":"learner"}', now() from made`,
    [many.task],
  );
  const { path_ids } = await detachRows(bench.db, many.learner, everything());
  const [pathId = ''] = path_ids;
  const left = () => countOf('study_tasks', 'path_id', pathId);
  expect(await removeDetached(bench.db, path_ids)).toBe(true);
  expect(await left()).toBe(10_001);
  // Two at once wait for each other: the second finds the one task that the first has left.
  const both = await Promise.all([1, 2].map(() => removeDetached(bench.db, path_ids)));
  expect(both.toSorted()).toEqual([false, true]);
  while (await removeDetached(bench.db, null));
  expect(await left()).toBe(0);
  expect(await countOf('study_paths', 'user_id', '')).toBe(0);
  expect(await countOf('study_tasks', 'id', other.task)).toBe(1);
});

test("what results have taught goes with its path; mastery is the learner's and goes with the learner", async () => {
  const { learner, task } = await bench.newTask();
  const [home] = await bench.rows('select path_id as id from study_tasks where id = $1', [task]);
  const pathId = String(home?.id);
  await bench.settle(await bench.submitted(learner, task), judged(4));
  const learnt = { module_states: 1, review_queue: 1, review_log: 1, mastery: 1 };
  expect(await countRows(bench.db, learner)).toMatchObject(learnt);

  await detachRows(bench.db, learner, { ...stamp, pathId, erasureId: randomUUID() });
  const left = { module_states: 0, review_queue: 0, review_log: 0, mastery: 1 };
  expect(await countRows(bench.db, learner)).toMatchObject(left);
  expect(await countOf('review_queue', 'user_id', learner)).toBe(0);
  expect(await countOf('review_log', 'user_id', learner)).toBe(0);

  expect(await detachRows(bench.db, learner, everything())).toMatchObject({ path_ids: [], erased: true });
  expect(await countOf('mastery', 'user_id', learner)).toBe(0);
  while (await removeDetached(bench.db, null));
  expect(await countOf('module_states', 'path_id', pathId)).toBe(0);
});

test('mastery that a result wrote while the learner was erased is removed, that of a new start stays', async () => {
  const { learner, task } = await bench.newTask();
  await bench.settle(await bench.submitted(learner, task), judged(4));
  expect(await removeRest(bench.db, learner)).toBe(0);
  await bench.rows(`update study_paths set user_id = '' where user_id = $1`, [learner]);
  expect(await removeRest(bench.db, learner)).toBe(1);
  expect(await countOf('mastery', 'user_id', learner)).toBe(0);
});
