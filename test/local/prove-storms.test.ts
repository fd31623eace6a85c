import { expect, test } from 'vitest';
import { killPostgres } from '../prove/kills/postgres.ts';
import { killWorkerd } from '../prove/kills/workerd.ts';
import { startLanes } from '../prove/kit/lanes.ts';
import { INPUT_BUGS } from '../prove/mutants/naughty.ts';
import { onslaught } from '../prove/naughty.ts';

/** Bug: a killed server's last word was taken for the next one's first, so that it was used before it was up. */
test('a killed PostgreSQL has lost nothing, and counts as up only when it is', async () => {
  const { kills, problems } = await killPostgres({ kills: 1, seconds: 60, seed: 7 });
  expect(problems).toEqual([]);
  expect(kills).toBe(1);
}, 120_000);

test('a killed workerd has lost nothing and frees its slots', async () => {
  const { kills, problems } = await killWorkerd({ kills: 1, seconds: 60, seed: 7 });
  expect(problems).toEqual([]);
  expect(kills).toBe(1);
}, 120_000);

test('naughty values are kept as they are or refused', async () => {
  const { lanes, close } = await startLanes(1);
  try {
    const [lane] = lanes;
    if (lane === undefined) throw new Error('no lane');
    const amount = { requests: 300, stored: 6, seconds: 10, seed: 7, suite: true };
    const { problems, requests } = await onslaught(lane, amount);
    expect(problems).toEqual([]);
    expect(requests).toBeGreaterThan(100);
    const page = INPUT_BUGS.find(({ name }) => name === 'a refusal is a page');
    expect(
      (await onslaught(lane, { ...amount, stored: 1, suite: false }, page?.mutation)).problems,
    ).not.toEqual([]);
  } finally {
    await close();
  }
}, 120_000);
