import { type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless';
import type { StoredEvent, StoredJudging } from '#contract/export.ts';
import type { StudyPath } from '#contract/paths.ts';
import type { Seal } from '../keys/ring.ts';
import { derivedId, withIds } from './ids.ts';
import { INSERT_LEARNING, learningBatches } from './learning.ts';
import { ImportError, type Restored, type RestoredTask } from './read.ts';

export type Target = {
  databaseUrl: string;
  fetchEndpoint: string | undefined;
  learnerId: string;
  seal: Seal;
};
export type Written = { tasks: number; evaluations: number; events: number; renamed: boolean };
type Sql = NeonQueryFunction<false, false>;

/** Bytes of one statement's rows, and of a whole file that still goes into one transaction (Neon takes 10 MiB). */
const BATCH_BYTES = 2_000_000;
const WHOLE_BYTES = 6_000_000;
/** Ids asked about at once. */
const ASKED = 50_000;

const ACTOR = `'{"type": "system", "job": "import"}'::jsonb`;

/** A path's own events are not in the file: it began with the config that it has, and was touched once more since. */
const INSERT_PATHS = `with paths as (
  insert into study_paths (id, user_id, track_id, config, created_at, updated_at)
  select id, $2, track_id, config, created_at, updated_at from jsonb_to_recordset($1::jsonb) as x(id uuid,
    track_id text, config jsonb, created_at timestamptz, updated_at timestamptz)
  on conflict (id) do nothing returning *
)
insert into path_events (path_id, event_type, payload, actor, occurred_at)
select id, event_type, payload, ${ACTOR}, at from (
  select 1 as place, id, 'path_created' as event_type,
    jsonb_build_object('track_id', track_id, 'config', config) as payload, created_at as at from paths
  union all
  select 2, id, 'path_changed', '{"config": {}}', updated_at from paths where updated_at <> created_at
) facts order by id, place`;

/** What the learner knows since, whatever of the file was kept away by what was there: the log goes on from here. */
const TELL_LEARNT = `insert into learner_events (user_id, event_type, payload, actor, occurred_at)
  select $1::text, 'learning_restored', jsonb_build_object(
    'mastery', mastery_now($1::text),
    'modules', (select coalesce(jsonb_agg(jsonb_build_object('path_id', m.path_id, 'module', m.module,
        'difficulty', m.difficulty, 'successes', m.successes, 'reason', m.reason, 'rule_version', m.rule_version,
        'version', m.version, 'updated_at', iso_instant(m.updated_at))), '[]')
      from module_states m join study_paths p on p.id = m.path_id where p.user_id = $1::text),
    'cards', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', q.problem_id, 'path_id', q.path_id,
        'module', q.module, 'topic_tags', q.topic_tags, 'difficulty', q.difficulty, 'state', q.state,
        'ready_task_id', q.task_id, 'rule_version', q.rule_version, 'version', q.version,
        'updated_at', iso_instant(q.updated_at))), '[]')
      from review_queue q where q.user_id = $1::text),
    'reviews', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', l.problem_id, 'review', l.seq,
        'task_id', l.task_id)), '[]')
      from review_log l where l.user_id = $1::text)), ${ACTOR}, now()`;

/** A task that is there already keeps what it has: only new tasks get the rows below them. */
const INSERT_TASKS = `with tasks as (
  insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at,
    completed_at, completed_day, expires_at, status, score, time_spent_seconds, hints_used, attempts,
    pending_evaluations, version, metadata, created_at)
  select * from jsonb_to_recordset($1::jsonb->'tasks') as x(id uuid, path_id uuid, kind text, problem_id text,
    module text, topic_tags text[], difficulty integer, scheduled_at timestamptz, started_at timestamptz,
    completed_at timestamptz, completed_day date, expires_at timestamptz, status text, score double precision,
    time_spent_seconds integer, hints_used integer, attempts integer, pending_evaluations integer, version integer,
    metadata jsonb, created_at timestamptz)
  on conflict (id) do nothing returning id
), evaluations as (
  insert into task_evaluations (id, task_id, submission_id, attempt, run, language, code, status, verdict,
    test_cases_passed, test_cases_total, score, runtime_ms, memory_mb, output, hidden, content_hash, engine,
    time_spent_seconds, next_redrive_at, created_at, day, evaluated_at)
  select x.id, x.task_id, x.submission_id, x.attempt, x.run, x.language, x.code, x.status, x.verdict,
    x.test_cases_passed, x.test_cases_total, x.score, x.runtime_ms, x.memory_mb, x.output,
    nullif(x.hidden, 'null'), x.content_hash, x.engine, x.time_spent_seconds, now(), x.created_at, x.day,
    x.evaluated_at
  from jsonb_to_recordset($1::jsonb->'evaluations') as x(id uuid, task_id uuid, submission_id uuid,
    attempt integer, run integer, language text, code text, status text, verdict text, test_cases_passed integer,
    test_cases_total integer, score double precision, runtime_ms double precision, memory_mb double precision,
    output text, hidden jsonb, content_hash text, engine text, time_spent_seconds integer,
    created_at timestamptz, day date, evaluated_at timestamptz)
  join tasks on tasks.id = x.task_id returning 1
), events as (
  insert into task_events (id, task_id, seq, event_type, schema_version, payload, actor, request_id, occurred_at,
    created_at)
  select x.id, x.task_id, x.seq, x.event_type, x.schema_version, x.payload, x.actor, x.request_id, x.occurred_at,
    x.created_at
  from jsonb_to_recordset($1::jsonb->'events') as x(id uuid, task_id uuid, seq integer, event_type text,
    schema_version smallint, payload jsonb, actor jsonb, request_id text, occurred_at timestamptz,
    created_at timestamptz)
  join tasks on tasks.id = x.task_id order by x.task_id, x.seq returning 1
), transcripts as (
  insert into task_transcripts (event_id, task_id, hint_id, sealed)
  select x.id, x.task_id, x.payload->>'hint_id', x.sealed
  from jsonb_to_recordset($1::jsonb->'events') as x(id uuid, task_id uuid, payload jsonb, sealed text)
  join tasks on tasks.id = x.task_id where x.sealed is not null
)
select (select count(*) from tasks)::integer as tasks, (select count(*) from evaluations)::integer as evaluations,
  (select count(*) from events)::integer as events`;

const FOREIGN = `select count(*)::integer as found from (
  select from study_paths where id = any($1::uuid[]) and user_id <> $2
  union all
  select from study_tasks t join study_paths p on p.id = t.path_id where t.id = any($1::uuid[]) and p.user_id <> $2
) taken`;

/** Whether some id of the file belongs to another learner here. */
async function isTaken(sql: Sql, { paths, tasks }: Restored, learnerId: string): Promise<boolean> {
  const ids = [...paths.map(({ id }) => id), ...tasks.map(({ task }) => task.id)];
  for (let at = 0; at < ids.length; at += ASKED) {
    const [row] = await sql.query(FOREIGN, [ids.slice(at, at + ASKED), learnerId]);
    if (Number(row?.found) > 0) return true;
  }
  return false;
}

/** All ids anew, the same ones on every run for this learner. */
function renamed({ paths, tasks, learning }: Restored, learnerId: string): Restored {
  const ids = new Map<string, string>();
  const rename = (id: string) => ids.set(id, derivedId(learnerId, id));
  for (const { id } of paths) rename(id);
  for (const { task, evaluations, events } of tasks) {
    rename(task.id);
    for (const { id, submission_id } of evaluations) {
      rename(id);
      rename(submission_id);
    }
    for (const { id } of events) rename(id);
  }
  for (const { id } of learning.review_log) rename(id);
  return withIds({ paths, tasks, learning }, ids);
}

function sealedEvaluation(
  { learnerId, seal }: Target,
  { code, error_message, tests, ...evaluation }: StoredJudging,
) {
  const { id, task_id: taskId, submission_id } = evaluation;
  const output = error_message === null && tests === null ? null : JSON.stringify({ error_message, tests });
  return {
    ...evaluation,
    code: seal(code ?? '', { table: 'task_evaluations', learnerId, taskId, rowId: submission_id }),
    output:
      output === null
        ? null
        : seal(output, { table: 'task_evaluations.output', learnerId, taskId, rowId: id }),
  };
}

/** The transcript's digest in the payload is that of the plain text, so that it fits the newly sealed one too. */
function sealedEvent({ learnerId, seal }: Target, { transcript, ...event }: StoredEvent) {
  if (transcript === null || event.event_type !== 'tutor_interaction') return { ...event, sealed: null };
  const place = { table: 'task_events', learnerId, taskId: event.task_id, rowId: event.payload.hint_id };
  return { ...event, sealed: seal(transcript, place) };
}

/** Rows for one of the statements; `to` is the last task that they and those before them hold. */
type Batch = { of: 'tasks' | 'learning'; json: string; from: number; to: number };

/** The rows as JSON, a few thousand tasks at a time; a task and what is below it stay together. */
function* batches(target: Target, tasks: readonly RestoredTask[]): Generator<Batch> {
  let held: { tasks: string[]; evaluations: string[]; events: string[] } = {
    tasks: [],
    evaluations: [],
    events: [],
  };
  let bytes = 0;
  let from = 0;
  for (const [at, { task, evaluations, events }] of tasks.entries()) {
    const pending = evaluations.filter(({ status }) => status === 'pending').length;
    const add = (rows: string[], row: unknown) => {
      const text = JSON.stringify(row);
      bytes += Buffer.byteLength(text);
      rows.push(text);
    };
    add(held.tasks, { ...task, pending_evaluations: pending });
    for (const evaluation of evaluations) add(held.evaluations, sealedEvaluation(target, evaluation));
    for (const event of events) add(held.events, sealedEvent(target, event));
    if (bytes < BATCH_BYTES && at + 1 < tasks.length) continue;
    const { tasks: t, evaluations: e, events: v } = held;
    yield { of: 'tasks', json: `{"tasks":[${t}],"evaluations":[${e}],"events":[${v}]}`, from, to: at };
    held = { tasks: [], evaluations: [], events: [] };
    bytes = 0;
    from = at + 1;
  }
}

/** First the tasks, then what was learnt from them, which names them. */
function* allBatches(target: Target, { tasks, learning }: Restored): Generator<Batch> {
  yield* batches(target, tasks);
  const last = Math.max(0, tasks.length - 1);
  for (const json of learningBatches(learning, BATCH_BYTES))
    yield { of: 'learning', json, from: last, to: last };
}

function pathRows(paths: readonly StudyPath[]): string {
  return JSON.stringify(paths);
}

/**
 * Writes what was read under this learner. Ids stay unless another learner has one of them here; then all are made
 * anew. A small file goes into one transaction; of a large one each batch does, and a second run adds what is missing.
 * @throws ImportError naming the tasks that the database refused.
 */
export async function writeRestored(target: Target, restored: Restored): Promise<Written> {
  if (target.fetchEndpoint !== undefined) neonConfig.fetchEndpoint = target.fetchEndpoint;
  const sql = neon(target.databaseUrl);
  const rename = await isTaken(sql, restored, target.learnerId);
  const rows = rename ? renamed(restored, target.learnerId) : restored;
  const written: Written = { tasks: 0, evaluations: 0, events: 0, renamed: rename };

  let waiting: Batch[] = [];
  let bytes = 0;
  let first = true;
  async function flush(): Promise<void> {
    const from = waiting[0]?.from ?? 0;
    const to = waiting.at(-1)?.to ?? 0;
    const more = waiting.some(({ of }) => of === 'learning') ? ' and what was learnt from them' : '';
    try {
      const answers = await sql.transaction((tx) => [
        ...(first ? [tx.query(INSERT_PATHS, [pathRows(rows.paths), target.learnerId])] : []),
        ...waiting.map(({ of, json }) =>
          of === 'tasks'
            ? tx.query(INSERT_TASKS, [json])
            : tx.query(INSERT_LEARNING, [json, target.learnerId]),
        ),
        ...(more === '' ? [] : [tx.query(TELL_LEARNT, [target.learnerId])]),
      ]);
      for (const [row] of answers)
        for (const name of ['tasks', 'evaluations', 'events'] as const)
          written[name] += Number(row?.[name] ?? 0);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const before = first
        ? 'nothing was written'
        : `the tasks before are written, a second run adds the rest`;
      throw new ImportError(`tasks.${from} to tasks.${to}${more}: ${reason} (${before})`, { cause: error });
    }
    first = false;
    waiting = [];
    bytes = 0;
  }
  for (const batch of allBatches(target, rows)) {
    if (bytes + batch.json.length > WHOLE_BYTES) await flush();
    waiting.push(batch);
    bytes += batch.json.length;
  }
  if (first || waiting.length > 0) await flush();
  return written;
}
