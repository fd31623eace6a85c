import type { MasteryLevel, MasteryReason } from '#contract/learning.ts';
import type { Accuracy } from '#contract/progress.ts';
import { formatPercent, NOTHING } from '../../time/dates.ts';

export const LEVEL_NAMES: Record<MasteryLevel, string> = {
  unknown: 'Not known yet',
  novice: 'Novice',
  developing: 'Developing',
  proficient: 'Proficient',
  strong: 'Strong',
};

/** Why mastery moved last, as a learner would say it. */
export const REASON_TEXTS: Record<MasteryReason, string> = {
  'first-evidence': 'first result',
  'solved-harder': 'solved something harder than expected',
  'solved-expected': 'solved as expected',
  'partly-above': 'passed more tests than expected',
  'partly-below': 'passed fewer tests than expected',
  'missed-expected': 'missed something hard',
  'missed-easier': 'missed something that should have worked',
  'review-failed': 'forgot something that had been solved',
};

/** Judged tasks below which a share is more luck than skill. */
const FEW = 5;

/** A share with how many tasks stand behind it, such as `80% of 5`, or a dash. */
export function accuracyText({ n, rate }: Accuracy): string {
  if (n === 0) return NOTHING;
  if (rate === null) return `few data (${n})`;
  return `${formatPercent(rate)} of ${n}${n < FEW ? ', few data' : ''}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
