import type { PathConfig, StudyPath } from '#contract/paths.ts';
import type { PathFacts } from '#domain/learning/facts.ts';
import { planTasks } from '#domain/learning/plan.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { type PathWrite, pathToChange, storeChange } from './store-change.ts';

/** Writers that may come between deciding and writing, one after the other. */
const MOST_DECISIONS = 8;

/** Keys of the config on which it depends which tasks are chosen, and when they are scheduled. */
const CHOOSING = [
  'modules',
  'unlocked_modules',
  'module_weights',
  'module_target',
  'tasks_per_day',
] as const satisfies (keyof PathConfig)[];

type Config = Partial<PathConfig>;

/** `path` is null where the path has another version than the client knows; `version` is the one that it has. */
export type PathChange = { path: StudyPath | null; version: number };

/** Whether a change sets one of the keys to another value; JSON of one schema has its keys in one order. */
function differs(config: Config, change: Config, keys: readonly (keyof PathConfig)[]): boolean {
  return keys.some(
    (key) => change[key] !== undefined && JSON.stringify(change[key]) !== JSON.stringify(config[key]),
  );
}

type Plan = Pick<PathWrite, 'replaced' | 'tasks'>;

/** What follows from the change: tasks to replace as others would be chosen now, and tasks to add. */
async function replan(ctx: Context, facts: PathFacts, before: Config, change: Config): Promise<Plan> {
  const chooses = differs(before, change, CHOOSING);
  if (!chooses && !differs(before, change, ['horizon'])) return { replaced: [], tasks: [] };
  const catalogue = await ctx.problemBank.list({}, ctx.requestId);
  const replaced = facts.tasks.filter(({ replaceable }) => chooses && replaceable);
  const left = facts.tasks.filter((task) => !replaced.includes(task));
  const config = { ...before, ...change };
  const tasks = planTasks({ ...facts, tasks: left }, { config, catalogue, now: ctx.now, newId: ctx.newId });
  return { replaced: replaced.map(({ id }) => id), tasks };
}

/**
 * Sets keys of a path's config. When other tasks follow from it, those that were chosen and not started are replaced in
 * the same transaction; a longer horizon adds some.
 * @param versions that the client knows (`If-Match`), null for any.
 * @throws AppError `not-found`; UpstreamError when the bank cannot be asked what to choose instead: nothing changes then.
 */
export async function changePath(
  ctx: Context,
  learnerId: string,
  pathId: string,
  change: Config,
  versions: readonly number[] | null = null,
): Promise<PathChange> {
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions += 1) {
    const found = await pathToChange(ctx.db, learnerId, pathId, ctx.now);
    if (found === undefined) throw new AppError('not-found');
    const { version } = found.facts;
    if (versions !== null && !versions.includes(version)) return { path: null, version };
    const plan = await replan(ctx, found.facts, found.config, change);
    const write = { path_id: pathId, plan_version: version, before: found.config, change, ...plan };
    const stored = await storeChange(ctx.db, learnerId, write, ctx);
    if (stored !== undefined) return stored;
  }
  throw new AppError('storage-unavailable', { retryAfter: 1 });
}
