import { expect, test } from 'vitest';
import type { Evaluation, RunResult } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, newLearner, roundTrips, runCron, stack, withFaults } from '../support/api.ts';
import { type Judged, PLATEAU, PLATEAU_CODE, SLOW_RIGHT } from '../support/submissions.ts';

const LANGUAGES = ['python', 'javascript'] as const;
const VERDICTS = ['WA', 'TLE', 'RE', 'CE', 'AC'] as const;

async function learnerWithTask(config: Record<string, unknown> = {}) {
  const learner = await newLearner();
  const { path } = await learner.newPath(config);
  const taskId = await learner.newTask(path.id, PLATEAU);
  const submit = (code: string, language = 'python', headers: Record<string, string> = {}) =>
    learner.post<Judged>(`/v1/study-tasks/${taskId}/submit`, { language, code }, headers);
  const task = async () =>
    (await learner.call<{ task: Task; evaluations: Evaluation[] }>(`/v1/study-tasks/${taskId}`)).body;
  return { learner, path, taskId, submit, task };
}

test.each(LANGUAGES.flatMap((language) => VERDICTS.map((verdict) => [language, verdict] as const)))(
  '%s: %s, visible tests in full, of hidden ones how many passed and the first that failed',
  async (language, verdict) => {
    const { learner, taskId, submit } = await learnerWithTask();
    const answer = await submit(PLATEAU_CODE[language][verdict], language);
    expect(answer.status).toBe(200);
    const { evaluation, task } = answer.body;
    expect(evaluation).toMatchObject({
      verdict,
      status: 'evaluated',
      attempt: 1,
      run: 1,
      language,
      test_cases_total: 13,
    });
    expect(evaluation.score).toBe((evaluation.test_cases_passed ?? 0) / 13);
    expect(task).toMatchObject({ attempts: 1, pending_evaluations: 0 });
    if (verdict === 'CE') {
      expect(task).toMatchObject({ status: 'in_progress', score: null, metadata: { compile_errors: 1 } });
      expect(task.metadata).not.toHaveProperty('first_score');
    } else {
      expect(task).toMatchObject({
        status: 'completed',
        score: evaluation.score,
        metadata: {
          first_score: evaluation.score,
          evaluation: { verdict, submission_id: evaluation.submission_id, attempts: 1 },
        },
      });
    }
    expect(evaluation.tests).toHaveLength(2);
    for (const result of evaluation.tests ?? [])
      expect(result).toMatchObject({ hidden: false, args: expect.any(Array), expected: expect.anything() });
    const { hidden } = evaluation;
    expect(Object.keys(hidden ?? {}).sort()).toEqual(['first_failed', 'passed', 'total']);
    expect(hidden?.total).toBe(11);
    const shown = (evaluation.tests ?? []).filter((one) => one.verdict === 'AC').length;
    expect(shown + (hidden?.passed ?? 0)).toBe(evaluation.test_cases_passed);
    expect(JSON.stringify(answer.body)).not.toContain('tests_hash');
    if (verdict === 'CE') expect(evaluation.error_message).not.toBeNull();
    if (verdict === 'RE') expect(evaluation.tests?.[0]).toMatchObject({ stdout: 'looking\n', verdict: 'RE' });
    const judged = ['created', 'started', 'submitted', 'evaluated'];
    const learnt = verdict === 'CE' ? [] : ['status_changed', 'mastery_changed', 'graded'];
    expect((await learner.events(taskId)).map((event) => [event.seq, event.event_type])).toEqual(
      [...judged, ...learnt].map((type, index) => [index + 1, type]),
    );
    expect(await roundTrips(answer.requestId)).toBe(2);
  },
);

test('further attempts are recorded; score keeps the best, first_score the first, completed_at stays', async () => {
  const { submit, task } = await learnerWithTask();
  const first = await submit(PLATEAU_CODE.javascript.WA, 'javascript');
  const second = await submit(PLATEAU_CODE.python.AC);
  const third = await submit(PLATEAU_CODE.javascript.CE, 'javascript');
  expect(second.body.evaluation).toMatchObject({ attempt: 2, verdict: 'AC', score: 1 });
  expect(third.body.evaluation).toMatchObject({ attempt: 3, verdict: 'CE', score: 0 });
  const after = await task();
  expect(after.task).toMatchObject({ score: 1, attempts: 3, completed_at: first.body.task.completed_at });
  expect(after.task.metadata).toMatchObject({
    first_score: first.body.evaluation.score,
    evaluation: { verdict: 'AC' },
    compile_errors: 1,
  });
  expect(after.evaluations).toHaveLength(3);
});

test('with completion "until_passed" only a full score completes', async () => {
  const { submit } = await learnerWithTask({ completion: 'until_passed' });
  const wrong = await submit(PLATEAU_CODE.python.WA);
  expect(wrong.body.task).toMatchObject({ status: 'in_progress', completed_at: null });
  const right = await submit(PLATEAU_CODE.python.AC);
  expect(right.body.task).toMatchObject({ status: 'completed', score: 1 });
});

test('run judges the visible tests and stores nothing', async () => {
  const { learner, taskId, task } = await learnerWithTask();
  const answer = await learner.post<RunResult>(`/v1/study-tasks/${taskId}/run`, {
    language: 'javascript',
    code: PLATEAU_CODE.javascript.AC,
  });
  expect(answer.body).toMatchObject({ verdict: 'AC', test_cases_passed: 2, test_cases_total: 2 });
  const after = await task();
  expect(after.task).toMatchObject({ status: 'scheduled', attempts: 0, version: 1 });
  expect(after.evaluations).toEqual([]);
});

test('code and output are encrypted in the database', async () => {
  const { learner, submit } = await learnerWithTask();
  await submit(PLATEAU_CODE.python.RE);
  const [row] = await inDatabase<{ code: string; output: string }>(
    `select e.code, e.output from task_evaluations e join study_tasks t on t.id = e.task_id
     join study_paths p on p.id = t.path_id where p.user_id = $1`,
    [learner.id],
  );
  expect(row?.code).toMatch(/^v1\.k1\./);
  expect(row?.output).toMatch(/^v1\.k1\./);
  expect(row?.code).not.toContain('plateau');
  expect(row?.output).not.toContain('looking');
});

test('three at once: two are judged, the third is 429 with Retry-After and left no row; another learner goes on', async () => {
  const [one, two] = [await learnerWithTask(), await learnerWithTask()];
  const [answers, other] = await Promise.all([
    Promise.all([one.submit(SLOW_RIGHT), one.submit(SLOW_RIGHT), one.submit(SLOW_RIGHT)]),
    two.submit(PLATEAU_CODE.javascript.AC, 'javascript'),
  ]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 429]);
  expect(other.status).toBe(200);
  const refused = answers.find((answer) => answer.status === 429);
  expect(refused?.body).toMatchObject({ code: 'too-many-evaluations' });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(refused?.headers.get('ratelimit')).toContain('r=0');
  const after = await one.task();
  expect(after.task.attempts).toBe(2);
  expect(after.evaluations).toHaveLength(2);
  expect((await one.submit(PLATEAU_CODE.javascript.AC, 'javascript')).status).toBe(200);
});

test('evaluator down: 202 pending; up again: the cron judges it without a new request', async () => {
  const { learner, taskId, submit, task } = await learnerWithTask();
  const pending = await withFaults(stack.evaluator, [{ path: '/v1', kind: 'reset' }], () =>
    submit(PLATEAU_CODE.python.AC),
  );
  expect(pending.status).toBe(202);
  expect(pending.headers.get('retry-after')).not.toBeNull();
  expect(pending.body).toMatchObject({
    evaluation: { status: 'pending', verdict: null },
    task: { pending_evaluations: 1 },
  });
  const skip = await learner.call(`/v1/study-tasks/${taskId}`, {
    method: 'PATCH',
    body: { status: 'skipped' },
  });
  expect(skip).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });

  await Promise.all([runCron(new Date(Date.now() + 120_000)), runCron(new Date(Date.now() + 120_000))]);
  const after = await task();
  expect(after.task).toMatchObject({ status: 'completed', score: 1, pending_evaluations: 0 });
  expect(after.evaluations).toHaveLength(1);
  expect(after.evaluations[0]).toMatchObject({ status: 'evaluated', verdict: 'AC' });
  const types = (await learner.events(taskId)).map((event) => event.event_type);
  expect(types).toEqual([
    'created',
    'started',
    'submitted',
    'evaluated',
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
});

test.each(['html', 'garbage', 'wrong-schema', 'endless', 'truncated', 'status'])(
  'an evaluator that answers %s is no verdict: pending, and evaluate drives it on',
  async (kind) => {
    const { learner, taskId, submit } = await learnerWithTask();
    const pending = await withFaults(stack.evaluator, [{ path: '/v1', kind }], () =>
      submit(PLATEAU_CODE.python.AC),
    );
    expect(pending).toMatchObject({ status: 202, body: { evaluation: { status: 'pending' } } });
    const driven = await learner.post<Judged>(`/v1/study-tasks/${taskId}/evaluate`);
    expect(driven).toMatchObject({
      status: 200,
      body: { evaluation: { verdict: 'AC' }, task: { score: 1 } },
    });
  },
);

test('after 24 hours a submission that nobody could judge is failed with IE and touches nothing else', async () => {
  const { learner, taskId, submit, task } = await learnerWithTask();
  await withFaults(stack.evaluator, [{ path: '/v1', kind: 'reset' }], async () => {
    await submit(PLATEAU_CODE.python.AC);
    await runCron(new Date(Date.now() + 25 * 3_600_000));
  });
  const after = await task();
  expect(after.task).toMatchObject({ status: 'in_progress', score: null, pending_evaluations: 0 });
  expect(after.evaluations[0]).toMatchObject({ status: 'failed', verdict: 'IE' });
  const again = await learner.post<Judged>(`/v1/study-tasks/${taskId}/evaluate`);
  expect(again.body.evaluation).toMatchObject({ run: 2, attempt: 1, verdict: 'AC' });
  expect((await task()).evaluations).toHaveLength(2);
});

test('three faults of the judge end a submission, and its task can be skipped', async () => {
  const { learner, taskId, submit, task } = await learnerWithTask();
  const url = `/v1/study-tasks/${taskId}`;
  const skip = () => learner.call(url, { method: 'PATCH', body: { status: 'skipped' } });
  await withFaults(stack.evaluator, [{ path: '/v1', kind: 'patch', patch: { verdict: 'IE' } }], async () => {
    expect((await submit(PLATEAU_CODE.python.AC)).status).toBe(202);
    expect((await learner.post<Judged>(`${url}/evaluate`)).status).toBe(202);
    expect((await skip()).status).toBe(409);
    const last = await learner.post<Judged>(`${url}/evaluate`);
    expect(last).toMatchObject({
      status: 200,
      body: {
        evaluation: { status: 'failed', verdict: 'IE' },
        task: { pending_evaluations: 0, score: null },
      },
    });
  });
  expect((await learner.events(taskId)).at(-1)).toMatchObject({
    event_type: 'evaluation_failed',
    payload: { cause: 'three-judge-faults' },
  });
  expect(await skip()).toMatchObject({ status: 200 });
  expect((await task()).task).toMatchObject({ status: 'skipped' });
});

test('answers with output are stored without it or sealed, and a repeat gets the same bytes', async () => {
  const { learner, taskId, submit } = await learnerWithTask();
  const plain = async (key: string) => {
    const [row] = await inDatabase<{ body: string; output: string }>(
      `select response_body as body, response_output as output from idempotency_keys where key = $1`,
      [key],
    );
    return row;
  };
  const [submitted, ran] = [crypto.randomUUID(), crypto.randomUUID()];
  const send = (verb: string, key: string) =>
    learner.send(`/v1/study-tasks/${taskId}/${verb}`, {
      body: { language: 'python', code: PLATEAU_CODE.python.RE },
      headers: { 'idempotency-key': key },
    });
  for (const [verb, key, output] of [
    ['submit', submitted, 'evaluation'],
    ['run', ran, 'sealed'],
  ] as const) {
    const first = await (await send(verb, key)).text();
    expect(first).toContain('looking');
    const row = await plain(key);
    expect(row?.output).toBe(output);
    expect(row?.body).not.toContain('looking');
    const repeated = await send(verb, key);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(await repeated.text()).toBe(first);
  }
  expect((await plain(submitted))?.body.length).toBeLessThan(2500);
  // What follows changes nothing of an answer that was given.
  await submit(PLATEAU_CODE.python.AC);
  expect(await (await send('submit', submitted)).text()).toContain('"attempts":1');
});

test('evaluate without a submission, of a foreign one, and again of an old one', async () => {
  const { learner, taskId, submit, task } = await learnerWithTask();
  const url = `/v1/study-tasks/${taskId}/evaluate`;
  expect(await learner.post(url)).toMatchObject({ status: 409, body: { code: 'nothing-to-evaluate' } });
  const first = await submit(PLATEAU_CODE.python.WA);
  expect((await learner.post(url, { submission_id: crypto.randomUUID() })).status).toBe(404);
  const again = await learner.post<Judged>(url, { submission_id: first.body.evaluation.submission_id });
  expect(again.body.evaluation).toMatchObject({ run: 2, attempt: 1, verdict: 'WA' });
  expect((await task()).evaluations).toHaveLength(2);
});

test('skipped and expired tasks take no submission, lessons neither, and nothing is stored', async () => {
  const { learner, path, taskId, submit, task } = await learnerWithTask();
  await learner.call(`/v1/study-tasks/${taskId}`, { method: 'PATCH', body: { status: 'skipped' } });
  expect(await submit(PLATEAU_CODE.python.AC)).toMatchObject({
    status: 409,
    body: { code: 'invalid-transition' },
  });
  expect((await task()).evaluations).toEqual([]);
  const lesson = await learner.newTask(path.id, 'lesson-x', {
    kind: 'lesson',
    module: 'introduction',
    difficulty: 1,
  });
  const answer = await learner.post(`/v1/study-tasks/${lesson}/submit`, {
    language: 'python',
    code: 'x = 1',
  });
  expect(answer).toMatchObject({ status: 409 });
});

test('an Idempotency-Key makes a submission once: same answer, 422 for another body, also for two at once', async () => {
  const { submit, task } = await learnerWithTask();
  const key = { 'idempotency-key': crypto.randomUUID() };
  const first = await submit(PLATEAU_CODE.python.WA, 'python', key);
  const repeated = await submit(PLATEAU_CODE.python.WA, 'python', key);
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  expect(repeated.body).toEqual(first.body);
  const other = await submit(PLATEAU_CODE.python.AC, 'python', key);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  const raced = { 'idempotency-key': crypto.randomUUID() };
  const race = await Promise.all([1, 2].map(() => submit(SLOW_RIGHT, 'python', raced)));
  expect(race.map((answer) => answer.status).sort()).toEqual([200, 409]);
  expect((await task()).evaluations).toHaveLength(2);
});

test('too large, too deep, broken and foreign bodies are refused with a clear problem and store nothing', async () => {
  const { learner, taskId, submit, task } = await learnerWithTask();
  expect(await submit('x'.repeat(70_000))).toMatchObject({ status: 422, body: { code: 'validation' } });
  expect(await submit('y = 1', 'cobol')).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'language' }] },
  });
  expect(await submit('nul\0')).toMatchObject({ status: 422 });
  expect(await submit('\ud800')).toMatchObject({ status: 422 });
  const huge = await learner.send(`/v1/study-tasks/${taskId}/submit`, {
    body: { code: 'x'.repeat(300_000) },
  });
  expect(huge.status).toBe(413);
  const raw = (body: string, type = 'application/json') =>
    fetch(`${stack.worker}/v1/study-tasks/${taskId}/submit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${learner.token}`, 'content-type': type },
      body,
    });
  expect((await raw('{"language":')).status).toBe(400);
  expect((await raw('{}', 'text/plain')).status).toBe(415);
  expect((await raw(`${'['.repeat(40)}${']'.repeat(40)}`)).status).toBe(422);
  expect((await task()).evaluations).toEqual([]);
});
