import { type SQL, sql } from 'drizzle-orm';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Verdict } from '#contract/vocabulary.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import type { LearnerFacts, LearningFacts } from '#domain/learning/facts.ts';
import type { Database } from '../db/client.ts';
import { evaluationJson } from '../db/evaluations.ts';
import { iso, taskJson } from '../db/fragments.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { learnerFacts, ownFacts } from '../db/learning.ts';
import { type Params, param, type RowsOf, type Steps, statement, step } from '../db/statement.ts';

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

/** All of a `StoredEvaluation` but what a decision on learning takes, which is read by statements of its own. */
type EvaluationRow = Omit<StoredEvaluation, 'learning'>;

/** Columns of `EvaluationRow` of the evaluation `e`, its task `t` and its path `p`. */
const evaluationColumns = sql`p.user_id as learner_id, ${taskJson('t')} as task, p.config,
  ${calendarOfLearner(sql`p.user_id`)} as calendar, ${evaluationJson('e')} as evaluation,
  e.time_spent_seconds as reported_seconds, e.code as sealed_code, e.output as sealed_output,
  (select prior.verdict from task_evaluations prior
   where prior.submission_id = e.submission_id and prior.run < e.run and prior.status = 'evaluated'
   order by prior.run desc limit 1) as prior_verdict,
  (select ${iso(sql`coalesce(min(first.created_at), e.created_at)`)} from task_evaluations first
   where first.submission_id = e.submission_id) as submitted_at`;

const withTaskAndPath = sql`task_evaluations e join study_tasks t on t.id = e.task_id
  join study_paths p on p.id = t.path_id`;

type PathRow = { path: Omit<LearningFacts['path'], keyof LearnerFacts> };
type LearnerRow = { learner: LearnerFacts };
type CardRow = Pick<LearningFacts, 'card' | 'reviews'>;
export type EvaluationRows = [EvaluationRow, PathRow, LearnerRow, CardRow];

/**
 * The steps that read a `StoredEvaluation`; `storedFrom` puts their rows together.
 * @param which condition on `e`, `t` and `p` that one evaluation meets.
 */
export function evaluationReader<P extends Params>(
  name: string,
  which: SQL,
): (params: P) => Steps<EvaluationRows> {
  // A result of a task that is over changes nothing beyond the task.
  const teaches = sql`from ${withTaskAndPath} where ${which} and t.status = 'in_progress'`;
  const row = statement<P, EvaluationRow>(
    name,
    'read',
    sql`select ${evaluationColumns} from ${withTaskAndPath} where ${which}`,
  );
  // The path's version is read first: as long as it is the same when the decision is written, the rest is, too.
  const path = statement<P, PathRow>(
    `${name}-path`,
    'read',
    sql`select ${ownFacts('p.id')} as path ${teaches}`,
  );
  const learner = statement<P, LearnerRow>(
    `${name}-learner`,
    'read',
    sql`select ${learnerFacts(sql`p.user_id`)} as learner ${teaches}`,
  );
  const card = statement<P, CardRow>(
    `${name}-card`,
    'read',
    sql`select (select jsonb_build_object('version', q.version, 'state', q.state, 'task_id', q.task_id)
        from review_queue q where q.user_id = p.user_id and q.problem_id = t.problem_id) as card,
      (select coalesce(max(g.seq), 0) from review_log g
        where g.user_id = p.user_id and g.problem_id = t.problem_id) as reviews ${teaches}`,
  );
  return (params) => [step(row, params), step(path, params), step(learner, params), step(card, params)];
}

type FindParams = { learner_id: string; evaluation_id: string; now: string };

export const evaluationById = evaluationReader<FindParams>(
  'find-evaluation',
  sql`e.id = ${param('evaluation_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns undefined when the evaluation is not the learner's. */
export function storedFrom([[row], [path], [learner], [card]]: RowsOf<EvaluationRows>):
  | StoredEvaluation
  | undefined {
  if (row === undefined) return undefined;
  const teaches = path !== undefined && learner !== undefined && card !== undefined;
  return { ...row, learning: teaches ? { path: { ...path.path, ...learner.learner }, ...card } : null };
}

/** Reads an evaluation with all that a decision on its result takes, in one round trip. */
export async function storedEvaluation(
  db: Database,
  params: FindParams,
): Promise<StoredEvaluation | undefined> {
  return storedFrom(
    await db.transact({ name: 'find-evaluation', effect: 'read' }, [], evaluationById(params)),
  );
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
