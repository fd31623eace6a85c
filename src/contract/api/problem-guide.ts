import type * as z from 'zod';
import { ConfirmationRequired, type ErasureCounts } from '../privacy.ts';
import type { ProblemCode } from '../problem-details.ts';
import { QuotaExceeded } from '../quotas.ts';
import { UNAVAILABLE } from '../services.ts';

type Guide = {
  /** When it is answered. */
  meaning: string;
  /** What a client does about it. */
  action: string;
  /** Members that stand in an answer beside those that follow from the code. */
  example?: { detail?: string; errors?: { path: string; message: string }[] } & Record<string, unknown>;
};

/** Codes whose answer has members of its own. */
export const PROBLEM_SCHEMAS: Readonly<Partial<Record<ProblemCode, z.ZodType>>> = {
  'confirmation-required': ConfirmationRequired,
  quota: QuotaExceeded,
};

function upstreamGuides(): Record<keyof typeof UNAVAILABLE, Guide> {
  const action = 'Try again after `Retry-After`.';
  const entries = Object.entries(UNAVAILABLE).map(([code, { meaning }]) => [code, { meaning, action }]);
  return Object.fromEntries(entries) as Record<keyof typeof UNAVAILABLE, Guide>;
}

/** What each code means to a client, and what to do. */
export const PROBLEM_GUIDE: Readonly<Record<ProblemCode, Guide>> = {
  'malformed-json': {
    meaning: 'The body is not JSON in UTF-8.',
    action: 'Send what a JSON serializer makes, without a byte order mark.',
    example: { detail: 'The body is not JSON in UTF-8.' },
  },
  'malformed-url': {
    meaning: 'The path or the query is not percent-encoded UTF-8, or holds NUL.',
    action: 'Build the URL with an encoder.',
    example: { detail: 'The URL is not percent-encoded UTF-8.' },
  },
  validation: {
    meaning: 'The body is JSON, but not what this operation takes. `errors` names every refused field.',
    action: 'Correct the named fields. The same idempotency key may be used again.',
    example: {
      errors: [{ path: 'language', message: 'Invalid option: expected one of "python"|"javascript"' }],
    },
  },
  'invalid-query': {
    meaning:
      'A query parameter is unknown to the operation, malformed, or given more often than it may be. Unknown ones are refused, so that a misspelt filter does not pass for no filter.',
    action: 'Correct the parameters that `errors` names.',
    example: { errors: [{ path: 'limit', message: 'must be between 1 and 200' }] },
  },
  'invalid-cursor': {
    meaning: 'The cursor was made for another list, other filters or another learner, or was changed.',
    action: 'Begin at the first page, or keep the filters while paging.',
    example: { detail: 'Use next_cursor of the page before, with the same filters.' },
  },
  'payload-too-large': {
    meaning: 'The body has more than 256 KiB.',
    action: 'Send less. Code may have 65,536 characters, metadata 16 KiB.',
    example: { detail: 'A body may have 262144 bytes.' },
  },
  'unsupported-media-type': {
    meaning: 'The body is not declared as JSON in UTF-8.',
    action: 'Send `Content-Type: application/json`; a PATCH may say `application/merge-patch+json`.',
  },
  'unsupported-encoding': {
    meaning: 'The body is compressed.',
    action: 'Send it without `Content-Encoding`.',
  },
  'missing-token': {
    meaning: 'There is no bearer token.',
    action: 'Send `Authorization: Bearer <token>`.',
    example: { detail: 'Send "Authorization: Bearer <token>".' },
  },
  'invalid-token': {
    meaning: 'The token is malformed, expired, signed by somebody else or meant for another service.',
    action: 'Get a new token from the issuer and try once more.',
    example: { detail: 'The token is malformed, expired or not meant for this service.' },
  },
  'auth-unavailable': {
    meaning: 'The issuer’s keys cannot be had, so that no token can be checked.',
    action: 'Try again after `Retry-After`. The token may well be good.',
  },
  'foreign-request': {
    meaning:
      'The request came to a host name that is not one of `ALLOWED_HOSTS`, or from a page whose origin is neither this service’s nor one of `CORS_ORIGINS`.',
    action:
      'Use the documented address; the operator allows further origins. A server sends no `Origin` header.',
    example: { detail: 'Pages of this origin may not use this service.' },
  },
  'not-found': {
    meaning: 'There is no such thing, or it belongs to somebody else; nobody can tell which.',
    action: 'Check the id. Do not try again.',
  },
  'method-not-allowed': {
    meaning: 'The path exists, but not with this method; `Allow` lists those that it has.',
    action: 'Use one of those.',
  },
  'no-active-path': {
    meaning: 'The learner has no path yet, or none of that track.',
    action: 'Create one.',
  },
  'unknown-problem': {
    meaning: 'The problem bank does not hold the task’s problem any more.',
    action: 'Skip the task.',
    example: { detail: 'The problem bank does not hold this problem.' },
  },
  'invalid-transition': {
    meaning: 'The state of the task does not allow this: it has ended, say, or a submission is being judged.',
    action: 'Read the task again and offer what its state allows.',
    example: { detail: 'A problem that is skipped cannot be started.' },
  },
  'confirmation-required': {
    meaning: 'This cannot be undone and has to be asked for twice. `confirmation` holds the token to do so.',
    action: 'Show what would be removed, then send the token back as `confirm` within ten minutes.',
    example: {
      detail: 'This removes everything about you, for good. Send the token back as "confirm" to go on.',
      confirmation: {
        token: 'MTc2NDE1ODQwMA.c2lnbmF0dXJl',
        expires_at: '2026-11-26T10:10:00.000Z',
        removes: {
          study_paths: 1,
          study_tasks: 8,
          task_events: 21,
          task_transcripts: 1,
          archived_events: 0,
          task_evaluations: 2,
          idempotency_keys: 1,
          module_states: 1,
          review_queue: 1,
          review_log: 1,
          mastery: 2,
          path_events: 2,
          learner_events: 3,
        } satisfies ErasureCounts,
      },
    },
  },
  'invalid-confirmation': {
    meaning: 'The confirmation token has expired or belongs to somebody else.',
    action: 'Ask for a new one by calling without `confirm`.',
    example: { detail: 'The confirmation has expired; ask for a new one.' },
  },
  'precondition-failed': {
    meaning: 'The task or path has changed since the client read the versions in `If-Match`.',
    action: 'Read it, apply the change to it and try again with its new `ETag`.',
    example: { detail: 'The task is at version 4.' },
  },
  'invalid-idempotency-key': {
    meaning: 'The idempotency key is empty, too long or not printable ASCII.',
    action: 'Use a UUID.',
    example: { detail: 'Use 1 to 255 printable ASCII characters.' },
  },
  'idempotency-key-reused': {
    meaning: 'The key was used for another request, with another path or body.',
    action: 'Make a new key for each thing that shall happen once.',
  },
  'request-in-progress': {
    meaning: 'A request with this key is still running.',
    action: 'Wait for `Retry-After`, then send the same request again.',
  },
  'rate-limited': {
    meaning: 'The learner has sent more writes, exports or reads of the past in a minute than allowed.',
    action: 'Wait for `Retry-After`.',
    example: { detail: 'At most 120 writes in 60 seconds; wait a little.' },
  },
  'too-many-evaluations': {
    meaning: 'The learner’s evaluation slots are taken. Nothing was stored.',
    action: 'Wait for `Retry-After`, or for a running evaluation to end.',
    example: { detail: 'At most 2 evaluations run at once; wait for one to end.' },
  },
  'hint-quota': {
    meaning: 'The task has had as many hints as its path allows.',
    action: 'Raise `hints_per_task` in the path’s config, or go on without. Waiting does not help.',
    example: { detail: 'The path allows 20 hints for one task.' },
  },
  quota: {
    meaning:
      'The learner has used up one of the operator’s quotas: of submissions, runs, hints or new tasks in a day, or of hints at the same time. `quota` names it. Nothing was done, and the refusal counts for nothing.',
    action:
      'Say which quota it is and that it is renewed at `resets_at`; do not repeat before. With `remaining` above 0, ask for less. A hint’s stream that ends makes room for the next one.',
    example: {
      detail: 'At most 300 submissions a day, and 0 are left until 2026-11-27T03:00:00.000Z.',
      quota: 'submissions-per-day',
      limit: 300,
      remaining: 0,
      resets_at: '2026-11-27T03:00:00.000Z',
    },
  },
  'unsupported-language': {
    meaning: 'The problem cannot be solved in this language.',
    action: 'Offer the languages that the problem names.',
    example: { detail: 'The problem has no javascript version.' },
  },
  'nothing-to-evaluate': {
    meaning: 'No submission of the task is pending or failed.',
    action: 'Name a `submission_id` to judge a submission that has a result.',
    example: { detail: 'No submission of this task waits for a result.' },
  },
  'not-graded': {
    meaning: 'The task has no review to grade: nothing of it was judged.',
    action: 'Grade after the first judged submission.',
    example: {
      detail:
        'No result of this task was graded. Its first judged submission is, unless the problem was worked on again on the day of its last review.',
    },
  },
  'reviewed-since': {
    meaning: 'The problem was reviewed again after this task, and that review builds on this one.',
    action: 'Grade the newest review of the problem.',
    example: { detail: 'A later review of the problem builds on this one; only the newest can change.' },
  },
  ...upstreamGuides(),
  'storage-unavailable': {
    meaning: 'The database does not answer. Whether a write was done may be unknown.',
    action: 'Repeat reads. Repeat a POST with the same `Idempotency-Key`, so that it is done once.',
  },
  'archive-unavailable': {
    meaning:
      'The archive of old events cannot be reached. What is read in part from it is not answered in part.',
    action: 'Try again after `Retry-After`. An erasure has begun; repeat it until it answers 204.',
  },
  'integrity-error': {
    meaning: 'Stored text does not open with its key, or an archived event is not there as it was.',
    action: 'Report the `request_id`. An export holds everything else.',
  },
  'not-configured': {
    meaning: 'Variables of the deployment are missing; `/readyz` names them.',
    action: 'Tell the operator.',
  },
  internal: {
    meaning: 'A fault of this service.',
    action: 'Report the `request_id`. Repeat a POST only with its `Idempotency-Key`.',
  },
};
