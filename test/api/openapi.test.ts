import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { OPERATIONS } from '#contract/api/index.ts';
import { isTagged, type Operation, statusesOf } from '#contract/api/operation.ts';
import { inDatabase, type Learner, newLearner, stack, withFaults } from '../support/api.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

/** Has nothing, and asks for nothing that would count. */
const nobody = await newLearner('seeded');

/** What somebody else has. */
const owned = (await newLearner('seeded')).newPath();

const LEARNERS = OPERATIONS.filter(({ open }) => open !== true);
const WRITES = LEARNERS.filter(({ method }) => method !== 'get');

/** The operation's route with an id of nobody's, or the given one. */
function routeOf({ path, id: name }: Operation, id: string = randomUUID()): string {
  return `${path.replace('{id}', id)}${name === 'exportTasks' ? '?format=json' : ''}`;
}

/** Sends the example of the document to an operation. */
function ask(learner: Learner, operation: Operation, headers: Record<string, string> = {}, id?: string) {
  const { method, body } = operation;
  const options = {
    method: method.toUpperCase(),
    headers,
    ...(body === undefined ? {} : { body: body.example }),
  };
  return learner.send(routeOf(operation, id), options);
}

test.each(LEARNERS)('$id wants a token and a sound URL', async (operation) => {
  const options = { method: operation.method.toUpperCase() };
  const route = routeOf(operation);
  expect((await nobody.call(route, { ...options, token: null })).body).toMatchObject({
    code: 'missing-token',
  });
  expect((await nobody.call(route, { ...options, token: 'a.b.c' })).body).toMatchObject({
    code: 'invalid-token',
  });
  const unsound = await nobody.call(`${operation.path.replace('{id}', 'x')}?x=%ff`, options);
  expect(unsound.body).toMatchObject({ code: 'malformed-url' });
});

test('health is told to everybody', async () => {
  for (const { path } of OPERATIONS.filter(({ open }) => open)) {
    expect((await nobody.call(path, { token: null })).status).toBe(200);
    expect((await nobody.call(`${path}?x=%ff`, { token: null })).status).toBe(400);
  }
});

test('the document and its page are served as files, the page without a script', async () => {
  const served = await fetch(`${stack.worker}/openapi.json`);
  expect(served.headers.get('content-type')).toContain('application/json');
  expect(await served.json()).toEqual(JSON.parse(await readFile(stack.document, 'utf8')));
  const page = await fetch(`${stack.worker}/docs`);
  expect([page.status, page.url]).toEqual([200, `${stack.worker}/docs`]);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('id="submitCode"');
  expect((await fetch(`${stack.worker}/docs.css`)).headers.get('content-type')).toContain('text/css');
});

test('readiness names the neighbour that does not answer', async () => {
  await withFaults(stack.tutor, [{ path: '/health', kind: 'status', status: 500 }], async () => {
    const down = () => nobody.call<{ ready: boolean; checks: object }>('/readyz', { token: null });
    await expect.poll(down, { timeout: 20_000, interval: 500 }).toMatchObject({
      status: 503,
      body: {
        ready: false,
        checks: { tutor: { ok: false, fault: { name: 'TUTOR_URL' } }, database: { ok: true } },
      },
    });
  });
});

const clumsy = await newLearner('seeded');

test.each(WRITES)(
  '$id refuses a body that is too large, of another type, or broken',
  async ({ method, path }) => {
    const send = (raw: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
      clumsy.call(path.replace('{id}', randomUUID()), { method: method.toUpperCase(), raw, headers });
    expect((await send(JSON.stringify('x'.repeat(262_144)))).body).toMatchObject({
      code: 'payload-too-large',
    });
    expect((await send('a=1', { 'content-type': 'text/plain' })).body).toMatchObject({
      code: 'unsupported-media-type',
    });
    const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await send('{}', zipped)).body).toMatchObject({ code: 'unsupported-encoding' });
    expect((await send('{')).body).toMatchObject({ code: 'malformed-json' });
    expect((await send('{"a":"\\u0000"}')).body).toMatchObject({
      code: 'validation',
      errors: [{ path: 'a', message: 'must not contain NUL' }],
    });
  },
);

test.each(LEARNERS.filter(({ params }) => params !== undefined))(
  '$id knows no task or path of others',
  async (operation) => {
    const { path, first_task } = await owned;
    const foreign = operation.path.startsWith('/v1/study-paths') ? path.id : first_task.id;
    const answers = [await ask(nobody, operation), await ask(nobody, operation, {}, foreign)];
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    for (const body of bodies) expect(body).toMatchObject({ status: 404, code: 'not-found' });
  },
);

test.each(LEARNERS.filter(({ query }) => query !== undefined))(
  '$id refuses parameters that it does not know',
  async (operation) => {
    const route = `${operation.path.replace('{id}', randomUUID())}?no_such=1`;
    const answer = await nobody.call(route, { method: operation.method.toUpperCase() });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-query', errors: expect.anything() } });
  },
);

test('every read answers 304 to whoever has what it answers', async () => {
  const learner = await newLearner('seeded');
  const { path, first_task } = await learner.newPath();
  for (const operation of OPERATIONS.filter(isTagged)) {
    const id = operation.path.startsWith('/v1/study-paths') ? path.id : first_task.id;
    const first = await ask(learner, operation, {}, id);
    expect(first.status, operation.id).toBe(200);
    const again = await ask(learner, operation, { 'if-none-match': first.headers.get('etag') ?? '' }, id);
    // Progress tells retrievability and days as of now, which move between the two.
    expect([200, 304], operation.id).toContain(again.status);
  }
});

test.each(WRITES.filter(({ method }) => method === 'post'))(
  '$id waits for the request that holds its key',
  async (operation) => {
    const learner = await newLearner('seeded');
    const key = { 'idempotency-key': randomUUID() };
    const id = randomUUID();
    await ask(learner, operation, key, id);
    const held = await inDatabase(
      `update idempotency_keys set response_status = null, locked_until = now() + interval '1 hour'
     where user_id = $1 returning key`,
      [learner.id],
    );
    expect(held).toHaveLength(1);
    const waits = await ask(learner, operation, key, id);
    expect(await waits.json()).toMatchObject({ status: 409, code: 'request-in-progress' });
    expect(waits.headers.get('retry-after')).toBe('1');
    const other = await ask(learner, operation, { 'idempotency-key': 'ä' });
    expect(await other.json()).toMatchObject({ status: 422, code: 'invalid-idempotency-key' });
  },
);

test('every operation says that the database is away', async () => {
  const learner = await newLearner('seeded');
  await withFaults(stack.neon, [{ path: '/sql', kind: 'status', status: 503 }], async () => {
    // With a confirmation nothing has to be counted before it is refused.
    const asked = LEARNERS.map((operation) =>
      operation.id === 'eraseLearner'
        ? learner.send('/v1/me', { method: 'DELETE' })
        : ask(learner, operation),
    );
    const answers = await Promise.all(asked);
    for (const [at, answer] of answers.entries()) {
      expect(await answer.json(), LEARNERS[at]?.id).toMatchObject({
        status: 503,
        code: 'storage-unavailable',
      });
    }
  });
});

test('every write, export and read of the past is limited', async () => {
  const learner = await newLearner('seeded');
  const missing = new Set(LEARNERS.filter((operation) => statusesOf(operation).includes(429)));
  // A window begins with the minute: whoever was let through asks again, until the quota of some window is gone.
  for (let round = 0; missing.size > 0 && round < 60; round += 1) {
    const answers = [...missing].map(async (operation) => {
      const { method } = operation;
      // Limits stand before the body is read, so that a broken one costs least.
      const broken = method === 'get' ? {} : { method: method.toUpperCase(), raw: '{' };
      const past = operation.id === 'getProgress' ? '?as_of=2026-11-01T00:00:00Z' : '';
      const { status, body } = await learner.send(`${routeOf(operation)}${past}`, broken);
      await body?.cancel();
      if (status === 429) missing.delete(operation);
    });
    await Promise.all(answers);
  }
  expect([...missing].map(({ id }) => id)).toEqual([]);
});

test('errors that need a neighbour to fail, a text to be damaged or a problem to go', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  const route = `/v1/study-tasks/${taskId}`;
  const code = { language: 'python', code: PLATEAU_CODE.python.AC };
  expect((await learner.post(`${route}/evaluate`)).body).toMatchObject({ code: 'nothing-to-evaluate' });
  expect((await learner.call(`${route}/grade`, { method: 'DELETE' })).body).toMatchObject({
    code: 'not-graded',
  });

  const away = [{ path: '/v1/evaluations', kind: 'status', status: 503 }];
  await withFaults(stack.evaluator, away, async () => {
    expect((await learner.post(`${route}/run`, code)).body).toMatchObject({ code: 'evaluator-unavailable' });
    const kept = await learner.post<Judged>(`${route}/submit`, code);
    expect(kept).toMatchObject({ status: 202, body: { evaluation: { status: 'pending' } } });
    expect((await learner.post(`${route}/evaluate`)).status).toBe(202);
  });
  const judged = await learner.post<Judged>(`${route}/evaluate`);
  expect(judged).toMatchObject({ status: 200, body: { evaluation: { verdict: 'AC' } } });

  await inDatabase(`update task_evaluations set code = 'v1.none.damaged' where task_id = $1`, [taskId]);
  const { submission_id } = judged.body.evaluation;
  const damaged = await learner.post(`${route}/evaluate`, { submission_id });
  expect(damaged).toMatchObject({ status: 500, body: { code: 'integrity-error' } });

  const laterId = await learner.newTask(path.id, PLATEAU);
  await inDatabase(
    `insert into review_log select gen_random_uuid(), user_id, problem_id, $2, seq + 1, log, undone_at, created_at
     from review_log
     where task_id = $1`,
    [taskId, laterId],
  );
  expect((await learner.post(`${route}/grade`, { grade: 'easy' })).body).toMatchObject({
    code: 'reviewed-since',
  });

  await inDatabase(`update study_tasks set problem_id = 'gone-since' where id = $1`, [laterId]);
  const gone = `/v1/study-tasks/${laterId}`;
  await withFaults(stack.bank, [{ path: '/', kind: 'status', status: 503 }], async () => {
    expect((await learner.post(`${gone}/run`, code)).body).toMatchObject({
      code: 'problem-bank-unavailable',
    });
  });
  expect((await learner.post(`${gone}/run`, code)).body).toMatchObject({ code: 'unknown-problem' });
});
