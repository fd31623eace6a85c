import { sql } from 'drizzle-orm';
import { type Judged, type Settlement, scoreOf } from '#domain/evaluations/settle.ts';
import type { LearningWrites } from '#domain/learning/decide.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import { type Database, StorageError } from '../db/client.ts';
import { appendEvents, type EventParams, lockedTask } from '../db/fragments.ts';
import { insertedTasks, seedsJson } from '../db/insert-tasks.ts';
import { learntAnything, lockedLearning, writesJson, writtenLearning } from '../db/learning-writes.ts';
import { param, statement } from '../db/statement.ts';
import { type StoredEvaluation, storedColumns } from './store.ts';

/** A decision on a result, valid for the task's version that it was made on. */
export type SettlementWrite = EventParams & {
  task_id: string;
  evaluation_id: string;
  expected_version: number;
  judged: Judged;
  /** The result's messages and tests, as `sealOutput` makes them. */
  sealed_output: string;
  settlement: Settlement;
  learning: LearningWrites;
  /** Tasks to add, and the `plan_version` of the path that both were decided on. */
  tasks: readonly TaskSeed[];
  plan_version: number;
};

/**
 * `settled`: written. `stale`: the task, or what its result teaches, has changed since: decide again on the state given. `already`: another result
 * came first, nothing is written. Undefined: task or evaluation is gone.
 */
export type SettlementStored = { outcome: 'settled' | 'stale' | 'already' } & StoredEvaluation;

type SettleParams = EventParams & {
  learner_id: string;
  task_id: string;
  evaluation_id: string;
  expected_version: number;
  status: string;
  score: number | null;
  completed_at: string | null;
  completed_day: string | null;
  time_spent_seconds: number | null;
  pending_evaluations: number;
  metadata: string;
  events: string;
  learning: string;
  tasks: string;
  plan_version: number;
  verdict: string;
  passed: number;
  total: number;
  result_score: number;
  runtime_ms: number;
  memory_mb: number;
  sealed_output: string;
  hidden: string;
  content_hash: string;
  tests_hash: string;
  engine: string;
};

const events = param('events', 'jsonb');
const tasks = param('tasks', 'jsonb');

// What was learnt and what comes next belong to one version of the path's plan: of two results at once the second is
// decided on what the first one left, and does not run into its new rows.
const planChanges = sql`(${learntAnything} or jsonb_array_length(${tasks}) > 0)`;

const settleEvaluation = statement<SettleParams, SettlementStored>(
  'settle-evaluation',
  'idempotent',
  sql`with ${lockedTask}, home as materialized (
    select p.id, p.plan_version from study_paths p join locked on locked.path_id = p.id
    where p.user_id = ${param('learner_id', 'text')} for no key update of p
  ), judging as materialized (
    select e.* from task_evaluations e join locked on locked.id = e.task_id
    where e.id = ${param('evaluation_id', 'uuid')} and exists (select 1 from home) for update of e
  ), ${lockedLearning('locked')}, fits as materialized (
    select 1 from locked, home, judging, unchanged
    where locked.version = ${param('expected_version', 'integer')} and judging.status = 'pending'
      and (not ${planChanges} or home.plan_version = ${param('plan_version', 'integer')})
  ), changed as (
    update study_tasks t set status = ${param('status', 'text')}, score = ${param('score', 'double precision')},
      completed_at = ${param('completed_at', 'timestamptz')}, completed_day = ${param('completed_day', 'date')},
      time_spent_seconds = ${param('time_spent_seconds', 'integer')},
      metadata = ${param('metadata', 'jsonb')},
      pending_evaluations = ${param('pending_evaluations', 'integer')},
      version = locked.version + jsonb_array_length(${events})
    from locked, fits where t.id = locked.id
    returning t.*, locked.path_config, locked.learner_id
  ), settled as (
    update task_evaluations e set status = 'evaluated', verdict = ${param('verdict', 'text')},
      test_cases_passed = ${param('passed', 'integer')}, test_cases_total = ${param('total', 'integer')},
      score = ${param('result_score', 'double precision')}, runtime_ms = ${param('runtime_ms', 'double precision')},
      memory_mb = ${param('memory_mb', 'double precision')}, output = ${param('sealed_output', 'text')},
      hidden = ${param('hidden', 'jsonb')}, content_hash = ${param('content_hash', 'text')},
      tests_hash = ${param('tests_hash', 'text')}, engine = ${param('engine', 'text')},
      evaluated_at = ${param('now', 'timestamptz')}
    from changed, judging where e.id = judging.id
    returning e.*
  ), logged as (${appendEvents(sql`
    select changed.id as task_id, ${param('expected_version', 'integer')} + f.place::integer as seq,
      f.fact->>'event_type' as event_type, f.fact->'payload' as payload
    from changed cross join lateral jsonb_array_elements(${events}) with ordinality as f(fact, place)`)}),
  ${writtenLearning}, planned as (
    update study_paths p set plan_version = p.plan_version + 1
    from changed where p.id = changed.path_id and ${planChanges}
    returning p.id, p.config
  ), ${insertedTasks('planned')},
  task as (
    select * from changed union all select * from locked where not exists (select 1 from changed)
  ), evaluation as (
    select * from settled union all select * from judging where not exists (select 1 from settled)
  )
  select case when exists (select 1 from changed) then 'settled' when evaluation.status = 'pending' then 'stale'
    else 'already' end as outcome,
    ${storedColumns('task', 'evaluation', sql`not exists (select 1 from changed)`)}
  from task cross join evaluation`,
);

/**
 * Writes a result, its events, the task's new columns, what it teaches and the tasks that come next together, if all
 * that the decision was made on is still so.
 */
export async function storeSettlement(
  db: Database,
  learnerId: string,
  { judged, settlement, learning, tasks: seeds, ...rest }: SettlementWrite,
): Promise<SettlementStored | undefined> {
  const { tests: _tests, error_message: _message, hidden, ...result } = judged;
  const params: SettleParams = {
    ...rest,
    ...result,
    learner_id: learnerId,
    result_score: scoreOf(judged),
    hidden: JSON.stringify(hidden),
    status: settlement.status,
    score: settlement.score,
    completed_at: settlement.completed_at,
    completed_day: settlement.completed_day,
    time_spent_seconds: settlement.time_spent_seconds,
    pending_evaluations: settlement.pending_evaluations,
    metadata: JSON.stringify(settlement.metadata),
    events: JSON.stringify(settlement.events),
    learning: writesJson(learning),
    tasks: seedsJson(seeds),
  };
  try {
    const [row] = await db.query(settleEvaluation, params);
    return row;
  } catch (error) {
    if (!(error instanceof StorageError && error.failure.sqlstate === '23505')) throw error;
    // A row that was not there has been inserted meanwhile: no task has version 0, so this reads what is new.
    const [row] = await db.query(settleEvaluation, { ...params, expected_version: 0 });
    return row;
  }
}
