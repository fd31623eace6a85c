import { ImportError } from '#cli/import/document.ts';
import { seededRandom } from '../simulate/random.ts';
import { IMPORTING, type Importing, merging, rebuilding, roundTrip } from './imports/copies.ts';
import { type Clock, newLearner } from './imports/learner.ts';
import { tampered } from './imports/tampering.ts';
import { type Lane, startLanes } from './kit/lanes.ts';
import type { Product } from './kit/product.ts';
import type { Mutant, Proof, Report, Violation } from './module.ts';
import { IMPORT_BUGS } from './mutants/imports.ts';

/** Learners of a run of its own accord. */
const RUNS = 60;
/** Steps of a learner, at least and at most. */
const [FEWEST, MOST] = [8, 60];
/** Values of each export that are changed. */
const TAMPERINGS = 20;
/** Learners among whom a planted bug has to be found. */
const MUTANT_RUNS = 30;
/** After any run, so that what the database records lies in the learners' past. */
const BEGIN = Date.parse('2040-03-02T10:00:00Z');

export type Seat = { lane: Lane; product: Product; clock: Clock };

export function seatOn(lane: Lane): Seat {
  const clock = { now: BEGIN };
  return { lane, clock, product: lane.product({}, { clock: () => new Date(clock.now) }) };
}

/** One learner's history through every import, on a lane that is empty before and after. */
export async function importsOf(
  { lane, product, clock }: Seat,
  seed: number,
  importing: Importing,
): Promise<{ found: string[]; counts: Record<string, number> }> {
  const random = seededRandom(seed, 'imports');
  clock.now = BEGIN + Math.floor(random.next() * 365) * 86_400_000;
  const steps = FEWEST + Math.floor(random.next() * (MOST - FEWEST));
  try {
    const learner = await newLearner(lane, product, clock);
    const other = await newLearner(lane, product, clock);
    await learner.practise(random, steps);
    await other.practise(random, Math.ceil(steps / 3));
    const found = await roundTrip(lane, product, learner, importing, random);
    const { text } = await learner.call('/me/export');
    for (let times = 0; times < TAMPERINGS; times += 1) {
      const taken = tampered(text, importing, random);
      if (taken !== null) found.push(taken);
    }
    found.push(...(await rebuilding(lane, product, learner, importing)).map((what) => `tasks: ${what}`));
    found.push(
      ...(await merging(lane, product, [learner, other], importing)).map((what) => `merged: ${what}`),
    );
    return { found, counts: learner.counts };
  } finally {
    await product.settled();
    product.slots.forget();
    await lane.empty();
  }
}

async function hunt(
  seat: Seat,
  { name, change }: (typeof IMPORT_BUGS)[number],
  seed: number,
): Promise<Mutant> {
  for (let run = 0; run < MUTANT_RUNS; run += 1) {
    let found: string[];
    try {
      ({ found } = await importsOf(seat, seed + run, change(IMPORTING)));
    } catch (error) {
      found = [error instanceof Error ? error.message : String(error)];
    }
    if (found[0] !== undefined) return { name, caught: `learner ${run + 1}: ${found[0]}` };
  }
  return { name, caught: null };
}

/**
 * An import makes of an export what it was: somebody else has the same record, figures and past, and a log without a
 * fault; an export whose rows contradict its events is refused; tasks alone are enough to rebuild what was learnt; and two
 * histories make one that has lost nothing.
 */
export const proof: Proof = {
  name: 'imports',
  seconds: 150,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const wanted = runs ?? RUNS;
    const { lanes, close } = await startLanes(Math.min(2, wanted));
    try {
      const seats = lanes.map(seatOn);
      const violations: Violation[] = [];
      const faults: Record<string, number> = {};
      let [next, done] = [0, 0];
      const work = async (seat: Seat) => {
        while (next < wanted) {
          const own = seed + next;
          next += 1;
          const { found, counts } = await importsOf(seat, own, IMPORTING).catch((error: unknown) => {
            if (!(error instanceof ImportError)) throw error;
            return { found: [`an export was refused: ${error.message}`], counts: {} };
          });
          for (const [name, count] of Object.entries(counts)) faults[name] = (faults[name] ?? 0) + count;
          const replay = `npm run prove -- imports --runs 1 --seed ${own}`;
          violations.push(...found.map((what) => ({ what, replay })));
          done += 1;
          if (done % 20 === 0) say(`${done} learners, ${violations.length} violations`);
        }
      };
      await Promise.all(seats.map(work));
      const seconds = (Date.now() - started) / 1000;
      say(`${done} learners in ${seconds.toFixed(0)} s, ${violations.length} violations`);
      const mutants: Mutant[] = [];
      const queue = IMPORT_BUGS.values();
      await Promise.all(
        seats.map(async (seat) => {
          for (const bug of queue) mutants.push(await hunt(seat, bug, seed));
        }),
      );
      const row = { name: 'exports imported', runs: done, faults, violations: violations.length, seconds };
      return { rows: [row], violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
