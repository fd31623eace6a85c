import { parseArgs } from 'node:util';
import { NeonDbError } from '@neondatabase/serverless';
import { readSealedSettings, wordsOfError } from './database-settings.ts';
import { createKeyRing } from './keys/ring.ts';
import {
  type KeyCounts,
  type RotateReport,
  rotateKeys,
  SEALED_PLACES,
  type SealedPlace,
} from './keys/rotate.ts';

const USAGE = `Seals code, output and transcripts with the first key of CODE_ENCRYPTION_KEYS, while the Worker serves.
usage: npm run keys:rotate [-- --dry-run]
Deploy the Worker with the new key in front and the old ones behind it before. A run that was cut off is done by the next.
DATABASE_URL (of the role that owns the tables), NEON_FETCH_ENDPOINT and CODE_ENCRYPTION_KEYS come from the environment or
.dev.vars, else from the stack that npm run dev has started here.
`;

/** Ids of unreadable rows that are told. */
const TOLD = 20;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function line(place: SealedPlace, counts: KeyCounts): string {
  const parts = Object.entries(counts).map(([kid, texts]) => `${kid === '' ? 'not sealed' : kid} ${texts}`);
  return `${place}: ${parts.join(', ') || 'empty'}`;
}

function tell(counts: RotateReport['before']): void {
  for (const place of SEALED_PLACES) say(`  ${line(place, counts[place])}`);
}

/** Texts that are not under the newest key. */
function left(counts: RotateReport['after'], newest: string): number {
  const all = Object.values(counts).flatMap((table) => Object.entries(table));
  return all.reduce((sum, [kid, texts]) => sum + (kid === newest ? 0 : texts), 0);
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { 'dry-run': { type: 'boolean', default: false } } });
  const dryRun = values['dry-run'];
  const { keyRing, ...database } = readSealedSettings();
  const ring = createKeyRing(keyRing);
  const report = await rotateKeys({
    ...database,
    ring,
    dryRun,
    onBatch: ({ place, done, total }) => say(`${place}: ${done} of ${total}`),
  });
  say('texts by key before:');
  tell(report.before);
  say(`${dryRun ? 'would seal' : 'sealed'} ${report.rotated} texts with ${ring.newest}`);
  if (!dryRun) {
    say('texts by key now:');
    tell(report.after);
  }
  for (const { place, id, reason } of report.unreadable.slice(0, TOLD))
    say(`${place} ${id} does not open: ${reason}`);
  if (report.unreadable.length > TOLD) say(`and ${report.unreadable.length - TOLD} more that do not open`);
  if (report.unreadable.length > 0) return 1;
  if (dryRun) return 0;
  const rest = left(report.after, ring.newest);
  say(rest === 0 ? 'no text needs the older keys' : `${rest} texts are under other keys: run it again`);
  return rest === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const role =
      error instanceof NeonDbError && error.code === '42501' ? 'DATABASE_URL is not of the owner: ' : '';
    process.stderr.write(`${role}${wordsOfError(error)}\n${USAGE}`);
    process.exitCode = 2;
  },
);
