import { parseArgs } from 'node:util';
import { type ArchiveObjects, archiveObjects } from '../archive/objects.ts';
import { runCommand } from './command.ts';
import { connectToLog, localArchive } from './database.ts';
import { changesUnder, modelOf, wordsOf } from './model.ts';
import { compareRebuilt, type Rebuilt, rebuildLog } from './rebuild.ts';

const USAGE = `Rebuilds the tables from the log into an empty schema and compares them with the live ones, row by row.
usage: npm run log:rebuild [-- --schema <name>]     a run that was cut off is gone on with; the name is rebuilt by default
       npm run log:rebuild -- --model v2            says what would change per learner under other rules, writes nothing
DATABASE_URL (of the environment or .dev.vars) is the owner's address; without it, the local stack's database and archive
are read. --archive is a copy of the bucket of archived events, or an address that serves its objects by their keys.
`;

type Wish = { schema: string; model: ReturnType<typeof modelOf> | null; archive: ArchiveObjects | null };

function readWish(args: string[]): Wish {
  const options = {
    schema: { type: 'string', default: 'rebuilt' },
    model: { type: 'string' },
    archive: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args, options });
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(values.schema) || values.schema === 'public')
    throw new Error('--schema must be lower-case letters, digits and underscores, and not public');
  const place = values.archive ?? localArchive();
  return {
    schema: values.schema,
    model: values.model === undefined ? null : modelOf(values.model),
    archive: place === null ? null : archiveObjects(place),
  };
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  let wish: Wish;
  try {
    wish = readWish(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const client = await connectToLog();
  try {
    if (wish.model !== null) {
      for await (const change of changesUnder(client, wish.model, wish.archive))
        process.stdout.write(wordsOf(change));
      return 0;
    }
    const started = performance.now();
    const onBatch = (so_far: Rebuilt) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${so_far.events} events, ${so_far.rows} rows`);
    };
    const { rows, events, resumed } = await rebuildLog(client, wish.schema, onBatch, wish.archive);
    if (process.stderr.isTTY) process.stderr.write('\r');
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(
      `${resumed ? 'went on: ' : ''}${events} events made ${rows} rows in schema ${wish.schema}, ${seconds} s`,
    );
    const differing = await compareRebuilt(client, wish.schema);
    for (const [table, count] of Object.entries(differing)) say(`  ${table}: ${count} rows differ`);
    return Object.values(differing).every((count) => count === 0) ? 0 : 1;
  } finally {
    await client.end();
  }
}

await runCommand(main);
