import { expect, test } from 'vitest';
import { TaskExport } from '#contract/export.ts';
import { evolveTask, type TaskState } from '#domain/tasks/evolve.ts';
import { inDatabase, type Learner, newLearner } from '../support/api.ts';
import { HOSTILE } from '../support/csv.ts';
import { seedTasks } from '../support/exports.ts';
import {
  busyLearner,
  everythingOf,
  expectSoundLog,
  forget,
  lasting,
  learnt,
  restore,
} from '../support/imports.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const FULL = '/v1/study-tasks/export?format=json&attempts=true&include=code';

async function tasksOf(learner: Learner): Promise<TaskExport> {
  return TaskExport.parse((await learner.call(FULL)).body);
}

test('the export of everything comes back as it was, with code and transcripts', async () => {
  const { learner, taskId } = await busyLearner();
  const before = await everythingOf(learner);
  expect(before.events.some(({ transcript }) => transcript?.includes('Where do I begin?'))).toBe(true);
  expect(before.evaluations.map(({ code }) => code)).toContain(PLATEAU_CODE.python.WA);
  expect(before.mastery.length).toBeGreaterThan(0);
  expect(before.module_states).toMatchObject([{ difficulty: expect.any(Number), version: 1 }]);
  expect(before.review_queue).toMatchObject([{ problem_id: PLATEAU }]);
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
  await expectSoundLog(learner.id);
  // The Worker opens what the import has sealed.
  expect((await learner.call(`/v1/study-tasks/${taskId}`)).status).toBe(200);
});

test('a history export comes back too, with a log that fits its rows', async () => {
  const { learner, taskId } = await busyLearner();
  const before = await tasksOf(learner);
  const known = await everythingOf(learner);
  await forget(learner);
  const run = await restore(before, learner.id);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toMatch(
    /rebuilt from the first results.* 1 reviews, 1 review cards, mastery of [1-9]\d* topics/,
  );
  expect(run.stdout).toContain('not rebuilt: your own grades');
  const after = await tasksOf(learner);
  const rows = (document: TaskExport) => document.tasks.map(({ version: _, ...task }) => task);
  expect(rows(after)).toEqual(rows(before));
  expect(after.paths).toEqual(before.paths);
  await expectSoundLog(learner.id);

  // The contract has checked every event; seq counts to the version of each task.
  const { events, tasks, mastery, review_log } = await everythingOf(learner);
  // The own grade is not in such a file: the evidence's counts.
  expect(mastery.map(({ topic, n, rating }) => [topic, n, rating])).toEqual(
    known.mastery.map(({ topic, n, rating }) => [topic, n, rating]),
  );
  expect(review_log).toMatchObject([{ task_id: taskId, log: { grade: 'again', source: 'evidence' } }]);
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
    'mastery_changed',
    'graded',
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
  let state: TaskState | null = null;
  for (const event of log.slice(0, submitted))
    state = evolveTask(state, taskId, { fact: event, seq: event.seq, occurred_at: event.occurred_at });
  const then = state?.task;
  const tasks = everything.tasks.map((task) => (task.id === taskId && then !== undefined ? then : task));
  // What was learnt came later than that, too.
  const began = new Date(Date.parse(log[submitted]?.occurred_at ?? '') - 1).toISOString();
  await forget(learner);
  expect(await restore({ ...everything, as_of: began, tasks }, learner.id)).toMatchObject({
    code: 0,
    stderr: '',
  });
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
  // Without submissions there is no score, and without an end no time that was spent.
  await inDatabase(
    `update study_tasks set score = null, time_spent_seconds = case status when 'completed' then time_spent_seconds end
     where path_id = $1`,
    [studyPath.id],
  );
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
        'review_log.1: occurs twice',
        'review_queue.0.path_id: is not a path of this file',
        'review_log.1.id: is not a UUID',
        'review_log.1.task_id: is not a task of this file',
      ].join('\n'),
    ],
  );
  const [place] = everything.events.flatMap(({ event_type }, at) => (event_type === 'created' ? [at] : []));
  for (const whole of [full, everything]) {
    const next = new Date().getUTCFullYear() + 1;
    const shifted = JSON.stringify(whole).replaceAll(/"\d{4}(-\d\d-\d\dT[\d:.]+Z")/g, `"${next}$1`);
    cases.push([shifted, 'tasks.0.created_at: '], [shifted, ' lies in the future']);
  }
  const noted = JSON.stringify(everything).replaceAll(
    /"metadata":\{(\}?)/g,
    (_, end: string) => `"metadata":{"note":"half \\ud800"${end || ','}`,
  );
  cases.push(
    [noted, 'tasks.0.metadata.note: must be well-formed text without NUL'],
    [noted, `events.${place}.payload.metadata.note: must be well-formed text without NUL`],
  );
  const stranger = await newLearner();
  for (const [content, message] of cases) {
    const run = await restore(content, stranger.id);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(message);
  }
  expect((await everythingOf(stranger)).counts).toMatchObject({ paths: 0, tasks: 0 });
});

test('what the database refuses leaves nothing, however many requests the file took', async () => {
  const { learner } = await busyLearner();
  const everything = await everythingOf(learner);
  const last = everything.tasks.findLast(({ status }) => status === 'scheduled');
  // As long as no database column is.
  const problem_id = 'p'.repeat(101);
  const tasks = everything.tasks.map((task) => (task.id === last?.id ? { ...task, problem_id } : task));
  const events = everything.events.map((event) =>
    event.task_id === last?.id && event.event_type === 'created'
      ? { ...event, payload: { ...event.payload, problem_id } }
      : event,
  );
  const stranger = await newLearner();
  const run = await restore({ ...everything, tasks, events }, stranger.id);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/value too long.*nothing was written/);
  expect((await everythingOf(stranger)).counts).toMatchObject({ paths: 0, tasks: 0, events: 0 });
  expect(await inDatabase('select count(*)::integer as parts from import_parts')).toEqual([{ parts: 0 }]);
});

test('a row that contradicts its events is refused by its place, and nothing is written', async () => {
  const { learner, taskId } = await busyLearner();
  const everything = await everythingOf(learner);
  const at = everything.tasks.findIndex(({ id }) => id === taskId);
  const changed = <
    Section extends 'tasks' | 'evaluations' | 'mastery' | 'module_states' | 'review_queue' | 'review_log',
  >(
    section: Section,
    index: number,
    change: object,
  ) => ({
    ...everything,
    [section]: everything[section].map((row, place) => (place === index ? { ...row, ...change } : row)),
  });
  const later = new Date(Date.parse(everything.tasks[at]?.completed_at ?? '') + 1000).toISOString();
  const without = everything.events.filter(({ event_type }) => event_type !== 'graded');
  const cases: [unknown, string][] = [
    [changed('tasks', at, { score: 0.5 }), `tasks.${at}.score: is 0.5, its events say 1`],
    [changed('tasks', at, { status: 'in_progress' }), `tasks.${at}.status: is "in_progress"`],
    [changed('tasks', at, { completed_at: later }), `tasks.${at}.completed_at`],
    [changed('tasks', at, { attempts: 7 }), `tasks.${at}.attempts: is 7, its events say 2`],
    [changed('evaluations', 0, { verdict: 'AC' }), 'evaluations.0.verdict: is "AC"'],
    [changed('evaluations', 1, { day: '2020-01-01' }), 'evaluations.1.day: is "2020-01-01"'],
    [changed('mastery', 0, { rating: 3000 }), 'mastery.0.rating: is 3000, the events say'],
    [changed('module_states', 0, { difficulty: 5 }), 'module_states.0.difficulty: is 5'],
    [changed('review_queue', 0, { version: 9 }), 'review_queue.0.version: is 9'],
    [changed('review_log', 1, { undone_at: later }), 'review_log.1.undone_at'],
    [{ ...everything, mastery: [], counts: { ...everything.counts, mastery: 0 } }, 'mastery: ["'],
    [
      { ...everything, events: without, counts: { ...everything.counts, events: without.length } },
      'its events are not 1 to',
    ],
  ];
  const stranger = await newLearner();
  for (const [content, message] of cases) {
    const run = await restore(content, stranger.id);
    expect([message, run.code, run.stderr]).toEqual([message, 1, expect.stringContaining(message)]);
  }
  expect((await everythingOf(stranger)).counts).toMatchObject({ paths: 0, tasks: 0 });
});

test('a submission that was judged again keeps its date in an export, and in its import', async () => {
  const learner = await newLearner('seeded');
  const { path: studyPath } = await learner.newPath();
  const taskId = await learner.newTask(studyPath.id, PLATEAU);
  const route = `/v1/study-tasks/${taskId}`;
  for (const code of [PLATEAU_CODE.python.WA, PLATEAU_CODE.python.AC])
    await learner.post(`${route}/submit`, { language: 'python', code });
  const sentAt = async () => (await tasksOf(learner)).tasks.flatMap(({ submissions = [] }) => submissions);
  const before = await sentAt();
  for (const { submission_id } of before)
    expect((await learner.post(`${route}/evaluate`, { submission_id })).status).toBe(200);
  const exported = await tasksOf(learner);
  const after = await sentAt();
  expect(after.map(({ run }) => run)).toEqual([2, 2]);
  expect(after.map(({ created_at }) => created_at)).toEqual(before.map(({ created_at }) => created_at));
  const stranger = await newLearner();
  expect(await restore(exported, stranger.id)).toMatchObject({ code: 0, stderr: '' });
  const { evaluations } = await everythingOf(stranger);
  expect(evaluations.map(({ created_at, day }) => [created_at, day])).toEqual(
    before.map(({ created_at, day }) => [created_at, day]),
  );
  await expectSoundLog(stranger.id);
});
