import * as z from 'zod';
import { ProblemDetails } from './problem-details.ts';
import { Timestamp } from './text.ts';

/** Rows that an erasure removes, by table. */
export const ErasureCounts = z.object({
  study_paths: z.int().min(0),
  study_tasks: z.int().min(0),
  task_events: z.int().min(0),
  task_transcripts: z.int().min(0),
  /** Events of the log that are no longer rows but in the archive. */
  archived_events: z.int().min(0),
  path_events: z.int().min(0),
  /** Of a learner; erasing one path leaves them. */
  learner_events: z.int().min(0),
  task_evaluations: z.int().min(0),
  idempotency_keys: z.int().min(0),
  module_states: z.int().min(0),
  review_queue: z.int().min(0),
  review_log: z.int().min(0),
  /** Of a learner; erasing one path leaves it. */
  mastery: z.int().min(0),
});
export type ErasureCounts = z.infer<typeof ErasureCounts>;

/** Query, and optional body, of `DELETE /v1/me`; the body wins, as an address may end in a log. */
export const EraseMe = z.strictObject({ confirm: z.string().min(1).max(200).optional() });
export type EraseMe = z.infer<typeof EraseMe>;
export const EraseMeBody = EraseMe.prefault({});

/**
 * What `DELETE /v1/me` needs to hear again as `confirm`: a token for this learner alone, good for ten minutes, with
 * what would be removed as of now. Confirming twice changes nothing more and answers 204 again.
 */
export const Confirmation = z.object({ token: z.string(), expires_at: Timestamp, removes: ErasureCounts });
export type Confirmation = z.infer<typeof Confirmation>;

/**
 * Answer 428 of `DELETE /v1/me` without `confirm`: problem details with the extension member `confirmation`. After the
 * confirmed call (204) nothing of the learner is left, and the same bearer token may begin anew.
 */
export const ConfirmationRequired = ProblemDetails.extend({
  code: z.literal('confirmation-required'),
  confirmation: Confirmation,
});
export type ConfirmationRequired = z.infer<typeof ConfirmationRequired>;
