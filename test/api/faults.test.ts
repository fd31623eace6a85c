import { expect, test } from 'vitest';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, newLearner, stack, withFaults } from '../support/api.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const body = { language: 'javascript', code: PLATEAU_CODE.javascript.AC };

async function learnerWithTask() {
  const learner = await newLearner('faults');
  const { path } = await learner.newPath();
  const url = `/v1/study-tasks/${await learner.newTask(path.id, PLATEAU)}`;
  const submit = () => learner.post<Judged>(`${url}/submit`, body);
  const seen = async () => (await learner.call<{ task: Task; evaluations: Evaluation[] }>(url)).body;
  return { learner, url, submit, seen };
}

test.each([
  ['passes 12 of 10', { kind: 'patch', patch: { passed: 12, total: 10 } }],
  ['accepts what has failures', { kind: 'patch', patch: { verdict: 'WA' } }],
  ['speaks of another submission', { kind: 'patch', patch: { submission_id: 'another' } }],
  ['sends 100 MiB', { kind: 'huge' }],
])('a judge that %s is a fault: nothing of the task changes until one is believed', async (_what, fault) => {
  const { learner, url, submit, seen } = await learnerWithTask();
  const pending = await withFaults(stack.evaluator, [{ path: '/v1', ...fault }], submit);
  expect(pending).toMatchObject({ status: 202, body: { evaluation: { status: 'pending', verdict: null } } });
  const meanwhile = await seen();
  expect(meanwhile.task).toMatchObject({ status: 'in_progress', score: null, pending_evaluations: 1 });
  expect(meanwhile.task.metadata).not.toHaveProperty('evaluation');
  const driven = await learner.post<Judged>(`${url}/evaluate`);
  expect(driven.body).toMatchObject({ evaluation: { verdict: 'AC', run: 1 }, task: { score: 1 } });
});

test('a result that comes late, after another drive has brought one, changes nothing', async () => {
  const { learner, url, submit, seen } = await learnerWithTask();
  const slow = [{ path: '/v1', kind: 'delay', delay_ms: 3000, times: 1 }];
  await withFaults(stack.evaluator, slow, async () => {
    const late = submit();
    await expect.poll(async () => (await seen()).task.pending_evaluations, { timeout: 20_000 }).toBe(1);
    const driven = await learner.post<Judged>(`${url}/evaluate`);
    const { task } = await seen();
    const answer = await late;
    expect([driven.status, answer.status]).toEqual([200, 200]);
    expect(answer.body.evaluation).toEqual(driven.body.evaluation);
    expect((await seen()).task.version).toBe(task.version);
  });
  expect((await seen()).evaluations).toHaveLength(1);
});

test('what a request began to load and left behind when it failed does not fail others', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  const answer = await fetch(`${stack.bank}/v1/problems?limit=500`);
  const { data } = (await answer.json()) as { data: { problem_id: string }[] };
  // One that no other test reads: its copy would serve.
  const problem_id = data.at(-1)?.problem_id ?? '';
  const damaged = await learner.newTask(path.id, problem_id);
  const whole = await learner.newTask(path.id, problem_id);
  await inDatabase(
    `insert into task_evaluations (id, task_id, submission_id, attempt, language, code, status, verdict, next_redrive_at)
     values (gen_random_uuid(), $1, gen_random_uuid(), 1, 'python', 'v1.none.damaged', 'evaluated', 'AC', now())`,
    [damaged],
  );
  const slow = [{ path: `/v1/problems/${problem_id}`, kind: 'delay', delay_ms: 800 }];
  await withFaults(stack.bank, slow, async () => {
    // It is answered before the bank has, and with it goes whatever it began.
    expect(await learner.call(`/v1/study-tasks/${damaged}`)).toMatchObject({
      status: 500,
      body: { code: 'integrity-error' },
    });
    const found = { status: 200, body: { problem: { problem_id } } };
    expect(await learner.call(`/v1/study-tasks/${whole}`)).toMatchObject(found);
  });
});
