import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DatabaseOptions, type RunningDatabase, startDatabase } from '#local/neon/index.ts';

/** A database of its own for one test file: real PostgreSQL behind the Neon endpoint, gone after `close`. */
export async function startTestDatabase(options: Partial<DatabaseOptions> = {}): Promise<RunningDatabase> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'study-paths-test-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const database = await startDatabase({ durable: false, ...options, dataDir });
    return {
      ...database,
      async close() {
        await database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
