import { sql } from 'drizzle-orm';
import type { Task } from '#contract/tasks.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import type { Change, LoggedReview } from '#domain/reviews/grade.ts';
import type { Database } from '../db/client.ts';
import { taskJson } from '../db/fragments.ts';
import { guard, isRefused, unlessRefused } from '../db/guard.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { cardStep, reviewStep } from '../db/learning-writes.ts';
import { param, type Step, statement, step } from '../db/statement.ts';
import { changedTask, type Stamp } from '../db/task-rows.ts';

/** A task with its newest review, null without any. */
export type GradeRecord = {
  task: Task;
  config: unknown;
  calendar: CalendarRule | null;
  review: LoggedReview | null;
};

const findReview = statement<{ learner_id: string; task_id: string }, GradeRecord>(
  'find-review',
  'read',
  sql`select ${taskJson('t')} as task, p.config, ${calendarOfLearner(sql`p.user_id`)} as calendar, case when l.id is not null then jsonb_build_object(
      'id', l.id, 'seq', l.seq, 'log', l.log, 'undone', l.undone_at is not null,
      'evidence', (select e.log from review_log e where e.task_id = t.id and e.log->>'source' = 'evidence'
        order by e.seq desc limit 1),
      'card_version', coalesce(q.version, 0), 'card', q.state, 'card_task_id', q.task_id,
      'last_seq', (select max(m.seq) from review_log m where m.user_id = p.user_id and m.problem_id = t.problem_id),
      'newer', exists (select 1 from review_log m where m.user_id = p.user_id and m.problem_id = t.problem_id
        and m.seq > l.seq and m.undone_at is null)) end as review
  from study_tasks t join study_paths p on p.id = t.path_id
  left join lateral (select * from review_log x where x.task_id = t.id order by x.seq desc limit 1) l on true
  left join review_queue q on q.user_id = p.user_id and q.problem_id = t.problem_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns undefined when the task is not the learner's. */
export async function taskReview(
  db: Database,
  learnerId: string,
  taskId: string,
): Promise<GradeRecord | undefined> {
  const [row] = await db.query(findReview, { learner_id: learnerId, task_id: taskId });
  return row;
}

/** A decision, and the state that it was made on: its newest review counts as undone from now on. */
type GradeWrite = Change & { task: Task; review: LoggedReview };

type ReviewParams = { review_id: string; task_id: string; now: string };

const undoReview = statement<ReviewParams, never>(
  'undo-review',
  'write',
  sql`update review_log set undone_at = ${param('now', 'timestamptz')}
    where id = ${param('review_id', 'uuid')} and task_id = ${param('task_id', 'uuid')} and undone_at is null`,
);

const forgetCard = statement<{ learner_id: string; problem_id: string }, never>(
  'forget-card',
  'write',
  sql`delete from review_queue
    where user_id = ${param('learner_id', 'text')} and problem_id = ${param('problem_id', 'text')}`,
);

/** The card's row is what the event says of it; it belongs to the task's path, as after every review. */
function cardSteps(learner: string, { task, review, state, fact }: GradeWrite, now: string): Step<never>[] {
  if (state === null) return [step(forgetCard, { learner_id: learner, problem_id: task.problem_id })];
  const { ready_task_id, card_version, rule_version } = fact.payload;
  const row = { state, task_id: ready_task_id, rule_version, version: card_version ?? 1 };
  return [cardStep(learner, task, row, review.card_version === 0 ? 'insert' : 'update', now)];
}

/**
 * Replaces or undoes the newest review of a task, with its event, if task and card are still as the decision saw them.
 * @returns the task after it, undefined when they are not.
 */
export async function storeGrade(
  db: Database,
  learner: string,
  write: GradeWrite,
  stamp: Stamp,
): Promise<Task | undefined> {
  const { task, review, log, fact } = write;
  const { now } = stamp;
  const { id, problem_id, version } = task;
  const after = { ...task, version: version + 1 };
  const outcome = await unlessRefused(
    db.transact({ name: 'write-grade', effect: 'write' }, [
      guard({
        learner,
        tasks: [{ id, version }],
        card: { problem_id, version: review.card_version },
      }),
      ...changedTask(task, after, [fact], stamp),
      step(undoReview, { review_id: review.id, task_id: id, now }),
      ...(log === null ? [] : [reviewStep(learner, task, { seq: review.last_seq + 1, log }, now)]),
      ...cardSteps(learner, write, now),
    ]),
  );
  return isRefused(outcome) ? undefined : after;
}
