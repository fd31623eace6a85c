import { EventSourceParserStream } from 'eventsource-parser/stream';
import { expect, test } from 'vitest';
import type { TaskEvent } from '#contract/events.ts';
import { HintList } from '#contract/history.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, type Learner, newLearner, roundTrips, stack, withFaults } from '../support/api.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

async function learnerWithTask(config: Record<string, unknown> = {}) {
  const learner = await newLearner();
  const { path } = await learner.newPath(config);
  const taskId = await learner.newTask(path.id, PLATEAU);
  return { learner, taskId, url: `/v1/study-tasks/${taskId}/hint` };
}

async function readHint(response: Response) {
  if (response.body === null) throw new Error('no stream');
  const events = [];
  const parsed = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const event of parsed) events.push({ type: event.event, data: JSON.parse(event.data) });
  const text = events
    .filter((event) => event.type === 'delta')
    .map((event) => event.data.text)
    .join('');
  return { events, text };
}

/** The recording ends a moment after the stream. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come in 5 s');
}

function interactions(learner: Learner, taskId: string, count = 1): Promise<TaskEvent[]> {
  return eventually(async () => {
    const found = (await learner.events(taskId)).filter((event) => event.event_type === 'tutor_interaction');
    return found.length >= count ? found : undefined;
  });
}

type Stream = { request_id: string; outcome: string; aborted_at: string | null };

async function tutorStreams(): Promise<Stream[]> {
  const response = await fetch(`${stack.tutor}/__local/streams`);
  return ((await response.json()) as { data: Stream[] }).data;
}

async function pathOf(learner: Learner) {
  return (await learner.call<{ path: { id: string } }>('/v1/study-paths/current')).body.path;
}

async function paceTutor(settings: Record<string, unknown> | null): Promise<void> {
  await fetch(`${stack.tutor}/__local/stream`, {
    method: settings === null ? 'DELETE' : 'PUT',
    headers: { 'content-type': 'application/json' },
    ...(settings === null ? {} : { body: JSON.stringify(settings) }),
  });
}

test('hints stream, climb the ladder, see the attempts, and are counted and recorded', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  const response = await learner.send(url, { body: { question: 'Where do I begin?' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const first = await readHint(response);
  expect(first.text.length).toBeGreaterThan(20);
  expect(first.events.at(-1)).toMatchObject({ type: 'done', data: { level: 1, outcome: 'complete' } });
  expect(await interactions(learner, taskId)).toMatchObject([
    { payload: { level: 1, outcome: 'complete', bytes: expect.any(Number) } },
  ]);

  await learner.client.submitCode(taskId, { language: 'python', code: PLATEAU_CODE.python.WA });
  const second = await readHint(await learner.send(url, { body: {} }));
  expect(second.events.at(-1)).toMatchObject({ data: { level: 2 } });
  expect(second.text).not.toBe(first.text);
  await interactions(learner, taskId, 2);
  const { body } = await learner.call<{ task: Task }>(`/v1/study-tasks/${taskId}`);
  expect(body.task.hints_used).toBe(2);

  const asked = await fetch(`${stack.tutor}/__local/requests`);
  const { data } = (await asked.json()) as { data: { path: string; body: string }[] };
  const prompts = data
    .filter((request) => request.path === '/v1/hints')
    .map((request) => JSON.parse(request.body));
  const mine = prompts.at(-1);
  expect(mine).toMatchObject({
    attempts: [{ verdict: 'WA', visible_total: 2 }],
    earlier_hints: [{ level: 1 }],
  });
  expect(JSON.stringify(mine)).not.toContain('hidden_tests');

  const [row] = await inDatabase<{ sealed: string }>(
    `select s.sealed from task_transcripts s join task_events e on e.id = s.event_id where s.task_id = $1 order by seq limit 1`,
    [taskId],
  );
  expect(row?.sealed).toMatch(/^v1\.k1\./);
});

test('one round trip before the first byte', async () => {
  const { learner, url } = await learnerWithTask();
  await paceTutor({ word_delay_ms: 300 });
  try {
    // The tutor's headers come after one round trip; counting the hint and recording it follow later.
    await withFaults(stack.tutor, [{ path: '/v1/hints', kind: 'delay', delay_ms: 400 }], async () => {
      const id = `hint-trip-${crypto.randomUUID()}`;
      const pending = learner.send(url, { body: {}, headers: { 'x-request-id': id } });
      await new Promise((resolve) => setTimeout(resolve, 350));
      expect(await roundTrips(id)).toBe(1);
      const response = await pending;
      await response.body?.cancel();
    });
  } finally {
    await paceTutor(null);
  }
});

test('a learner who leaves aborts the tutor within a second, and the interaction says so', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  await paceTutor({ word_delay_ms: 200 });
  try {
    const requestId = `hint-leave-${crypto.randomUUID()}`;
    const controller = new AbortController();
    const response = await fetch(`${stack.worker}${url}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${learner.token}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: '{}',
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const leftAt = Date.now();
    controller.abort();
    const seen = await eventually(async () => {
      const mine = (await tutorStreams()).find((stream) => stream.request_id === requestId);
      return mine?.aborted_at ?? undefined;
    });
    expect(Date.parse(seen) - leftAt).toBeLessThan(1000);
    expect(await interactions(learner, taskId)).toMatchObject([{ payload: { outcome: 'aborted' } }]);
  } finally {
    await paceTutor(null);
  }
});

test('a tutor that is down counts nothing; one that breaks off is recorded as failed', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  for (const fault of [{ kind: 'reset' }, { kind: 'status', status: 500 }, { kind: 'html' }]) {
    const answer = await withFaults(stack.tutor, [{ path: '/v1/hints', ...fault }], () =>
      learner.post<ProblemDetails>(url, {}),
    );
    expect(answer).toMatchObject({ status: 503, body: { code: 'tutor-unavailable' } });
  }
  expect(await learner.events(taskId)).toHaveLength(1);

  await paceTutor({ cut_after_words: 3, word_delay_ms: 20 });
  try {
    const response = await learner.send(url, { body: {} });
    await response.text().catch(() => 'broken off');
    expect(await interactions(learner, taskId)).toMatchObject([{ payload: { outcome: 'failed' } }]);
  } finally {
    await paceTutor(null);
  }
});

test('a skipped task gives no hints', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  await learner.call(`/v1/study-tasks/${taskId}`, { method: 'PATCH', body: { status: 'skipped' } });
  expect(await learner.post(url, {})).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
});

test('a task has as many hints as its path allows; what the tutor refuses costs none', async () => {
  const { learner, taskId, url } = await learnerWithTask({ hints_per_task: 2 });
  await withFaults(stack.tutor, [{ path: '/v1/hints', kind: 'status', status: 500 }], async () => {
    expect((await learner.post(url, {})).status).toBe(503);
  });
  const first = await learner.send(url, { body: {} });
  expect(first.headers.get('ratelimit')).toBe('"hints-per-task";r=1');
  expect(first.headers.get('ratelimit-policy')).toContain('"hints-per-task";q=2');
  await first.text();
  await interactions(learner, taskId, 1);
  await (await learner.send(url, { body: {} })).text();
  await interactions(learner, taskId, 2);
  const asked = (await tutorStreams()).length;
  const refused = await learner.post<ProblemDetails>(url, {});
  expect(refused).toMatchObject({ status: 429, body: { code: 'hint-quota' } });
  expect(refused.headers.get('ratelimit')).toBe('"hints-per-task";r=0');
  expect((await tutorStreams()).length).toBe(asked);
  expect((await learner.events(taskId)).map((event) => event.event_type)).toEqual([
    'created',
    ...Array(2).fill(['hint_requested', 'tutor_interaction']).flat(),
  ]);

  await learner.call(`/v1/study-paths/${(await pathOf(learner)).id}`, {
    method: 'PATCH',
    body: { config: { hints_per_task: null } },
  });
  const free = await learner.send(url, { body: {} });
  expect([free.status, free.headers.get('ratelimit')]).toEqual([200, null]);
  await free.text();
  const none = await learnerWithTask({ hints_per_task: 0 });
  expect(await none.learner.post(none.url, {})).toMatchObject({ status: 429 });
});

test('of eight requests at once for the last hint one is given, the tutor of the other is left', async () => {
  const { learner, taskId, url } = await learnerWithTask({ hints_per_task: 1 });
  await paceTutor({ word_delay_ms: 20 });
  try {
    // As many as may be open at once are with the tutor before the first of them can be counted.
    const answers = await withFaults(stack.tutor, [{ path: '/v1/hints', kind: 'delay', delay_ms: 800 }], () =>
      Promise.all(Array.from({ length: 8 }, () => learner.send(url, { body: {} }))),
    );
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(7).fill(429)]);
    await interactions(learner, taskId, 1);
    const [row] = await inDatabase<{ hints_used: number }>(
      'select hints_used from study_tasks where id = $1',
      [taskId],
    );
    expect(row?.hints_used).toBe(1);
    const outcomes = await eventually(async () => {
      const mine = (await tutorStreams()).filter((stream) => ids.includes(stream.request_id));
      return mine.every((stream) => stream.outcome !== 'streaming') ? mine : undefined;
    });
    expect(outcomes.map((stream) => stream.outcome).sort()).toEqual(['aborted', 'complete']);
  } finally {
    await paceTutor(null);
  }
});

test('past hints come in pages, in the order given, to their owner alone', async () => {
  const { learner, taskId, url } = await learnerWithTask();
  for (const question of ['one', 'two', 'three']) {
    await (await learner.send(url, { body: { question } })).text();
  }
  await interactions(learner, taskId, 3);
  const list = `/v1/study-tasks/${taskId}/hints`;
  const first = await learner.call<HintList>(`${list}?limit=2`);
  expect(HintList.parse(first.body)).toEqual(first.body);
  expect(first.body.data).toMatchObject([
    { level: 1, question: 'one', outcome: 'complete', text: expect.stringMatching(/.{20}/) },
    { level: 2, question: 'two' },
  ]);
  const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const rest = await learner.call<HintList>(next);
  expect(rest.body).toMatchObject({ data: [{ level: 3, question: 'three' }], next_cursor: null });
  const other = await newLearner();
  expect((await other.call(next)).status).toBe(400);
  expect((await other.call(list)).status).toBe(404);
  expect((await learner.call(`${list}?limit=0`)).status).toBe(400);
});
