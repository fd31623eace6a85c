import { expect, test } from 'vitest';
import { SelectionReason } from '#contract/learning.ts';
import type { PathChanged } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { newLearner, roundTrips, runCron, solution } from '../support/api.ts';
import type { Judged } from '../support/submissions.ts';

async function practising(config: Record<string, unknown> = {}) {
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath(config);
  async function submit(task: Pick<Task, 'id' | 'problem_id'>, code?: string) {
    const right = code ?? (await solution(task.problem_id, 'python'));
    const answer = await learner.post<Judged>(`/v1/study-tasks/${task.id}/submit`, {
      language: 'python',
      code: right,
    });
    expect(answer.body.evaluation.status).toBe('evaluated');
    return answer;
  }
  async function all(): Promise<Task[]> {
    return (await learner.call<{ data: Task[] }>('/v1/study-tasks?limit=200')).body.data;
  }
  const isNew = (task: Task) => tasks.every(({ id }) => id !== task.id);
  return { learner, path, tasks, submit, all, added: async () => (await all()).filter(isNew) };
}

test('two problems solved: the next ones are chosen with a reason, one of them because of the two successes', async () => {
  const { learner, tasks, submit, all, added } = await practising({
    initial_tasks: 5,
    horizon: 5,
    modules: ['arrays-strings'],
  });
  for (const task of tasks.slice(0, 2)) {
    const answer = await submit(task);
    expect(answer.body.evaluation.verdict).toBe('AC');
    expect(await roundTrips(answer.requestId)).toBe(2);
  }
  const chosen = await added();
  expect(chosen).toHaveLength(2);
  const reasons = chosen.map(({ metadata }) =>
    SelectionReason.parse({ code: metadata.reason_code, text: metadata.reason }),
  );
  expect(reasons.map(({ code }) => code)).toContain('stepped-up');
  const harder = chosen.find(({ metadata }) => metadata.reason_code === 'stepped-up');
  expect(harder?.difficulty).toBe(2);
  expect(harder?.metadata.reason).toMatch(
    /^You solved two in a row in arrays and strings, so your level there is now 2\./,
  );
  const [created] = await learner.events(harder?.id ?? '');
  expect(created).toMatchObject({ event_type: 'created', payload: { metadata: harder?.metadata } });
  const problems = (await all()).map(({ problem_id }) => problem_id);
  expect(new Set(problems).size).toBe(problems.length);
  const types = (await learner.events(tasks[1]?.id ?? '')).map(({ event_type }) => event_type);
  expect(types.slice(3)).toEqual([
    'evaluated',
    'status_changed',
    'mastery_changed',
    'difficulty_changed',
    'graded',
  ]);
  const kept = await learner.call(`/v1/study-tasks/${harder?.id}`, {
    method: 'PATCH',
    body: { metadata: { reason_code: 'mine' } },
  });
  expect(kept.status).toBe(422);
});

test('PATCH of a path sets some keys of its config and keeps the others; what comes next follows it', async () => {
  const { learner, path, tasks, submit, all } = await practising({
    initial_tasks: 5,
    horizon: 5,
    tasks_per_day: 2,
  });
  const patch = <T>(config: unknown, route = `/v1/study-paths/${path.id}`) =>
    learner.call<T>(route, { method: 'PATCH', body: { config } });
  const changed = await patch<PathChanged>({ horizon: 7, time_zone: 'Asia/Tokyo' });
  expect(changed).toMatchObject({ status: 200, body: { path: { id: path.id } } });
  expect(changed.body.path.config).toEqual({ ...path.config, horizon: 7, time_zone: 'Asia/Tokyo' });
  expect(Date.parse(changed.body.path.updated_at)).toBeGreaterThan(Date.parse(path.updated_at));
  const current = await learner.call<PathChanged>('/v1/study-paths/current');
  expect(current.body.path).toEqual(changed.body.path);

  await submit(tasks[0] as Task);
  const open = (await all()).filter(({ status }) => status === 'scheduled' || status === 'in_progress');
  expect(open).toHaveLength(7);

  const wrong = await patch({ horizon: 0, modules: ['cooking'], colour: 'red' });
  expect(wrong).toMatchObject({ status: 422, body: { code: 'validation' } });
  const { errors } = wrong.body as unknown as { errors: { path: string }[] };
  const paths = errors.map(({ path: field }) => field).sort();
  expect(paths).toEqual(['config', 'config.horizon', 'config.modules.0']);
  for (const config of [{}, null, 'horizon', [1]]) expect((await patch(config)).status).toBe(422);
  const foreign = await newLearner();
  const denied = await foreign.call(`/v1/study-paths/${path.id}`, {
    method: 'PATCH',
    body: { config: { horizon: 1 } },
  });
  const unknown = await patch({ horizon: 1 }, '/v1/study-paths/00000000-0000-4000-8000-000000000000');
  expect([denied.status, unknown.status]).toEqual([404, 404]);
});

test('skipping leaves a gap that the cron fills, once, however often it runs', async () => {
  const { learner, path, tasks, submit, all, added } = await practising({ initial_tasks: 5, horizon: 5 });
  const isOpen = ({ status }: Task) => status === 'scheduled' || status === 'in_progress';
  await submit(tasks[0] as Task);
  for (const task of tasks.slice(1, 3)) {
    await learner.call(`/v1/study-tasks/${task.id}`, { method: 'PATCH', body: { status: 'skipped' } });
  }
  expect((await all()).filter(isOpen)).toHaveLength(3);
  await Promise.all([runCron(new Date(), '17 * * * *'), runCron(new Date(), '17 * * * *')]);
  expect((await all()).filter(isOpen)).toHaveLength(5);
  const chosen = await added();
  expect(chosen).toHaveLength(3);
  for (const { id, path_id, metadata } of chosen) {
    expect(path_id).toBe(path.id);
    SelectionReason.parse({ code: metadata.reason_code, text: metadata.reason });
    expect((await learner.events(id))[0]?.event_type).toBe('created');
  }
  const byCron = await Promise.all(chosen.map(async ({ id }) => (await learner.events(id))[0]?.actor));
  expect(byCron.filter((actor) => actor?.type === 'system')).toEqual(
    Array.from({ length: 2 }, () => ({ type: 'system', job: 'top-up-paths' })),
  );
});
