import { sql } from 'drizzle-orm';
import { StorageError } from './client.ts';
import { param, type Step, statement, step } from './statement.ts';

/** What a write was decided on: rows of one learner, each with the version that it must still have; 0 is no row yet. */
export type Expected = {
  learner: string;
  /** Without a version a task or path is only locked. */
  tasks?: { id: string; version?: number }[];
  path?: { id: string; version?: number };
  /** Must be pending. */
  evaluation?: { id: string };
  topics?: Record<string, number>;
  /** Of the path above. */
  level?: { module: string; version: number };
  card?: { problem_id: string; version: number };
};

/**
 * Why a transaction was refused. `stale`: a row has changed, decide again. `gone`: it is not the learner's (any more).
 * `settled`: the evaluation has its result. Others are those of a use case's own check.
 */
export type Refused = { refusal: string };

const guardStatement = statement<{ wanted: string }, never>(
  'guard',
  'write',
  sql`select guard(${param('wanted', 'jsonb')})`,
);

/** A row that did not exist was inserted meanwhile: what was decided on is stale. */
const UNIQUE_VIOLATION = '23505';

function refusalOf(error: unknown): string | null {
  if (!(error instanceof StorageError)) return null;
  const { refusal, sqlstate } = error.failure;
  return sqlstate === UNIQUE_VIOLATION ? 'stale' : (refusal ?? null);
}

/** The step that locks what a write is about, and refuses the transaction unless all of it is as expected. */
export function guard(expected: Expected): Step<never> {
  return step(guardStatement, { wanted: JSON.stringify(expected) });
}

/**
 * Runs a transaction that guards may refuse.
 * @returns what it answers, or the reason of the guard: then nothing was written.
 * @throws StorageError
 */
export async function unlessRefused<T>(transaction: Promise<T>): Promise<T | Refused> {
  try {
    return await transaction;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return { refusal };
  }
}

export function isRefused(outcome: unknown): outcome is Refused {
  return typeof outcome === 'object' && outcome !== null && 'refusal' in outcome;
}
