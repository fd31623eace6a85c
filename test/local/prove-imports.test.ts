import { afterAll, beforeAll, expect, test } from 'vitest';
import { IMPORTING } from '../prove/imports/copies.ts';
import { importsOf, type Seat, seatOn } from '../prove/imports.ts';
import { type Lanes, startLanes } from '../prove/kit/lanes.ts';
import { IMPORT_BUGS } from '../prove/mutants/imports.ts';

let lanes: Lanes;
let seat: Seat;
beforeAll(async () => {
  lanes = await startLanes(1);
  const [lane] = lanes.lanes;
  if (lane === undefined) throw new Error('no lane');
  seat = seatOn(lane);
});
afterAll(() => lanes.close());

test.each([100, 101])('exports of random learner %i come back whole', async (seed) => {
  expect((await importsOf(seat, seed, IMPORTING)).found).toEqual([]);
});

test('a planted bug does not hold', async () => {
  const bug = IMPORT_BUGS.find(({ name }) => name === 'paths begin when they are imported');
  const { found } = await importsOf(seat, 100, bug?.change(IMPORTING) ?? IMPORTING);
  expect(found.join('\n')).toMatch(/as_of answers 404 instead of 200/);
});
