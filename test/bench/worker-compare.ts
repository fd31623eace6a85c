import assert from 'node:assert/strict';
import type { Stage } from './worker-stage.ts';

/** Learners whose answers are compared; the rest are of the same make. */
const COMPARED = 20;

/** Headers of the connection, and those that no two answers share. */
const NOT_COMPARED =
  /^(connection|keep-alive|date|transfer-encoding|content-length|x-request-id|server-timing)$/;

type Answer = { status: number; headers: Record<string, string>; body: string };

async function ask(url: string, token: string, method = 'GET'): Promise<Answer> {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  const headers = [...response.headers].filter(([name]) => !NOT_COMPARED.test(name));
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
}

/** Two tasks that are alike differ in their ids and instants, and so in the hash within a tag. */
function masked({ status, headers, body }: Answer): Answer {
  const mask = (text: string) =>
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>');
  return { status, headers, body: mask(body) };
}

/** The routes that are measured, of one learner. */
export const READS = {
  next: () => '/v1/study-tasks/next',
  list: () => '/v1/study-tasks',
  progress: (pathId: string) => `/v1/study-paths/${pathId}/progress`,
} as const;

/**
 * Holds the answers of all three servers to each other: Fastify's are the Worker's in status, every header and every
 * byte, the naive build's in status and value. Uses three fresh tasks, and what they leave in the log is compared too.
 * @throws AssertionError
 */
export async function compareAnswers(stage: Stage): Promise<string> {
  const { worker, fastify, naive, readers, fresh, tokenOf } = stage;
  let compared = 0;
  // A list does not wait long for titles: the copies of the bank's answers have to be there.
  for (const { learner, pathId } of readers.slice(0, 3))
    for (const route of Object.values(READS))
      for (const { url } of [worker, fastify, naive])
        await ask(`${url}${route(pathId)}`, await tokenOf(learner));
  for (const { learner, pathId } of readers.slice(0, COMPARED)) {
    const token = await tokenOf(learner);
    for (const route of Object.values(READS)) {
      const [ours, rival, first] = await Promise.all(
        [worker, fastify, naive].map(({ url }) => ask(`${url}${route(pathId)}`, token)),
      );
      assert.ok(ours !== undefined && first !== undefined);
      assert.equal(ours.status, 200, ours.body);
      assert.deepEqual(rival, ours);
      assert.equal(first.status, 200, first.body);
      assert.deepEqual(JSON.parse(first.body), JSON.parse(ours.body));
      compared += 1;
    }
  }
  const started = [];
  for (const { url } of [worker, fastify, naive]) {
    const task = fresh.pop();
    if (task === undefined) throw new RangeError('no fresh task');
    const token = await tokenOf(task.learner);
    const answer = masked(await ask(`${url}/v1/study-tasks/${task.taskId}/start`, token, 'POST'));
    const events = await ask(`${worker.url}/v1/study-tasks/${task.taskId}/events`, token);
    started.push({ answer, events: masked(events).body });
  }
  const [ours, rival, first] = started;
  assert.ok(ours !== undefined && first !== undefined);
  assert.equal(ours.answer.status, 200, ours.answer.body);
  assert.deepEqual(rival, ours);
  assert.equal(first.answer.status, 200, first.answer.body);
  assert.deepEqual(JSON.parse(first.answer.body), JSON.parse(ours.answer.body));
  assert.equal(first.events, ours.events);
  return `answers compared: ${compared} reads and a start, Fastify's equal in status, headers and bytes, the naive build's in value`;
}
