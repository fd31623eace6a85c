import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ClientOptions, createClient, isStudyPathsError } from '#client/index.ts';
import { inDatabase, type Learner, newLearner, stack, withFaults } from '../support/api.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';
import { watch } from '../support/watch.ts';

const QUICK = { attempts: 4, baseMs: 20, maxMs: 3000 };

type Sent = { method: string; path: string; key: string | null };

/** A client whose answers are held to the API document, and what it has sent. */
function clientOf({ token }: Pick<Learner, 'token'>, options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const send = async (url: string, init: RequestInit) => {
    const method = init.method ?? 'GET';
    sent.push({ method, path: new URL(url).pathname, key: new Headers(init.headers).get('idempotency-key') });
    return watch(method, url, await fetch(url, init));
  };
  return {
    sent,
    client: createClient({ baseUrl: stack.worker, token, fetch: send, retry: QUICK, ...options }),
  };
}

async function failure(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isStudyPathsError(error)) throw new Error(`no error of the client: ${String(error)}`);
  return error;
}

async function withTask() {
  const learner = await newLearner('client');
  const { path } = await learner.newPath();
  return { learner, path, taskId: await learner.newTask(path.id, PLATEAU) };
}

test('a learner goes the whole way', async () => {
  const { client } = clientOf(await newLearner('client'));
  expect(await client.getHealth()).toEqual({ status: 'ok' });
  const { path } = await client.createPath({ config: { tasks_per_day: 2 } });
  expect((await client.changePath(path.id, { time_zone: 'Asia/Tokyo' })).path.config).toMatchObject({
    tasks_per_day: 2,
    time_zone: 'Asia/Tokyo',
  });
  const { ids } = await client.createTasks({
    path_id: path.id,
    tasks: [{ problem_id: PLATEAU, scheduled_at: new Date().toISOString() }],
  });
  expect((await client.getNextTask())?.task.status).toBe('scheduled');
  const [id = ''] = ids;
  const { task } = await client.startTask(id);
  expect(
    (await client.changeTask(id, { metadata: { note: 'n' } }, { version: task.version })).task.metadata,
  ).toMatchObject({ note: 'n' });
  const stale = await failure(client.changeTask(id, { metadata: { note: 'm' } }, { version: task.version }));
  expect(stale).toMatchObject({ code: 'precondition-failed', status: 412 });

  const code = { language: 'python', code: PLATEAU_CODE.python.AC } as const;
  expect((await client.runCode(id, code)).verdict).toBe('AC');
  const judged = await client.submitCode(id, code);
  expect(judged).toMatchObject({ evaluation: { verdict: 'AC' }, task: { status: 'completed' } });
  expect((await client.gradeTask(id, 'hard')).grade).toBe('hard');
  expect(['good', 'easy']).toContain((await client.undoGrade(id)).grade);
  expect((await client.undoReview(id)).grade).toBeNull();
  expect((await client.getProgress(path.id)).totals.by_status.completed).toBe(1);
  const file = await client.exportTasks({ format: 'csv', status: 'completed' });
  expect(await file.text()).toContain(id);

  const asked = await failure(client.eraseLearner());
  if (asked.code !== 'confirmation-required') throw asked;
  expect(asked.problem.confirmation.removes.study_paths).toBe(1);
  expect(await client.eraseLearner(asked.problem.confirmation.token)).toBeNull();
  expect(await failure(client.getCurrentPath())).toMatchObject({ code: 'no-active-path', status: 404 });
});

test('a whole list is walked page by page, and no further than is wanted', async () => {
  const { learner, path } = await withTask();
  const { client, sent } = clientOf(learner);
  const all: string[] = [];
  for await (const task of client.eachTask({ path_id: path.id, limit: 3 })) all.push(task.id);
  const { data } = await client.listTasks({ path_id: path.id, limit: 200 });
  expect(all).toEqual(data.map(({ id }) => id));
  expect(sent.length).toBe(1 + Math.ceil(all.length / 3));
  for await (const task of client.eachTask({ limit: 2 })) {
    expect(task.id).toBe(all[0]);
    break;
  }
  expect(sent.length).toBe(2 + Math.ceil(all.length / 3));
});

test('a hint comes event by event; who leaves stops the tutor', async () => {
  const { learner, taskId } = await withTask();
  const { client } = clientOf(learner);
  const events: string[] = [];
  for await (const { event } of await client.requestHint(taskId)) events.push(event);
  expect(events.at(-1)).toBe('done');
  expect(new Set(events.slice(0, -1))).toEqual(new Set(['delta']));
  const said = await (await client.requestHint(taskId, { level: 1 })).text();
  expect(said.length).toBeGreaterThan(10);

  const requestId = randomUUID();
  const tutor = (method: string, body?: object) =>
    fetch(`${stack.tutor}/__local/stream`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await tutor('PUT', { word_delay_ms: 200 });
  try {
    for await (const _ of await client.requestHint(taskId, {}, { headers: { 'x-request-id': requestId } }))
      break;
    const outcome = async () => {
      const { data } = (await (await fetch(`${stack.tutor}/__local/streams`)).json()) as {
        data: { request_id: string; outcome: string }[];
      };
      return data.find(({ request_id }) => request_id === requestId)?.outcome;
    };
    await expect.poll(outcome, { timeout: 20_000 }).toBe('aborted');
    await tutor('PUT', { cut_after_words: 2 });
    expect(await failure((await client.requestHint(taskId)).text())).toMatchObject({ code: 'stream-broken' });
  } finally {
    await tutor('DELETE');
  }
});

test('a submission whose answer was lost is sent again under its key and counts once', async () => {
  const { learner, taskId } = await withTask();
  const { client, sent } = clientOf(learner);
  const lost = { path: '/sql', kind: 'after-commit', match: 'pending_evaluations', times: 3 };
  // The Worker looks for what it has stored: it must not find that either.
  const hidden = {
    path: '/sql',
    kind: 'status',
    status: 503,
    match: 'order by e.run desc limit 1',
    times: 3,
  };
  const { task } = await withFaults(stack.neon, [lost, hidden], () =>
    client.submitCode(taskId, { language: 'python', code: PLATEAU_CODE.python.WA }),
  );
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  const { evaluations } = await client.getTask(taskId);
  expect(new Set(evaluations.map(({ submission_id }) => submission_id)).size).toBe(1);
  expect(task.attempts).toBe(1);
});

test('reads are tried again, other writes only when nothing was done', async () => {
  const { learner, path } = await withTask();
  const { client, sent } = clientOf(learner);
  const down = (times: number) => [{ path: '/sql', kind: 'status', status: 503, times }];
  await withFaults(stack.neon, down(8), () => client.getCurrentPath());
  expect(sent.length).toBeGreaterThan(1);
  sent.length = 0;
  await withFaults(stack.neon, down(100), async () => {
    expect(await failure(client.deletePath(path.id))).toMatchObject({
      code: 'storage-unavailable',
      status: 503,
    });
  });
  expect(sent).toHaveLength(1);
  expect(await inDatabase('select 1 from study_paths where id = $1', [path.id])).toHaveLength(1);
});

test('a token that is refused is asked for anew, once', async () => {
  const learner = await newLearner('client');
  const asked: boolean[] = [];
  const token = ({ renew }: { renew: boolean }) => {
    asked.push(renew);
    return renew ? learner.token : 'a.b.c';
  };
  const { client } = clientOf(learner, { token });
  expect((await client.listPaths()).data).toEqual([]);
  expect(asked).toEqual([false, true]);
  const { client: never } = clientOf(learner, { token: () => 'a.b.c' });
  expect(await failure(never.listPaths())).toMatchObject({ code: 'invalid-token', status: 401 });
});

test('a signal ends a call with its own reason, a deadline with an error', async () => {
  const { learner } = await withTask();
  const { client } = clientOf(learner, { retry: { attempts: 1 } });
  const reason = new Error('the page was left');
  await withFaults(stack.neon, [{ path: '/sql', kind: 'delay', delay_ms: 3000 }], async () => {
    const controller = new AbortController();
    const call = client.listPaths({}, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    expect(await failure(client.listPaths({}, { timeoutMs: 50 }))).toMatchObject({
      code: 'timeout',
      status: 0,
    });
  });
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:1', token: 't', retry: { attempts: 1 } });
  expect(await failure(nowhere.listPaths())).toMatchObject({ code: 'network', problem: null });
});
