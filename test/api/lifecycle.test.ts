import { expect, test } from 'vitest';
import { TaskFact } from '#contract/events.ts';
import type { NextTask } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, newLearner, runCron } from '../support/api.ts';

type TaskAnswer = { task: Task };
const HOUR = 3_600_000;

test('a new path begins with eight easy array problems, spread over two days, each with its created event', async () => {
  const learner = await newLearner();
  const { path, first_task, tasks } = await learner.newPath();
  expect(path).toMatchObject({
    track_id: 'coding-interview-meta',
    config: { initial_tasks: 8, tasks_per_day: 4 },
  });
  expect(tasks).toHaveLength(8);
  expect(first_task).toEqual(tasks[0]);
  expect(new Set(tasks.map((task) => task.problem_id)).size).toBe(8);
  for (const task of tasks) {
    expect(task).toMatchObject({
      module: 'arrays-strings',
      status: 'scheduled',
      version: 1,
      kind: 'problem',
    });
    expect([1, 2]).toContain(task.difficulty);
    expect(Date.parse(task.expires_at) - Date.parse(task.scheduled_at)).toBe(168 * HOUR);
  }
  // A day begins at four in UTC, the standard calendar: from midnight to four both days have one date.
  const days = tasks.map(({ scheduled_at }) => new Date(Date.parse(scheduled_at) - 4 * HOUR).getUTCDate());
  expect(new Set(days).size).toBeGreaterThanOrEqual(2);
  const [created] = await learner.events(first_task.id);
  expect(created).toMatchObject({ seq: 1, event_type: 'created', actor: { type: 'learner' } });
});

test('config is validated, and every wrong field is named', async () => {
  const learner = await newLearner();
  const answer = await learner.post('/v1/study-paths', { config: { initial_tasks: 3, colour: 'red' } });
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.code).toBe('validation');
  expect(answer.body.errors?.map((error) => error.path)).toContain('config.initial_tasks');
});

test('next gives the earliest scheduled task with its problem, then the one in progress, and new ones when all are skipped', async () => {
  const learner = await newLearner();
  const nobody = await learner.call('/v1/study-tasks/next');
  expect(nobody).toMatchObject({ status: 404, body: { code: 'no-active-path' } });

  const { tasks } = await learner.newPath({ initial_tasks: 5 });
  const first = await learner.call<NextTask>('/v1/study-tasks/next');
  expect(first.body.task.id).toBe(tasks[0]?.id);
  expect(first.body.problem?.problem_id).toBe(tasks[0]?.problem_id);
  expect(first.body.problem).not.toHaveProperty('hidden_tests');
  expect(first.body.problem).not.toHaveProperty('hints');

  await learner.post(`/v1/study-tasks/${tasks[2]?.id}/start`);
  const second = await learner.call<NextTask>('/v1/study-tasks/next');
  expect(second.body.task.id).toBe(tasks[2]?.id);

  for (const task of tasks) {
    await learner.call(`/v1/study-tasks/${task.id}`, { method: 'PATCH', body: { status: 'skipped' } });
  }
  const last = await learner.call<NextTask>('/v1/study-tasks/next');
  expect(last.status).toBe(200);
  expect(tasks.map(({ problem_id }) => problem_id)).not.toContain(last.body.task.problem_id);
});

test('start moves a task once; repeating it answers the same and adds no event', async () => {
  const learner = await newLearner();
  const { first_task } = await learner.newPath();
  const url = `/v1/study-tasks/${first_task.id}/start`;
  const [one, two] = await Promise.all([learner.post<TaskAnswer>(url), learner.post<TaskAnswer>(url)]);
  const three = await learner.post<TaskAnswer>(url);
  expect([one.status, two.status, three.status]).toEqual([200, 200, 200]);
  expect(one.body).toEqual(three.body);
  expect(two.body).toEqual(three.body);
  expect(three.body.task).toMatchObject({ status: 'in_progress', version: 2 });
  expect((await learner.events(first_task.id)).map((event) => event.event_type)).toEqual([
    'created',
    'started',
  ]);
});

test('PATCH skips with a reason, merges metadata, honours If-Match, and refuses what a learner may not set', async () => {
  const learner = await newLearner();
  const { tasks } = await learner.newPath();
  const url = `/v1/study-tasks/${tasks[0]?.id}`;
  const patch = <T>(body: unknown, headers: Record<string, string> = {}) =>
    learner.call<T>(url, { method: 'PATCH', body, headers });

  const noted = await patch<TaskAnswer>({ metadata: { note: 'edge cases!' } }, { 'if-match': '"1"' });
  expect(noted.body.task).toMatchObject({ version: 2, metadata: { note: 'edge cases!' } });
  expect(noted.headers.get('etag')).toBe('"2"');
  const stale = await patch({ metadata: { note: 'again' } }, { 'if-match': '"1"' });
  expect(stale).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
  const forbidden = [
    { score: 1 },
    { metadata: { first_score: 1 } },
    { hints_used: 0 },
    { status: 'expired' },
    {},
  ];
  for (const body of forbidden) expect((await patch(body)).status).toBe(422);
  const huge = await patch({ metadata: { note: 'x'.repeat(17_000) } });
  expect(huge).toMatchObject({ status: 422, body: { code: 'validation' } });

  await patch({ status: 'in_progress' });
  const skipped = await patch<TaskAnswer>({ status: 'skipped', reason: 'known already' });
  expect(skipped.body.task).toMatchObject({
    status: 'skipped',
    version: 4,
    metadata: { skip_reason: 'known already' },
  });
  expect(skipped.body.task.time_spent_seconds).toBeGreaterThanOrEqual(0);
  const again = await patch<TaskAnswer>({ status: 'skipped' });
  expect(again.body.task.version).toBe(4);
  const back = await patch({ status: 'in_progress' });
  expect(back).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
  expect((await learner.events(tasks[0]?.id ?? '')).map((event) => event.event_type)).toEqual([
    'created',
    'metadata_changed',
    'started',
    'status_changed',
  ]);
});

test('a problem is not completed by PATCH, a lesson is', async () => {
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath();
  const complete = (id: string) =>
    learner.call<TaskAnswer>(`/v1/study-tasks/${id}`, { method: 'PATCH', body: { status: 'completed' } });
  await learner.post(`/v1/study-tasks/${tasks[0]?.id}/start`);
  expect((await complete(tasks[0]?.id ?? '')).status).toBe(409);

  const lesson = await learner.newTask(path.id, 'lesson-big-o', {
    kind: 'lesson',
    module: 'introduction',
    difficulty: 1,
  });
  await learner.post(`/v1/study-tasks/${lesson}/start`);
  const done = await complete(lesson);
  expect(done.body.task).toMatchObject({ status: 'completed', score: null });
  expect(done.body.task.completed_at).not.toBeNull();
});

test('a batch is all or nothing and names the index of each bad task', async () => {
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath();
  const known = tasks[0]?.problem_id;
  const scheduled_at = new Date().toISOString();
  const count = async () =>
    (
      await inDatabase<{ n: number }>('select count(*)::int as n from study_tasks where path_id = $1', [
        path.id,
      ])
    )[0]?.n;

  const bad = await learner.post('/v1/study-tasks/batch', {
    path_id: path.id,
    tasks: [
      { problem_id: known, scheduled_at },
      { problem_id: 'no-such-problem', scheduled_at },
      { problem_id: known, scheduled_at, retry_of: crypto.randomUUID() },
    ],
  });
  expect(bad.status).toBe(422);
  expect(bad.body.errors).toEqual([{ path: 'tasks.1.problem_id', message: 'is not in the problem bank' }]);
  const foreignRetry = await learner.post('/v1/study-tasks/batch', {
    path_id: path.id,
    tasks: [
      { problem_id: known, scheduled_at },
      { problem_id: known, scheduled_at, retry_of: crypto.randomUUID() },
    ],
  });
  expect(foreignRetry.body.errors).toEqual([{ path: 'tasks.1.retry_of', message: 'is not a task of yours' }]);
  expect(await count()).toBe(8);

  const many = Array.from({ length: 500 }, () => ({ problem_id: known, scheduled_at, reason: 'practice' }));
  const good = await learner.post<{ ids: string[] }>('/v1/study-tasks/batch', {
    path_id: path.id,
    tasks: many,
  });
  expect(good.status).toBe(201);
  expect(new Set(good.body.ids).size).toBe(500);
  expect(await count()).toBe(508);
  const tooMany = await learner.post('/v1/study-tasks/batch', {
    path_id: path.id,
    tasks: [...many, many[0]],
  });
  expect(tooMany.status).toBe(422);
});

test('the cron expires what is overdue, once, and leaves the rest', async () => {
  const learner = await newLearner();
  const { tasks } = await learner.newPath({ expiry_hours: 1, tasks_per_day: 20 });
  await learner.post(`/v1/study-tasks/${tasks[0]?.id}/start`);
  const later = new Date(Date.now() + 3 * HOUR);
  await Promise.all([runCron(later), runCron(later)]);
  const started = await learner.call<TaskAnswer>(`/v1/study-tasks/${tasks[0]?.id}`);
  expect(started.body.task.status).toBe('in_progress');
  const overdue = await learner.call<TaskAnswer>(`/v1/study-tasks/${tasks[1]?.id}`);
  expect(overdue.body.task).toMatchObject({ status: 'expired', version: 2 });
  const events = await learner.events(tasks[1]?.id ?? '');
  expect(events.map((event) => event.event_type)).toEqual(['created', 'status_changed']);
  expect(events[1]).toMatchObject({
    payload: { from: 'scheduled', to: 'expired' },
    actor: { type: 'system' },
  });
  const late = await learner.post(`/v1/study-tasks/${tasks[1]?.id}/start`);
  expect(late).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
});

test("another learner's task, path and an unknown id answer alike", async () => {
  const [owner, other] = [await newLearner('owner'), await newLearner('other')];
  const { path, first_task } = await owner.newPath();
  await other.newPath();
  const unknown = crypto.randomUUID();
  const code = { language: 'python', code: 'x = 1' };
  const calls: [method: string, route: (id: string) => string, body?: unknown][] = [
    ['GET', (id) => `/v1/study-tasks/${id}`],
    ['GET', (id) => `/v1/study-tasks/${id}/events`],
    ['PATCH', (id) => `/v1/study-tasks/${id}`, { status: 'skipped' }],
    ['POST', (id) => `/v1/study-tasks/${id}/start`],
    ['POST', (id) => `/v1/study-tasks/${id}/submit`, code],
    ['POST', (id) => `/v1/study-tasks/${id}/run`, code],
    ['POST', (id) => `/v1/study-tasks/${id}/evaluate`, {}],
    ['POST', (id) => `/v1/study-tasks/${id}/hint`, {}],
  ];
  for (const [method, route, body] of calls) {
    const options = { method, ...(body === undefined ? {} : { body }) };
    const answers = await Promise.all([first_task.id, unknown].map((id) => other.call(route(id), options)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const [foreign, random] = answers.map(({ body: { request_id: _, ...rest } }) => rest);
    expect(foreign).toEqual(random);
  }
  const batch = { tasks: [{ problem_id: first_task.problem_id, scheduled_at: new Date().toISOString() }] };
  for (const path_id of [path.id, unknown]) {
    expect(await other.post('/v1/study-tasks/batch', { path_id, ...batch })).toMatchObject({ status: 404 });
  }
  expect(await owner.events(first_task.id)).toHaveLength(1);
});

test('no token, a broken one, and an unknown route', async () => {
  const learner = await newLearner();
  const missing = await learner.call('/v1/study-tasks/next', { token: null });
  expect(missing).toMatchObject({ status: 401, body: { code: 'missing-token' } });
  expect(missing.headers.get('www-authenticate')).toBe('Bearer');
  const broken = await learner.call('/v1/study-tasks/next', { token: `${learner.token.slice(0, -3)}abc` });
  expect(broken).toMatchObject({ status: 401, body: { code: 'invalid-token' } });
  expect((await learner.call('/v1/nothing-here')).body.code).toBe('not-found');
  const wrongMethod = await learner.call('/v1/study-tasks/next', { method: 'DELETE' });
  expect(wrongMethod).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
  expect(wrongMethod.headers.get('allow')).toContain('GET');
});

test('every event in the log fits the closed union', async () => {
  const rows = await inDatabase<{ event_type: string; schema_version: number; payload: unknown }>(
    `select event_type, schema_version, event_payload(event_type, payload, personal) as payload
     from task_events limit 5000`,
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(() => TaskFact.parse(row)).not.toThrow();
});
