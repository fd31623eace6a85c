import { UpstreamError } from '../clients/http.ts';
import { topUpPaths as topUp } from '../learning/index.ts';
import type { Job } from './job.ts';

/** Tops paths up to their horizon where a completion could not: tasks that expired, or a bank that was out of reach. */
export const topUpPaths: Job = {
  name: 'top-up-paths',
  async run(ctx) {
    try {
      return await topUp(ctx);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      ctx.log.warn('next-tasks-not-chosen', { kind: error.kind });
      return { paths: 0, tasks: 0 };
    }
  },
};
