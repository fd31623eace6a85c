import { killPostgres } from './kills/postgres.ts';
import { killWorkerd } from './kills/workerd.ts';
import type { Mutant, Proof, Report, Row, Violation } from './module.ts';
import { KILL_BUGS } from './mutants/kills.ts';

/** Kills of each kind, and the seconds that they may take at most. */
const RUNS = 24;
const SECONDS = 55;

export const proof: Proof = {
  name: 'kills',
  seconds: 140,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const rows: Row[] = [];
    const violations: Violation[] = [];
    const amount = { kills: runs ?? RUNS, seconds: runs === null ? SECONDS : 24 * 3600, seed };
    for (const [name, kill] of [
      ['workerd', killWorkerd],
      ['PostgreSQL', killPostgres],
    ] as const) {
      const begun = Date.now();
      const { kills, accepted, problems } = await kill(amount);
      const seconds = (Date.now() - begun) / 1000;
      say(`${name}: ${kills} kills, ${accepted} submissions accepted, ${problems.length} violations`);
      const row = { name: `${name} killed under load`, runs: accepted, faults: { 'kill -9': kills } };
      rows.push({ ...row, violations: problems.length, seconds });
      const replay = `npm run prove -- kills --runs ${amount.kills} --seed ${seed}`;
      violations.push(...problems.map((what) => ({ what: `${name}: ${what}`, replay })));
    }
    const mutants: Mutant[] = [];
    for (const { name, run } of KILL_BUGS) {
      const { problems } = await run({ kills: 5, seconds: 20, seed });
      mutants.push({ name, caught: problems[0] ?? null });
    }
    return { rows, violations, mutants, seconds: (Date.now() - started) / 1000 };
  },
};
