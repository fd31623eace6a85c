import type { Learnt } from '#domain/learning/evolve.ts';
import type { ArchiveObjects } from '../archive/objects.ts';
import { canonicalJson } from './canonical.ts';
import { type Break, type EventRow, firstBreak } from './chain.ts';
import {
  type Ask,
  learnerBatches,
  learnerEventsOf,
  pathsOf,
  rowsOf,
  someLearners,
  strayEvents,
  type TaskRecord,
  taskPages,
} from './read.ts';
import { learnerRows, ReplayError, replayLearner, replayPath, replayTask, taskRows } from './replay.ts';
import { keyOf, noRows, PROJECTIONS, type Row, type Rows, type TableName } from './tables.ts';
import { brokenTombstone } from './tombstones.ts';

/** A column that is not what the log says; `null` for the column means that the row is missing or superfluous. */
type Difference = { table: TableName; key: string; column: string | null; log: unknown; row: unknown };

export type Verdict = {
  learners: number;
  tasks: number;
  events: number;
  /** Each stream whose chain is broken, at its first broken link; a replay stops there. */
  broken: Break[];
  differences: Difference[];
};

/** Whom to look at: everybody (and what is nobody's), one learner, or so many chosen by chance. */
export type Scope = {
  user?: string | undefined;
  sample?: number | undefined;
  /** Where archived events are read; needed as soon as there are any. */
  archive?: ArchiveObjects | null;
};

const text = (value: unknown) => canonicalJson(JSON.stringify(value ?? null));

/** What differs between the rows that the log makes and those that are there. */
function differences(table: TableName, told: readonly Row[], there: readonly Row[]): Difference[] {
  const rows = new Map(there.map((row) => [keyOf(table, row), row]));
  const found: Difference[] = [];
  for (const expected of told) {
    const key = keyOf(table, expected);
    const row = rows.get(key);
    rows.delete(key);
    if (row === undefined) {
      found.push({ table, key, column: null, log: expected, row: null });
      continue;
    }
    for (const column of PROJECTIONS[table].columns)
      if (text(expected[column]) !== text(row[column]))
        found.push({ table, key, column, log: expected[column], row: row[column] });
  }
  for (const [key, row] of rows) found.push({ table, key, column: null, log: null, row });
  return found;
}

/** Runs a replay; one that cannot go on is a break of its stream, and null. */
function attempt<Result>(broken: Break[], run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    broken.push({ stream: error.stream, seq: error.seq, what: error.message });
    return null;
  }
}

function isBroken(stream: string, events: readonly EventRow[], broken: Break[]): boolean {
  const found = firstBreak(stream, events);
  if (found !== null) broken.push(found);
  return found !== null;
}

/** What is wrong between a sound chain and its task's row: which event is missing, too much or another one. */
function brokenHead({ id, row, head, events }: TaskRecord): Break | null {
  const stream = `task:${id}`;
  const count = events.length;
  const noted = Math.max(Number(row.version), head.seq);
  if (count === 0 || noted > count) return { stream, seq: count + 1, what: 'is missing' };
  const least = Math.min(Number(row.version), head.seq);
  if (least < count) return { stream, seq: least + 1, what: 'is more than the task knows of' };
  if (head.hash === events.at(-1)?.hash) return null;
  return { stream, seq: count, what: 'is not the one that the task names' };
}

/** What the replay of some learners has come to, for what is theirs beyond their tasks. */
type Told = { learnt: Map<string, Learnt[]>; unsure: Set<string>; owners: ReadonlyMap<string, string> };

async function verifyPaths(
  ask: Ask,
  learners: readonly string[],
  verdict: Verdict,
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const { id, row, events } of await pathsOf(ask, learners)) {
    const user_id = String(row.user_id);
    owners.set(id, user_id);
    verdict.events += events.length;
    if (isBroken(`path:${id}`, events, verdict.broken)) continue;
    const state = attempt(verdict.broken, () => replayPath(events));
    const told = state === null ? [] : [{ id, user_id, ...state }];
    verdict.differences.push(...differences('study_paths', told, [row]));
  }
  return owners;
}

function verifyTask(record: TaskRecord, verdict: Verdict): Learnt[] | null {
  const { id, row, events, judgings } = record;
  verdict.tasks += 1;
  verdict.events += events.length;
  if (isBroken(`task:${id}`, events, verdict.broken)) return null;
  const head = brokenHead(record);
  if (head !== null) verdict.broken.push(head);
  const replayed = attempt(verdict.broken, () => replayTask(id, events));
  if (replayed === null || replayed.state === null) return null;
  const { study_tasks, task_evaluations } = taskRows(replayed.state);
  verdict.differences.push(...differences('study_tasks', study_tasks, [row]));
  verdict.differences.push(...differences('task_evaluations', task_evaluations, judgings));
  return head === null ? replayed.learnt : null;
}

async function verifyLearning(
  ask: Ask,
  learners: readonly string[],
  { learnt, owners }: Told,
  verdict: Verdict,
) {
  const told: Rows = noRows();
  for (const learner of learners) {
    const rows = learnerRows(learner, learnt.get(learner) ?? [], owners);
    told.mastery.push(...rows.mastery);
    told.module_states.push(...rows.module_states);
    told.review_queue.push(...rows.review_queue);
    told.review_log.push(...rows.review_log);
  }
  for (const table of ['mastery', 'module_states', 'review_queue', 'review_log'] as const)
    verdict.differences.push(...differences(table, told[table], await rowsOf(ask, table, learners)));
}

async function verifyLearners(
  ask: Ask,
  learners: readonly string[],
  verdict: Verdict,
  archive: ArchiveObjects | null,
): Promise<void> {
  const owners = await verifyPaths(ask, learners, verdict);
  const told: Told = { learnt: new Map(), unsure: new Set(), owners };
  const learn = (learner: string, said: Learnt[] | null) => {
    if (said === null) told.unsure.add(learner);
    else told.learnt.set(learner, [...(told.learnt.get(learner) ?? []), ...said]);
  };
  for (const [learner, events] of await learnerEventsOf(ask, learners)) {
    verdict.events += events.length;
    const sound = !isBroken(`learner:${learner}`, events, verdict.broken);
    learn(learner, sound ? attempt(verdict.broken, () => replayLearner(events)) : null);
  }
  for await (const { tasks, faults } of taskPages(ask, [...owners.keys()], archive)) {
    for (const { object_key, fault } of faults)
      verdict.broken.push({ stream: `archive:${object_key}`, seq: 0, what: fault });
    const byLearner = Map.groupBy(tasks, ({ row }) => owners.get(String(row.path_id)) ?? '');
    for (const [learner, records] of byLearner) {
      const said = records.map((record) => verifyTask(record, verdict));
      learn(learner, said.includes(null) ? null : said.flatMap((facts) => facts ?? []));
    }
  }
  const sure = learners.filter((learner) => !told.unsure.has(learner));
  await verifyLearning(ask, sure, told, verdict);
  verdict.learners += learners.length;
}

/**
 * Replays the log and compares what comes out with the tables, column by column. Learners whose log is broken somewhere
 * are not compared beyond their sound tasks.
 * @param ask inside a transaction that sees one moment, else writers make differences.
 * @param onBatch told of the figures so far.
 */
export async function verifySnapshot(
  ask: Ask,
  scope: Scope = {},
  onBatch: (verdict: Verdict) => void = () => {},
): Promise<Verdict> {
  const verdict: Verdict = { learners: 0, tasks: 0, events: 0, broken: [], differences: [] };
  const { archive = null } = scope;
  const named = scope.user === undefined ? null : [scope.user];
  const chosen = named ?? (scope.sample === undefined ? null : await someLearners(ask, scope.sample));
  if (chosen !== null) {
    await verifyLearners(ask, chosen, verdict, archive);
    return verdict;
  }
  for await (const batch of learnerBatches(ask)) {
    await verifyLearners(ask, batch, verdict, archive);
    onBatch(verdict);
  }
  for (const stray of await strayEvents(ask)) verdict.broken.push({ ...stray, what: "is nobody's" });
  const tombstone = await brokenTombstone(ask);
  if (tombstone !== null) verdict.broken.push(tombstone);
  return verdict;
}

/** `verifySnapshot` in a transaction of its own: the Worker may go on serving. */
export async function verifyLog(
  ask: Ask,
  scope: Scope = {},
  onBatch?: (verdict: Verdict) => void,
): Promise<Verdict> {
  await ask.query('begin transaction isolation level repeatable read, read only');
  try {
    return await verifySnapshot(ask, scope, onBatch);
  } finally {
    await ask.query('rollback');
  }
}
