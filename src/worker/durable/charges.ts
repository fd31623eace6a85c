import * as z from 'zod';
import { PathConfig } from '#contract/paths.ts';
import type { QuotaName } from '#contract/quotas.ts';
import type { DaySettings } from '#domain/quotas/days.ts';
import type { Charge, DayQuota, Share } from '#domain/quotas/ledger.ts';
import type { Config } from '../env.ts';

/** The operator's variable behind each quota. */
const LIMITS = {
  'submissions-per-day': 'SUBMISSIONS_PER_DAY',
  'submissions-per-task-and-day': 'SUBMISSIONS_PER_TASK_AND_DAY',
  'runs-per-day': 'RUNS_PER_DAY',
  'hints-per-day': 'HINTS_PER_DAY',
  'tasks-per-day': 'TASKS_PER_DAY',
} as const satisfies Record<DayQuota, keyof Config>;

/** What a learner reads of a quota that is used up. */
export const QUOTA_TEXTS: Readonly<Record<QuotaName, string>> = {
  'submissions-per-day': 'submissions a day',
  'submissions-per-task-and-day': 'submissions of one task a day',
  'runs-per-day': 'runs a day',
  'hints-per-day': 'hints a day',
  'tasks-per-day': 'new tasks a day',
  'open-hints': 'hints at the same time',
};

/** Time that a hint's stream may take before its first byte and after its last one, beyond its own limit. */
const HINT_SLACK_MS = 30_000;

/** Shares of the quotas that are on. */
function sharesOf(config: Config, wanted: readonly Omit<Share, 'limit'>[]): Share[] {
  return wanted
    .map((share) => ({ ...share, limit: config[LIMITS[share.quota]] }))
    .filter(({ limit, amount }) => limit > 0 && amount > 0);
}

/** A submission, or another judging of one. */
export function submissionCharge(config: Config, useId: string, task: string): Charge {
  const shares = sharesOf(config, [
    { quota: 'submissions-per-task-and-day', amount: 1, task },
    { quota: 'submissions-per-day', amount: 1 },
  ]);
  return { useId, shares };
}

/** A run on the visible tests. */
export function runCharge(config: Config, useId: string): Charge {
  return { useId, shares: sharesOf(config, [{ quota: 'runs-per-day', amount: 1 }]) };
}

/** A hint with its stream. */
export function hintCharge(config: Config, useId: string, day: DaySettings): Charge {
  const leaseMs = config.TUTOR_STREAM_TIMEOUT * 1000 + HINT_SLACK_MS;
  return {
    useId,
    shares: sharesOf(config, [{ quota: 'hints-per-day', amount: 1 }]),
    ...(config.OPEN_HINTS === 0 ? {} : { open: { limit: config.OPEN_HINTS, leaseMs } }),
    day,
  };
}

/** Tasks that somebody asked for; what is planned for a learner is free. */
export function tasksCharge(config: Config, useId: string, amount: number): Charge {
  return { useId, shares: sharesOf(config, [{ quota: 'tasks-per-day', amount }]) };
}

const DayConfig = z.object({
  time_zone: PathConfig.shape.time_zone,
  day_start_hour: PathConfig.shape.day_start_hour,
});

/** How the days of a path's learner are counted, by the path's config as it is stored. */
export function daySettings(config: unknown): DaySettings {
  const { time_zone, day_start_hour } = DayConfig.parse(config);
  return { timeZone: time_zone, startHour: day_start_hour };
}
