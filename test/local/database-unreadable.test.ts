import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningNeon, startNeon } from '#services/neon/index.ts';
import { createDatabase, type Database, StorageError } from '#worker/db/client.ts';
import { guard } from '#worker/db/guard.ts';
import { ping } from '#worker/db/ping.ts';

let neon: RunningNeon;
beforeAll(async () => {
  // Every call meets its fault before a database would be asked.
  neon = await startNeon({ databaseUrl: 'postgresql://nobody:nothing@127.0.0.1:9/none' });
});
afterAll(() => neon.close());

/** Bug: an answer that is no JSON, or breaks off, was taken for a wrong statement: never repeated, and answered 500. */
const CALLS = {
  statement: (db: Database) => ping(db),
  transaction: (db: Database) =>
    db.transact({ name: 'nothing', effect: 'idempotent' }, [guard({ learner: 'unknown' })]),
};

test.each(
  ['garbage', 'html', 'truncated', 'wrong-schema'].flatMap((kind) => [
    { kind, call: 'statement' as const },
    { kind, call: 'transaction' as const },
  ]),
)('an unreadable answer ($kind) to a $call is a database that is unavailable', async ({ kind, call }) => {
  await fetch(`${neon.url}/__local/faults`, { method: 'PUT', body: JSON.stringify([{ kind }]) });
  const failures: unknown[] = [];
  const database = createDatabase({ url: neon.connectionString, fetchEndpoint: neon.fetchEndpoint });
  const db = database.forRequest('test', ({ failure }) => failures.push(failure));
  const error = await CALLS[call](db).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StorageError);
  expect(failures).toHaveLength(3);
  expect(failures[0]).toMatchObject({ kind: 'unavailable', repeat: 'safe' });
});
