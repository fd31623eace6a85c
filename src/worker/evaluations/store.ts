import { type SQL, sql } from 'drizzle-orm';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Verdict } from '#contract/vocabulary.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import type { LearningFacts } from '#domain/learning/facts.ts';
import type { Database } from '../db/client.ts';
import { evaluationJson } from '../db/evaluations.ts';
import { iso, taskJson } from '../db/fragments.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { learningFacts } from '../db/learning.ts';
import { param, statement } from '../db/statement.ts';

/** An evaluation with all that judging and settling it need, as one round trip gives it. */
export type StoredEvaluation = {
  learner_id: string;
  task: Task;
  /** Config of the task's path as stored; `CompletionRules` reads it. */
  config: unknown;
  /** The learner's present one; null when the learner has no path any more. */
  calendar: CalendarRule | null;
  /** Without its output. */
  evaluation: Evaluation;
  /** When the learner sent the code: the time of the submission's first run. */
  submitted_at: string;
  reported_seconds: number | null;
  /** Verdict of the submission's judging before this run; null for the first one. */
  prior_verdict: Verdict | null;
  /** Ciphertext; belongs to the row named by the submission's id. */
  sealed_code: string;
  /** Ciphertext; belongs to the evaluation's own row. */
  sealed_output: string | null;
  /** Null when a result changes nothing beyond the task. */
  learning: LearningFacts | null;
};

/**
 * Columns of `StoredEvaluation`; `task` is the alias of a task row with `path_config` and `learner_id`. Parameter: `now`.
 * @param undecided whether a decision follows on what is read: only then `learning` and the output are.
 */
export function storedColumns(task: string, evaluation: string, undecided = sql`true`): SQL {
  const t = (column: string) => sql.raw(`${task}.${column}`);
  const e = (column: string) => sql.raw(`${evaluation}.${column}`);
  return sql`${t('learner_id')} as learner_id, ${taskJson(task)} as task, ${t('path_config')} as config,
    ${calendarOfLearner(t('learner_id'))} as calendar,
    ${evaluationJson(evaluation)} as evaluation, ${e('time_spent_seconds')} as reported_seconds,
    ${e('code')} as sealed_code, case when ${undecided} then ${e('output')} end as sealed_output,
    case when ${undecided} then ${learningFacts(task)} end as learning,
    (select prior.verdict from task_evaluations prior
     where prior.submission_id = ${e('submission_id')} and prior.run < ${e('run')} and prior.status = 'evaluated'
     order by prior.run desc limit 1) as prior_verdict,
    (select ${iso(sql`coalesce(min(first.created_at), ${e('created_at')})`)} from task_evaluations first
     where first.submission_id = ${e('submission_id')}) as submitted_at`;
}

/** The statuses or kinds of a rule as an SQL list. */
export function oneOf(values: readonly string[]): SQL {
  return sql.raw(`(${values.map((value) => `'${value}'`).join(', ')})`);
}

type RunnableTask = Pick<Task, 'status' | 'kind' | 'problem_id'>;

const findRunnable = statement<{ learner_id: string; task_id: string }, RunnableTask>(
  'find-runnable-task',
  'read',
  sql`select t.status, t.kind, t.problem_id from study_tasks t join study_paths p on p.id = t.path_id
    where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns what a run needs to know of the task, undefined when it is not the learner's. */
export async function runnableTask(
  db: Database,
  learnerId: string,
  taskId: string,
): Promise<RunnableTask | undefined> {
  const [row] = await db.query(findRunnable, { learner_id: learnerId, task_id: taskId });
  return row;
}
