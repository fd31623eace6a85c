import { seededRandom } from '../simulate/random.ts';
import { type Deeds, playWeeks } from './figures/story.ts';
import { BEGIN } from './histories/world.ts';
import { type Lane, startLanes } from './kit/lanes.ts';
import type { Proof, Report, Violation } from './module.ts';

/** Histories of `npm run prove -- all`. */
const RUNS = 60;
/** Differences of one history that are named. */
const NAMED = 4;

/** One history on a lane. @returns what it showed otherwise than its export says. */
async function history(lane: Lane, seed: number, number: number, deeds: Deeds): Promise<string[]> {
  const clock = { now: BEGIN };
  const product = lane.product({}, { clock: () => new Date(clock.now) });
  try {
    return await playWeeks({ lane, product, clock }, seededRandom(seed, `figures ${number}`), deeds);
  } finally {
    await product.settled();
    await lane.empty();
  }
}

/**
 * Every figure that a learner sees, computed a second time from the learner's export alone, by rules that were written
 * down a second time: random weeks of learners who travel, change their plans, fail, repeat and stay away.
 */
export const proof: Proof = {
  name: 'figures',
  seconds: 100,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const wanted = runs ?? RUNS;
    const { lanes, close } = await startLanes(Math.min(2, wanted));
    const violations: Violation[] = [];
    const deeds: Deeds = {};
    try {
      const numbers = Array.from({ length: wanted }, (_, index) => index + 1).values();
      let done = 0;
      await Promise.all(
        lanes.map(async (lane) => {
          for (const number of numbers) {
            const wrong = await history(lane, seed, number, deeds);
            done += 1;
            if (done % 20 === 0) say(`${done} histories, ${violations.length} with differences`);
            if (wrong.length === 0) continue;
            const more = wrong.length > NAMED ? ` and ${wrong.length - NAMED} more` : '';
            const what = `history ${number}: ${wrong.slice(0, NAMED).join('; ')}${more}`;
            violations.push({ what, replay: `npm run prove -- figures --seed ${seed} --runs ${number}` });
          }
        }),
      );
      const seconds = (Date.now() - started) / 1000;
      const row = {
        name: 'weeks recomputed',
        runs: done,
        faults: deeds,
        violations: violations.length,
        seconds,
      };
      return { rows: [row], violations, mutants: [], seconds };
    } finally {
      await close();
    }
  },
};
