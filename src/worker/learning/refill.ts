import type { Actor } from '#contract/events.ts';
import { calendarOfRule, keyOf } from '#domain/calendar.ts';
import { UpstreamError } from '../clients/http.ts';
import type { Context } from '../context.ts';
import { eventParams } from '../events/index.ts';
import { makeReviewsOf } from '../reviews/index.ts';
import { planTasks } from './plan.ts';
import { type EmptyPath, emptyPath, storeTopUp } from './store-top-up.ts';

/** What is done here is the crons' work, so the events name their jobs. */
const PLANNER: Actor = { type: 'system', job: 'top-up-paths' };
const REVIEWER: Actor = { type: 'system', job: 'due-reviews' };

/** @returns whether tasks were chosen; another request may have been faster in storing some. */
async function topUp(ctx: Context, learnerId: string, pathId: string, path: EmptyPath): Promise<boolean> {
  try {
    const catalogue = await ctx.problemBank.list({}, ctx.requestId);
    const { config, facts } = path;
    const tasks = planTasks(facts, { config, catalogue, now: ctx.now, newId: ctx.newId });
    if (tasks.length === 0) return false;
    const stamp = eventParams({ ...ctx, actor: PLANNER });
    await storeTopUp(ctx.db, learnerId, {
      ...stamp,
      path_id: pathId,
      plan_version: facts.version,
      tasks,
    });
    return true;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ctx.log.warn('next-tasks-not-chosen', { kind: error.kind });
    return false;
  }
}

/**
 * Does the crons' work for one learner who stands before an empty path: makes tasks of the reviews that are due, and
 * tops the path up to its horizon. Crons leave out who has been away for a month. Of two requests at once only one adds
 * anything; without the bank only reviews come.
 * @returns whether it is worth while to look for a task again.
 */
export async function refillPath(ctx: Context, learnerId: string, pathId: string): Promise<boolean> {
  const path = await emptyPath(ctx.db, learnerId, pathId, ctx.now);
  if (path === undefined) return false;
  const today = keyOf(calendarOfRule(path.calendar).dayOf(Date.parse(ctx.now)));
  const reviewsDue = path.first_due !== null && path.first_due <= today;
  if (reviewsDue) await makeReviewsOf({ ...ctx, actor: REVIEWER }, learnerId, path.calendar);
  const chosen = await topUp(ctx, learnerId, pathId, path);
  return reviewsDue || chosen;
}
