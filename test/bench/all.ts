import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { say } from './kit.ts';
import { loadNow, NOISY_LOAD } from './worker-table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = path.join(ROOT, 'test', 'bench', 'run.ts');
/** Kibibytes of the deployed script, compressed. */
const SIZE_GOAL = 150;

/** Each of them is a process of its own: none finds the memory or the caches of another. */
const PARTS = [
  { name: 'worker', args: [BENCH, 'worker', '--requests', '1000'] },
  { name: 'reads', args: [BENCH, 'reads'] },
  { name: 'exports', args: [BENCH, 'exports'] },
  { name: 'sse', args: [BENCH, 'sse'] },
  { name: 'size', args: [path.join(ROOT, 'src', 'cli', 'deploy.ts'), '--dry-run'] },
] as const;

type Outcome = { name: string; seconds: number; output: string; failed: boolean };

async function run(name: string, args: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const hear = (chunk: Buffer) => {
    output += stripVTControlCharacters(chunk.toString());
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { name, seconds: (performance.now() - started) / 1000, output: output.trim(), failed: code !== 0 };
}

/** The lines of a part that stand beside a goal. */
function headlines({ name, output, failed }: Outcome): string[] {
  const lines = output.split('\n').filter((line) => /\bRATIO\b|\bgoal \d|^lease, |NOISY/.test(line));
  const size = /Worker ([\d.]+) KiB compressed/.exec(output)?.[1];
  if (size !== undefined) {
    const verdict = Number(size) <= SIZE_GOAL ? 'ok' : 'MISSED';
    return [
      `RATIO ${'KiB of the Worker, compressed'.padEnd(58)}${size.padStart(8)}  ${''.padEnd(16)}<= ${SIZE_GOAL}   ${verdict}`,
    ];
  }
  return failed ? [...lines, `FAILED: npm run bench -- ${name}`] : lines;
}

/**
 * Every figure that has a goal, the ratios of all parts first, then all that the parts have printed.
 * @throws Error naming the parts that failed; a missed goal is no failure.
 */
export async function benchAll(): Promise<void> {
  const load = loadNow();
  say(`load average ${load.toFixed(1)} at the start${load > NOISY_LOAD ? '  NOISY' : ''}`);
  const outcomes: Outcome[] = [];
  for (const { name, args } of PARTS) {
    process.stderr.write(`${name} ... `);
    const outcome = await run(name, args);
    process.stderr.write('\n');
    outcomes.push(outcome);
    // As soon as they are there: a run that is cut off has not been for nothing.
    say(`\n# ${outcome.name} (${outcome.seconds.toFixed(0)} s)`);
    for (const line of headlines(outcome)) say(line.trim());
  }
  for (const { name, output } of outcomes) say(`\n${'='.repeat(20)} ${name}\n${output}`);
  const failed = outcomes.filter((outcome) => outcome.failed).map(({ name }) => name);
  if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
}
