import { isDeepStrictEqual } from 'node:util';
import { verifyLog } from '#cli/log/verify.ts';
import { seededRandom } from '../simulate/random.ts';
import { type LogBench, logBench } from '../support/log-bench.ts';
import { pastAndPresent } from '../support/past.ts';
import { tamper } from '../support/tamper.ts';
import { editRows } from './log/rows.ts';
import type { Mutant, Proof, Report, Row, Violation } from './module.ts';
import { buggyVerify, PAST_BUGS, rewriting, TRIGGER_BUGS, VERIFY_BUGS, WRITER_BUGS } from './mutants/log.ts';

/** Tamperings of a run of its own accord, and the history that they are done to. */
const RUNS = 2000;
const HISTORY = { learners: 20, steps: 1200 };
/** Rows that are changed behind the log's back, at most. */
const ROWS = 500;
/** Moments at which progress is written down, and asked of the log later; at most. */
const MOMENTS = 500;
/** Tamperings, rows, moments and steps in which a planted bug has to be found. */
const BUG_RUNS = { log: 400, rows: 200, moments: 30, steps: 60 };

/** How many of so many moments of a new history are told otherwise than they were. */
async function toldOtherwise(bench: LogBench, moments: number, seed: number): Promise<[number, number]> {
  const pairs = await pastAndPresent(bench, moments, seed);
  return [pairs.length, pairs.filter(({ was, told }) => !isDeepStrictEqual(was, told)).length];
}

const otherwise = (off: number) => `${off} moments of the past are told otherwise than they were`;

/** What the log does not tell, or tells wrongly. */
async function logFaults(bench: LogBench, user?: string): Promise<string[]> {
  const { broken, differences } = await verifyLog(bench.owner, { user });
  return [
    ...broken.map(({ stream, seq, what }) => `${stream}: event ${seq} ${what}`),
    ...differences.map(({ table, key, column }) => `${table} ${key}: ${column ?? 'the row'} differs`),
  ];
}

/** What the verification says of a new learner's history. */
async function ofNewLearner(bench: LogBench, seed: number): Promise<string | null> {
  const [learner] = await bench.makeHistory({ learners: 1, steps: BUG_RUNS.steps, seed });
  return (await logFaults(bench, learner?.learner))[0] ?? null;
}

/** Every planted bug against the same checks. Those of writers leave a log that is broken for good, so they come last. */
async function plant(bench: LogBench, seed: number): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const { name, search, change } of VERIFY_BUGS) {
    const options = { verify: await buggyVerify(change), first: true };
    const random = seededRandom(seed, name);
    const { missed } =
      search === 'log'
        ? await tamper(bench.owner, random, BUG_RUNS.log, options)
        : await editRows(bench.owner, random, { times: BUG_RUNS.rows, ...options });
    mutants.push({ name, caught: missed[0] ?? null });
  }
  for (const { name, sql } of PAST_BUGS) {
    const [, off] = await rewriting(bench.db, sql, () => toldOtherwise(bench, BUG_RUNS.moments, seed));
    mutants.push({ name, caught: off === 0 ? null : otherwise(off) });
  }
  for (const { name, sql } of WRITER_BUGS)
    mutants.push({ name, caught: await rewriting(bench.db, sql, () => ofNewLearner(bench, seed)) });
  for (const { name, routine, from, to } of TRIGGER_BUGS) {
    const { rows } = await bench.owner.query<{ text: string }>(
      'select pg_get_functiondef($1::regprocedure) as text',
      [routine],
    );
    const text = rows[0]?.text ?? '';
    if (!from.test(text)) throw new Error(`planted bug: ${routine} no longer holds ${from}`);
    await bench.owner.query(text.replace(from, to));
    mutants.push({ name, caught: await ofNewLearner(bench, seed) });
    await bench.owner.query(text);
  }
  return mutants;
}

/**
 * The log is the truth: a replay of a long history gives every column of every table; whatever somebody with all rights
 * edits, deletes, swaps or inserts in the log is found at the first broken link, and a changed row by its column; and
 * the log tells the progress of each moment as it was.
 */
export const proof: Proof = {
  name: 'log',
  seconds: 150,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const bench = await logBench();
    const times = runs ?? RUNS;
    const replay = `npm run prove -- log --seed ${seed} --runs ${times}`;
    const rows: Row[] = [];
    const violations: Violation[] = [];
    let since = started;
    function note(name: string, count: number, faults: Record<string, number>, wrong: readonly string[]) {
      say(`${name}: ${count}, ${wrong.length} violations`);
      const seconds = (Date.now() - since) / 1000;
      since = Date.now();
      rows.push({ name, runs: count, faults, violations: wrong.length, seconds });
      violations.push(...wrong.map((what) => ({ what, replay })));
    }
    try {
      await bench.makeHistory({ ...HISTORY, seed });
      const { events } = await verifyLog(bench.owner);
      note('events replayed and compared', events, {}, await logFaults(bench));
      const { done, missed } = await tamper(bench.owner, seededRandom(seed, 'tamper'), times);
      note('tamperings with the log', times, done, missed);
      const edited = await editRows(bench.owner, seededRandom(seed, 'rows'), {
        times: Math.min(ROWS, times),
      });
      const changed = Object.values(edited.done).reduce((sum, count) => sum + count, 0);
      note('rows changed behind the log', changed, edited.done, edited.missed);
      const [asked, off] = await toldOtherwise(bench, Math.min(MOMENTS, times), seed + 1);
      note('moments of the past', asked, {}, off === 0 ? [] : [otherwise(off)]);
      const mutants = await plant(bench, seed);
      return { rows, violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await bench.close();
    }
  },
};
