import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CurrentPath, PathChanged } from '#contract/paths.ts';
import type { TaskAnswer } from '#contract/tasks.ts';
import { inDatabase, newLearner, stack, tokenFor, withFaults } from '../support/api.ts';
import { PLATEAU } from '../support/submissions.ts';

const weak = (tag: string | null) => `W/${tag}`;

test('a change of a task takes a tag that a compressing proxy has made weak, and a list of tags', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const task = `/v1/study-tasks/${await learner.newTask(path.id, PLATEAU)}`;
  const tag = (await learner.call(task)).headers.get('etag');
  const patch = (note: string, ifMatch: string) =>
    learner.call<TaskAnswer>(task, {
      method: 'PATCH',
      body: { metadata: { note } },
      headers: { 'if-match': ifMatch },
    });
  const changed = await patch('first', weak(tag));
  expect(changed.status).toBe(200);
  const stale = await patch('second', weak(tag));
  expect([stale.status, stale.headers.get('etag')]).toEqual([412, '"2"']);
  expect((await patch('third', `"1", "x" , ${weak('"2"')}`)).status).toBe(200);
  expect((await patch('fourth', '*')).status).toBe(200);
  for (const none of ['"x"', 'x', '"1", "2"']) expect((await patch('no', none)).status).toBe(412);
  const elsewhere = await learner.call(`/v1/study-tasks/${randomUUID()}`, {
    method: 'PATCH',
    body: { status: 'skipped' },
    headers: { 'if-match': '"x"' },
  });
  expect(elsewhere.status).toBe(404);
});

test('a start holds to If-Match', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const start = `/v1/study-tasks/${await learner.newTask(path.id, PLATEAU)}/start`;
  const stale = await learner.post(start, undefined, { 'if-match': '"2"' });
  expect([stale.status, stale.body.code, stale.headers.get('etag')]).toEqual([
    412,
    'precondition-failed',
    '"1"',
  ]);
  expect((await learner.post(start, undefined, { 'if-match': 'W/"1"' })).status).toBe(200);
  expect((await learner.post(start, undefined, { 'if-match': '"1"' })).status).toBe(412);
  expect((await learner.post(start)).status).toBe(200);
});

test('a path is changed and erased only as the client knows it', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const route = `/v1/study-paths/${path.id}`;
  const current = await learner.call<CurrentPath>('/v1/study-paths/current');
  const tag = current.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"1-/);
  expect(Object.keys(current.body).toSorted()).toEqual(['path', 'practice', 'progress']);
  const change = (horizon: number, ifMatch?: string) =>
    learner.call<PathChanged>(route, {
      method: 'PATCH',
      body: { config: { horizon } },
      ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
    });
  const changed = await change(9, weak(tag));
  expect([changed.status, changed.body.path.config.horizon]).toEqual([200, 9]);
  const newest = changed.headers.get('etag') ?? '';
  expect((await change(10, tag)).status).toBe(412);
  const races = await Promise.all([change(11, newest), change(12, newest), change(13, newest)]);
  expect(races.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  expect((await change(14)).status).toBe(200);

  const erase = (ifMatch: string) =>
    learner.send(route, { method: 'DELETE', headers: { 'if-match': ifMatch } });
  expect((await erase(newest)).status).toBe(412);
  expect((await learner.call('/v1/study-paths/current')).status).toBe(200);
  const last = (await learner.call('/v1/study-paths/current')).headers.get('etag') ?? '';
  expect((await erase(last)).status).toBe(204);
  expect((await erase('"1"')).status).toBe(404);
});

test('a repeat in another spelling of the same JSON is the same request', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const at = new Date().toISOString();
  const headers = { 'idempotency-key': randomUUID(), 'content-type': 'Application/JSON;' };
  const send = (raw: string) => learner.call('/v1/study-tasks/batch', { method: 'POST', raw, headers });
  const first = await send(
    `{"path_id":"${path.id}","tasks":[{"problem_id":"${PLATEAU}","scheduled_at":"${at}"}]}`,
  );
  const again = await send(
    ` {\n"tasks": [ { "scheduled_at" : "${at}", "problem_id":"\\u0${PLATEAU.charCodeAt(0).toString(16).padStart(3, '0')}${PLATEAU.slice(1)}" } ] , "path_id":"${path.id}" } `,
  );
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toEqual(first.body);
  const other = await send(
    `{"path_id":"${path.id}","tasks":[{"problem_id":"${PLATEAU}","scheduled_at":"${at}","reason":"x"}]}`,
  );
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
});

test('a PATCH may be declared as a merge patch', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const answer = await learner.call(`/v1/study-paths/${path.id}`, {
    method: 'PATCH',
    raw: '{"config":{"horizon":9}}',
    headers: { 'content-type': 'application/merge-patch+json; charset="UTF-8"' },
  });
  expect(answer.status).toBe(200);
});

const STATED = { module: 'dynamic-programming', difficulty: 5, topic_tags: ['made-up'] } as const;

test('a learner’s own batch takes what the bank says of a problem; the orchestrator’s may state it', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const batch = async (scope: unknown, task: object) => {
    const token = await tokenFor(learner.id, undefined, { scope });
    const body = { path_id: path.id, tasks: [{ scheduled_at: new Date().toISOString(), ...task }] };
    return learner.call<{ ids: string[] }>('/v1/study-tasks/batch', { body, token });
  };
  const stored = async (id = '') => {
    const [row] = await inDatabase<Record<string, unknown>>(
      `select t.module, t.difficulty, t.topic_tags, e.actor from study_tasks t join task_events e on e.task_id = t.id
       where t.id = $1 and e.seq = 1`,
      [id],
    );
    return row;
  };
  const own = await batch('openid profile', { problem_id: PLATEAU, ...STATED });
  expect(own.status).toBe(201);
  expect(await stored(own.body.ids[0])).toMatchObject({
    module: 'arrays-strings',
    actor: { type: 'learner' },
  });
  expect((await stored(own.body.ids[0]))?.topic_tags).not.toContain('made-up');
  for (const scope of ['openid co', ['co', 'openid']]) {
    const co = await batch(scope, { problem_id: PLATEAU, ...STATED });
    expect(await stored(co.body.ids[0])).toEqual({ ...STATED, actor: { type: 'co' } });
  }
  for (const scope of ['', 'co']) {
    const unknown = await batch(scope, { problem_id: 'no-such-problem', ...STATED });
    expect([unknown.status, unknown.body]).toMatchObject([422, { errors: [{ path: 'tasks.0.problem_id' }] }]);
  }
  const lesson = await batch('', {
    problem_id: 'lesson-of-mine',
    kind: 'lesson',
    module: 'greedy',
    difficulty: 1,
  });
  expect(lesson.status).toBe(201);
});

test('the orchestrator’s token reaches its learner alone', async () => {
  const [learner, other] = [await newLearner(), await newLearner()];
  const { path } = await other.newPath();
  const token = await tokenFor(learner.id, undefined, { scope: 'co' });
  const body = { path_id: path.id, tasks: [{ problem_id: PLATEAU, scheduled_at: new Date().toISOString() }] };
  expect((await learner.call('/v1/study-tasks/batch', { body, token })).status).toBe(404);
});

test('without the bank a batch is refused and nothing is stored', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const count = async () =>
    (
      await inDatabase<{ n: number }>('select count(*)::integer as n from study_tasks where path_id = $1', [
        path.id,
      ])
    )[0]?.n;
  const before = await count();
  // Never asked for before, so that no copy of the bank's answers can serve.
  const tasks = [{ problem_id: `unheard-${randomUUID()}`, scheduled_at: new Date().toISOString() }];
  await withFaults(stack.bank, [{ path: '/', kind: 'status', status: 500 }], async () => {
    const { startClockedWorker } = await import('../support/clocked-worker.ts');
    const worker = await startClockedWorker();
    const answer = await fetch(`${worker.url}/v1/study-tasks/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${learner.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ path_id: path.id, tasks }),
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      503,
      'problem-bank-unavailable',
    ]);
    await worker.close();
  });
  expect(await count()).toBe(before);
});
