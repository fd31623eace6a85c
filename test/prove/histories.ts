import * as fc from 'fast-check';
import { play, playHistory } from './histories/play.ts';
import { keep } from './histories/regressions.ts';
import { type Step, steps, stories } from './histories/steps.ts';
import { ATTEMPT_MS, BEGIN, HistoryViolation, type LaneClock, type World } from './histories/world.ts';
import { type Lane, startLanes } from './kit/lanes.ts';
import type { Mutation, Product } from './kit/product.ts';
import type { Mutant, Proof, Report, Violation } from './module.ts';
import { LIFECYCLE_BUGS } from './mutants/histories.ts';

/** Histories of `npm run prove -- all`, and the seconds that they may take at most. */
const RUNS = 1200;
const SECONDS = 110;
const MOST_STEPS = 12;
/** Histories in which a planted bug has to be found. */
const MUTANT_RUNS = 400;

class PlaySteps implements fc.AsyncCommand<object, World> {
  readonly steps: readonly Step[];
  constructor(...of: Step[]) {
    this.steps = of;
  }
  check() {
    return true;
  }
  async run(_model: object, world: World) {
    for (const step of this.steps) await play(world, step);
  }
  toString() {
    return JSON.stringify(this.steps);
  }
}

const history = fc.commands(
  [
    ...steps.map((step) => step.map((one) => new PlaySteps(one))),
    ...stories.map((story) => story.map((all) => new PlaySteps(...all))),
  ],
  { maxCommands: MOST_STEPS, size: 'max' },
);
const completion = fc.constantFrom('first_attempt', 'until_passed');

export type Seat = { lane: Lane; product: Product; clock: LaneClock };

/** A product on a lane whose clock the histories move. */
export function seatOn(lane: Lane, mutation?: Mutation): Seat {
  const clock = { now: BEGIN };
  const options = { clock: () => new Date(clock.now), attemptMs: ATTEMPT_MS, totalMs: 3 * ATTEMPT_MS };
  return { lane, clock, product: lane.product(mutation, options) };
}

type Found = {
  runs: number;
  faults: Record<string, number>;
  violation: HistoryViolation | null;
  seed: number;
};

type Search = { runs: number; seed: number; seconds: number; shrink: boolean };

/** Random histories on one lane until one is broken, which is then made as short as can be. */
export async function search(seat: Seat, { runs, seed, seconds, shrink }: Search): Promise<Found> {
  const faults: Record<string, number> = {};
  let [done, last] = [0, null as HistoryViolation | null];
  const property = fc.asyncProperty(completion, history, async (kind, commands) => {
    done += 1;
    try {
      const struck = await playHistory(seat, kind, (world) =>
        fc.asyncModelRun(() => ({ model: {}, real: world }), commands),
      );
      for (const [name, count] of Object.entries(struck)) faults[name] = (faults[name] ?? 0) + count;
    } catch (error) {
      last = error instanceof HistoryViolation ? error : new HistoryViolation(String(error), []);
      throw error;
    }
  });
  const outcome = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: !shrink,
    interruptAfterTimeLimit: seconds * 1000,
  });
  return { runs: done, faults, violation: outcome.failed ? last : null, seed };
}

function sum(all: readonly Found[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { faults } of all) {
    for (const [name, count] of Object.entries(faults)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

async function hunt(
  lane: Lane,
  { name, mutation }: (typeof LIFECYCLE_BUGS)[number],
  seed: number,
): Promise<Mutant> {
  const found = await search(seatOn(lane, mutation), { runs: MUTANT_RUNS, seed, seconds: 90, shrink: false });
  const caught = found.violation === null ? null : `history ${found.runs}: ${found.violation.message}`;
  return { name, caught };
}

export const proof: Proof = {
  name: 'histories',
  seconds: 180,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const wanted = runs ?? RUNS;
    const { lanes, close } = await startLanes(Math.min(3, wanted));
    try {
      const budget = runs === null ? SECONDS : 24 * 3600;
      const found = await Promise.all(
        lanes.map((lane, index) =>
          search(seatOn(lane), {
            runs: Math.ceil(wanted / lanes.length),
            seed: seed + index,
            seconds: budget,
            shrink: true,
          }),
        ),
      );
      const seconds = (Date.now() - started) / 1000;
      const violations: Violation[] = [];
      for (const { violation } of found) {
        if (violation === null) continue;
        keep({ found: violation.message, completion: violation.completion, steps: violation.steps });
        const replay = `--runs ${wanted} --seed ${seed}, or npm test, as it is in regressions.json now`;
        violations.push({ what: violation.message, replay: `npm run prove -- histories ${replay}` });
      }
      const done = found.reduce((total, one) => total + one.runs, 0);
      say(`${done} histories in ${seconds.toFixed(0)} s, ${violations.length} violations`);
      const mutants: Mutant[] = [];
      const queue = LIFECYCLE_BUGS.values();
      await Promise.all(
        lanes.map(async (lane) => {
          for (const bug of queue) mutants.push(await hunt(lane, bug, seed));
        }),
      );
      const row = {
        name: 'random histories',
        runs: done,
        faults: sum(found),
        violations: violations.length,
        seconds,
      };
      return { rows: [row], violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
