import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningNeon, startNeon } from '#services/neon/index.ts';
import { createDatabase, StorageError } from '#worker/db/client.ts';
import { ping } from '#worker/db/ping.ts';

let neon: RunningNeon;
beforeAll(async () => {
  // Every call meets its fault before a database would be asked.
  neon = await startNeon({ databaseUrl: 'postgresql://nobody:nothing@127.0.0.1:9/none' });
});
afterAll(() => neon.close());

/** Bug: an answer that is no JSON, or breaks off, was taken for a wrong statement: never repeated, and answered 500. */
test.each(['garbage', 'html', 'truncated', 'wrong-schema'])(
  'an unreadable answer (%s) is a database out of reach',
  async (kind) => {
    await fetch(`${neon.url}/__local/faults`, { method: 'PUT', body: JSON.stringify([{ kind }]) });
    const failures: unknown[] = [];
    const database = createDatabase({ url: neon.connectionString, fetchEndpoint: neon.fetchEndpoint });
    const db = database.forRequest('test', ({ failure }) => failures.push(failure));
    const error = await ping(db).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(failures).toHaveLength(3);
    expect(failures[0]).toMatchObject({ kind: 'unavailable', repeat: 'safe' });
  },
);
