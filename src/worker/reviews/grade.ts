import type { ReviewGrade, ReviewLog, ReviewState } from '#contract/learning.ts';
import type { GradedTask } from '#contract/reviews.ts';
import type { Task } from '#contract/tasks.ts';
import { type Calendar, calendarOfRule, keyOf, STANDARD_CALENDAR } from '#domain/calendar.ts';
import { reviewParams } from '#domain/reviews/fsrs.ts';
import {
  type Decision,
  decideGrade,
  decideUndo,
  decideUngrade,
  type LoggedReview,
} from '#domain/reviews/grade.ts';
import { dueDates, memoryOf, retentionWish } from '#domain/reviews/plan.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { storeGrade, taskReview } from './store-grade.ts';

/** Writers that may come between deciding and writing, one after the other. */
const MOST_DECISIONS = 8;

const REFUSALS = {
  'not-graded':
    'No result of this task was graded. Its first judged submission is, unless the problem was worked on again on the day of its last review.',
  'reviewed-since': 'A later review of the problem builds on this one; only the newest can change.',
} as const;

type Outcome = {
  task: Task;
  config: unknown;
  calendar: Calendar;
  state: ReviewState | null;
  log: ReviewLog | null;
};

/** Decides on the newest review and writes it, again when somebody changed the card meanwhile. */
async function change(
  ctx: Context,
  learnerId: string,
  taskId: string,
  decide: (task: Task, review: LoggedReview | null, calendar: Calendar) => Decision,
): Promise<Outcome> {
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions += 1) {
    const found = await taskReview(ctx.db, learnerId, taskId);
    if (found === undefined) throw new AppError('not-found');
    const { task, config, review } = found;
    const calendar = calendarOfRule(found.calendar ?? STANDARD_CALENDAR);
    const decision = decide(task, review, calendar);
    if (review === null || decision === 'not-graded') throw refusal('not-graded');
    if (decision === 'reviewed-since') throw refusal(decision);
    if (decision === 'same')
      return { task, config, calendar, state: review.card, log: review.undone ? null : review.log };
    const written = await storeGrade(ctx.db, learnerId, { task, review, ...decision }, ctx);
    if (written !== undefined)
      return { task: written, config, calendar, state: decision.state, log: decision.log };
  }
  throw new AppError('storage-unavailable', { retryAfter: 1 });
}

function refusal(code: keyof typeof REFUSALS): AppError {
  return new AppError(code, { detail: REFUSALS[code] });
}

function answer(ctx: Context, { task, config, calendar, state, log }: Outcome): GradedTask {
  const today = keyOf(calendar.dayOf(Date.parse(ctx.now)));
  return {
    task,
    grade: log?.grade ?? null,
    source: log?.source ?? null,
    ...(state === null ? { due_on: null, due_at: null } : dueDates(state, calendar)),
    state: state === null ? null : memoryOf(state, today, reviewParams(retentionWish(config))),
  };
}

/**
 * Replaces the grade that the evidence gave to the task's review by the learner's own; asking again for the grade that
 * it has changes nothing.
 * @throws AppError `not-found`, `not-graded`, `reviewed-since`.
 */
export async function gradeTask(
  ctx: Context,
  learnerId: string,
  taskId: string,
  grade: ReviewGrade,
): Promise<GradedTask> {
  const decide = (task: Task, review: LoggedReview | null, calendar: Calendar) =>
    decideGrade(task, review, grade, calendar);
  return answer(ctx, await change(ctx, learnerId, taskId, decide));
}

/**
 * Takes back the learner's own grade of the task's review: that of the evidence counts again. Without one, and when asked
 * again, it changes nothing.
 * @throws AppError as `gradeTask`.
 */
export async function undoGrade(ctx: Context, learnerId: string, taskId: string): Promise<GradedTask> {
  return answer(ctx, await change(ctx, learnerId, taskId, decideUngrade));
}

/**
 * Takes the task's review back: the problem is remembered as before it, due as before it. Asking again changes nothing.
 * @throws AppError as `gradeTask`.
 */
export async function undoReview(ctx: Context, learnerId: string, taskId: string): Promise<GradedTask> {
  return answer(ctx, await change(ctx, learnerId, taskId, decideUndo));
}
