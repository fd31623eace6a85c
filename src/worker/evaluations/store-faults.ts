import { sql } from 'drizzle-orm';
import { MOST_JUDGE_FAULTS } from '#domain/evaluations/settle.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, lockedTask } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { type StoredEvaluation, storedColumns } from './store.ts';

type FaultParams = EventParams & {
  learner_id: string;
  task_id: string;
  evaluation_id: string;
  cause: string;
};

/**
 * `counted`: it stays pending. `ended`: that was the last fault, it has failed. `settled`: it has a result, or had been
 * given up before; nothing is written.
 */
export type FaultStored = { outcome: 'counted' | 'ended' | 'settled' } & StoredEvaluation;

const most = sql.raw(String(MOST_JUDGE_FAULTS));

const countFault = statement<FaultParams, FaultStored>(
  'count-judge-fault',
  'write',
  sql`with ${lockedTask}, judging as materialized (
    select e.* from task_evaluations e join locked on locked.id = e.task_id
    where e.id = ${param('evaluation_id', 'uuid')} for update of e
  ), plan as materialized (
    select case when status <> 'pending' then 'settled' when judge_faults + 1 < ${most} then 'counted'
      else 'ended' end as outcome
    from judging
  ), changed as (
    update study_tasks t set pending_evaluations = t.pending_evaluations - 1, version = t.version + 1
    from locked, plan where t.id = locked.id and plan.outcome = 'ended'
    returning t.*, locked.path_config, locked.learner_id
  ), counted as (
    update task_evaluations e set judge_faults = e.judge_faults + 1,
      status = case when plan.outcome = 'ended' then 'failed' else e.status end,
      verdict = case when plan.outcome = 'ended' then 'IE' end,
      evaluated_at = case when plan.outcome = 'ended' then ${param('now', 'timestamptz')} end
    from judging, plan where e.id = judging.id and plan.outcome <> 'settled'
    returning e.*
  ), logged as (${appendEvents(sql`
    select c.id as task_id, c.version as seq, 'evaluation_failed' as event_type,
      jsonb_build_object('evaluation_id', e.id, 'submission_id', e.submission_id, 'attempt', e.attempt,
        'run', e.run, 'verdict', 'IE', 'cause', ${param('cause', 'text')}) as payload
    from changed c, counted e`)}),
  task as (
    select * from changed union all select * from locked where not exists (select 1 from changed)
  ), evaluation as (
    select * from counted union all select * from judging where not exists (select 1 from counted)
  )
  select plan.outcome, ${storedColumns('task', 'evaluation', sql`plan.outcome = 'settled'`)}
  from plan cross join task cross join evaluation`,
);

/**
 * Counts a fault of the judge over an evaluation. The third one ends it: status `failed`, verdict IE, one event; score,
 * status and metadata of its task stay as they are.
 * @returns undefined when task or evaluation is gone.
 */
export async function countJudgeFault(
  db: Database,
  learnerId: string,
  fault: EventParams & { task_id: string; evaluation_id: string },
): Promise<FaultStored | undefined> {
  const params = { ...fault, learner_id: learnerId, cause: 'three-judge-faults' };
  const [row] = await db.query(countFault, params);
  return row;
}
