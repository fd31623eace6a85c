import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSealedSettings, wordsOfError } from './database-settings.ts';
import { readExport } from './import/read.ts';
import type { Restored } from './import/restored.ts';
import { type Written, writeRestored } from './import/write.ts';
import { createKeyRing } from './keys/ring.ts';

const USAGE = `Restores an export for a learner: GET /v1/study-tasks/export?format=json&attempts=true&include=code, or GET /v1/me/export.
usage: npm run import -- <file.json> --user <learner>
DATABASE_URL (of the role that owns the tables), NEON_FETCH_ENDPOINT and CODE_ENCRYPTION_KEYS come from the environment or
.dev.vars, else from the stack that npm run dev has started here.
`;

/** @throws Error that says which argument is wrong. */
function readArguments(args: string[]): { file: string; learnerId: string } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { user: { type: 'string' } },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error('name exactly one file');
  if (!values.user || values.user.length > 255) throw new Error('--user must name the learner');
  return { file, learnerId: values.user };
}

/** What was done, a line for each thing to know. */
function reportOf(learnerId: string, { tasks, notes }: Restored, written: Written): string[] {
  const known = tasks.length - written.tasks;
  return [
    `restored ${written.tasks} tasks, ${written.evaluations} evaluations and ${written.events} events for ${learnerId}`,
    ...(known > 0 ? [`${known} tasks were there already and stayed as they are`] : []),
    ...(written.renamed ? ['another learner has ids of this file here, so all of them are new'] : []),
    ...(written.merged
      ? [
          'what was learnt here before and what the file knows are merged; first tries that are here stay the first',
        ]
      : []),
    ...notes,
  ];
}

async function main(args: string[]): Promise<number> {
  let wish: ReturnType<typeof readArguments>;
  try {
    wish = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  try {
    const { keyRing, ...database } = readSealedSettings();
    const restored = readExport(readFileSync(wish.file, 'utf8'), Date.now());
    const target = { ...database, learnerId: wish.learnerId, seal: createKeyRing(keyRing).seal };
    const written = await writeRestored(target, restored);
    process.stdout.write(`${reportOf(wish.learnerId, restored, written).join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${wish.file}: ${wordsOfError(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
