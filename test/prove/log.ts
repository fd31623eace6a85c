import { isDeepStrictEqual } from 'node:util';
import { verifyLog } from '#local/log/verify.ts';
import { seededRandom } from '../simulate/random.ts';
import { logBench } from '../support/log-bench.ts';
import { pastAndPresent } from '../support/past.ts';
import { tamper } from '../support/tamper.ts';
import type { Proof, Report } from './module.ts';

/** Tamperings of a run of its own accord, and the history that they are done to. */
const RUNS = 2000;
/** Moments at which progress is written down, and asked of the log later. */
const MOMENTS = 500;
const HISTORY = { learners: 12, steps: 1200 };

/**
 * The log is the truth: a replay of a long history gives every column of every table, and whatever somebody with all
 * rights edits, deletes, swaps or inserts is found, at the first broken link.
 */
export const proof: Proof = {
  name: 'log',
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const bench = await logBench();
    const again = `npm run prove -- log --seed ${seed} --runs ${runs ?? RUNS}`;
    try {
      await bench.makeHistory({ ...HISTORY, seed });
      const { events, broken, differences } = await verifyLog(bench.owner);
      say(`${events} events replayed: ${broken.length} broken chains, ${differences.length} differences`);
      const { done, missed } = await tamper(bench.owner, seededRandom(seed, 'tamper'), runs ?? RUNS);
      say(
        Object.entries(done)
          .map(([what, times]) => `${what} ${times}`)
          .join(', '),
      );
      const pairs = await pastAndPresent(bench, MOMENTS, seed + 1);
      const off = pairs.filter(({ was, told }) => !isDeepStrictEqual(was, told)).length;
      say(`${pairs.length} moments of the past asked for: ${off} told otherwise than they were`);
      const wrong = [
        ...(off === 0 ? [] : [`${off} moments of the past are told otherwise than they were`]),
        ...broken.map(({ stream, seq, what }) => `${stream}: event ${seq} ${what}`),
        ...differences.map(({ table, key, column }) => `${table} ${key}: ${column ?? 'the row'} differs`),
        ...missed,
      ];
      const seconds = (Date.now() - started) / 1000;
      const row = { name: 'log', runs: runs ?? RUNS, faults: done, violations: wrong.length, seconds };
      return {
        rows: [row],
        violations: wrong.map((what) => ({ what, replay: again })),
        mutants: [],
        seconds,
      };
    } finally {
      await bench.close();
    }
  },
};
