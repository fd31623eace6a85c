import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CurrentPath } from '#contract/paths.ts';
import { ConfirmationRequired, type ErasureCounts } from '#contract/privacy.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, type Learner, newLearner, runCron } from '../support/api.ts';
import { databaseDump, found } from '../support/database-dump.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const HOURLY = '17 * * * *';
const canary = (name: string) => `${name}-${randomUUID()}`;

async function confirmation(learner: Learner) {
  const answer = await learner.call<ConfirmationRequired>('/v1/me', { method: 'DELETE' });
  expect(answer.status).toBe(428);
  return ConfirmationRequired.parse(answer.body).confirmation;
}

const erase = (learner: Learner, token: string) =>
  learner.call(`/v1/me?confirm=${token}`, { method: 'DELETE' });

function tombstones(since: Date) {
  return inDatabase<{ id: string; scope: string; removed: ErasureCounts; columns: string }>(
    'select id, scope, removed, e::text as columns from erasures e where erased_at >= $1 order by erased_at',
    [since.toISOString()],
  );
}

/** A learner who has left something of everything, with a canary in each text. */
async function busyLearner() {
  const texts = {
    code: canary('code'),
    question: canary('question'),
    hintCode: canary('hintcode'),
    note: canary('note'),
    reason: canary('reason'),
    key: canary('key'),
    stdout: canary('stdout'),
  };
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  const detail = `/v1/study-tasks/${taskId}`;
  await learner.call(detail, { method: 'PATCH', body: { metadata: { note: texts.note } } });
  const code = `# ${texts.code}\nprint("${texts.stdout}")\n${PLATEAU_CODE.python.AC}`;
  const judged = await learner.post<Judged>(
    `${detail}/submit`,
    { language: 'python', code },
    { 'idempotency-key': texts.key },
  );
  expect(judged).toMatchObject({ status: 200, body: { evaluation: { verdict: 'AC' } } });
  const hint = await learner.send(`${detail}/hint`, {
    body: { question: texts.question, code: texts.hintCode },
  });
  await hint.text();
  const skipped = { status: 'skipped', reason: texts.reason };
  await learner.call(`/v1/study-tasks/${tasks[0]?.id}`, { method: 'PATCH', body: skipped });
  await expect
    .poll(async () => (await learner.events(taskId)).at(-1)?.event_type, { timeout: 5000 })
    .toBe('tutor_interaction');
  const seen = async () => [
    (await learner.call<CurrentPath>('/v1/study-paths/current')).body,
    (await learner.call<{ task: Task }>(detail)).body,
    await learner.events(taskId),
  ];
  return { learner, path, taskId, texts: { learner: learner.id, ...texts }, seen };
}

test('DELETE /me: after it a dump of the database has no trace of the learner, and the other one is untouched', async () => {
  const [gone, stays] = [await busyLearner(), await busyLearner()];
  const before = await stays.seen();
  // What is sealed (code, question, output) must not be found even now; the rest shows that the search would find it.
  const plain = ['learner', 'note', 'reason', 'key'];
  expect(found(await databaseDump(), gone.texts)).toEqual(plain);

  const since = new Date();
  const { token, removes, expires_at } = await confirmation(gone.learner);
  // The keys of the path, the task and the submission.
  expect(removes).toMatchObject({ study_paths: 1, task_evaluations: 1, idempotency_keys: 3 });
  expect(removes.study_tasks).toBeGreaterThan(5);
  expect(removes.task_events).toBeGreaterThan(removes.study_tasks + 5);
  expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(9 * 60_000);
  expect(await gone.seen()).toMatchObject([
    { path: { id: gone.path.id } },
    { task: { id: gone.taskId } },
    {},
  ]);

  // An import that was cut off has left a part of its file.
  await inDatabase(`insert into import_parts values (gen_random_uuid(), $1, 0, '[]')`, [gone.learner.id]);
  expect(await erase(gone.learner, token)).toMatchObject({ status: 204, body: null });
  const dump = await databaseDump();
  const ids = { path: gone.path.id, task: gone.taskId, confirmation: token, bearer: gone.learner.token };
  expect(found(dump, { ...gone.texts, ...ids })).toEqual([]);
  expect(found(dump, stays.texts)).toEqual(plain);
  expect(await stays.seen()).toEqual(before);
  expect(await tombstones(since)).toMatchObject([{ scope: 'learner', removed: removes }]);

  for (const route of ['/v1/study-paths/current', `/v1/study-tasks/${gone.taskId}`]) {
    expect((await gone.learner.call(route)).status).toBe(404);
  }
  expect((await gone.learner.post(`/v1/study-tasks/${gone.taskId}/start`)).status).toBe(404);
});

test('confirming again changes nothing more, and the learner may begin anew with the same token', async () => {
  const { learner } = await busyLearner();
  const { token } = await confirmation(learner);
  expect((await erase(learner, token)).status).toBe(204);
  const since = new Date();
  expect((await erase(learner, token)).status).toBe(204);
  expect(await tombstones(since)).toEqual([]);

  const { path } = await learner.newPath();
  expect((await learner.call<CurrentPath>('/v1/study-paths/current')).body.path.id).toBe(path.id);
  const taskId = await learner.newTask(path.id, PLATEAU);
  const code = { language: 'python', code: PLATEAU_CODE.python.AC };
  expect((await learner.post(`/v1/study-tasks/${taskId}/submit`, code)).status).toBe(200);
});

test('a foreign, forged, old or malformed confirmation erases nothing', async () => {
  const [learner, other] = [await newLearner(), await newLearner()];
  const { path } = await learner.newPath();
  const foreign = await confirmation(other);
  const own = await confirmation(learner);
  const forged = `${own.token.slice(0, -1)}${own.token.endsWith('A') ? 'E' : 'A'}`;
  for (const token of [foreign.token, forged, 'x', `1${own.token}`]) {
    const answer = await erase(learner, token);
    expect(answer).toMatchObject({ status: 403, body: { code: 'invalid-confirmation' } });
  }
  const tooLong = await erase(learner, 'x'.repeat(201));
  expect(tooLong).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
  const unknown = await learner.call('/v1/me', { method: 'DELETE', body: { force: true } });
  expect(unknown).toMatchObject({ status: 422, body: { code: 'validation' } });
  expect((await learner.call<CurrentPath>('/v1/study-paths/current')).body.path.id).toBe(path.id);

  const inBody = await learner.call('/v1/me', { method: 'DELETE', body: { confirm: own.token } });
  expect(inBody.status).toBe(204);
  expect((await learner.call('/v1/study-paths/current')).status).toBe(404);
  expect((await learner.call('/v1/me', { method: 'DELETE', token: null })).status).toBe(401);
});

test('DELETE of a path removes it alone; repeated, foreign and unknown ones are one and the same 404', async () => {
  const [busy, other] = [await busyLearner(), await newLearner()];
  const { learner } = busy;
  const kept = await learner.newPath();
  const remove = (who: Learner, id: string) => who.call(`/v1/study-paths/${id}`, { method: 'DELETE' });
  const since = new Date();
  const refused = [await remove(other, busy.path.id), await remove(learner, randomUUID())];
  expect((await remove(learner, busy.path.id)).status).toBe(204);
  refused.push(await remove(learner, busy.path.id));
  const bodies = refused.map(({ body }) => ({ ...body, request_id: '' }));
  expect(bodies[0]).toMatchObject({ status: 404, code: 'not-found' });
  expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);

  const { learner: _, ...texts } = busy.texts;
  const dump = await databaseDump();
  expect(found(dump, { ...texts, path: busy.path.id, task: busy.taskId })).toEqual([]);
  expect((await learner.call<CurrentPath>('/v1/study-paths/current')).body).toMatchObject({
    path: { id: kept.path.id },
    progress: { tasks: kept.tasks.length },
  });
  expect(await tombstones(since)).toMatchObject([{ scope: 'path', removed: { study_paths: 1 } }]);
  const [row] = await tombstones(since);
  expect(found(row?.columns ?? '', { learner: learner.id, path: busy.path.id })).toEqual([]);
});

test('large histories go in steps; what a call left that died half way is unreadable, and the cron finishes it', async () => {
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath();
  await inDatabase(
    `with t as (
       insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at)
       select $1, 'many', 'hashing', 1, now(), now() + interval '1 day' from generate_series(1, 10500) returning id
     )
     insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     select id, 1, 'created', '{}', '{"type":"learner"}', now() from t`,
    [path.id],
  );
  const rows = () =>
    inDatabase<{ n: number }>('select count(*)::int as n from study_tasks where path_id = $1', [path.id]);
  // As after a crash between the first statement and the second.
  await inDatabase(`update study_paths set user_id = '' where id = $1`, [path.id]);
  expect((await learner.call(`/v1/study-tasks/${tasks[0]?.id}`)).status).toBe(404);
  expect((await learner.call('/v1/study-paths/current')).status).toBe(404);
  expect(await rows()).toEqual([{ n: 10_500 + tasks.length }]);
  await runCron(new Date(), HOURLY);
  expect(await rows()).toEqual([{ n: 0 }]);

  const second = await learner.newPath();
  await inDatabase(`update study_paths set user_id = '' where id = $1`, [second.path.id]);
  expect((await erase(learner, (await confirmation(learner)).token)).status).toBe(204);
  expect(await inDatabase(`select id from study_paths where user_id = ''`)).toEqual([]);
});

test('erasure knows every table that names a learner', async () => {
  const columns = await inDatabase<{ table_name: string }>(
    `select table_name from information_schema.columns
     where table_schema = 'public' and column_name in ('user_id', 'learner_id') order by 1`,
  );
  expect(columns.map(({ table_name }) => table_name)).toEqual([
    'idempotency_keys',
    'import_parts',
    'learner_events',
    'mastery',
    'review_log',
    'review_queue',
    'study_paths',
  ]);
});
