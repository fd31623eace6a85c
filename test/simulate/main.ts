import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { bankCatalogue } from './catalogue.ts';
import { figuresOf } from './figures.ts';
import { plot } from './plot.ts';
import { renderTable } from './report.ts';
import { type PolicyName, type SimulationOptions, simulate } from './simulation.ts';

const USAGE = `Lets synthetic learners of known ability practise under the learning engine and under random choice.
usage: npm run simulate -- [--learners 200] [--days 90] [--seed 1] [--copies 30] [--svg .local/simulate.svg]
  --copies     how often each problem of the bank counts: the own bank is small, the real one holds 2,000;
               1 takes the bank as it is. PROBLEM_BANK_FILES adds problems, and makes 1 the default.
The same seed gives the same output.
`;

const count = (most: number) =>
  z.string().regex(/^\d+$/, 'a whole number').transform(Number).pipe(z.int().min(1).max(most));
const Options = z.object({
  learners: count(10_000).prefault('200'),
  days: count(730).prefault('90'),
  seed: count(2 ** 31).prefault('1'),
  copies: count(100).optional(),
  svg: z.string().min(1).default('.local/simulate.svg'),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { learners: text, days: text, seed: text, copies: text, svg: text, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const parsed = Options.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { svg, copies, ...options } = parsed.data;
  const { catalogue, name } = await bankCatalogue(copies);

  const run = (policy: PolicyName, wish: SimulationOptions) => {
    const stories = simulate(catalogue, policy, wish);
    return { stories, figures: figuresOf(stories) };
  };
  const results = { engine: run('engine', options), random: run('random', options) };
  await mkdir(dirname(svg), { recursive: true });
  await writeFile(svg, plot(results, options, name));
  process.stdout.write(renderTable(results, options, name));
  process.stdout.write(`plot: ${svg}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
});
