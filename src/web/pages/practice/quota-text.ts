import type { QuotaExceeded, QuotaName } from '#contract/quotas.ts';
import { formatInstant, formatRelative } from '../../time/dates.ts';

const DAILY: Record<Exclude<QuotaName, 'open-hints'>, string> = {
  'submissions-per-day': 'submissions for today',
  'submissions-per-task-and-day': 'submissions of this problem for today',
  'runs-per-day': 'test runs for today',
  'hints-per-day': 'hints for today',
  'tasks-per-day': 'new tasks for today',
};

/** Which quota is used up, and when there is more, in words; `now` in milliseconds since 1970. */
export function quotaText(
  { quota, limit, resets_at }: Pick<QuotaExceeded, 'quota' | 'limit' | 'resets_at'>,
  now: number,
): string {
  if (quota === 'open-hints') {
    return `The tutor is already answering ${limit} of your questions, perhaps in another tab. Wait for one to end.`;
  }
  return `You have used all ${limit} ${DAILY[quota]}. There will be more ${formatRelative(resets_at, now)}, at ${formatInstant(resets_at)}. What you have written is kept here.`;
}
