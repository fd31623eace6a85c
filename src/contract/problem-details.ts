import * as z from 'zod';

/** Every code an error answer can carry; `type` is `https://study-paths.scimigo.com/problems/<code>`. */
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
  'unsupported-language',
  'nothing-to-evaluate',
  'not-graded',
  'reviewed-since',
  'problem-bank-unavailable',
  'evaluator-unavailable',
  'tutor-unavailable',
  'storage-unavailable',
  'integrity-error',
  'not-configured',
  'internal',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

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
