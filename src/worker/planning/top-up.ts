import { localDay } from '#domain/learning/local-day.ts';
import { planTasks } from '#domain/learning/plan.ts';
import type { Context } from '../context.ts';
import { eventParams } from '../events/params.ts';
import { shortPaths, storeTopUp } from './store-top-up.ts';

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
 * Tops up the newest paths of learners who sent a request on their present local day: with tasks for those that were
 * skipped, or that could not be chosen while the bank was unavailable. Who is away is left alone, so that an absence
 * costs no problem.
 * @throws UpstreamError while the bank is unavailable.
 */
export async function topUpPaths(ctx: TopUpContext): Promise<ToppedUp> {
  const catalogue = await ctx.problemBank.list({}, ctx.requestId);
  const done: ToppedUp = { paths: 0, tasks: 0 };
  let after = FIRST;
  for (let batch = 1; batch <= BATCHES; batch += 1) {
    const { last, paths } = await shortPaths(ctx.db, { now: ctx.now, after, limit: BATCH });
    for (const { path_id, learner_id, config, calendar, last_request_at, facts } of paths) {
      if (Date.parse(last_request_at) < localDay(calendar, ctx.now).starts) continue;
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
