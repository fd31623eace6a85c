import type { Learnt } from '#domain/learning/evolve.ts';
import type { Evidence } from '#domain/learning/models.ts';
import type { ArchiveObjects } from '../archive/objects.ts';
import { firstBreak } from './chain.ts';
import { type Ask, learnerBatches, learnerEventsOf, pathsOf, taskPages } from './read.ts';
import { learnerRows, replayLearner, replayPath, replayTask, taskRows } from './replay.ts';
import { noRows, PROJECTIONS, type Rows, type TableName } from './tables.ts';

/** Sums that the database makes of the rebuilt tasks by its own functions. */
const SUMS = ['progress_counters', 'tried_problems', 'solved_problems', 'practice_days'] as const;
const TABLES = Object.keys(PROJECTIONS) as TableName[];
/** Paths whose sums one statement makes. */
const PATHS = 200;

/** A log that cannot be rebuilt from; it says where. */
export class BrokenLog extends Error {
  override readonly name = 'BrokenLog';
}

function sound(stream: string, events: Parameters<typeof firstBreak>[1]): void {
  const broken = firstBreak(stream, events);
  if (broken !== null) throw new BrokenLog(`${stream}: event ${broken.seq} ${broken.what}`);
}

/** Tables like the live ones, without what is not part of the truth, and a note of how far the rebuilding has come. */
async function makeSchema(ask: Ask, schema: string): Promise<void> {
  await ask.query(`create schema ${schema}`);
  for (const table of [...TABLES, ...SUMS])
    await ask.query(
      `create table ${schema}.${table} (like public.${table} including defaults including indexes)`,
    );
  for (const table of TABLES) {
    const { rows } = await ask.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2`,
      [schema, table],
    );
    const told: readonly string[] = PROJECTIONS[table].columns;
    for (const { name } of rows)
      if (!told.includes(name)) await ask.query(`alter table ${schema}.${table} drop column ${name}`);
  }
  // What a task adds to the sums, for tasks of these tables.
  const { rows } = await ask.query<{ text: string }>(
    `select pg_get_functiondef('public.progress_part_of(public.study_tasks)'::regprocedure) as text`,
  );
  await ask.query(
    (rows[0]?.text ?? '')
      .replace(
        'FUNCTION public.progress_part_of(t study_tasks)',
        `FUNCTION ${schema}.progress_part_of(t ${schema}.study_tasks)`,
      )
      .replace('t public.study_tasks', `t ${schema}.study_tasks`),
  );
  await ask.query(`create table ${schema}.rebuilt (learner text not null, sums uuid, done boolean not null)`);
  await ask.query(`insert into ${schema}.rebuilt values ('', null, false)`);
}

async function insert(ask: Ask, schema: string, rows: Partial<Rows>): Promise<number> {
  let written = 0;
  for (const table of TABLES) {
    const some = rows[table] ?? [];
    if (some.length === 0) continue;
    const columns = PROJECTIONS[table].columns.join(', ');
    await ask.query(
      `insert into ${schema}.${table} (${columns})
       select ${columns} from jsonb_populate_recordset(null::${schema}.${table}, $1::jsonb)`,
      [JSON.stringify(some)],
    );
    written += some.length;
  }
  return written;
}

/** The rows of some learners out of their log, handed on page by page. @throws BrokenLog, ReplayError */
async function replayLearners(
  ask: Ask,
  learners: readonly string[],
  archive: ArchiveObjects | null,
  take: (rows: Partial<Rows>, events: number) => Promise<void>,
): Promise<Map<string, Evidence[]>> {
  const rows = noRows();
  const learnt = new Map<string, Learnt[]>(learners.map((learner) => [learner, []]));
  const evidence = new Map<string, Evidence[]>(learners.map((learner) => [learner, []]));
  const owners = new Map<string, string>();
  let events = 0;
  for (const { id, row, events: log } of await pathsOf(ask, learners)) {
    sound(`path:${id}`, log);
    const user_id = String(row.user_id);
    const state = replayPath(log);
    if (state !== null) rows.study_paths.push({ id, user_id, ...state });
    owners.set(id, user_id);
    events += log.length;
  }
  for (const [learner, log] of await learnerEventsOf(ask, learners)) {
    sound(`learner:${learner}`, log);
    learnt.get(learner)?.push(...replayLearner(log));
    events += log.length;
  }
  for await (const { tasks, faults } of taskPages(ask, [...owners.keys()], archive)) {
    for (const { object_key, fault } of faults) throw new BrokenLog(`archive:${object_key} ${fault}`);
    const told = noRows();
    let seen = 0;
    for (const { id, events: log } of tasks) {
      sound(`task:${id}`, log);
      const replayed = replayTask(id, log);
      if (replayed.state === null) throw new BrokenLog(`task:${id}: event 1 is missing`);
      const owner = owners.get(replayed.state.task.path_id) ?? '';
      learnt.get(owner)?.push(...replayed.learnt);
      evidence.get(owner)?.push(...replayed.evidence);
      const made = taskRows(replayed.state);
      told.study_tasks.push(...made.study_tasks);
      told.task_evaluations.push(...made.task_evaluations);
      seen += log.length;
    }
    await take(told, seen);
  }
  for (const [learner, facts] of learnt) {
    const made = learnerRows(learner, facts, owners);
    rows.mastery.push(...made.mastery);
    rows.module_states.push(...made.module_states);
    rows.review_queue.push(...made.review_queue);
    rows.review_log.push(...made.review_log);
  }
  await take(rows, events);
  return evidence;
}

export type Rebuilt = { rows: number; events: number; resumed: boolean };

/**
 * Rebuilds the tables from the log into a schema, a batch of learners at a time, each in one transaction; a second run
 * goes on where the first one stopped. Then the database makes the sums anew.
 * @param archive where archived events are read; needed as soon as there are any.
 * @param schema a name of lower-case letters, digits and underscores; made when absent.
 * @throws BrokenLog or ReplayError at the first event that is not what it should be; batches before it stay.
 */
export async function rebuildLog(
  ask: Ask,
  schema: string,
  onBatch: (rebuilt: Rebuilt) => void = () => {},
  archive: ArchiveObjects | null = null,
): Promise<Rebuilt> {
  const { rows: known } = await ask.query(`select from pg_namespace where nspname = $1`, [schema]);
  if (known.length === 0) {
    await ask.query('begin');
    await makeSchema(ask, schema);
    await ask.query('commit');
  }
  const rebuilt: Rebuilt = { rows: 0, events: 0, resumed: known.length > 0 };
  for (;;) {
    await ask.query('begin transaction isolation level repeatable read');
    try {
      const { rows } = await ask.query<{ learner: string }>(`select learner from ${schema}.rebuilt`);
      const { value: batch } = await learnerBatches(ask, rows[0]?.learner).next();
      if (batch === undefined) break;
      await replayLearners(ask, batch, archive, async (told, events) => {
        rebuilt.rows += await insert(ask, schema, told);
        rebuilt.events += events;
      });
      await ask.query(`update ${schema}.rebuilt set learner = $1`, [batch.at(-1)]);
      await ask.query('commit');
    } finally {
      await ask.query('rollback');
    }
    onBatch(rebuilt);
  }
  await rebuildSums(ask, schema);
  return rebuilt;
}

async function rebuildSums(ask: Ask, schema: string): Promise<void> {
  await ask.query(`set search_path = ${schema}, public`);
  try {
    for (;;) {
      const { rows } = await ask.query<{ last: string | null }>(
        `with batch as materialized (
           select id from study_paths where id > (select coalesce(sums, '00000000-0000-0000-0000-000000000000') from rebuilt)
           order by id limit ${PATHS}
         ), made as materialized (select id, rebuild_progress(id) from batch)
         update rebuilt set sums = (select id from made order by id desc limit 1)
         where exists (select 1 from made) returning sums as last`,
      );
      if (rows.length === 0) break;
    }
    await ask.query('update rebuilt set done = true');
  } finally {
    await ask.query('reset search_path');
  }
}

/** Rows that are in only one of the two, by table: all of them 0 when the log is the truth. */
export async function compareRebuilt(ask: Ask, schema: string): Promise<Record<string, number>> {
  const theirs: Record<string, string> = {
    study_paths: `user_id <> ''`,
    task_evaluations: `task_id in (select t.id from public.study_tasks t join public.study_paths p on p.id = t.path_id
      where p.user_id <> '')`,
    progress_counters: `tasks <> 0 and path_id in (select id from public.study_paths where user_id <> '')`,
    mastery: 'true',
    review_queue: 'true',
    review_log: 'true',
  };
  const differing: Record<string, number> = {};
  for (const table of [...TABLES, ...SUMS]) {
    const columns = table in PROJECTIONS ? PROJECTIONS[table as TableName].columns.join(', ') : '*';
    const own = theirs[table] ?? `path_id in (select id from public.study_paths where user_id <> '')`;
    const [live, made] = [
      `select ${columns} from public.${table} where ${own}`,
      `select ${columns} from ${schema}.${table}`,
    ];
    const { rows } = await ask.query<{ n: number }>(
      `select count(*)::integer as n from ((${live} except all ${made}) union all (${made} except all ${live})) d`,
    );
    differing[table] = rows[0]?.n ?? 0;
  }
  return differing;
}

/** The evidence of each learner, batch by batch, and what was decided on it: for another version of the rules. */
export async function* evidenceOfAll(
  ask: Ask,
  archive: ArchiveObjects | null = null,
): AsyncGenerator<[learner: string, Evidence[]]> {
  for await (const batch of learnerBatches(ask))
    yield* await replayLearners(ask, batch, archive, async () => undefined);
}
