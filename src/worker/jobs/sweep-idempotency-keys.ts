import { sweepIdempotencyKeys as sweep } from '../http/idempotency-store.ts';
import { inBatches, type Job } from './job.ts';

/** Rows that one sweep deletes at most. */
const SWEEP = 5000;

/** Forgets idempotency keys after their 24 hours. */
export const sweepIdempotencyKeys: Job = {
  name: 'sweep-idempotency-keys',
  async run(ctx) {
    async function deleteBatch() {
      const [row] = await ctx.db.query(sweep, { now: ctx.now });
      return row?.deleted ?? 0;
    }
    return { deleted: await inBatches(deleteBatch, { size: SWEEP, batches: 20 }) };
  },
};
