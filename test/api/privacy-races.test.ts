import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { ConfirmationRequired } from '#contract/privacy.ts';
import { inDatabase, type Learner, newLearner, runCron, stack, withFaults } from '../support/api.ts';
import { databaseDump, found } from '../support/database-dump.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const RIGHT = { language: 'python', code: PLATEAU_CODE.python.AC };
const SLOW_EVALUATOR = [{ path: '/v1', kind: 'delay', delay_ms: 2500 }];

async function learnerWithTask() {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  return { learner, path, taskId, url: `/v1/study-tasks/${taskId}` };
}

async function eraseAll(learner: Learner): Promise<void> {
  const asked = await learner.call<ConfirmationRequired>('/v1/me', { method: 'DELETE' });
  const { token } = asked.body.confirmation;
  expect((await learner.call(`/v1/me?confirm=${token}`, { method: 'DELETE' })).status).toBe(204);
}

async function untilPending(taskId: string, count = 1): Promise<void> {
  const text = `select 1 from task_evaluations where task_id = $1 and status = 'pending'`;
  await expect.poll(async () => (await inDatabase(text, [taskId])).length, { timeout: 5000 }).toBe(count);
}

async function rowsOf(taskId: string) {
  const [row] = await inDatabase(
    `select (select count(*)::int from study_tasks where id = $1) as tasks,
       (select count(*)::int from task_events where task_id = $1) as events,
       (select count(*)::int from task_evaluations where task_id = $1) as evaluations`,
    [taskId],
  );
  return row;
}
const NO_ROWS = { tasks: 0, events: 0, evaluations: 0 };

test.each(['learner', 'path'])(
  'a %s erased while a submission is being judged: the late result is dropped',
  async (scope) => {
    const { learner, path, taskId, url } = await learnerWithTask();
    await withFaults(stack.evaluator, SLOW_EVALUATOR, async () => {
      const late = learner.post(`${url}/submit`, RIGHT, { 'idempotency-key': randomUUID() });
      await untilPending(taskId);
      if (scope === 'learner') await eraseAll(learner);
      else expect((await learner.call(`/v1/study-paths/${path.id}`, { method: 'DELETE' })).status).toBe(204);
      expect(await rowsOf(taskId)).toEqual(NO_ROWS);
      expect(await late).toMatchObject({ status: 404, body: { code: 'not-found' } });
    });
    await runCron(new Date(Date.now() + 120_000));
    expect(await rowsOf(taskId)).toEqual(NO_ROWS);
    const dump = await databaseDump();
    // A path's learner is still there, with other rows perhaps; of an erased one even the key of that request is gone.
    expect(found(dump, scope === 'learner' ? { learner: learner.id, taskId } : { taskId })).toEqual([]);
  },
);

test('a pending submission of an erased learner is not judged by the cron', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  await withFaults(stack.evaluator, [{ path: '/v1', kind: 'reset' }], async () => {
    expect((await learner.post(`${url}/submit`, RIGHT)).status).toBe(202);
  });
  await eraseAll(learner);
  await runCron(new Date(Date.now() + 120_000));
  expect(await rowsOf(taskId)).toEqual(NO_ROWS);
});

const home = () => path.join(path.dirname(stack.workerLog), 'worker');

/** The slot objects that `wrangler dev` has written. */
async function slotFiles(): Promise<string[]> {
  const files = await readdir(home(), { recursive: true });
  return files.filter((file) => /LearnerSlots.*[0-9a-f]{64}\.sqlite$/.test(file));
}

/** The rows of each table of a slot object. */
function slotRows(file: string): Record<string, unknown[]> {
  const storage = new DatabaseSync(path.join(home(), file), { readOnly: true, timeout: 10_000 });
  try {
    const tables = storage.prepare(
      `select name from sqlite_master where type = 'table' and substr(name, 1, 1) <> '_'`,
    );
    return Object.fromEntries(
      tables
        .all()
        .map(({ name }) => [String(name), storage.prepare(`select * from ${name} order by 1`).all()]),
    );
  } finally {
    storage.close();
  }
}

/** The slot object that came since these were there. */
async function newSlotFile(before: readonly string[]): Promise<string> {
  const [own = '', ...more] = (await slotFiles()).filter((file) => !before.includes(file));
  expect(more).toEqual([]);
  return own;
}

/** What may stay of an erased learner until their day ends: how much they used of the quotas of the day. */
const sumsOfToday = (submissions: number, tasks: number) => ({
  quota_day: [expect.objectContaining({ time_zone: 'UTC' })],
  quota_counts: [
    { quota: 'submissions-per-day', task: '', used: submissions },
    { quota: 'tasks-per-day', task: '', used: tasks },
  ],
  quota_uses: [],
  open_hints: [],
  leases: [],
});

test('of a learner’s slots and quotas the erasure leaves the sums of today', async () => {
  const before = await slotFiles();
  const { learner, url } = await learnerWithTask();
  expect((await learner.post(`${url}/submit`, RIGHT)).status).toBe(200);
  const own = await newSlotFile(before);
  expect(slotRows(own).quota_uses).toHaveLength(3);
  await eraseAll(learner);
  expect(slotRows(own)).toEqual(sumsOfToday(1, 1));
});

test('erasing is no way past the evaluation slots, and they come back when the evaluations end', async () => {
  const before = await slotFiles();
  const { learner, taskId, url } = await learnerWithTask();
  await withFaults(stack.evaluator, SLOW_EVALUATOR, async () => {
    const running = [learner.post(`${url}/submit`, RIGHT), learner.post(`${url}/submit`, RIGHT)];
    await untilPending(taskId, 2);
    await eraseAll(learner);
    const newer = await learner.newPath();
    const third = await learner.newTask(newer.path.id, PLATEAU);
    const refused = await learner.post(`/v1/study-tasks/${third}/submit`, RIGHT);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-evaluations' } });
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([404, 404]);
  });
  const own = slotRows(await newSlotFile(before));
  const sinceThen = [expect.objectContaining({ quota: 'tasks-per-day', amount: 1 })];
  expect(own).toEqual({ ...sumsOfToday(2, 2), quota_uses: sinceThen });
  const { path } = await learner.newPath();
  const task = await learner.newTask(path.id, PLATEAU);
  expect((await learner.post(`/v1/study-tasks/${task}/submit`, RIGHT)).status).toBe(200);
});

test('a learner erased while a hint streams: the stream ends well and nothing of it is kept', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  const pace = (settings: object | null) =>
    fetch(`${stack.tutor}/__local/stream`, {
      method: settings === null ? 'DELETE' : 'PUT',
      headers: { 'content-type': 'application/json' },
      ...(settings === null ? {} : { body: JSON.stringify(settings) }),
    });
  await pace({ word_delay_ms: 60 });
  try {
    const question = `question-${randomUUID()}`;
    const response = await learner.send(`${url}/hint`, { body: { question } });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await eraseAll(learner);
    for (;;) if ((await reader?.read())?.done !== false) break;
    // The recording reads what is left a quarter of a second later and writes then.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await rowsOf(taskId)).toEqual(NO_ROWS);
    expect(found(await databaseDump(), { learner: learner.id, question, taskId })).toEqual([]);
  } finally {
    await pace(null);
  }
});

test('writes that race with the erasure leave nothing behind on what it took away', async () => {
  const { learner, path, taskId, url } = await learnerWithTask();
  const task = { problem_id: PLATEAU, scheduled_at: new Date().toISOString() };
  const asked = await learner.call<ConfirmationRequired>('/v1/me', { method: 'DELETE' });
  const { token } = asked.body.confirmation;
  const writes = Array.from({ length: 12 }, (_, turn) => [
    () => learner.post('/v1/study-tasks/batch', { path_id: path.id, tasks: [task, task, task] }),
    () => learner.call(url, { method: 'PATCH', body: { metadata: { turn } } }),
    () => learner.post(`${url}/start`),
  ]).flat();
  const running = writes.slice(0, 18).map((write) => write());
  const erased = [1, 2].map(() => learner.call(`/v1/me?confirm=${token}`, { method: 'DELETE' }));
  running.push(...writes.slice(18).map((write) => write()));
  expect((await Promise.all(erased)).map(({ status }) => status)).toEqual([204, 204]);
  for (const { status } of await Promise.all(running)) expect([200, 201, 404]).toContain(status);
  expect(await rowsOf(taskId)).toEqual(NO_ROWS);
  expect(found(await databaseDump(), { learner: learner.id, path: path.id })).toEqual([]);
});
