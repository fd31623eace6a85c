import { sweepDetached } from '../privacy/erase.ts';
import type { Job } from './job.ts';

/** Finishes erasures that were cut off after their rows were out of everybody's reach. */
export const finishErasures: Job = {
  name: 'finish-erasures',
  async run(ctx) {
    return { steps: await sweepDetached(ctx) };
  },
};
