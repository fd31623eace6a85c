import { containing, isMeant, wordsOf } from '#domain/tasks/search.ts';
import type { Context } from '../context.ts';
import type { Search } from '../db/search.ts';
import { without } from './without.ts';

type Asking = Pick<Context, 'problemBank' | 'requestId' | 'log' | 'background'>;

/** Milliseconds that a list waits for titles; it is of use without them. */
const TITLES_MS = 2000;

/**
 * What a search looks for, null for none: the problems that the catalogue knows by these words, and the words
 * themselves, which are all there is for a problem that has left the bank and while the bank is out of reach.
 */
export async function searchFor(ctx: Asking, q: string | undefined): Promise<Search | null> {
  if (q === undefined) return null;
  const words = wordsOf(q);
  const problems = await ctx.problemBank
    .list({}, ctx.requestId)
    .catch(without(ctx, 'search-without-titles', []));
  return {
    patterns: JSON.stringify(words.map(containing)),
    problem_ids: problems.filter((problem) => isMeant(problem, words)).map(({ problem_id }) => problem_id),
  };
}

/** What has the titles of the tasks' problems, by problem id. */
export type Titles = ReadonlyMap<string, { title: string }>;

/** Titles of the tasks' problems; those that the bank does not know, or not in time, are missing. */
export async function titlesOf(ctx: Asking, tasks: readonly { problem_id: string }[]): Promise<Titles> {
  const none: Titles = new Map();
  if (tasks.length === 0) return none;
  const ids = tasks.map(({ problem_id }) => problem_id);
  const asked = ctx.problemBank.getMany(ids, ctx.requestId).catch(without(ctx, 'titles-unavailable', none));
  // The copy that comes too late for this list is there for the next one.
  ctx.background(asked);
  const late = Promise.withResolvers<Titles>();
  const timer = setTimeout(() => late.resolve(none), TITLES_MS);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
