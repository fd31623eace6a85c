import { expect, test } from 'vitest';
import { newLearner, roundTrips } from '../support/api.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

test('database round trips of each endpoint', async () => {
  const learner = await newLearner();
  const counts: [endpoint: string, trips: number][] = [];
  async function count(endpoint: string, answer: Promise<{ requestId: string; status: number }>) {
    const { requestId, status } = await answer;
    expect(status).toBeLessThan(300);
    counts.push([endpoint, await roundTrips(requestId)]);
  }

  const path = await learner.newPath();
  const task = `/v1/study-tasks/${await learner.newTask(path.path.id, PLATEAU)}`;
  const other = `/v1/study-tasks/${await learner.newTask(path.path.id, PLATEAU)}`;
  const code = { language: 'javascript', code: PLATEAU_CODE.javascript.AC };
  const tasks = [{ problem_id: PLATEAU, scheduled_at: new Date().toISOString() }];
  await count('POST /v1/study-paths', learner.post('/v1/study-paths', {}));
  await count('GET /v1/study-paths/current', learner.call('/v1/study-paths/current'));
  await count(
    'POST /v1/study-tasks/batch',
    learner.post('/v1/study-tasks/batch', { path_id: path.path.id, tasks }),
  );
  await count('GET /v1/study-tasks/next', learner.call('/v1/study-tasks/next'));
  await count('GET /v1/study-tasks/{id}', learner.call(task));
  await count('GET /v1/study-tasks/{id}/events', learner.call(`${task}/events`));
  await count(
    'PATCH /v1/study-tasks/{id}',
    learner.call(other, { method: 'PATCH', body: { status: 'skipped' } }),
  );
  await count('POST .../start', learner.post(`${task}/start`));
  await count('POST .../run', learner.post(`${task}/run`, code));
  await count('POST .../submit', learner.post(`${task}/submit`, code));
  const submissions = learner.post(`${task}/evaluate`, {});
  const nothing = await submissions;
  counts.push([
    `POST .../evaluate (${nothing.status}: everything is judged)`,
    await roundTrips(nothing.requestId),
  ]);

  const width = Math.max(...counts.map(([endpoint]) => endpoint.length));
  process.stdout.write(
    `\n${counts.map(([name, trips]) => `  ${name.padEnd(width)}  ${trips}`).join('\n')}\n\n`,
  );
  for (const [endpoint, trips] of counts) {
    // A new path looks at what its learner has solved before, a change at the task that it decides on.
    const two =
      endpoint.includes('submit') || endpoint === 'POST /v1/study-paths' || endpoint.startsWith('PATCH');
    expect([endpoint, trips]).toEqual([endpoint, two ? 2 : 1]);
  }
});
