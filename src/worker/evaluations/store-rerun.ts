import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, takes } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { param, statement, step } from '../db/statement.ts';
import { evaluationReader, type StoredEvaluation, storedFrom } from './store.ts';

export type RerunRequest = EventParams & {
  task_id: string;
  /** The submission to judge again; null for the newest one without a result. */
  submission_id: string | null;
  /** Id of the new run, if there has to be one. */
  evaluation_id: string;
  next_redrive_at: string;
};

/**
 * `requested`: the new run is stored, now or by this very request before. `found`: another one is waiting already.
 * `refused`: the task's status takes no evaluation. `nothing`: no such submission.
 */
export type RerunStored =
  | ({ outcome: 'requested' | 'found' } & StoredEvaluation)
  | { outcome: 'refused'; status: string }
  | { outcome: 'nothing' };

const taskId = param('task_id', 'uuid');
const submissionId = param('submission_id', 'uuid');
const evaluationId = param('evaluation_id', 'uuid');

/** The evaluation that a request is about: the run that it has stored before, else the newest of its submission. */
const target: SQL = sql`(select x.* from task_evaluations x
  where x.task_id = ${taskId} and (x.id = ${evaluationId} or (
    (x.submission_id = ${submissionId} or (${submissionId} is null and x.status in ('pending', 'failed')))
    and not exists (select from task_evaluations later
      where later.submission_id = x.submission_id and later.run > x.run)))
  order by x.id = ${evaluationId} desc, x.attempt desc limit 1)`;
/** Only the newest run of a submission counts, and a pending one is never doubled. */
const isOver = sql`e.status <> 'pending' and e.id <> ${evaluationId}`;

const checkRerun = statement<RerunRequest, never>(
  'check-rerun',
  'write',
  sql`select refuse(case when e.id is null then 'nothing' when ${isOver} and not ${takes('evaluate', 't')} then 'refused' end)
    from study_tasks t left join ${target} e on true where t.id = ${taskId}`,
);

const countRerun = statement<RerunRequest, never>(
  'count-rerun',
  'write',
  sql`update study_tasks t set pending_evaluations = t.pending_evaluations + 1, version = t.version + 1
    from ${target} e where t.id = ${taskId} and ${isOver}`,
);

const logRerun = statement<RerunRequest, never>(
  'log-rerun',
  'write',
  appendEvents(sql`select t.id as task_id, t.version as seq, 'evaluation_requested' as event_type,
      jsonb_build_object('evaluation_id', ${evaluationId}, 'submission_id', e.submission_id, 'attempt', e.attempt,
        'run', e.run + 1) as payload
    from study_tasks t join ${target} e on e.task_id = t.id where ${isOver}`),
);

// The last one: from here on the request is about the run that it has stored.
const insertRerun = statement<RerunRequest, never>(
  'insert-rerun',
  'write',
  sql`insert into task_evaluations (id, task_id, submission_id, attempt, run, language, code, time_spent_seconds,
    next_redrive_at, created_at, day)
  select ${evaluationId}, e.task_id, e.submission_id, e.attempt, e.run + 1, e.language, e.code, e.time_spent_seconds,
    ${param('next_redrive_at', 'timestamptz')}, ${param('now', 'timestamptz')}, e.day
  from ${target} e where ${isOver}`,
);

const rerunTarget = evaluationReader<RerunRequest & { learner_id: string }>(
  'find-rerun',
  sql`e.id = (select r.id from ${target} r) and p.user_id = ${param('learner_id', 'text')}`,
);

const findStatus = statement<{ learner_id: string; task_id: string }, { status: string }>(
  'find-rerun-status',
  'read',
  sql`select t.status from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = ${taskId} and p.user_id = ${param('learner_id', 'text')}`,
);

/**
 * Asks for another judging: of the given submission, else of the newest one that is pending or failed.
 * @returns undefined when the task is not the learner's.
 */
export async function requestRerun(
  db: Database,
  learner: string,
  request: RerunRequest,
): Promise<RerunStored | undefined> {
  const { task_id } = request;
  const steps = [
    guard({ learner, tasks: [{ id: task_id }] }),
    ...[checkRerun, countRerun, logRerun, insertRerun].map((one) => step(one, request)),
  ];
  const answers = rerunTarget({ learner_id: learner, ...request });
  const rows = await unlessRefused(
    db.transact({ name: 'request-rerun', effect: 'idempotent' }, steps, answers),
  );
  if (!isRefused(rows)) {
    const stored = storedFrom(rows);
    const isNew = stored?.evaluation.id === request.evaluation_id;
    return stored && { ...stored, outcome: isNew ? 'requested' : 'found' };
  }
  if (rows.refusal === 'gone') return undefined;
  if (rows.refusal === 'nothing') return { outcome: 'nothing' };
  const [found] = await db.query(findStatus, { learner_id: learner, task_id });
  return found && { outcome: 'refused', status: found.status };
}
