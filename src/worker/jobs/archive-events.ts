import { archiveOldEvents } from '../events/archive/archive-events.ts';
import { dropArchives } from '../events/archive/drop.ts';
import type { Job } from './job.ts';

/** Moves events older than EVENT_ARCHIVE_MONTHS to the bucket, and deletes objects that nothing belongs to any more. */
export const archiveEvents: Job = {
  name: 'archive-events',
  async run(ctx) {
    const dropped = await dropArchives(ctx, null);
    if (ctx.archive === null) {
      ctx.log.info('archive-not-bound');
      return { dropped };
    }
    const months = ctx.config.EVENT_ARCHIVE_MONTHS;
    return { dropped, ...(await archiveOldEvents({ ...ctx, bucket: ctx.archive, months })) };
  },
};
