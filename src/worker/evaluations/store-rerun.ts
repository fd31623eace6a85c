import { sql } from 'drizzle-orm';
import { SUBMITTABLE } from '#domain/evaluations/settle.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, lockedTask } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { oneOf, type StoredEvaluation, storedColumns } from './store.ts';
import { againOnDuplicate } from './store-submission.ts';

export type RerunRequest = EventParams & {
  task_id: string;
  /** The submission to judge again; null for the newest one without a result. */
  submission_id: string | null;
  /** Id of the new run, if there has to be one. */
  evaluation_id: string;
  next_redrive_at: string;
};

/**
 * `requested`: a new run is stored. `found`: one is waiting already, or this very request has stored its run before;
 * nothing is stored now. `refused`: the task's status takes no evaluation. `nothing`: no such submission.
 */
export type RerunStored =
  | ({ outcome: 'requested' | 'found' } & StoredEvaluation)
  | { outcome: 'refused'; status: string }
  | { outcome: 'nothing' };

type Row = StoredEvaluation & { outcome: RerunStored['outcome']; status: string };

const submissionId = param('submission_id', 'uuid');
const evaluationId = param('evaluation_id', 'uuid');

const insertRerun = statement<RerunRequest & { learner_id: string }, Row>(
  'request-rerun',
  'idempotent',
  sql`with ${lockedTask}, target as materialized (
    select e.* from task_evaluations e join locked on locked.id = e.task_id
    where e.id = ${evaluationId} or (
      (e.submission_id = ${submissionId} or (${submissionId} is null and e.status in ('pending', 'failed')))
      and not exists (select 1 from task_evaluations later
        where later.submission_id = e.submission_id and later.run > e.run))
    order by e.id = ${evaluationId} desc, e.attempt desc limit 1
  ), plan as (
    select case when target.id is null then 'nothing' when target.status = 'pending' or target.id = ${evaluationId} then 'found'
      when l.status not in ${oneOf(SUBMITTABLE)} then 'refused' else 'requested' end as outcome
    from locked l left join target on true
  ), changed as (
    update study_tasks t set pending_evaluations = locked.pending_evaluations + 1, version = locked.version + 1
    from locked, plan where t.id = locked.id and plan.outcome = 'requested'
    returning t.*, locked.path_config, locked.learner_id
  ), stored as (
    insert into task_evaluations (id, task_id, submission_id, attempt, run, language, code, time_spent_seconds,
      next_redrive_at, created_at, day)
    select ${evaluationId}, target.task_id, target.submission_id, target.attempt,
      target.run + 1, target.language, target.code, target.time_spent_seconds,
      ${param('next_redrive_at', 'timestamptz')}, ${param('now', 'timestamptz')}, target.day
    from changed, target returning *
  ), logged as (${appendEvents(sql`
    select c.id as task_id, c.version as seq, 'evaluation_requested' as event_type,
      jsonb_build_object('evaluation_id', s.id, 'submission_id', s.submission_id, 'attempt', s.attempt,
        'run', s.run) as payload
    from changed c, stored s`)}),
  task as (
    select * from changed union all select * from locked where not exists (select 1 from changed)
  ), evaluation as (
    select * from stored union all select * from target where not exists (select 1 from stored)
  )
  select plan.outcome, task.status, ${storedColumns('task', 'evaluation')}
  from plan cross join task left join evaluation on true`,
);

/**
 * Asks for another judging: of the given submission, else of the newest one that is pending or failed. Only the newest
 * run of a submission counts, and a pending one is never doubled.
 * @returns undefined when the task is not the learner's.
 */
export async function requestRerun(
  db: Database,
  learnerId: string,
  request: RerunRequest,
): Promise<RerunStored | undefined> {
  const [row] = await againOnDuplicate(() => db.query(insertRerun, { learner_id: learnerId, ...request }));
  if (row === undefined) return undefined;
  const { outcome, status, ...stored } = row;
  if (outcome === 'refused') return { outcome, status };
  return outcome === 'nothing' ? { outcome } : { outcome, ...stored };
}
