import { reviewTaskMaker } from '../planning/make-reviews.ts';
import { inBatches, type Job } from './job.ts';

/** Review tasks of one statement, and statements of one run. */
const SIZE = 2500;
const BATCHES = 30;

/** Turns reviews that are due into tasks, as many as each learner's day has room for. */
export const dueReviews: Job = {
  name: 'due-reviews',
  async run(ctx) {
    const make = await reviewTaskMaker(ctx);
    return { made: make === null ? 0 : await inBatches(make, { size: SIZE, batches: BATCHES }) };
  },
};
