import * as z from 'zod';
import { UNAVAILABLE } from './services.ts';

/** An error's `type` is this and its code. */
export const PROBLEM_TYPE = 'https://study-paths.scimigo.com/problems/';

const UPSTREAM_CODES = Object.keys(UNAVAILABLE) as (keyof typeof UNAVAILABLE)[];

/** Every code an error answer can carry. */
export const ProblemCode = z.enum([
  'malformed-json',
  'malformed-url',
  'validation',
  'invalid-query',
  'invalid-cursor',
  'payload-too-large',
  'unsupported-media-type',
  'unsupported-encoding',
  'missing-token',
  'invalid-token',
  'auth-unavailable',
  'foreign-request',
  'not-found',
  'method-not-allowed',
  'no-active-path',
  'unknown-problem',
  'invalid-transition',
  'confirmation-required',
  'invalid-confirmation',
  'precondition-failed',
  'invalid-idempotency-key',
  'idempotency-key-reused',
  'request-in-progress',
  'rate-limited',
  'too-many-evaluations',
  'hint-quota',
  'quota',
  'unsupported-language',
  'nothing-to-evaluate',
  'not-graded',
  'reviewed-since',
  ...UPSTREAM_CODES,
  'storage-unavailable',
  'archive-unavailable',
  'integrity-error',
  'not-configured',
  'internal',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

function upstreamProblems() {
  const entries = UPSTREAM_CODES.map((code) => [code, { status: 503, title: UNAVAILABLE[code].title }]);
  return Object.fromEntries(entries) as Record<
    (typeof UPSTREAM_CODES)[number],
    { status: 503; title: string }
  >;
}

/** The one place that knows which HTTP status and title a code has. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-url': { status: 400, title: 'The URL is not valid' },
  validation: { status: 422, title: 'The request does not fit its schema' },
  'invalid-query': { status: 400, title: 'The query is not acceptable' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of this list' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be declared as JSON' },
  'unsupported-encoding': { status: 415, title: 'Compressed bodies are not accepted' },
  'missing-token': { status: 401, title: 'A bearer token is required' },
  'invalid-token': { status: 401, title: 'The bearer token is not valid' },
  'auth-unavailable': { status: 503, title: 'Tokens cannot be verified right now' },
  'foreign-request': { status: 403, title: 'This name or page is not one of this service' },
  'not-found': { status: 404, title: 'Nothing was found here' },
  'method-not-allowed': { status: 405, title: 'The method is not available here' },
  'no-active-path': { status: 404, title: 'There is no study path yet' },
  'unknown-problem': { status: 422, title: 'The problem bank does not know this problem' },
  'invalid-transition': { status: 409, title: 'The state of the task does not allow this' },
  'confirmation-required': { status: 428, title: 'This has to be confirmed first' },
  'invalid-confirmation': { status: 403, title: 'The confirmation is not valid' },
  'precondition-failed': { status: 412, title: 'The task or path has changed since it was read' },
  'invalid-idempotency-key': { status: 422, title: 'The idempotency key is not acceptable' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'request-in-progress': { status: 409, title: 'The same request is still running' },
  'rate-limited': { status: 429, title: 'Too many requests in a short time' },
  'too-many-evaluations': { status: 429, title: 'Too many evaluations at once' },
  'hint-quota': { status: 429, title: 'The task has no hint left' },
  quota: { status: 429, title: 'A quota is used up' },
  'unsupported-language': { status: 422, title: 'The problem cannot be solved in this language' },
  'nothing-to-evaluate': { status: 409, title: 'There is no submission to evaluate' },
  'not-graded': { status: 409, title: 'The task has no grade' },
  'reviewed-since': { status: 409, title: 'The problem was reviewed again since' },
  ...upstreamProblems(),
  'storage-unavailable': { status: 503, title: 'The database is not available' },
  'archive-unavailable': { status: 503, title: 'The archive of old events is not available' },
  'integrity-error': { status: 500, title: 'Stored data failed its integrity check' },
  'not-configured': { status: 503, title: 'The service is not configured' },
  internal: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** RFC 9457 problem details, as every error of this API answers (`application/problem+json`). */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: ProblemCode,
  request_id: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;
