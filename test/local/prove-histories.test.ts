import { afterAll, beforeAll, expect, test } from 'vitest';
import { play, playHistory } from '../prove/histories/play.ts';
import { regressions } from '../prove/histories/regressions.ts';
import { type Seat, search, seatOn } from '../prove/histories.ts';
import { type Lanes, startLanes } from '../prove/kit/lanes.ts';
import { LIFECYCLE_BUGS } from '../prove/mutants/histories.ts';

let lanes: Lanes;
let seat: Seat;
beforeAll(async () => {
  lanes = await startLanes(1);
  const [lane] = lanes.lanes;
  if (lane === undefined) throw new Error('no lane');
  seat = seatOn(lane);
});
afterAll(() => lanes.close());

test.each(regressions())('holds now: $found', async ({ completion, steps }) => {
  await playHistory(seat, completion, async (world) => {
    for (const step of steps) await play(world, step);
  });
});

test('a few random histories hold', async () => {
  const found = await search(seat, { runs: 4, seed: 20_260_301, seconds: 40, shrink: false });
  expect(found.violation).toBeNull();
  expect(found.runs).toBeGreaterThan(0);
});

test('a planted bug does not', async () => {
  const bug = LIFECYCLE_BUGS.find(({ name }) => name === 'a result forgets the score before it');
  const found = await search(seatOn(seat.lane, bug?.mutation), {
    runs: 50,
    seed: 1,
    seconds: 50,
    shrink: false,
  });
  expect(found.violation?.message).toMatch(/score/);
});
