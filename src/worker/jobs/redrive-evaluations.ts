import { claimDue, giveUpOverdue, redrive } from '../evaluations/index.ts';
import { inBatches, inParallel, type Job } from './job.ts';

/** Evaluations claimed at a time, judged at a time, and batches in one run: 200 at most, well within a cron's 15 min. */
const BATCH = 8;
const WIDTH = 4;
const BATCHES = 25;

/** Gives up what nobody could judge in 24 hours, then judges what is pending and due (decisions, section 5.5). */
export const redriveEvaluations: Job = {
  name: 'redrive-evaluations',
  async run(ctx) {
    const failed = await inBatches((limit) => giveUpOverdue(ctx, limit), { size: 500, batches: 10 });
    const counts = { failed, settled: 0, pending: 0, busy: 0 };
    for (let batch = 1; batch <= BATCHES; batch += 1) {
      const claimed = await claimDue(ctx, BATCH);
      const outcomes = await inParallel(claimed, WIDTH, (stored) => redrive(ctx, stored));
      for (const outcome of outcomes) counts[outcome] += 1;
      // A batch without any result means that a neighbour is down: waiting for it again would only burn the run.
      if (claimed.length < BATCH || !outcomes.includes('settled')) break;
    }
    return counts;
  },
};
