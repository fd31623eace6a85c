import { without } from '../clients/without.ts';
import { topUpPaths as topUp } from '../planning/top-up.ts';
import type { Job } from './job.ts';

/** Tops paths up to their horizon where a completion could not: tasks that expired, or a bank that was out of reach. */
export const topUpPaths: Job = {
  name: 'top-up-paths',
  run: (ctx) => topUp(ctx).catch(without(ctx, 'next-tasks-not-chosen', { paths: 0, tasks: 0 })),
};
