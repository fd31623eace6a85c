import { sql } from 'drizzle-orm';
import { MOST_JUDGE_FAULTS } from '#domain/evaluations/settle.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { param, statement, step } from '../db/statement.ts';
import { evaluationById, type StoredEvaluation, storedEvaluation, storedFrom } from './store.ts';

type Fault = EventParams & { task_id: string; evaluation_id: string; cause: string };

/**
 * `counted`: it stays pending. `ended`: that was the last fault, it has failed. `settled`: it has a result, or had been
 * given up before; nothing is written.
 */
export type FaultStored = { outcome: 'counted' | 'ended' | 'settled' } & StoredEvaluation;

const evaluationId = param('evaluation_id', 'uuid');
const isLast = sql`e.judge_faults + 1 >= ${sql.raw(String(MOST_JUDGE_FAULTS))}`;

const countEnd = statement<Fault, never>(
  'end-judged-task',
  'write',
  sql`update study_tasks t set pending_evaluations = t.pending_evaluations - 1, version = t.version + 1
    from task_evaluations e where e.id = ${evaluationId} and e.task_id = t.id and ${isLast}`,
);

const logEnd = statement<Fault, never>(
  'log-judge-fault',
  'write',
  appendEvents(sql`select t.id as task_id, t.version as seq, 'evaluation_failed' as event_type,
      jsonb_build_object('evaluation_id', e.id, 'submission_id', e.submission_id, 'attempt', e.attempt,
        'run', e.run, 'verdict', 'IE', 'cause', ${param('cause', 'text')}) as payload
    from task_evaluations e join study_tasks t on t.id = e.task_id where e.id = ${evaluationId} and ${isLast}`),
);

const countFault = statement<Fault, never>(
  'count-judge-fault',
  'write',
  sql`update task_evaluations e set judge_faults = e.judge_faults + 1,
      status = case when ${isLast} then 'failed' else e.status end,
      verdict = case when ${isLast} then 'IE' end,
      evaluated_at = case when ${isLast} then ${param('now', 'timestamptz')} end
    where e.id = ${evaluationId}`,
);

/**
 * Counts a fault of the judge over an evaluation. The third one ends it: status `failed`, verdict IE, one event; score,
 * status and metadata of its task stay as they are.
 * @returns undefined when task or evaluation is gone.
 */
export async function countJudgeFault(
  db: Database,
  learner: string,
  fault: Omit<Fault, 'cause'>,
): Promise<FaultStored | undefined> {
  const { task_id, evaluation_id, now } = fault;
  const params: Fault = { ...fault, cause: 'three-judge-faults' };
  const wanted = { learner_id: learner, evaluation_id, now };
  const steps = [
    guard({ learner, tasks: [{ id: task_id }], evaluation: { id: evaluation_id } }),
    ...[countEnd, logEnd, countFault].map((one) => step(one, params)),
  ];
  const rows = await unlessRefused(
    db.transact({ name: 'count-judge-fault', effect: 'write' }, steps, evaluationById(wanted)),
  );
  if (!isRefused(rows)) {
    const stored = storedFrom(rows);
    return stored && { ...stored, outcome: stored.evaluation.status === 'failed' ? 'ended' : 'counted' };
  }
  const stored = await storedEvaluation(db, wanted);
  return stored && { ...stored, outcome: 'settled' };
}
