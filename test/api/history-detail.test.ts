import { expect, test } from 'vitest';
import { EventPage, HintList, TaskDetail } from '#contract/history.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import { type Answer, inDatabase, type Learner, newLearner, roundTrips, stack } from '../support/api.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

async function learnerWithTask() {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  return { learner, path, taskId, url: `/v1/study-tasks/${taskId}` };
}

async function detailOf(learner: Learner, url: string): Promise<TaskDetail> {
  const { status, body } = await learner.call<TaskDetail>(url);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** The recording ends a moment after the stream. */
async function recordedHints(learner: Learner, url: string, count: number): Promise<HintList['data']> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { body } = await learner.call<HintList>(`${url}/hints`);
    if (body.data.filter((hint) => hint.outcome !== null).length === count) return body.data;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the hints were not recorded in 5 s');
}

/** Asks for a hint and answers what its stream said. */
async function hear(learner: Learner, url: string, body: object): Promise<string> {
  const stream = await (await learner.send(`${url}/hint`, { body })).text();
  return [...stream.matchAll(/event: delta\ndata: (.*)\n/g)]
    .map(([, data]) => JSON.parse(data ?? '{}').text as string)
    .join('');
}

test('the detail has the problem, the code of every attempt, the events and what the tutor said', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  const wrong = `${PLATEAU_CODE.python.WA}\n# "quoted" \\ 🙂 نص`;
  const first = await learner.post<Judged>(`${url}/submit`, { language: 'python', code: wrong });
  const question = 'Why "wrong"?\nيا 🙂';
  const heard = [await hear(learner, url, { question }), await hear(learner, url, {})];
  const right = PLATEAU_CODE.javascript.AC;
  await learner.post<Judged>(`${url}/submit`, { language: 'javascript', code: right });
  const again = await learner.post(`${url}/evaluate`, {
    submission_id: first.body.evaluation.submission_id,
  });
  expect(again.status).toBe(200);
  const hints = await recordedHints(learner, url, 2);

  const answer = await learner.call<TaskDetail>(url);
  const detail = answer.body;
  expect(TaskDetail.parse(detail)).toEqual(detail);
  expect(await roundTrips(answer.requestId)).toBe(1);
  expect(detail.problem?.problem_id).toBe(PLATEAU);
  expect(detail.evaluations.map(({ attempt, run, code }) => [attempt, run, code])).toEqual([
    [2, 1, right],
    [1, 2, wrong],
    [1, 1, wrong],
  ]);
  expect(detail.events.map((event) => event.seq)).toEqual(
    Array.from({ length: detail.task.version }, (_, index) => index + 1),
  );
  expect(hints).toMatchObject([
    { level: 1, outcome: 'complete', question, text: heard[0] },
    { level: 2, outcome: 'complete', question: null, text: heard[1] },
  ]);
  expect(heard[0]).not.toBe('');
  expect(detail.hints).toEqual(hints);
  expect(JSON.stringify(detail)).not.toMatch(/sealed|v1\.k1\./);

  const list = await learner.call<HintList>(`${url}/hints`);
  expect(HintList.parse(list.body)).toEqual({ data: hints, next_cursor: null });
  expect(await roundTrips(list.requestId)).toBe(1);
  const other = await newLearner();
  for (const route of [url, `${url}/hints`, `/v1/study-tasks/${crypto.randomUUID()}/hints`]) {
    expect(await other.call(route)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  }
  expect(taskId).toBe(detail.task.id);
});

test('a hint whose stream still runs is there without its words', async () => {
  const { learner, url } = await learnerWithTask();
  const pace = (settings: object | null) =>
    fetch(`${stack.tutor}/__local/stream`, {
      method: settings === null ? 'DELETE' : 'PUT',
      headers: { 'content-type': 'application/json' },
      ...(settings === null ? {} : { body: JSON.stringify(settings) }),
    });
  await pace({ word_delay_ms: 150 });
  try {
    const stream = await learner.send(`${url}/hint`, { body: { question: 'and now?' } });
    const reader = stream.body?.getReader();
    await reader?.read();
    await expect
      .poll(async () => (await learner.call<HintList>(`${url}/hints`)).body.data)
      .toMatchObject([{ level: 1, outcome: null, question: null, text: null }]);
    await reader?.cancel();
    await pace(null);
    expect(await recordedHints(learner, url, 1)).toMatchObject([
      { outcome: 'aborted', question: 'and now?', text: expect.any(String) },
    ]);
  } finally {
    await pace(null);
  }
});

test('a sealed text that does not open fails the whole view and tells nothing', async () => {
  const { learner, path, url, taskId } = await learnerWithTask();
  const code = PLATEAU_CODE.javascript.WA;
  await learner.post(`${url}/submit`, { language: 'javascript', code });
  const otherId = await learner.newTask(path.id, PLATEAU);
  const other = `/v1/study-tasks/${otherId}`;
  await learner.post(`${other}/submit`, { language: 'javascript', code: PLATEAU_CODE.javascript.AC });
  await hear(learner, other, {});
  await recordedHints(learner, other, 1);

  // Somebody swaps the code of two tasks in the database.
  await inDatabase(
    `update task_evaluations set code = (select code from task_evaluations where task_id = $1) where task_id = $2`,
    [otherId, taskId],
  );
  const broken = await learner.call<ProblemDetails>(url);
  expect(broken).toMatchObject({ status: 500, body: { code: 'integrity-error' } });
  expect(JSON.stringify(broken.body)).not.toContain('longest_plateau');
  expect(broken.headers.get('etag')).toBeNull();
  expect((await learner.call(`${url}/hints`)).status).toBe(200);

  await inDatabase(
    `update task_transcripts set sealed = overlay(sealed placing '0000' from length(sealed) - 5) where task_id = $1`,
    [otherId],
  );
  for (const route of [other, `${other}/hints`]) {
    expect(await learner.call(route)).toMatchObject({ status: 500, body: { code: 'integrity-error' } });
  }
});

test('the detail holds the newest 50 events and judgings; all events come in pages', async () => {
  const { learner, url, taskId } = await learnerWithTask();
  for (let note = 1; note <= 53; note += 1) {
    await learner.call(url, { method: 'PATCH', body: { metadata: { note } } });
  }
  await learner.post(`${url}/submit`, { language: 'javascript', code: PLATEAU_CODE.javascript.AC });
  await inDatabase(
    `insert into task_evaluations (id, task_id, submission_id, attempt, run, language, code, status, verdict, next_redrive_at)
     select gen_random_uuid(), task_id, submission_id, attempt, n, language, code, 'evaluated', 'AC', next_redrive_at
     from task_evaluations, generate_series(2, 60) n where task_id = $1`,
    [taskId],
  );
  const detail = await detailOf(learner, url);
  const { version } = detail.task;
  expect(version).toBe(60);
  expect(detail.events.map((event) => event.seq)).toEqual(
    Array.from({ length: 50 }, (_, n) => version - 49 + n),
  );
  expect(detail.evaluations.map((evaluation) => evaluation.run)).toEqual(
    Array.from({ length: 50 }, (_, n) => 60 - n),
  );

  const seen: number[] = [];
  let pages = 0;
  for (let route: string | undefined = `${url}/events?limit=20`; route !== undefined; pages += 1) {
    const answer: Answer<EventPage> = await learner.call<EventPage>(route);
    expect(EventPage.parse(answer.body)).toEqual(answer.body);
    seen.push(...answer.body.data.map((event) => event.seq));
    route = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(answer.body.next_cursor === null).toBe(route === undefined);
  }
  expect(pages).toBe(3);
  expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
});

test('a cursor of events belongs to its task', async () => {
  const { learner, url, path } = await learnerWithTask();
  await learner.post(`${url}/start`);
  const { body } = await learner.call<EventPage>(`${url}/events?limit=1`);
  const cursor = body.next_cursor ?? '';
  const rest = await learner.call<EventPage>(`${url}/events?cursor=${cursor}`);
  expect(rest.body.data.map((event) => event.seq)).toEqual([2]);
  const twin = `/v1/study-tasks/${await learner.newTask(path.id, PLATEAU)}`;
  for (const bad of [`${twin}/events?cursor=${cursor}`, `${url}/events?cursor=1`]) {
    expect(await learner.call(bad)).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
  }
  for (const bad of ['limit=0', 'limit=1&limit=2', 'cursor=', 'after=1']) {
    expect(await learner.call(`${url}/events?${bad}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-query' },
    });
  }
});
