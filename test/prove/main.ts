import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runApart } from './kit/apart.ts';
import { tableOf } from './kit/table.ts';
import type { Proof, ProveOptions, Report } from './module.ts';

const USAGE = 'usage: npm run prove -- <module|all> [--runs N] [--seed S]';
/** Most proofs that run at once: each is a process and a PostgreSQL, and both have work to do. */
const AT_ONCE = 4;

const say = (line: string) => process.stdout.write(`${line}\n`);

type Found = { file: string; proof: Proof };

/** Every proof of this folder, the longest first: what is left for the end is short. */
async function findProofs(): Promise<Found[]> {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && file !== 'main.ts' && file !== 'module.ts',
  );
  const found = await Promise.all(
    files.map(
      async (file): Promise<Found> => ({ file, ...((await import(`./${file}`)) as { proof: Proof }) }),
    ),
  );
  return found.toSorted((a, b) => b.proof.seconds - a.proof.seconds);
}

function wholeNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[0-9]{1,10}$/.test(text)) throw new Error(USAGE);
  return Number(text);
}

/** Everything that makes the run a failure, each with its way back. */
function complaints(name: string, { violations, mutants }: Report): string[] {
  return [
    ...violations.map(({ what, replay }) => `VIOLATION ${name}: ${what}\n          again: ${replay}`),
    ...mutants
      .filter(({ caught }) => caught === null)
      .map((mutant) => `NOT CAUGHT ${name}: the planted bug "${mutant.name}" went unnoticed`),
  ];
}

/** Runs all of them, as many at once as there are cores. @returns the reports by name, and what could not be run. */
async function runAll(proofs: readonly Found[], options: Omit<ProveOptions, 'say'>) {
  const reports = new Map<string, Report>();
  const failures: string[] = [];
  const queue = proofs.values();
  async function line(): Promise<void> {
    for (const { file, proof } of queue) {
      const sayOf = (text: string) => say(`${proof.name.padEnd(11)} ${text}`);
      sayOf('...');
      try {
        const report = await runApart(file, { ...options, say: sayOf });
        sayPlanted(report, sayOf);
        sayOf(`done in ${report.seconds.toFixed(0)} s`);
        reports.set(proof.name, report);
      } catch (error) {
        failures.push(`FAILED ${proof.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const atOnce = Math.min(AT_ONCE, availableParallelism(), proofs.length);
  await Promise.all(Array.from({ length: atOnce }, line));
  return { reports, failures };
}

function sayPlanted({ mutants }: Report, sayOf: (text: string) => void): void {
  for (const { name, caught } of mutants)
    sayOf(`planted: ${name}: ${caught === null ? 'NOT CAUGHT' : `caught, ${caught}`}`);
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, seed: { type: 'string' } },
  });
  const proofs = await findProofs();
  const [wanted = '', ...rest] = positionals;
  const chosen = proofs.filter(({ proof }) => wanted === 'all' || wanted === proof.name);
  if (chosen.length === 0 || rest.length > 0) {
    say(`${USAGE}\nmodules: ${proofs.map(({ proof }) => proof.name).join(', ')}`);
    return 2;
  }
  const seed = wholeNumber(values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const runs = wholeNumber(values.runs);
  say(`seed ${seed}`);
  const started = Date.now();
  const { reports, failures } = await runAll(chosen, { seed, runs });
  for (const [name, report] of reports) failures.push(...complaints(name, report));
  say(`\n${tableOf(reports)}\n`);
  for (const failure of failures) say(failure);
  const sum = `${((Date.now() - started) / 1000).toFixed(1)} s, seed ${seed}`;
  say(failures.length === 0 ? `all held: ${sum}` : `${failures.length} failures: ${sum}`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  say(
    error instanceof Error && error.message === USAGE
      ? USAGE
      : String(error instanceof Error ? error.stack : error),
  );
  return 2;
});
