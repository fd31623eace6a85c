import type { Context } from '../context.ts';
import { claimDue, giveUpOverdue, redrive } from '../evaluations/redrive.ts';
import { type Counts, inBatches, inParallel, type Job } from './job.ts';

/** Evaluations claimed at a time, judged at a time, and batches in one run: 200 at most. */
const BATCH = 8;
const WIDTH = 4;
const BATCHES = 25;
/** Milliseconds after which no batch begins: a batch takes about a minute at worst, a cron has 15. */
const BEGIN_MS = 600_000;

/**
 * Judges what is due, batch by batch. A learner whose submission could not be judged waits for the next run. A batch of
 * which no service answered is the last one: waiting for a service that is down would only burn the run.
 */
async function redriveDue(ctx: Context, counts: Counts): Promise<void> {
  const waits: string[] = [];
  const end = performance.now() + BEGIN_MS;
  for (let batch = 1; batch <= BATCHES && performance.now() < end; batch += 1) {
    const claimed = await claimDue(ctx, BATCH, waits);
    const outcomes = await inParallel(claimed, WIDTH, (stored) => redrive(ctx, stored));
    for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcomes.every((outcome) => outcome === 'unavailable')) return;
    for (const [index, { learner_id }] of claimed.entries()) {
      if (outcomes[index] !== 'settled') waits.push(learner_id);
    }
  }
}

/** Gives up what could not be judged in 24 hours, then judges what is pending and due. */
export const redriveEvaluations: Job = {
  name: 'redrive-evaluations',
  async run(ctx) {
    const failed = await inBatches((limit) => giveUpOverdue(ctx, limit), { size: 500, batches: 10 });
    const counts = { failed, settled: 0, hindered: 0, unavailable: 0, busy: 0 };
    await redriveDue(ctx, counts);
    return counts;
  },
};
