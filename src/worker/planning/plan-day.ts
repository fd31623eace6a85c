import type { Actor } from '#contract/events.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { keyOf } from '#domain/calendar.ts';
import { localDay } from '#domain/learning/local-day.ts';
import { planTasks } from '#domain/learning/plan.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { eventParams } from '../events/params.ts';
import { makeReviewsOf } from './make-reviews.ts';
import { type PathToPlan, pathToPlan, storeDayPlanned, storeTopUp } from './store-top-up.ts';

/** What is done here is the crons' work, so the events name their jobs. */
const PLANNER: Actor = { type: 'system', job: 'top-up-paths' };
const REVIEWER: Actor = { type: 'system', job: 'due-reviews' };

/** @returns whether tasks were chosen; another request may have been faster in storing some. */
async function topUp(
  ctx: Context,
  learnerId: string,
  pathId: string,
  { config, facts }: PathToPlan,
  catalogue: readonly ProblemSummary[],
): Promise<boolean> {
  const tasks = planTasks(facts, { config, catalogue, now: ctx.now, newId: ctx.newId });
  if (tasks.length === 0) return false;
  const stamp = eventParams({ ...ctx, actor: PLANNER });
  await storeTopUp(ctx.db, learnerId, { ...stamp, path_id: pathId, plan_version: facts.version, tasks });
  return true;
}

/**
 * Plans a learner's present day, as far as it is not planned: makes tasks of the reviews that are due, and tops the path
 * up to its horizon. No cron does that for a learner who is away. Of two requests at once only one adds anything; without
 * the bank only reviews come.
 * @returns whether it is worth while to look for a task again.
 */
export async function planDay(ctx: Context, learnerId: string, pathId: string): Promise<boolean> {
  const [path, catalogue] = await Promise.all([
    pathToPlan(ctx.db, learnerId, pathId, ctx.now),
    ctx.problemBank.list({}, ctx.requestId).catch(without(ctx, 'next-tasks-not-chosen', null)),
  ]);
  if (path === undefined) return false;
  const { day, starts } = localDay(path.calendar, ctx.now);
  const reviewsDue = path.first_due !== null && path.first_due <= keyOf(day);
  if (reviewsDue) await makeReviewsOf({ ...ctx, actor: REVIEWER }, learnerId, path.calendar, catalogue);
  const chosen = catalogue !== null && (await topUp(ctx, learnerId, pathId, path, catalogue));
  const day_starts = new Date(starts).toISOString();
  await storeDayPlanned(ctx.db, learnerId, { path_id: pathId, now: ctx.now, day_starts });
  return reviewsDue || chosen;
}
