import { eventParams } from '../events/params.ts';
import { inBatches, type Job } from './job.ts';
import { expireTasks as expireBatch } from './store.ts';

/** Expires scheduled and started tasks that are past their time. */
export const expireTasks: Job = {
  name: 'expire-tasks',
  async run(ctx) {
    const stamp = eventParams(ctx);
    const expired = await inBatches((limit) => expireBatch(ctx.db, { ...stamp, limit }), {
      size: 500,
      batches: 40,
    });
    return { expired };
  },
};
