import { parseArgs } from 'node:util';
import { basePort } from './checkout.ts';
import { type Stack, startStack } from './stack.ts';

const USAGE = `Starts the Worker and all its neighbours on this machine.
usage: npm run dev [-- --fresh]      --fresh forgets the database of earlier runs
       PORT=9000 npm run dev         moves all ports
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function table({ worker, neighbours }: Stack): string {
  const { database, issuer, bank, evaluator, tutor } = neighbours.services;
  const rows = [
    ['web app', worker.url, 'open this one; sign in as anybody'],
    ['API', `${worker.url}/v1`, 'readiness at /readyz'],
    ['neon', database.url, 'PostgreSQL over HTTP at /sql'],
    ['issuer', issuer.url, 'sign-in page; public keys at /.well-known/jwks.json'],
    ['problem bank', bank.url, 'problems at /v1/problems'],
    ['evaluator', evaluator.url, 'sandbox for Python and JavaScript; /health'],
    ['tutor', tutor.url, 'hints as an event stream'],
    ['postgres', neighbours.postgresUrl ?? '(at Neon)', 'for psql'],
  ];
  return rows
    .map(([name = '', url = '', what = '']) => `  ${name.padEnd(13)}${url.padEnd(54)}${what}`)
    .join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const started = performance.now();
  const stack = await startStack({
    base: basePort(),
    fresh: values.fresh,
    onStep: (step) => say(`starting ${step} ...`),
    onComplaint: (line) => say(line),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`\n${table(stack)}\n`);
  say(`  log of the Worker: ${stack.worker.logFile}`);
  say(`  a token: npm run --silent token -- alice     a tour: npm run demo     Ctrl-C stops everything`);
  say(`\nready in ${seconds} s`);

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    say(`\n${signal}: stopping ...`);
    stack.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
