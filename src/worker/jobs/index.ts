import type { Context } from '../context.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import { archiveEvents } from './archive-events.ts';
import { dueReviews } from './due-reviews.ts';
import { expireTasks } from './expire-tasks.ts';
import { finishErasures } from './finish-erasures.ts';
import type { Counts, Job } from './job.ts';
import { measureBacklog } from './measure-backlog.ts';
import { redriveEvaluations } from './redrive-evaluations.ts';
import { sweepIdempotencyKeys } from './sweep-idempotency-keys.ts';
import { sweepImportParts } from './sweep-import-parts.ts';
import { topUpPaths } from './top-up-paths.ts';

export type JobReport = { job: string; ok: true; counts: Counts } | { job: string; ok: false; error: string };

/** Cron expressions of `wrangler.toml` and the jobs behind each. */
const SCHEDULE: Readonly<Record<string, readonly Job[]>> = {
  '* * * * *': [redriveEvaluations, expireTasks, dueReviews, measureBacklog],
  '17 * * * *': [topUpPaths, sweepIdempotencyKeys, sweepImportParts, finishErasures],
  // By itself, with a trigger's whole time and requests.
  '47 * * * *': [archiveEvents],
};

/** Every job, in the order in which one that frees work for the next comes first. */
const ALL_JOBS: readonly Job[] = Object.values(SCHEDULE).flat();

/**
 * Runs the jobs of a cron expression, one after the other, every job for an expression that nobody planned. Each acts
 * as `system` with its own name; one that fails does not keep the others from running.
 */
export async function runJobs(ctx: Context, cron: string): Promise<JobReport[]> {
  const reports: JobReport[] = [];
  for (const job of SCHEDULE[cron] ?? ALL_JOBS) {
    const started = Date.now();
    const report = await runJob({ ...ctx, actor: { type: 'system', job: job.name } }, job);
    const fields = { job: job.name, ms: Date.now() - started };
    if (report.ok) ctx.log.info('job-done', { ...fields, ...report.counts });
    else ctx.log.error('job-failed', { ...fields, error: report.error });
    reports.push(report);
  }
  return reports;
}

async function runJob(ctx: Context, job: Job): Promise<JobReport> {
  try {
    return { job: job.name, ok: true, counts: await job.run(ctx) };
  } catch (error) {
    return { job: job.name, ok: false, error: nameOf(error) };
  }
}

/** Only expected errors have messages that are safe to log: a stranger's can quote what a learner sent. */
function nameOf(error: unknown): string {
  if (error instanceof AppError || error instanceof StorageError) return error.message;
  return error instanceof Error ? error.name : typeof error;
}
