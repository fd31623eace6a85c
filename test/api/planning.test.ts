import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NextTask, PathCreated } from '#contract/paths.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import type { Task } from '#contract/tasks.ts';
import type { Fetcher } from '#worker/clients/http.ts';
import { inDatabase, type Learner, learnerAt, newLearner, solution, stack } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { readCsv } from '../support/csv.ts';
import { DAY } from '../support/review-bench.ts';
import { type Judged, PLATEAU } from '../support/submissions.ts';

const BEGIN = new Date('2026-04-06T08:00:00.000Z');
const days = (count: number) => new Date(BEGIN.getTime() + count * DAY);

let worker: Awaited<ReturnType<typeof startClockedWorker>>;
beforeAll(async () => {
  worker = await startClockedWorker({ at: BEGIN });
});
afterAll(() => worker.close());

async function begin(config: Record<string, unknown> = {}) {
  worker.travelTo(BEGIN);
  const learner = await newLearner('planning', worker.url);
  return { learner, ...(await learner.newPath(config)) };
}

const next = (learner: Learner) => learner.call<NextTask>('/v1/study-tasks/next');
const patch = <T = { task: Task }>(learner: Learner, id: string, body: unknown) =>
  learner.call<T>(`/v1/study-tasks/${id}`, { method: 'PATCH', body });
const list = async (learner: Learner, query = '') =>
  (await learner.call<{ data: Task[] }>(`/v1/study-tasks?limit=200&order=asc&${query}`)).body.data;

async function submit(learner: Learner, task: Pick<Task, 'id' | 'problem_id'>, code?: string) {
  const body = { language: 'python', code: code ?? (await solution(task.problem_id, 'python')) };
  return learner.post<Judged>(`/v1/study-tasks/${task.id}/submit`, body);
}

/** Sends the starter code, which solves nothing. */
async function fail(learner: Learner, { id, problem_id }: Pick<Task, 'id' | 'problem_id'>) {
  const response = await fetch(`${stack.bank}/v1/problems/${problem_id}`);
  const { starter_code } = (await response.json()) as { starter_code: { python: string } };
  const answer = await submit(learner, { id, problem_id }, starter_code.python);
  expect(answer.body.evaluation).toMatchObject({ status: 'evaluated', score: expect.any(Number) });
  expect(['CE', 'AC', 'IE']).not.toContain(answer.body.evaluation.verdict);
  return answer;
}

test('a CE counts for nothing; with until_passed a task with a result never expires and can be set aside', async () => {
  const { learner, first_task: task } = await begin({ completion: 'until_passed' });
  const early = await submit(learner, task, 'def broken(:');
  expect(early.body).toMatchObject({
    evaluation: { verdict: 'CE', error_message: expect.any(String) },
    task: { status: 'in_progress', score: null, metadata: { compile_errors: 1 } },
  });
  expect((await patch<ProblemDetails>(learner, task.id, { status: 'completed' })).body).toMatchObject({
    code: 'invalid-transition',
    detail: 'A problem that is in_progress and has no result cannot be completed.',
  });
  const failed = await fail(learner, task);
  expect(failed.body.task).toMatchObject({
    status: 'in_progress',
    metadata: { first_score: expect.any(Number) },
  });
  expect(failed.body.task.score).toBeLessThan(1);

  worker.travelTo(days(60));
  await worker.cron();
  expect((await next(learner)).body.task).toMatchObject({ id: task.id, status: 'in_progress' });
  expect((await list(learner, 'status=attempted')).map(({ id }) => id)).toEqual([task.id]);
  const aside = await patch(learner, task.id, { status: 'completed' });
  expect(aside).toMatchObject({
    status: 200,
    body: { task: { status: 'completed', completed_at: days(60).toISOString() } },
  });
  expect((await learner.events(task.id)).at(-1)).toMatchObject({
    event_type: 'status_changed',
    actor: { type: 'learner' },
    payload: { from: 'in_progress', to: 'completed' },
  });
  const solved = await submit(learner, task);
  expect(solved.body.task).toMatchObject({ status: 'completed', score: 1 });
  expect((await list(learner, 'status=solved')).map(({ id }) => id)).toEqual([task.id]);
  expect(await list(learner, 'status=attempted')).toEqual([]);
});

test('submitting to a skipped task is refused and stores nothing', async () => {
  const { learner, first_task: task } = await begin();
  await patch(learner, task.id, { status: 'skipped' });
  const refused = await submit(learner, task);
  expect(refused).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
  expect(await inDatabase('select id from task_evaluations where task_id = $1', [task.id])).toEqual([]);
});

test('skipping everything brings back what was skipped, and no solved problem ever', async () => {
  const { learner, path } = await begin({ modules: ['heaps'], horizon: 3, initial_tasks: 5 });
  const solved = (await next(learner)).body.task;
  await submit(learner, solved);
  const offered: string[] = [];
  for (let turn = 1; turn <= 12; turn += 1) {
    const { status, body } = await next(learner);
    expect(status).toBe(200);
    offered.push(body.task.problem_id);
    await patch(learner, body.task.id, { status: 'skipped' });
  }
  expect(offered).not.toContain(solved.problem_id);
  expect(new Set(offered).size).toBeLessThan(offered.length);
  const codes = (await list(learner, `path_id=${path.id}`)).map(({ metadata }) => metadata.reason_code);
  expect(codes).toContain('skipped-before');
});

test('two reviews come before each new task; a new path and another track hide no review', async () => {
  const { learner, path, tasks } = await begin({ initial_tasks: 8, reviews_per_day: 10 });
  for (const task of tasks.slice(0, 6)) await fail(learner, task);
  worker.travelTo(days(3));
  const newer = await learner.post<PathCreated>('/v1/study-paths', {
    track_id: 'other',
    config: { tasks_per_day: 10 },
  });
  expect(newer.status).toBe(201);
  const kinds: string[] = [];
  for (let turn = 1; turn <= 8; turn += 1) {
    worker.travelTo(new Date(days(3).getTime() + turn * 600_000));
    const { task } = (await next(learner)).body;
    kinds.push(task.kind);
    await fail(learner, task);
  }
  expect(kinds).toEqual(['review', 'review', 'problem', 'review', 'review', 'problem', 'review', 'review']);
  const made = await inDatabase<{ n: number }>(
    `select count(*)::integer as n from study_tasks where path_id = $1 and kind = 'review'`,
    [path.id],
  );
  expect(made).toEqual([{ n: 0 }]);

  // Reviews that are open in an older path are offered as well.
  const { learner: second, tasks: own } = await begin();
  for (const task of own.slice(0, 2)) await fail(second, task);
  worker.travelTo(days(3));
  const open = (await next(second)).body.task;
  expect(open.kind).toBe('review');
  await second.newPath();
  expect((await next(second)).body.task.id).toBe(open.id);
});

test('an absence expires what was open and no more, and all of it is offered again', async () => {
  const { learner, path, tasks } = await begin({ horizon: 8 });
  await fail(learner, tasks[0] as Task);
  const open = (await list(learner, 'status=scheduled&status=in_progress')).map((task) => task.problem_id);
  for (let day = 1; day <= 42; day += 1) {
    worker.travelTo(days(day));
    await worker.cron();
    await worker.cron('17 * * * *');
  }
  const expired = (await list(learner, 'status=expired')).map(({ problem_id }) => problem_id);
  // The list itself was a request, so the crons plan for this day again.
  expect(expired.toSorted()).toEqual(open.toSorted());
  expect((await next(learner)).body.task.kind).toBe('review');
  const tried = (tasks[0] as Task).problem_id;
  const bank = await inDatabase<{ problem_id: string }>(
    `select problem_id from study_tasks where path_id = $1 and status = 'scheduled' and kind = 'problem'`,
    [path.id],
  );
  expect(bank.length).toBeGreaterThanOrEqual(8);
  for (const { problem_id } of bank) expect(problem_id).not.toBe(tried);
  expect(bank.some(({ problem_id }) => expired.includes(problem_id))).toBe(true);
});

test('a change of the config replaces what is not started, in lists only on request', async () => {
  const { learner, path, tasks } = await begin({ initial_tasks: 6, horizon: 6 });
  await learner.post(`/v1/study-tasks/${tasks[0]?.id}/start`);
  const mine = await learner.newTask(path.id, PLATEAU);
  const changed = await learner.call(`/v1/study-paths/${path.id}`, {
    method: 'PATCH',
    body: { config: { modules: ['greedy', 'heaps'], unlocked_modules: ['heaps'] } },
  });
  expect(changed.status).toBe(200);
  const shown = await list(learner);
  const modules = shown.filter(({ id }) => id !== mine && id !== tasks[0]?.id).map(({ module }) => module);
  expect(modules).toHaveLength(4);
  expect(new Set(modules)).toEqual(new Set(['greedy', 'heaps']));
  const all = await list(learner, 'include=replanned');
  const replaced = all.filter(({ metadata }) => metadata.replanned === true);
  expect(replaced.map(({ id }) => id).toSorted()).toEqual(
    tasks
      .slice(1)
      .map(({ id }) => id)
      .toSorted(),
  );
  for (const { id, status, metadata } of replaced) {
    expect([status, metadata.skip_reason]).toEqual(['skipped', 'replanned']);
    expect((await learner.events(id)).at(-1)).toMatchObject({
      event_type: 'status_changed',
      actor: { type: 'system', job: 'replan' },
      payload: { from: 'scheduled', to: 'skipped', reason: 'replanned', replanned: true },
    });
  }
  const current = await learner.call<{ progress: { tasks: number; by_status: { skipped: number } } }>(
    '/v1/study-paths/current',
  );
  expect(current.body.progress).toMatchObject({ tasks: 6, by_status: { skipped: 0 } });

  const ids = async (query: string) => {
    const text = await (await learner.send(`/v1/study-tasks/export?${query}`)).text();
    if (query.includes('json')) return (JSON.parse(text) as { tasks: Task[] }).tasks.length;
    return readCsv(text).length;
  };
  expect(await ids('format=csv&include=replanned')).toBe((await ids('format=csv')) + 5);
  expect(await ids('format=json')).toBe(all.length);

  const same = await learner.call(`/v1/study-paths/${path.id}`, {
    method: 'PATCH',
    body: { config: { modules: ['greedy', 'heaps'] } },
  });
  expect(same.status).toBe(200);
  expect(await list(learner, 'include=replanned')).toHaveLength(all.length);
});

test('a problem that left the bank is never next, takes no code and its review rests; its task can be skipped', async () => {
  const gone = new Set<string>();
  const without: Fetcher = {
    async fetch(input, init) {
      const { pathname } = new URL(input);
      if ([...gone].some((id) => pathname.includes(id))) return Response.json({ error: {} }, { status: 404 });
      const response = await fetch(input, init);
      if (pathname !== '/v1/problems' || !response.ok) return response;
      const page = (await response.json()) as { data: { problem_id: string }[] };
      const data = page.data.filter(({ problem_id }) => !gone.has(problem_id));
      return Response.json({ ...page, data });
    },
  };
  const { learner: before, first_task: task, tasks } = await begin();
  const second = tasks[1] as Task;
  await fail(before, second);
  gone.add(task.problem_id).add(second.problem_id);
  const later = await startClockedWorker({ at: BEGIN, problemBank: without });
  try {
    const learner = learnerAt(before, later.url);
    for (const verb of ['submit', 'run']) {
      const body = { language: 'python', code: 'def f(): pass' };
      const answer = await learner.post(`/v1/study-tasks/${task.id}/${verb}`, body);
      expect(answer).toMatchObject({ status: 422, body: { code: 'unknown-problem' } });
    }
    expect(await inDatabase('select id from task_evaluations where task_id = $1', [task.id])).toEqual([]);
    const other = (await next(learner)).body;
    expect(other.task.id).not.toBe(task.id);
    expect(other.problem?.problem_id).toBe(other.task.problem_id);
    expect((await patch(learner, task.id, { status: 'skipped' })).status).toBe(200);

    later.travelTo(days(4));
    expect((await next(learner)).body.task.kind).toBe('problem');
    await later.cron();
    expect(await list(learner, 'kind=review')).toEqual([]);
    gone.clear();
  } finally {
    await later.close();
  }
  worker.travelTo(days(4));
  await next(before);
  await worker.cron();
  expect((await list(before, 'kind=review')).map(({ problem_id }) => problem_id)).toEqual([
    second.problem_id,
  ]);
});

test('the first tasks honour modules and weights, skip what was solved in any path, and rise in difficulty', async () => {
  const { learner, first_task: solved } = await begin();
  await submit(learner, solved);
  const again = await learner.newPath();
  expect(again.tasks).toHaveLength(8);
  expect(again.tasks.map(({ problem_id }) => problem_id)).not.toContain(solved.problem_id);
  const levels = again.tasks.map(({ difficulty }) => difficulty);
  expect(levels).toEqual(levels.toSorted());
  expect(new Set(again.tasks.map(({ module }) => module))).toEqual(new Set(['arrays-strings']));

  const chosen = await learner.newPath({
    modules: ['hashing', 'heaps'],
    unlocked_modules: ['heaps'],
    module_weights: { heaps: 3 },
  });
  const modules = chosen.tasks.map(({ module }) => module);
  expect(modules.slice(0, 4).toSorted()).toEqual(['hashing', 'heaps', 'heaps', 'heaps']);
  expect(new Set(modules)).toEqual(new Set(['hashing', 'heaps']));
  const none = await learner.newPath({ module_weights: { 'arrays-strings': 0, introduction: 0 } });
  expect(none.first_task.module).toBe('hashing');
  const left = none.tasks.map(({ module }) => module);
  expect(left).not.toContain('introduction');
  expect(left).not.toContain('arrays-strings');
});

test('undoing a grade leaves the review, and undoing the review forgets it', async () => {
  const { learner, first_task: task } = await begin();
  await submit(learner, task);
  const route = `/v1/study-tasks/${task.id}`;
  await learner.post(`${route}/grade`, { grade: 'again' });
  const undo = (what: string) => learner.call(`${route}/${what}`, { method: 'DELETE' });
  expect((await undo('grade')).body).toMatchObject({ source: 'evidence', due_at: expect.any(String) });
  expect((await undo('review')).body).toMatchObject({ grade: null, due_at: null, state: null });
  const types = (await learner.events(task.id)).map(({ event_type }) => event_type);
  expect(types.slice(-4)).toEqual(['graded', 'graded', 'graded', 'grade_undone']);
});
