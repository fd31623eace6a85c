import { expect, test } from 'vitest';
import { newLearner, solution, stack, withFaults, workerLog } from '../support/api.ts';
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
  });
  expect(log).toContain('storage-unavailable');
  for (const secret of ['canary-of', learner.token, learner.id, 'longest_plateau', '20000']) {
    expect(log).not.toContain(secret);
  }
});
