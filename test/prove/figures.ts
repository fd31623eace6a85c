import { seededRandom } from '../simulate/random.ts';
import { type Deeds, playWeeks } from './figures/story.ts';
import { changedModule } from './kit/changed-code.ts';
import { type Lane, startLanes } from './kit/lanes.ts';
import type { Mutation, ProductModule } from './kit/product.ts';
import type { Mutant, Proof, Report, Violation } from './module.ts';
import { FIGURE_BUGS, type FigureBug } from './mutants/figures.ts';

/** Histories of `npm run prove -- all`, and those in which a planted bug has to be found. */
const RUNS = 24;
const BUG_RUNS = 40;
/** Differences of one history that are named. */
const NAMED = 4;

type Bench = { lane: Lane; mutation?: Mutation; from?: ProductModule };

/** One history on a lane. @returns what it showed otherwise than its export says. */
async function history(
  { lane, mutation, from }: Bench,
  seed: number,
  number: number,
  deeds: Deeds,
): Promise<string[]> {
  const clock = { now: 0 };
  const options = { clock: () => new Date(clock.now), ...(from === undefined ? {} : { from }) };
  const product = lane.product(mutation, options);
  try {
    return await playWeeks({ lane, product, clock }, seededRandom(seed, `figures ${number}`), deeds);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await product.settled();
    await lane.empty();
  }
}

/** Histories with a planted bug until one shows a difference. */
async function hunt(
  lane: Lane,
  { name, changes, mutation, database }: FigureBug,
  seed: number,
): Promise<Mutant> {
  const from =
    changes === undefined
      ? undefined
      : await changedModule<ProductModule>('test/prove/kit/product.ts', changes);
  if (database !== undefined) await lane.rows(database.plant);
  try {
    for (let number = 1; number <= BUG_RUNS; number += 1) {
      const bench = {
        lane,
        ...(mutation === undefined ? {} : { mutation }),
        ...(from === undefined ? {} : { from }),
      };
      const [wrong] = await history(bench, seed, number, {});
      if (wrong !== undefined) return { name, caught: `history ${number}, ${wrong}` };
    }
    return { name, caught: null };
  } finally {
    if (database !== undefined) await lane.rows(database.heal);
  }
}

/**
 * Every figure that a learner sees, computed a second time from the learner's export alone, by rules that were written
 * down a second time: random weeks of learners who travel, change their plans, fail, repeat and stay away.
 */
export const proof: Proof = {
  name: 'figures',
  seconds: 170,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const wanted = runs ?? RUNS;
    const { lanes, close } = await startLanes(2);
    const violations: Violation[] = [];
    const deeds: Deeds = {};
    try {
      const numbers = Array.from({ length: wanted }, (_, index) => index + 1).values();
      let done = 0;
      await Promise.all(
        lanes.map(async (lane) => {
          for (const number of numbers) {
            const wrong = await history({ lane }, seed, number, deeds);
            done += 1;
            if (done % 20 === 0) say(`${done} histories, ${violations.length} with differences`);
            if (wrong.length === 0) continue;
            const more = wrong.length > NAMED ? ` and ${wrong.length - NAMED} more` : '';
            const what = `history ${number}: ${wrong.slice(0, NAMED).join('; ')}${more}`;
            say(what);
            violations.push({ what, replay: `npm run prove -- figures --seed ${seed} --runs ${number}` });
          }
        }),
      );
      const seconds = (Date.now() - started) / 1000;
      const mutants: Mutant[] = [];
      const bugs = FIGURE_BUGS.values();
      await Promise.all(
        lanes.map(async (lane) => {
          for (const bug of bugs) {
            mutants.push(await hunt(lane, bug, seed));
            say(`${mutants.length} of ${FIGURE_BUGS.length} planted bugs`);
          }
        }),
      );
      const row = {
        name: 'weeks recomputed',
        runs: done,
        faults: deeds,
        violations: violations.length,
        seconds,
      };
      return { rows: [row], violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
