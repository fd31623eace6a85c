import { afterEach, expect, test } from 'vitest';
import type { QuotaExceeded } from '#contract/quotas.ts';
import { type Learner, learnerAt, newLearner, runCron, stack, withFaults } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const NOON = new Date('2026-12-07T12:00:00Z');
const code = { language: 'python', code: PLATEAU_CODE.python.AC };

let worker: Awaited<ReturnType<typeof startClockedWorker>> | undefined;
afterEach(() => worker?.close());

/** A learner with a task before a Worker of the test's own, with these limits and a clock. */
async function limited(vars: Record<string, string>, config: Record<string, unknown> = {}) {
  worker = await startClockedWorker({ at: NOON, vars });
  const learner = learnerAt(await newLearner(), worker.url);
  const { path, tasks } = await learner.newPath(config);
  const task = await learner.newTask(path.id, PLATEAU, { scheduled_at: NOON.toISOString() });
  const [other = ''] = tasks.map(({ id }) => id);
  return { worker, learner, path, task, other, url: `/v1/study-tasks/${task}` };
}

async function expectQuota(
  answer: Promise<{ status: number; headers: Headers; body: unknown }>,
  name: string,
  limit: number,
) {
  const { status, headers, body } = await answer;
  expect([status, body]).toMatchObject([429, { code: 'quota', quota: name, limit }]);
  const { resets_at, remaining } = body as QuotaExceeded;
  expect(headers.get('ratelimit')).toBe(`"${name}";r=${remaining};t=${headers.get('retry-after')}`);
  expect(headers.get('ratelimit-policy')).toMatch(new RegExp(`^"${name}";q=${limit};`));
  return { resets_at, remaining, retryAfter: Number(headers.get('retry-after')) };
}

test('submissions of a day: judging again counts, refusals and repeats do not, the next day begins at four', async () => {
  const { worker, learner, url, other } = await limited(
    { SUBMISSIONS_PER_DAY: '3', SUBMISSIONS_PER_TASK_AND_DAY: '0' },
    { time_zone: 'America/New_York' },
  );
  expect((await learner.post(`${url}/submit`, { ...code, language: 'cobol' })).status).toBe(422);
  expect(
    (await learner.post('/v1/study-tasks/00000000-0000-4000-8000-000000000000/submit', code)).status,
  ).toBe(404);
  await learner.call(`/v1/study-tasks/${other}`, { method: 'PATCH', body: { status: 'skipped' } });
  expect((await learner.post(`/v1/study-tasks/${other}/submit`, code)).status).toBe(409);

  const key = { 'idempotency-key': 'one submission' };
  const first = await learner.post<{ evaluation: { submission_id: string } }>(`${url}/submit`, code, key);
  expect(first.status).toBe(200);
  for (let repeat = 0; repeat < 3; repeat += 1) {
    expect((await learner.post(`${url}/submit`, code, key)).headers.get('idempotency-replayed')).toBe('true');
  }
  const { submission_id } = first.body.evaluation;
  expect((await learner.post(`${url}/evaluate`, { submission_id })).status).toBe(200);
  expect((await learner.post(`${url}/submit`, code)).status).toBe(200);
  // 12:00 UTC is 07:00 in New York; the day ends at 04:00 there.
  const refusal = await expectQuota(learner.post(`${url}/submit`, code), 'submissions-per-day', 3);
  expect(refusal).toEqual({ resets_at: '2026-12-08T09:00:00.000Z', remaining: 0, retryAfter: 21 * 3600 });
  await expectQuota(learner.post(`${url}/evaluate`, { submission_id }), 'submissions-per-day', 3);

  worker.travelTo(new Date('2026-12-08T08:59:59Z'));
  await expectQuota(learner.post(`${url}/submit`, code), 'submissions-per-day', 3);
  worker.travelTo(new Date('2026-12-08T09:00:00Z'));
  expect((await learner.post(`${url}/submit`, code)).status).toBe(200);
});

test('submissions of one task have a quota of their own', async () => {
  const { learner, path, url } = await limited({ SUBMISSIONS_PER_TASK_AND_DAY: '1' });
  const another = await learner.newTask(path.id, PLATEAU, { scheduled_at: NOON.toISOString() });
  expect((await learner.post(`${url}/submit`, code)).status).toBe(200);
  await expectQuota(learner.post(`${url}/submit`, code), 'submissions-per-task-and-day', 1);
  expect((await learner.post(`/v1/study-tasks/${another}/submit`, code)).status).toBe(200);
});

test('a submission that the cron judges again counts once', async () => {
  const { worker, learner, url } = await limited({ SUBMISSIONS_PER_DAY: '2' });
  await withFaults(stack.evaluator, [{ path: '/v1/evaluations', kind: 'status', status: 500 }], async () => {
    expect((await learner.post(`${url}/submit`, code)).status).toBe(202);
    worker.travelTo(new Date(NOON.getTime() + 600_000));
    await worker.cron();
  });
  worker.travelTo(new Date(NOON.getTime() + 7_200_000));
  await worker.cron();
  expect((await learner.post(`${url}/submit`, code)).status).toBe(200);
  await expectQuota(learner.post(`${url}/submit`, code), 'submissions-per-day', 2);
});

test('runs count when they have a result', async () => {
  const { learner, url } = await limited({ RUNS_PER_DAY: '1', SUBMISSIONS_PER_DAY: '1' });
  await withFaults(stack.evaluator, [{ path: '/v1/evaluations', kind: 'status', status: 500 }], async () => {
    expect((await learner.post(`${url}/run`, code)).status).toBe(503);
  });
  expect((await learner.post(`${url}/run`, code)).status).toBe(200);
  await expectQuota(learner.post(`${url}/run`, code), 'runs-per-day', 1);
  expect((await learner.post(`${url}/submit`, code)).status).toBe(200);
});

test('hints of a day hold whatever the learner has set, and count when the tutor answers', async () => {
  const { learner, url } = await limited({ HINTS_PER_DAY: '2' }, { hints_per_task: null });
  await withFaults(stack.tutor, [{ path: '/v1/hints', kind: 'status', status: 500 }], async () => {
    for (let tries = 0; tries < 3; tries += 1) expect((await learner.post(`${url}/hint`)).status).toBe(503);
  });
  for (let hint = 0; hint < 2; hint += 1) {
    const answer = await learner.send(`${url}/hint`, { method: 'POST' });
    expect(answer.status).toBe(200);
    await answer.text();
  }
  await expectQuota(learner.post(`${url}/hint`), 'hints-per-day', 2);
});

test('tasks of a day: a batch that asks for more than is left makes none, planned tasks are free', async () => {
  const { learner, path } = await limited({ TASKS_PER_DAY: '6' });
  const tasks = (count: number) =>
    Array.from({ length: count }, () => ({ problem_id: PLATEAU, scheduled_at: NOON.toISOString() }));
  const batch = (count: number) =>
    learner.post('/v1/study-tasks/batch', { path_id: path.id, tasks: tasks(count) });
  expect((await batch(3)).status).toBe(201);
  const { remaining } = await expectQuota(batch(3), 'tasks-per-day', 6);
  expect(remaining).toBe(2);
  const unknown = { path_id: path.id, tasks: [...tasks(1), { problem_id: 'no-such', scheduled_at: NOON }] };
  expect((await learner.post('/v1/study-tasks/batch', unknown)).status).toBe(422);
  expect(
    (await learner.post('/v1/study-tasks/batch', { ...unknown, path_id: path.id.replace(/./g, '0') })).status,
  ).not.toBe(201);
  expect((await batch(2)).status).toBe(201);
  await expectQuota(batch(1), 'tasks-per-day', 6);
  expect((await learner.newPath()).tasks.length).toBeGreaterThan(0);
});

test('a variable of 0 turns a quota off', async () => {
  const { learner, url } = await limited({ RUNS_PER_DAY: '0', HINTS_PER_DAY: '0', OPEN_HINTS: '0' });
  for (let run = 0; run < 3; run += 1) expect((await learner.post(`${url}/run`, code)).status).toBe(200);
  const hint = await learner.send(`${url}/hint`, { method: 'POST' });
  expect(hint.status).toBe(200);
  await hint.text();
});

async function paceTutor(settings: Record<string, unknown> | null): Promise<void> {
  await fetch(`${stack.tutor}/__local/stream`, {
    method: settings === null ? 'DELETE' : 'PUT',
    headers: { 'content-type': 'application/json' },
    ...(settings === null ? {} : { body: JSON.stringify(settings) }),
  });
}

/** Asks for a hint and leaves its stream open. */
async function openHint(learner: Learner, task: string) {
  const answer = await learner.send(`/v1/study-tasks/${task}/hint`, { method: 'POST' });
  return { status: answer.status, answer, leave: () => answer.body?.cancel() };
}

/** In workerd, where the learner's object is a Durable Object. */
test('two hints are open at once; one that ends, or is left, makes room', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const task = await learner.newTask(path.id, PLATEAU);
  await paceTutor({ word_delay_ms: 400 });
  try {
    const first = await openHint(learner, task);
    const second = await openHint(learner, task);
    expect([first.status, second.status]).toEqual([200, 200]);
    const refusal = await expectQuota(learner.post(`/v1/study-tasks/${task}/hint`), 'open-hints', 2);
    expect(Date.parse(refusal.resets_at)).toBeGreaterThan(Date.now());
    await first.leave();
    const third = await expect.poll(() => openHint(learner, task), { timeout: 15_000, interval: 300 });
    await third.toMatchObject({ status: 200 });
    await paceTutor(null);
    await second.answer.text();
  } finally {
    await paceTutor(null);
  }
});

test('erasing oneself brings no new quota', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const batch = (pathId: string, count: number) => ({
    path_id: pathId,
    tasks: Array.from({ length: count }, () => ({
      problem_id: PLATEAU,
      scheduled_at: new Date().toISOString(),
    })),
  });
  for (let made = 0; made < 2; made += 1) {
    expect((await learner.post('/v1/study-tasks/batch', batch(path.id, 500))).status).toBe(201);
  }
  await expectQuota(learner.post('/v1/study-tasks/batch', batch(path.id, 1)), 'tasks-per-day', 1000);
  const asked = await learner.call<{ confirmation: { token: string } }>('/v1/me', { method: 'DELETE' });
  const confirm = encodeURIComponent(asked.body.confirmation.token);
  expect((await learner.send(`/v1/me?confirm=${confirm}`, { method: 'DELETE' })).status).toBe(204);
  const { path: next } = await learner.newPath();
  await expectQuota(learner.post('/v1/study-tasks/batch', batch(next.id, 1)), 'tasks-per-day', 1000);
  await runCron();
});

test('progress of the past is limited by the minute', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const past = () => learner.call(`/v1/study-paths/${path.id}/progress?as_of=${new Date().toISOString()}`);
  const answers = [];
  while (answers.length < 70 && answers.at(-1)?.status !== 429) {
    answers.push(
      ...(await Promise.all(Array.from({ length: 6 }, past))).toSorted((a, b) => a.status - b.status),
    );
  }
  expect(answers.filter(({ status }) => status !== 429).length).toBeGreaterThanOrEqual(30);
  expect(answers.at(-1)?.headers.get('ratelimit')).toBe('"past-reads";r=0;t=60');
  expect((await learner.call(`/v1/study-paths/${path.id}/progress`)).status).toBe(200);
});
