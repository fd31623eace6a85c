import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, lockedTask } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { type Judged, type Settlement, scoreOf } from './domain.ts';
import { type StoredEvaluation, storedColumns } from './store.ts';

/** A decision on a result, valid for the task's version that it was made on. */
export type SettlementWrite = EventParams & {
  task_id: string;
  evaluation_id: string;
  expected_version: number;
  judged: Judged;
  settlement: Settlement;
};

/**
 * `settled`: written. `stale`: the task has changed since, decide again on the state given. `already`: another result
 * came first, nothing is written. Undefined: task or evaluation is gone.
 */
export type SettlementStored = { outcome: 'settled' | 'stale' | 'already' } & StoredEvaluation;

type SettleParams = EventParams & {
  learner_id: string;
  task_id: string;
  evaluation_id: string;
  expected_version: number;
  status: string;
  score: number;
  completed_at: string | null;
  time_spent_seconds: number | null;
  metadata: string;
  events: string;
  verdict: string;
  passed: number;
  total: number;
  result_score: number;
  runtime_ms: number;
  memory_mb: number;
  error_message: string | null;
  tests: string;
  content_hash: string;
  tests_hash: string;
  engine: string;
};

const events = param('events', 'jsonb');

const settleEvaluation = statement<SettleParams, SettlementStored>(
  'settle-evaluation',
  'idempotent',
  sql`with ${lockedTask}, judging as materialized (
    select e.* from task_evaluations e join locked on locked.id = e.task_id
    where e.id = ${param('evaluation_id', 'uuid')} for update of e
  ), changed as (
    update study_tasks t set status = ${param('status', 'text')}, score = ${param('score', 'double precision')},
      completed_at = ${param('completed_at', 'timestamptz')},
      time_spent_seconds = ${param('time_spent_seconds', 'integer')},
      metadata = locked.metadata || ${param('metadata', 'jsonb')},
      pending_evaluations = locked.pending_evaluations - 1,
      version = locked.version + jsonb_array_length(${events})
    from locked, judging
    where t.id = locked.id and locked.version = ${param('expected_version', 'integer')}
      and judging.status = 'pending'
    returning t.*, locked.path_config, locked.learner_id
  ), settled as (
    update task_evaluations e set status = 'evaluated', verdict = ${param('verdict', 'text')},
      test_cases_passed = ${param('passed', 'integer')}, test_cases_total = ${param('total', 'integer')},
      score = ${param('result_score', 'double precision')}, runtime_ms = ${param('runtime_ms', 'double precision')},
      memory_mb = ${param('memory_mb', 'double precision')}, error_message = ${param('error_message', 'text')},
      tests = ${param('tests', 'jsonb')}, content_hash = ${param('content_hash', 'text')},
      tests_hash = ${param('tests_hash', 'text')}, engine = ${param('engine', 'text')},
      evaluated_at = ${param('now', 'timestamptz')}
    from changed, judging where e.id = judging.id
    returning e.*
  ), logged as (${appendEvents(sql`
    select changed.id as task_id, ${param('expected_version', 'integer')} + f.place::integer as seq,
      f.fact->>'event_type' as event_type, f.fact->'payload' as payload
    from changed cross join lateral jsonb_array_elements(${events}) with ordinality as f(fact, place)`)}),
  task as (
    select * from changed union all select * from locked where not exists (select 1 from changed)
  ), evaluation as (
    select * from settled union all select * from judging where not exists (select 1 from settled)
  )
  select case when exists (select 1 from changed) then 'settled' when evaluation.status = 'pending' then 'stale'
    else 'already' end as outcome, ${storedColumns('task', 'evaluation')}
  from task cross join evaluation`,
);

/** Writes a result, its events and the task's new columns together, if the task is still as the decision saw it. */
export async function storeSettlement(
  db: Database,
  learnerId: string,
  { judged, settlement, ...rest }: SettlementWrite,
): Promise<SettlementStored | undefined> {
  const { tests, ...result } = judged;
  const [row] = await db.query(settleEvaluation, {
    ...rest,
    ...result,
    learner_id: learnerId,
    result_score: scoreOf(judged),
    tests: JSON.stringify(tests),
    status: settlement.status,
    score: settlement.score,
    completed_at: settlement.completed_at,
    time_spent_seconds: settlement.time_spent_seconds,
    metadata: JSON.stringify(settlement.metadata),
    events: JSON.stringify(settlement.events),
  });
  return row;
}
