import * as z from 'zod';
import type { HintList, ListHints, ListTasks } from '#contract/history.ts';
import { searchFor, type Titles, titlesOf } from '../clients/titles.ts';
import type { Context } from '../context.ts';
import { pageOf, TimeKey } from '../crypto/cursor-page.ts';
import { openHints } from '../crypto/open-hints.ts';
import { AppError } from '../errors.ts';
import { readArchived } from '../events/archive/read.ts';
import { hintsWithArchived } from '../events/archived-hints.ts';
import { findHints, type Listed, listTasks } from './store.ts';

/** The JSON of a `TaskPage` as text: parsing what PostgreSQL wrote to write it again would cost as much as all the rest. */
type PageText = { text: string; next_cursor: string | null };

function withTitle({ task, problem_id }: Listed, titles: Titles): string {
  return `${task.slice(0, -1)}, "title": ${JSON.stringify(titles.get(problem_id)?.title ?? null)}}`;
}

/**
 * A page of the learner's tasks over all paths, with their titles as far as the bank gives them.
 * @throws AppError `invalid-cursor`.
 */
export async function listHistory(ctx: Context, learnerId: string, wish: ListTasks): Promise<PageText> {
  const { cursor, limit, ...filters } = wish;
  // Keys in one order, so that the same filters sign the same text however they were written.
  const sorted = Object.fromEntries(Object.entries(filters).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const scope = { learnerId, list: 'study-tasks', filters: sorted };
  const after = cursor === undefined ? null : await ctx.cursors.open(scope, cursor, TimeKey);
  const search = await searchFor(ctx, filters.q);
  const rows = await listTasks(ctx.db, learnerId, filters, { after, limit: limit + 1, search });
  const page = await pageOf(ctx.cursors, scope, rows, limit, (task) => [task.scheduled_at, task.id]);
  const titles = await titlesOf(ctx, page.data);
  const tasks = page.data.map((task) => withTitle(task, titles));
  const { next_cursor } = page;
  return { text: `{"data":[${tasks.join(',')}],"next_cursor":${JSON.stringify(next_cursor)}}`, next_cursor };
}

/** Place in a task's hints: the sequence number of the last one before it. */
const SeqKey = z.tuple([z.int().min(1)]);

/**
 * A page of a task's hints, in the order given.
 * @throws AppError `not-found`, `invalid-cursor`, `integrity-error`, `archive-unavailable`.
 */
export async function listHints(
  ctx: Context,
  learnerId: string,
  taskId: string,
  { limit, cursor }: ListHints,
): Promise<HintList> {
  const scope = { learnerId, list: 'task-hints', filters: taskId };
  const [after] = cursor === undefined ? [0] : await ctx.cursors.open(scope, cursor, SeqKey);
  const wanted = { after, limit: limit + 1 };
  const found = await findHints(ctx.db, learnerId, taskId, wanted);
  if (found === undefined) throw new AppError('not-found');
  const archived = await readArchived(ctx, learnerId, found.archived, { after });
  const hints =
    archived.length === 0
      ? found.hints
      : await hintsWithArchived(ctx.db, learnerId, taskId, archived, wanted);
  const page = await pageOf(ctx.cursors, scope, hints, limit, (hint) => [hint.seq]);
  return { ...page, data: await openHints(ctx, learnerId, taskId, page.data) };
}
