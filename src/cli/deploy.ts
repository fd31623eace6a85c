import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import { UPSTREAMS } from '#contract/services.ts';

const USAGE = `Brings the database up to date and deploys the Worker with its web app.
usage: DATABASE_URL=<owner's Neon URL> npm run deploy
       npm run deploy -- --dry-run     builds everything and prints the size; needs no account and no database
`;

function upstreamNeeds(): [string, string][] {
  return Object.values(UPSTREAMS).flatMap(({ address, key, noun }) => [
    [address, `address of the ${noun}`],
    [key, 'its key'],
  ]);
}

/** What the Worker needs beyond the vars in wrangler.toml: `wrangler secret put NAME`, or a var of your own. */
export const NEEDED: Readonly<Record<string, string>> = {
  DATABASE_URL: "Neon's pooled URL with the Worker's own role",
  ...Object.fromEntries(upstreamNeeds()),
  CODE_ENCRYPTION_KEYS: 'key ring for code and transcripts, newest first',
  CURSOR_SIGNING_KEY: 'at least 32 characters',
};

const ROOT = path.join(import.meta.dirname, '..', '..');
/** The program of `npm run db:migrate`. */
export const MIGRATE = path.join(ROOT, 'src', 'cli', 'migrate.ts');
const WRANGLER = path.join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
const Secrets = z.array(z.object({ name: z.string() }));
/** What Cloudflare counts, the Worker's script compressed: the goal, and the size that no change may pass unnoticed. */
const GOAL_KIB = 150;
const MOST_KIB = 210;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a program of this repository in its root. @throws Error when it fails; the program has printed why. */
function run(args: readonly string[], { show = true } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['inherit', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (show) process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(stripVTControlCharacters(output))
        : reject(new Error(`${args.join(' ')}: exit ${code}`)),
    );
  });
}

/** Names of `NEEDED` that the deployed Worker lacks; all of them before its first deployment. */
async function missingSecrets(): Promise<string[]> {
  const listed = await run([WRANGLER, 'secret', 'list', '--format', 'json'], { show: false }).catch(
    () => '[]',
  );
  const names = new Set(Secrets.parse(JSON.parse(listed)).map(({ name }) => name));
  for (const [name, what] of Object.entries(NEEDED)) {
    say(`  ${names.has(name) ? '[x]' : '[ ]'} ${name.padEnd(22)}${what}`);
  }
  return Object.keys(NEEDED).filter((name) => !names.has(name));
}

async function dryRun(): Promise<void> {
  const output = await run([WRANGLER, 'deploy', '--dry-run', '--outdir', '.build/worker']);
  const kib = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1]);
  if (!(kib <= MOST_KIB)) throw new Error(`the Worker has ${kib} KiB compressed, more than ${MOST_KIB}`);
  say(`\nWorker ${kib} KiB compressed, goal <= ${GOAL_KIB}, limit ${MOST_KIB}`);
}

async function deploy(): Promise<void> {
  if (!process.env.DATABASE_URL)
    throw new Error('DATABASE_URL must be set: the URL of the role that owns the tables');
  say('secrets');
  const missing = await missingSecrets();
  if (missing.length > 0)
    say(`\n/readyz will name what is missing until: npx wrangler secret put ${missing[0]}\n`);
  // Migrations only add, so they do not disturb the Worker that still runs.
  say('database');
  await run([MIGRATE]);
  say('worker');
  await run([WRANGLER, 'deploy']);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  await (values['dry-run'] ? dryRun() : deploy());
}

if (import.meta.main)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 1;
  });
