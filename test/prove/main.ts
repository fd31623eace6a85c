import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { tableOf } from './kit/table.ts';
import type { Proof, Report } from './module.ts';

const USAGE = 'usage: npm run prove -- <module|all> [--runs N] [--seed S]';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Every proof of this folder, by name. */
async function findProofs(): Promise<Map<string, Proof>> {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && file !== 'main.ts' && file !== 'module.ts',
  );
  const modules = await Promise.all(files.map((file) => import(`./${file}`) as Promise<{ proof: Proof }>));
  return new Map(modules.map(({ proof }) => [proof.name, proof]));
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

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, seed: { type: 'string' } },
  });
  const proofs = await findProofs();
  const wanted = positionals[0] ?? '';
  const chosen =
    wanted === 'all' ? [...proofs.values()] : [proofs.get(wanted)].filter((p) => p !== undefined);
  if (chosen.length === 0 || positionals.length > 1) {
    say(`${USAGE}\nmodules: ${[...proofs.keys()].join(', ')}`);
    return 2;
  }
  const seed = wholeNumber(values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const runs = wholeNumber(values.runs);
  say(`seed ${seed}`);
  const started = Date.now();
  const reports = new Map<string, Report>();
  for (const proof of chosen) {
    say(`${proof.name} ...`);
    const report = await proof.run({ seed, runs, say: (line) => say(`  ${line}`) });
    for (const { name, caught } of report.mutants) {
      say(`  planted: ${name}: ${caught === null ? 'NOT CAUGHT' : `caught, ${caught}`}`);
    }
    reports.set(proof.name, report);
  }
  const failures = [...reports].flatMap(([name, report]) => complaints(name, report));
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
