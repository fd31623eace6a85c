import { type Lane, startLanes } from './kit/lanes.ts';
import type { Mutation } from './kit/product.ts';
import type { Mutant, Proof, Report, Row, Violation } from './module.ts';
import { RACE_BUGS } from './mutants/races.ts';
import { openArena, type Race, type Racer } from './races/arena.ts';
import { RACES } from './races/races.ts';

/** Races of each kind, and the seconds that one kind may take at most. */
const RUNS = 1000;
const SECONDS = 200;
/** Races in which a planted bug has to be found. */
const MUTANT_RUNS = 400;
/** Races of a learner after which a new one comes, as a history that grows would slow the later ones down. */
const ROUNDS = 12;

export type Heats = { runs: number; problems: string[]; seconds: number };

type Amount = { runs: number; seconds: number; mutation?: Mutation; first?: boolean };

/** Runs a race until it was run often enough, time is up, or (for a planted bug) the first one went wrong. */
export async function heats(lane: Lane, race: Race, amount: Amount): Promise<Heats> {
  const { runs, seconds, mutation, first = false } = amount;
  const arena = openArena(lane, race, mutation);
  const { size, moves, reuses = false } = race;
  const each = race.counts ?? size;
  const meeting = Math.min(race.racers, Math.ceil(runs / each));
  const most = Math.min(ROUNDS, Math.ceil(runs / (meeting * each)));
  const started = Date.now();
  const problems: string[] = [];
  let done = 0;
  const over = () => done >= runs || Date.now() - started >= seconds * 1000 || (first && problems.length > 0);

  /** One race of each of these learners, at the same time. */
  async function round(racers: readonly Racer[], number: number): Promise<void> {
    const from = reuses ? 0 : number * size;
    const entrants = racers.map((racer) => ({ racer, tasks: racer.tasks.slice(from, from + size) }));
    problems.push(...(await race.run(arena, entrants)));
    done += racers.length * each;
  }
  async function rounds(racers: readonly Racer[]): Promise<void> {
    for (let number = 0; number < most && !over(); number += 1) await round(racers, number);
  }

  lane.evaluator.reset();
  while (!over()) {
    const newcomers = Array.from({ length: meeting }, () =>
      arena.newLearner({ races: reuses ? 1 : most, size, ...(moves === undefined ? {} : { moves }) }),
    );
    const racers = await Promise.all(newcomers);
    await (moves === undefined ? Promise.all(racers.map((racer) => rounds([racer]))) : rounds(racers));
    await arena.product.settled();
    // What learners of the past leave behind would keep the crons of the next ones busy.
    await lane.empty();
  }
  return { runs: done, problems, seconds: (Date.now() - started) / 1000 };
}

export const proof: Proof = {
  name: 'races',
  seconds: 200,
  async run({ runs, say }): Promise<Report> {
    const started = Date.now();
    const { lanes, close } = await startLanes(2);
    const rows: Row[] = [];
    const violations: Violation[] = [];
    const mutants: Mutant[] = [];
    try {
      const races = RACES.values();
      const bugs = RACE_BUGS.values();
      await Promise.all(
        lanes.map(async (lane) => {
          for (const race of races) {
            const done = await heats(lane, race, {
              runs: runs ?? RUNS,
              seconds: runs === null ? SECONDS : 24 * 3600,
            });
            say(
              `${race.name}: ${done.runs} in ${done.seconds.toFixed(0)} s, ${done.problems.length} violations`,
            );
            const { name } = race;
            rows.push({
              name,
              runs: done.runs,
              faults: {},
              violations: done.problems.length,
              seconds: done.seconds,
            });
            const [what] = done.problems;
            if (what !== undefined) {
              const replay = `npm run prove -- races --runs ${done.runs} (${done.problems.length} times)`;
              violations.push({ what: `${name}: ${what}`, replay });
            }
          }
          for (const { name, race: wanted, mutation } of bugs) {
            const race = RACES.find((one) => one.name === wanted);
            if (race === undefined) throw new Error(`no race is called ${wanted}`);
            const found = await heats(lane, race, { runs: MUTANT_RUNS, seconds: 60, mutation, first: true });
            const [what] = found.problems;
            mutants.push({ name, caught: what === undefined ? null : `race ${found.runs}: ${what}` });
          }
        }),
      );
      return { rows, violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
