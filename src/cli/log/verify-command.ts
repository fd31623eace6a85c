import { parseArgs } from 'node:util';
import { archiveObjects } from '../archive/objects.ts';
import { runCommand } from './command.ts';
import { connectToLog, localArchive } from './database.ts';
import { type Scope, type Verdict, verifyLog } from './verify.ts';

const USAGE = `Replays the log and compares every column of the tables with it; names the first broken link of each chain.
usage: npm run log:verify [-- --user <learner> | --sample <learners>] [--archive <folder or address>]
DATABASE_URL (of the environment or .dev.vars) is the owner's address; without it, the local stack's database and archive
are read. --archive is a copy of the bucket of archived events, or an address that serves its objects by their keys.
`;

/** Lines of differences that are printed; the rest is a number. */
const SHOWN = 50;

function readScope(args: string[]): Scope {
  const { values } = parseArgs({
    args,
    options: { user: { type: 'string' }, sample: { type: 'string' }, archive: { type: 'string' } },
  });
  if (values.user !== undefined && values.sample !== undefined)
    throw new Error('--user or --sample, not both');
  if (values.sample !== undefined && !/^[1-9][0-9]{0,6}$/.test(values.sample))
    throw new Error('--sample must be a number of learners');
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  const place = values.archive ?? localArchive();
  return { user: values.user, sample, archive: place === null ? null : archiveObjects(place) };
}

/** The verdict in words, a line for each finding. */
export function wordsOf({ learners, tasks, events, broken, differences }: Verdict, seconds: number): string {
  const lines = [
    ...broken.map(({ stream, seq, what }) => `BROKEN ${stream}: event ${seq} ${what}`),
    ...differences.map(({ table, key, column, log, row }) =>
      column === null
        ? `DIFFERS ${table} ${key}: ${row === null ? 'the row is missing' : 'the log knows no such row'}`
        : `DIFFERS ${table} ${key}: ${column} is ${JSON.stringify(row)}, the log says ${JSON.stringify(log)}`,
    ),
  ];
  const more = lines.length > SHOWN ? [`... and ${lines.length - SHOWN} more`] : [];
  const sum = `${events} events of ${tasks} tasks and ${learners} learners: ${broken.length} broken chains, ${differences.length} differences, ${seconds.toFixed(1)} s`;
  return [...lines.slice(0, SHOWN), ...more, sum, ''].join('\n');
}

async function main(args: string[]): Promise<number> {
  let scope: Scope;
  try {
    scope = readScope(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const client = await connectToLog();
  try {
    const started = performance.now();
    const verdict = await verifyLog(client, scope, ({ events }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${events} events`);
    });
    if (process.stderr.isTTY) process.stderr.write('\r');
    process.stdout.write(wordsOf(verdict, (performance.now() - started) / 1000));
    return verdict.broken.length + verdict.differences.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}

if (import.meta.main) await runCommand(main);
