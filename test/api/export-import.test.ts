import { expect, test } from 'vitest';
import { type LearnerExport, TaskExport } from '#contract/export.ts';
import { type Learner, newLearner } from '../support/api.ts';
import { HOSTILE } from '../support/csv.ts';
import { seedTasks } from '../support/exports.ts';
import { busyLearner, everythingOf, forget, learnt, restore } from '../support/imports.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const FULL = '/v1/study-tasks/export?format=json&attempts=true&include=code';

async function tasksOf(learner: Learner): Promise<TaskExport> {
  return TaskExport.parse((await learner.call(FULL)).body);
}

/** What must be equal after a round trip; idempotency keys are not restored. */
function lasting({ as_of: _, idempotency_keys: __, counts: ___, learner_id: ____, ...rest }: LearnerExport) {
  return rest;
}

test('the export of everything comes back as it was, with code and transcripts', async () => {
  const { learner, taskId } = await busyLearner();
  const before = await everythingOf(learner);
  expect(before.events.some(({ transcript }) => transcript?.includes('Where do I begin?'))).toBe(true);
  expect(before.evaluations.map(({ code }) => code)).toContain(PLATEAU_CODE.python.WA);
  expect(before.mastery.length).toBeGreaterThan(0);
  expect(before.module_states).toMatchObject([{ difficulty: expect.any(Number), version: 1 }]);
  expect(before.review_queue).toMatchObject([{ problem_id: PLATEAU, task_id: expect.any(String) }]);
  expect(before.review_log).toMatchObject([
    { task_id: taskId, seq: 1, log: { grade: 'again', source: 'evidence' }, undone_at: expect.any(String) },
    { task_id: taskId, seq: 2, log: { grade: 'hard', source: 'learner' }, undone_at: null },
  ]);
  await forget(learner);
  const nothing = (await everythingOf(learner)).counts;
  expect(nothing).toMatchObject({ paths: 0, tasks: 0, events: 0, mastery: 0 });
  expect(nothing).toMatchObject({ module_states: 0, review_queue: 0, review_log: 0 });

  const run = await restore(before, learner.id);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const after = await everythingOf(learner);
  expect(lasting(after)).toEqual(lasting(before));
  // The Worker opens what the import has sealed.
  expect((await learner.call(`/v1/study-tasks/${taskId}`)).status).toBe(200);
});

test('a history export comes back too, with a log that fits its rows', async () => {
  const { learner, taskId } = await busyLearner();
  const before = await tasksOf(learner);
  await forget(learner);
  expect(await restore(before, learner.id)).toMatchObject({ code: 0, stderr: '' });
  const after = await tasksOf(learner);
  const rows = (document: TaskExport) => document.tasks.map(({ version: _, ...task }) => task);
  expect(rows(after)).toEqual(rows(before));
  expect(after.paths).toEqual(before.paths);

  // The contract has checked every event; seq counts to the version of each task.
  const { events, tasks } = await everythingOf(learner);
  for (const task of tasks) {
    const log = events.filter(({ task_id }) => task_id === task.id);
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: task.version }, (_, at) => at + 1));
  }
  expect(events.filter(({ task_id }) => task_id === taskId).map(({ event_type }) => event_type)).toEqual([
    'created',
    'started',
    'hint_requested',
    'submitted',
    'evaluated',
    'status_changed',
    'submitted',
    'evaluated',
  ]);
});

test('for another learner all ids are new, and a second run changes nothing', async () => {
  const { learner } = await busyLearner();
  const other = await newLearner();
  const before = await everythingOf(learner);
  const first = await restore(before, other.id);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('all of them are new');
  const copy = await everythingOf(other);
  expect(copy.counts).toEqual({ ...before.counts, idempotency_keys: 0 });
  expect(copy.evaluations.map(({ code }) => code)).toEqual(before.evaluations.map(({ code }) => code));
  expect(learnt(copy)).toEqual(learnt(before));
  const known = new Set([...before.tasks, ...before.review_log].map(({ id }) => id));
  expect([...copy.tasks, ...copy.review_log].some(({ id }) => known.has(id))).toBe(false);
  expect(lasting(await everythingOf(learner))).toEqual(lasting(before));

  const second = await restore(before, other.id);
  expect(second.stdout).toContain('restored 0 tasks, 0 evaluations and 0 events');
  expect(lasting(await everythingOf(other))).toEqual(lasting(copy));
});

test('what happened while the export was read is left out: the task is as its row says', async () => {
  const { learner, taskId } = await busyLearner();
  const everything = await everythingOf(learner);
  const log = everything.events.filter(({ task_id }) => task_id === taskId);
  const submitted = log.find(({ event_type }) => event_type === 'submitted')?.seq ?? 0;
  expect(submitted).toBeGreaterThan(1);
  // The row was read right after the first submission, the rest of the file later.
  const row = { version: submitted, status: 'in_progress', completed_at: null, score: null, attempts: 1 };
  const tasks = everything.tasks.map((task) => (task.id === taskId ? { ...task, ...row } : task));
  await forget(learner);
  expect(await restore({ ...everything, tasks }, learner.id)).toMatchObject({ code: 0, stderr: '' });
  const after = await everythingOf(learner);
  expect(after.events.filter(({ task_id }) => task_id === taskId)).toHaveLength(submitted);
  expect(after.tasks.find(({ id }) => id === taskId)).toMatchObject({
    version: submitted,
    pending_evaluations: 1,
  });
  expect(after.evaluations).toMatchObject([
    { task_id: taskId, attempt: 1, status: 'pending', verdict: null },
  ]);
});

test('a file of many batches comes back whole', async () => {
  const learner = await newLearner('seeded');
  const { path: studyPath } = await learner.newPath();
  await seedTasks(studyPath.id, 8000, HOSTILE);
  const before = await tasksOf(learner);
  await forget(learner);
  expect(await restore(before, learner.id)).toMatchObject({ code: 0, stderr: '' });
  const after = await tasksOf(learner);
  const rows = (document: TaskExport) => document.tasks.map(({ version: _, ...task }) => task);
  expect(rows(after)).toEqual(rows(before));
});

test('a file that is wrong names the place and writes nothing', async () => {
  const { learner } = await busyLearner();
  const full = await tasksOf(learner);
  const text = JSON.stringify(full);
  const cases: [unknown, string][] = [
    [text.slice(0, -20), 'not whole JSON'],
    [{ ...full, schema: 'something/else' }, 'schema: something/else'],
    [{ ...full, count: 3 }, 'count: is not the number of tasks'],
    [{ ...full, paths: [] }, 'tasks.0.path_id: is not a path of this file'],
    [{ ...full, tasks: full.tasks.map((task) => ({ ...task, status: 'lost' })) }, 'tasks.0.status'],
    [(await learner.call('/v1/study-tasks/export?format=json')).body, 'attempts=true&include=code'],
    [(await learner.call('/v1/study-tasks/export?format=json&attempts=true')).body, '.code: is missing'],
  ];
  const everything = await everythingOf(learner);
  const [card] = everything.review_queue;
  const [review] = everything.review_log;
  cases.push(
    [{ ...everything, mastery: [] }, 'counts.mastery: is not the number of mastery'],
    [
      {
        ...everything,
        review_queue: [{ ...card, path_id: 'gone' }],
        review_log: [review, { ...review, id: 'x', task_id: 'gone' }],
      },
      [
        'review_log.1: stands there twice',
        'review_queue.0.path_id: is not a path of this file',
        'review_log.1.id: is not a UUID',
        'review_log.1.task_id: is not a task of this file',
      ].join('\n'),
    ],
  );
  const stranger = await newLearner();
  for (const [content, message] of cases) {
    const run = await restore(content, stranger.id);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(message);
  }
  expect((await everythingOf(stranger)).counts).toMatchObject({ paths: 0, tasks: 0 });
});

test('what the database refuses is told by place, and nothing of it stays', async () => {
  const { learner } = await busyLearner();
  const everything = await everythingOf(learner);
  const stranger = await newLearner();
  const tasks = everything.tasks.map((task) =>
    task.status === 'completed' ? { ...task, completed_at: null } : task,
  );
  const run = await restore({ ...everything, tasks }, stranger.id);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(
    /tasks\.0 to tasks\.\d+ and what was learnt from them: .*study_tasks_completed.*nothing was written/,
  );
  expect((await everythingOf(stranger)).counts).toMatchObject({ paths: 0, tasks: 0, events: 0 });
});
