import { sql } from 'drizzle-orm';
import { type Database, StorageError } from './client.ts';
import { param, type Step, statement, step } from './statement.ts';

/** What a write was decided on: rows of one learner, each with the version that it must still have; 0 is no row yet. */
export type Expected = {
  learner: string;
  tasks?: { id: string; version: number }[];
  /** Without a version the path is only locked. */
  path?: { id: string; version?: number };
  /** Must be pending. */
  evaluation?: { id: string };
  topics?: Record<string, number>;
  /** Of the path above. */
  level?: { module: string; version: number };
  card?: { problem_id: string; version: number };
};

/**
 * Why a guard refused. `stale`: a row has changed, decide again. `gone`: it is not the learner's (any more). `settled`: the
 * evaluation has its result.
 */
export type Refusal = 'stale' | 'gone' | 'settled';

const guardStatement = statement<{ wanted: string }, never>(
  'guard',
  'write',
  sql`select guard(${param('wanted', 'jsonb')})`,
);

/** A row that did not exist was inserted meanwhile: what was decided on is stale. */
const UNIQUE_VIOLATION = '23505';

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof StorageError)) return null;
  const { refusal, sqlstate } = error.failure;
  return sqlstate === UNIQUE_VIOLATION ? 'stale' : ((refusal as Refusal | undefined) ?? null);
}

/**
 * Writes what was decided, in one transaction that first locks everything that the decision saw.
 * @returns why nothing was written, null when it was.
 * @throws StorageError
 */
export async function guardedWrite(
  db: Database,
  name: string,
  expected: Expected,
  steps: readonly Step<unknown>[],
): Promise<Refusal | null> {
  try {
    await db.transact(name, [step(guardStatement, { wanted: JSON.stringify(expected) }), ...steps]);
    return null;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return refusal;
  }
}
