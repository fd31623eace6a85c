import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lanes, startLanes } from '../prove/kit/lanes.ts';
import { RACES } from '../prove/races/races.ts';
import { heats } from '../prove/races.ts';

let lanes: Lanes;
beforeAll(async () => {
  lanes = await startLanes(1);
});
afterAll(() => lanes.close());

/** Bug: a submission in flight added an event between two deletes of an erasure, which was answered 500 and left rows. */
test('a path is erased whole while a submission to one of its tasks is in flight', async () => {
  const [lane] = lanes.lanes;
  const race = RACES.find(({ name }) => name === 'an erasure against a late result');
  if (lane === undefined || race === undefined) throw new Error('no lane or no race');
  const { problems, runs } = await heats(lane, race, { runs: 24, seconds: 50 });
  expect(problems).toEqual([]);
  expect(runs).toBeGreaterThan(2);
}, 120_000);
