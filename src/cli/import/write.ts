import { randomUUID } from 'node:crypto';
import { NeonDbError, type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless';
import type { Seal } from '../keys/ring.ts';
import { ImportError } from './document.ts';
import { derivedId, withIds } from './ids.ts';
import { allParts, type Part } from './parts.ts';
import { type Here, type Plan, planOf } from './plan.ts';
import type { Restored } from './restored.ts';
import {
  DROP_PARTS,
  FIND_IDS,
  FIND_LEARNER,
  HOLD_LEARNER,
  type PartKind,
  RECORD_LEARNT,
  STORE_PART,
  WRITE_PART,
} from './statements.ts';

export type Target = {
  databaseUrl: string;
  fetchEndpoint: string | undefined;
  learnerId: string;
  seal: Seal;
};
export type Written = {
  tasks: number;
  evaluations: number;
  events: number;
  /** Ids of the file belong to another learner here, so all of them are new. */
  renamed: boolean;
  /** The learner had learnt something before, or has tasks of the file. */
  merged: boolean;
};
type Sql = NeonQueryFunction<false, false>;

/** Ids asked about at once. */
const ASKED = 50_000;
/** Times that the learner may go on between reading and writing. */
const MOST_TRIES = 5;
/** SQLSTATE of `hold_learner`. */
const WENT_ON = '40001';

/** Ids of the file that are here: whether some are another learner's, and those that are this one's. */
async function findIds(sql: Sql, { paths, tasks }: Restored, learnerId: string) {
  const ids = [...paths.map(({ path }) => path.id), ...tasks.map(({ task }) => task.id)];
  const own = new Set<string>();
  let taken = false;
  for (let at = 0; at < ids.length; at += ASKED) {
    const rows = await sql.query(FIND_IDS, [ids.slice(at, at + ASKED), learnerId]);
    for (const row of rows) {
      if (row.own === true) own.add(String(row.id));
      else taken = true;
    }
  }
  return { own, taken };
}

/** All ids new, the same ones on every run for this learner. */
function renamed(restored: Restored, learnerId: string): Restored {
  const ids = new Map<string, string>();
  const rename = ({ id }: { id: string }) => ids.set(id, derivedId(learnerId, id));
  for (const { path, events } of restored.paths) for (const row of [path, ...events]) rename(row);
  for (const { task, evaluations, events } of restored.tasks) {
    for (const row of [task, ...evaluations, ...events]) rename(row);
    for (const { submission_id } of evaluations) rename({ id: submission_id });
  }
  for (const row of [...restored.learnerEvents, ...restored.learning.review_log]) rename(row);
  return withIds(restored, ids);
}

async function findLearner(sql: Sql, learnerId: string): Promise<Here> {
  const [row] = await sql.query(FIND_LEARNER, [learnerId]);
  return row?.learner as Here;
}

/** Text and parameters of the statement that writes a stored part. */
function writing(kind: PartKind, importId: string, place: number, learnerId: string): [string, unknown[]] {
  const text = WRITE_PART[kind];
  return [text, text.includes('$3') ? [importId, place, learnerId] : [importId, place]];
}

/** What went wrong, and whether the database has refused it; if it only has not answered, it may have written it. */
function failure(error: unknown): ImportError {
  const reason = error instanceof Error ? error.message : String(error);
  const refused = error instanceof NeonDbError && error.code !== undefined;
  const outcome = refused
    ? 'nothing was written'
    : 'nothing was written, or all of it: a second run adds nothing twice';
  return new ImportError(`${reason} (${outcome})`, { cause: error });
}

/** Stores the parts, then writes all of them in one transaction, or none. */
async function writeAll(sql: Sql, target: Target, plan: Plan, seen: string): Promise<void> {
  const importId = randomUUID();
  const kinds: PartKind[] = [];
  try {
    for (const { kind, json } of allParts(target, plan, plan.learning) as Iterable<Part>) {
      await sql.query(STORE_PART, [importId, target.learnerId, kinds.length, json]);
      kinds.push(kind);
    }
    await sql.transaction((tx) => [
      tx.query(HOLD_LEARNER, [target.learnerId, seen]),
      ...kinds.map((kind, place) => tx.query(...writing(kind, importId, place, target.learnerId))),
      ...(plan.record ? [tx.query(RECORD_LEARNT, [target.learnerId])] : []),
      tx.query(DROP_PARTS, [importId]),
    ]);
  } catch (error) {
    const dropping = await sql.query(DROP_PARTS, [importId]).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (dropping === null) throw error;
    throw new AggregateError(
      [error, dropping],
      `${error}; its parts stay in the database for a day: ${dropping}`,
    );
  }
}

/**
 * Writes what was read under this learner, all of it or nothing. Ids stay unless another learner has one of them here;
 * then all are new. Tasks that are here stay as they are, so that a second run adds nothing.
 * @throws ImportError naming what the database refused.
 */
export async function writeRestored(target: Target, restored: Restored): Promise<Written> {
  if (target.fetchEndpoint !== undefined) neonConfig.fetchEndpoint = target.fetchEndpoint;
  const sql = neon(target.databaseUrl);
  const { learnerId } = target;
  for (let tries = 1; ; tries += 1) {
    const { taken } = await findIds(sql, restored, learnerId);
    const rows = taken ? renamed(restored, learnerId) : restored;
    const { own } = await findIds(sql, rows, learnerId);
    const here = await findLearner(sql, learnerId);
    const plan = planOf(rows, own, here, new Date().toISOString());
    try {
      await writeAll(sql, target, plan, here.seen);
    } catch (error) {
      const wentOn = error instanceof NeonDbError && error.code === WENT_ON;
      if (wentOn && tries < MOST_TRIES) continue;
      throw failure(error);
    }
    const { tasks, merged } = plan;
    return {
      tasks: tasks.length,
      evaluations: tasks.reduce((sum, { evaluations }) => sum + evaluations.length, 0),
      events: tasks.reduce((sum, { events }) => sum + events.length, 0),
      renamed: taken,
      merged,
    };
  }
}
