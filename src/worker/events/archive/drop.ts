import { abandonedBefore } from '#domain/events/archive.ts';
import type { Context } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { forgetArchives, takeDropped } from './store.ts';

/** Objects of one step; a bucket deletes as many as this in one call. */
const STEP = 500;

/**
 * Deletes the objects of erased paths, and those of attempts that were abandoned. May be cut off and repeated anywhere.
 * @param pathIds null for those of all paths.
 * @returns objects deleted.
 * @throws AppError `archive-unavailable` when there are some and no bucket is bound, or it cannot be reached.
 */
export async function dropArchives(
  { db, archive, now }: Pick<Context, 'db' | 'archive' | 'now'>,
  pathIds: readonly string[] | null,
): Promise<number> {
  const wish = { path_ids: pathIds, abandoned_before: abandonedBefore(now), limit: STEP };
  let deleted = 0;
  for (;;) {
    const dropped = await takeDropped(db, wish);
    if (dropped.length === 0) return deleted;
    if (archive === null) throw new AppError('archive-unavailable', { cause: 'not-bound' });
    try {
      await archive.delete(dropped.map(({ object_key }) => object_key));
    } catch (error) {
      throw new AppError('archive-unavailable', { retryAfter: 30, cause: error });
    }
    await forgetArchives(
      db,
      dropped.map(({ id }) => id),
    );
    deleted += dropped.length;
  }
}
