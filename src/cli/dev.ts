import { parseArgs } from 'node:util';
import { labelOf, SERVICES, type ServiceId } from '#contract/services.ts';
import { onEnd } from '#services/common/ending.ts';
import { basePort } from './checkout.ts';
import { type Stack, startStack } from './stack.ts';

const USAGE = `Starts the Worker and the services that it needs on this machine.
usage: npm run dev [-- --fresh]            --fresh forgets the database of earlier runs
       PORT=9000 npm run dev               moves all ports
       CORS_ORIGINS=... npm run dev        sets a variable of .dev.vars.example
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function table({ worker, services }: Stack): string {
  const port = process.env.PORT === undefined ? '' : `PORT=${process.env.PORT} `;
  const rows = [
    ['web app', worker.url, 'open this one; sign in as anybody'],
    ['API', `${worker.url}/v1`, 'readiness at /readyz'],
    ...(Object.keys(SERVICES) as ServiceId[]).map((id) => [
      labelOf(id),
      services.running[id].url,
      SERVICES[id].about,
    ]),
    [
      'postgres',
      process.env.DATABASE_URL ? 'the one of DATABASE_URL' : `psql "$(${port}npm run --silent psql-url)"`,
    ],
  ];
  return rows
    .map(([name = '', url = '', what = '']) => `  ${name.padEnd(13)}${url.padEnd(54)}${what}`)
    .join('\n');
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const started = performance.now();
  let stack: Stack | null = null;
  // Before anything runs: what is starting ends with this process, however that ends.
  onEnd((why) => {
    say(`\n${why}: stopping ...`);
    if (stack === null) process.exit(0);
    stack.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
        process.exit(1);
      },
    );
  });
  // The reader of these lines may end first; that is no reason to leave something running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  stack = await startStack({
    base: basePort(),
    fresh: values.fresh,
    onStep: (step) => say(`starting ${step} ...`),
    onComplaint: (line) => say(line),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`\n${table(stack)}\n`);
  say(`  log of the Worker: ${stack.worker.logFile}`);
  say('  its variables, for `npx wrangler dev`: .local/worker.vars');
  say('  a token: npm run --silent token -- alice     a tour: npm run demo     Ctrl-C stops everything');
  say(`\nready in ${seconds} s`);
}

main().catch((error: unknown) => {
  fail(error);
  process.stderr.write(`\n${USAGE}`);
  process.exit(1);
});
