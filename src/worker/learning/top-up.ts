import type { Context } from '../context.ts';
import { eventParams } from '../events/index.ts';
import { planTasks } from './plan.ts';
import { shortPaths, storeTopUp } from './store-top-up.ts';

/** Days without practice after which nobody waits for tasks. */
const ACTIVE_DAYS = 30;
/** Paths looked at in one statement, and statements in one run. */
const BATCH = 200;
const BATCHES = 500;

/** Before every path. */
const FIRST = '00000000-0000-0000-0000-000000000000';

type TopUpContext = Pick<Context, 'db' | 'now' | 'newId' | 'actor' | 'requestId'> & {
  problemBank: Pick<Context['problemBank'], 'list'>;
};

type ToppedUp = { paths: number; tasks: number };

/**
 * Gives the newest paths of active learners the tasks that they lack: those that expired or were skipped, or that could
 * not be chosen while the bank was out of reach.
 * @throws UpstreamError while it still is.
 */
export async function topUpPaths(ctx: TopUpContext): Promise<ToppedUp> {
  const catalogue = await ctx.problemBank.list({}, ctx.requestId);
  const done: ToppedUp = { paths: 0, tasks: 0 };
  let after = FIRST;
  for (let batch = 1; batch <= BATCHES; batch += 1) {
    const { last, paths } = await shortPaths(ctx.db, {
      now: ctx.now,
      active_days: ACTIVE_DAYS,
      after,
      limit: BATCH,
    });
    for (const { path_id, learner_id, config, facts } of paths) {
      const tasks = planTasks(facts, { config, catalogue, now: ctx.now, newId: ctx.newId });
      if (tasks.length === 0) continue;
      const stamp = { ...eventParams(ctx), path_id, plan_version: facts.version, tasks };
      const added = await storeTopUp(ctx.db, learner_id, stamp);
      if (added > 0) done.paths += 1;
      done.tasks += added;
    }
    if (last === null) break;
    after = last;
  }
  return done;
}
