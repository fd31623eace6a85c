import { expect, test } from 'vitest';
import { startLanes } from '../prove/kit/lanes.ts';
import { RACE_BUGS } from '../prove/mutants/races.ts';
import { TENANCY_BUGS } from '../prove/mutants/tenancy.ts';
import { RACES } from '../prove/races/races.ts';
import { heats } from '../prove/races.ts';
import { matrix } from '../prove/tenancy/matrix.ts';
import { proveTokens } from '../prove/tokens.ts';

test('no hostile token gets in, and an outage of the issuer is none of ours', async () => {
  const { rows, violations, mutants } = await proveTokens(100, 11);
  expect(violations).toEqual([]);
  expect(rows[0]?.runs).toBeGreaterThan(500);
  expect(mutants.filter(({ caught }) => caught === null)).toEqual([]);
}, 120_000);

test('races have one winner, and what belongs to another learner does not exist', async () => {
  const { lanes, close } = await startLanes(1);
  try {
    const [lane] = lanes;
    if (lane === undefined) throw new Error('no lane');
    for (const race of RACES) {
      const { problems, runs } = await heats(lane, race, { runs: 2, seconds: 20 });
      expect(problems, race.name).toEqual([]);
      expect(runs, race.name).toBeGreaterThan(0);
    }
    const unlocked = RACE_BUGS.find(({ name }) => name === 'the task is read without its lock');
    const doubleStart = RACES.find(({ name }) => name === unlocked?.race);
    if (unlocked === undefined || doubleStart === undefined) throw new Error('no such bug');
    const { mutation } = unlocked;
    const caught = await heats(lane, doubleStart, { runs: 300, seconds: 30, mutation, first: true });
    expect(caught.problems.length).toBeGreaterThan(0);

    expect((await matrix(lane)).problems).toEqual([]);
    const leaks = TENANCY_BUGS.find(({ name }) => name === 'events are listed for whoever knows the task');
    expect((await matrix(lane, leaks?.mutation)).problems.length).toBeGreaterThan(0);
  } finally {
    await close();
  }
}, 120_000);
