import { expect, test } from 'vitest';
import { newLearner, runCron, solution, stack, withFaults, workerLog } from '../support/api.ts';
import { PLATEAU } from '../support/submissions.ts';

test('the log has a line per request and never a token, code, question, learner or hidden test', async () => {
  const learner = await newLearner('canary');
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  const code = `${await solution(PLATEAU, 'python')}\n# canary-of-the-code\n`;
  const question = 'canary-of-the-question';
  const url = `/v1/study-tasks/${taskId}`;
  const submitted = await learner.post(`${url}/submit`, { language: 'python', code });
  const hint = await learner.send(`${url}/hint`, { body: { question, code } });
  await hint.text();
  await withFaults(stack.neon, [{ path: '/sql', kind: 'status', status: 500 }], async () => {
    const failed = await learner.post(`${url}/submit`, { language: 'python', code });
    expect(failed).toMatchObject({ status: 503, body: { code: 'storage-unavailable' } });
    expect(JSON.stringify(failed.body)).not.toMatch(/insert|select|canary/i);
  });
  const log = await workerLog();
  const line = log
    .split('\n')
    .find((text) => text.includes(submitted.requestId) && text.includes('"request"'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 'info',
    method: 'POST',
    status: 200,
    round_trips: 2,
    route: '/v1/study-tasks/:id/submit',
    learner: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(submitted.headers.get('server-timing')).toMatch(/^total;dur=\d+, db;dur=\d+;desc="2 round trips"$/);
  expect(log).toContain('storage-unavailable');
  // Ids and pseudonyms hold any digits by chance.
  const words = log.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16}\b/g, 'id');
  for (const secret of ['canary-of', learner.token, 'longest_plateau', '20000']) {
    expect(words).not.toContain(secret);
  }
  expect(log).not.toContain(learner.id);
});

test('refused requests are logged too, and what waits is measured every minute', async () => {
  const learner = await newLearner();
  const refused = await learner.call('/v1/study-paths/current', { token: null });
  const unknown = await learner.call('/nowhere', { token: null });
  await runCron();
  const lines = (await workerLog())
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const request = (id: string) => lines.find((line) => line.event === 'request' && line.request_id === id);
  expect(request(refused.requestId)).toMatchObject({ status: 401, learner: null, round_trips: 0 });
  expect(request(unknown.requestId)).toMatchObject({ status: 404, learner: null });
  expect(lines.findLast((line) => line.job === 'measure-backlog')).toMatchObject({
    event: 'job-done',
    ms: expect.any(Number),
    pending_evaluations: expect.any(Number),
    oldest_pending_seconds: expect.any(Number),
    due_reviews: expect.any(Number),
    late_expiries: expect.any(Number),
  });
});
