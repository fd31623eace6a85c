import * as z from 'zod';
import { ProblemDetails } from './problem-details.ts';
import { Timestamp } from './text.ts';

/**
 * What an operator limits for each learner. Those of a day are counted by the learner's local day, which begins at
 * `day_start_hour`; `open-hints` counts the hint streams that are open at the same time.
 */
export const QuotaName = z.enum([
  'submissions-per-day',
  'submissions-per-task-and-day',
  'runs-per-day',
  'hints-per-day',
  'tasks-per-day',
  'open-hints',
]);
export type QuotaName = z.infer<typeof QuotaName>;

/** Answer 429 when one of the operator's quotas is used up: problem details that name it. Nothing was done. */
export const QuotaExceeded = ProblemDetails.extend({
  code: z.literal('quota'),
  quota: QuotaName,
  /** What the quota allows in a day, or at once. */
  limit: z.int().min(1),
  /** What is left of it: more than 0 only where a request asked for more than one. */
  remaining: z.int().min(0),
  /** When it is renewed; for `open-hints`, when the oldest stream ends at the latest. */
  resets_at: Timestamp,
});
export type QuotaExceeded = z.infer<typeof QuotaExceeded>;
