import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing, type KeyRing } from '#cli/keys/ring.ts';
import { rotateKeys } from '#cli/keys/rotate.ts';
import type { HintList, TaskDetail } from '#contract/history.ts';
import { inDatabase, type Learner, workerLog } from '../support/api.ts';
import { ownerVars, runCommand, stackVars } from '../support/commands.ts';
import { busyLearner, everythingOf } from '../support/imports.ts';
import { PLATEAU_CODE } from '../support/submissions.ts';

/** The stack's key ring as the Worker has it, and the other way round. */
async function settings() {
  const { DATABASE_URL = '', NEON_FETCH_ENDPOINT, CODE_ENCRYPTION_KEYS = '' } = await ownerVars();
  const [k1 = '', k0 = ''] = CODE_ENCRYPTION_KEYS.split(',');
  return {
    database: { databaseUrl: DATABASE_URL, fetchEndpoint: NEON_FETCH_ENDPOINT },
    ring: createKeyRing(CODE_ENCRYPTION_KEYS),
    reversed: createKeyRing(`${k0},${k1}`),
    reversedText: `${k0},${k1}`,
  };
}

/** Further judgings of a task with the code `judging <n>`, sealed as the Worker does. */
async function seedJudgings(ring: KeyRing, learner: Learner, taskId: string, count: number) {
  const rows = Array.from({ length: count }, (_, n) => {
    const submission = randomUUID();
    const place = { table: 'task_evaluations', learnerId: learner.id, taskId, rowId: submission };
    return { submission, n, code: ring.seal(`judging ${n}\n${'#'.repeat(1500)}`, place) };
  });
  await inDatabase(
    `insert into task_evaluations (id, task_id, submission_id, attempt, language, code, status, verdict,
       next_redrive_at)
     select gen_random_uuid(), $1, x.submission, 1000 + x.n, 'python', x.code, 'evaluated', 'AC', now()
     from jsonb_to_recordset($2::jsonb) as x(submission uuid, n integer, code text)`,
    [taskId, JSON.stringify(rows)],
  );
}

/** Texts of a learner, or of all, by table and key. */
async function textsByKey(learner: Learner | null): Promise<Record<string, number>> {
  const rows = await inDatabase<{ name: string; texts: number }>(
    `select name || ' ' || split_part(sealed, '.', 2) as name, count(*)::integer as texts from (
       select 'code' as name, task_id, code as sealed from task_evaluations
       union all select 'output', task_id, output from task_evaluations where output is not null
       union all select 'transcript', task_id, sealed from task_transcripts
     ) s join study_tasks t on t.id = s.task_id join study_paths p on p.id = t.path_id
     where $1::text is null or p.user_id = $1 group by 1`,
    [learner?.id ?? null],
  );
  return Object.fromEntries(rows.map(({ name, texts }) => [name, texts]));
}

/** Reads with every view that opens sealed texts until the work is done. @returns reads, and those that failed. */
async function reading<T>(learner: Learner, taskId: string, work: Promise<T>) {
  let busy = true;
  const over = work.finally(() => {
    busy = false;
  });
  const failed: unknown[] = [];
  let reads = 0;
  async function loop() {
    while (busy) {
      const detail = await learner.call<TaskDetail>(`/v1/study-tasks/${taskId}`);
      const hints = await learner.call<HintList>(`/v1/study-tasks/${taskId}/hints`);
      reads += 2;
      const whole =
        detail.status === 200 &&
        detail.body.evaluations.length === 50 &&
        detail.body.evaluations.every(({ code }) => code.length > 0) &&
        hints.body.data?.[0]?.question === 'Where do I begin?';
      if (!whole) failed.push([detail.status, detail.body, hints.status, hints.body]);
    }
  }
  const [result] = await Promise.all([over, loop(), loop()]);
  return { result, reads, failed };
}

test('keys change while learners read and write: no read fails, and no text stays under the old key', async () => {
  const { database, ring, reversed } = await settings();
  const { learner, taskId } = await busyLearner();
  await seedJudgings(ring, learner, taskId, 1500);
  const before = await everythingOf(learner);
  expect(await textsByKey(learner)).toEqual({ 'code k1': 1502, 'output k1': 2, 'transcript k1': 1 });

  // To the other key, twice at once: whoever comes second finds the text changed and lets it be.
  const there = await reading(
    learner,
    taskId,
    Promise.all([1, 2].map(() => rotateKeys({ ...database, ring: reversed }))),
  );
  expect(there.failed).toEqual([]);
  expect(there.reads).toBeGreaterThan(4);
  expect(await textsByKey(learner)).toEqual({ 'code k0': 1502, 'output k0': 2, 'transcript k0': 1 });
  expect(there.result.map(({ rotated }) => rotated).reduce((a, b) => a + b)).toBeGreaterThanOrEqual(1505);

  // And back, while new submissions come in.
  const url = `/v1/study-tasks/${taskId}/submit`;
  const submissions = [1, 2, 3].map(() =>
    learner.post(url, { language: 'python', code: PLATEAU_CODE.python.WA }),
  );
  const back = await reading(learner, taskId, rotateKeys({ ...database, ring }));
  expect(back.failed).toEqual([]);
  expect((await Promise.all(submissions)).filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  const all = await textsByKey(null);
  expect(Object.keys(all).filter((name) => name.endsWith(' k0'))).toEqual([]);
  expect(back.result.before.task_evaluations.k0).toBeGreaterThanOrEqual(1502);
  expect(back.result.after.task_evaluations.k0).toBeUndefined();

  const after = await everythingOf(learner);
  const kept = (document: typeof before) =>
    document.evaluations
      .filter(({ attempt }) => attempt <= 2 || attempt >= 1000)
      .map(({ code, tests, error_message }) => [code, tests, error_message]);
  expect(kept(after)).toEqual(kept(before));
  expect(after.events.slice(0, 3)).toEqual(before.events.slice(0, 3));
});

test('a run that was cut off is done by the next; a dry run opens everything and writes nothing', async () => {
  const { database, ring, reversed, reversedText } = await settings();
  const { learner } = await busyLearner();
  const cutOff = () => {
    throw new Error('cut off');
  };
  await expect(rotateKeys({ ...database, ring: reversed, onBatch: cutOff })).rejects.toThrow('cut off');
  // Its first batch of code is there, transcripts are not: under two keys, all of it can be read.
  const half = await textsByKey(learner);
  expect(half).toMatchObject({ 'output k1': 2, 'transcript k1': 1 });
  expect(Object.keys(await textsByKey(null)).filter((name) => name.endsWith(' k0'))).toEqual(['code k0']);
  const { evaluations } = await everythingOf(learner);
  expect(evaluations.every(({ code, tests }) => code !== null && tests !== null)).toBe(true);

  const vars = await ownerVars();
  const reversedVars = { ...vars, CODE_ENCRYPTION_KEYS: reversedText };
  const dry = await runCommand('rotate-keys.ts', ['--dry-run'], reversedVars);
  expect(dry.stdout).toMatch(/would seal \d+ texts with k0/);
  expect(dry.stdout).toMatch(/task_transcripts: .*k1 \d+/);
  expect(await textsByKey(learner)).toEqual(half);
  const run = await runCommand('rotate-keys.ts', [], reversedVars);
  expect(run.stdout).toMatch(/sealed [1-9]\d* texts with k0/);
  expect(await textsByKey(learner)).toEqual({ 'code k0': 2, 'output k0': 2, 'transcript k0': 1 });
  await rotateKeys({ ...database, ring });
  expect(await textsByKey(learner)).toEqual({ 'code k1': 2, 'output k1': 2, 'transcript k1': 1 });

  const worker = await runCommand('rotate-keys.ts', [], {
    ...reversedVars,
    ...(await stackVars()),
    CODE_ENCRYPTION_KEYS: reversedText,
  });
  expect(worker).toMatchObject({ code: 2, stderr: expect.stringContaining('not of the owner') });
  const wrong = await runCommand('rotate-keys.ts', [], { ...vars, CODE_ENCRYPTION_KEYS: 'k1:short' });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('CODE_ENCRYPTION_KEYS') });
});

test('the answer to a run under an older key is dropped: its repeat runs the code again', async () => {
  const { database, ring, reversed } = await settings();
  const { learner, taskId } = await busyLearner();
  const key = { 'idempotency-key': randomUUID() };
  const run = () =>
    learner.post(`/v1/study-tasks/${taskId}/run`, { language: 'python', code: PLATEAU_CODE.python.RE }, key);
  const first = await run();
  expect((await run()).headers.get('idempotency-replayed')).toBe('true');
  await rotateKeys({ ...database, ring: reversed });
  const again = await run();
  expect(again.headers.get('idempotency-replayed')).toBeNull();
  expect(again.body).toMatchObject({ verdict: 'RE', tests: [{ stdout: 'looking\n' }, {}] });
  expect(again.status).toBe(first.status);
  await rotateKeys({ ...database, ring });
});

test('texts that were swapped or whose key is gone are named and left, and their readers hear of it', async () => {
  const { database, ring, reversed } = await settings();
  const { learner, taskId } = await busyLearner();
  const [first, second] = await inDatabase<{ id: string }>(
    'select id from task_evaluations where task_id = $1 order by attempt',
    [taskId],
  );
  const gone = createKeyRing(`k9:${Buffer.alloc(32, 9).toString('base64')}`);
  const foreign = gone.seal('secret words', {
    table: 'task_events',
    learnerId: learner.id,
    taskId,
    rowId: 'x',
  });
  await inDatabase(
    `update task_evaluations e set code = o.code, output = o.output from task_evaluations o
     where e.task_id = $1 and o.task_id = $1 and e.id <> o.id`,
    [taskId],
  );
  await inDatabase('update task_transcripts set sealed = $2 where task_id = $1', [taskId, foreign]);
  const dry = await rotateKeys({ ...database, ring: reversed, dryRun: true });
  expect(dry.unreadable).toEqual(
    expect.arrayContaining([
      { place: 'task_evaluations', id: first?.id, reason: 'does-not-open' },
      { place: 'task_evaluations', id: second?.id, reason: 'does-not-open' },
      { place: 'task_evaluations.output', id: first?.id, reason: 'does-not-open' },
      { place: 'task_evaluations.output', id: second?.id, reason: 'does-not-open' },
      { place: 'task_transcripts', id: expect.any(String), reason: 'unknown-key' },
    ]),
  );
  const before = await textsByKey(learner);
  await rotateKeys({ ...database, ring: reversed });
  expect(await textsByKey(learner)).toEqual(before);
  await rotateKeys({ ...database, ring });

  for (const view of ['', '/hints']) {
    const answer = await learner.call(`/v1/study-tasks/${taskId}${view}`);
    expect(answer).toMatchObject({ status: 500, body: { code: 'integrity-error' } });
    const told = async () =>
      (await workerLog())
        .split('\n')
        .filter((line) => line.includes(answer.requestId) && line.includes('request-failed'))
        .join();
    await expect
      .poll(told, { timeout: 20_000 })
      .toMatch(/"code":"integrity-error","cause":"(does-not-open|unknown-key)"/);
    expect(await told()).not.toMatch(/secret words|longest_plateau/);
  }
});
