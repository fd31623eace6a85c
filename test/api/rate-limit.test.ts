import { expect, test } from 'vitest';
import { newLearner } from '../support/api.ts';

/** Windows begin with the minute: in twice the quota and a bit, some window is overdrawn. */
async function untilRefused(send: () => Promise<Response>, most: number): Promise<Response[]> {
  const answers: Response[] = [];
  while (answers.length < most && answers.at(-1)?.status !== 429) {
    const few = await Promise.all(Array.from({ length: 8 }, send));
    answers.push(...few.toSorted((a, b) => a.status - b.status));
  }
  return answers;
}

test('writes of a learner are limited before their body is read; reads and others go on', async () => {
  const [learner, other] = [await newLearner(), await newLearner()];
  const answers = await untilRefused(() => learner.send('/v1/study-paths', { body: { wrong: true } }), 260);
  const taken = answers.filter(({ status }) => status !== 429);
  expect(new Set(taken.map(({ status }) => status))).toEqual(new Set([422]));
  expect(taken.length).toBeGreaterThanOrEqual(120);
  expect(taken[0]?.headers.get('ratelimit-policy')).toBe('"writes";q=120;w=60');

  const refused = answers.at(-1);
  expect(refused?.status).toBe(429);
  expect(await refused?.json()).toMatchObject({ code: 'rate-limited', status: 429 });
  expect(Object.fromEntries(refused?.headers ?? [])).toMatchObject({
    'content-type': 'application/problem+json',
    'retry-after': '60',
    ratelimit: '"writes";r=0;t=60',
    'ratelimit-policy': '"writes";q=120;w=60',
  });
  expect((await learner.call('/v1/study-paths/current')).status).toBe(404);
  expect((await other.newPath()).tasks.length).toBeGreaterThan(0);
});

test('exports of a learner are limited apart from writes', async () => {
  const learner = await newLearner();
  const answers = await untilRefused(() => learner.send('/v1/me/export'), 24);
  const taken = answers.filter(({ status }) => status !== 429);
  await Promise.all(taken.map((answer) => answer.body?.cancel()));
  expect(taken.length).toBeGreaterThanOrEqual(6);
  expect(answers.at(-1)?.headers.get('ratelimit')).toBe('"exports";r=0;t=60');
  expect((await learner.newPath()).tasks.length).toBeGreaterThan(0);
});
