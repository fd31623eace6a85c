import type { ErrorHandler, MiddlewareHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { ProblemCode, ProblemDetails } from '#contract/problem-details.ts';
import { UpstreamError } from '../clients/http.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { AppEnv } from './types.ts';

const TYPE_BASE = 'https://study-paths.scimigo.com/problems/';

/** The one place that knows which HTTP status and title a code has. */
const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-url': { status: 400, title: 'The URL is not valid' },
  validation: { status: 422, title: 'The request does not fit its schema' },
  'invalid-query': { status: 400, title: 'The query is not acceptable' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of this list' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'unsupported-encoding': { status: 415, title: 'Compressed bodies are not accepted' },
  'missing-token': { status: 401, title: 'A bearer token is required' },
  'invalid-token': { status: 401, title: 'The bearer token is not valid' },
  'auth-unavailable': { status: 503, title: 'Tokens cannot be verified right now' },
  'not-found': { status: 404, title: 'Nothing was found here' },
  'method-not-allowed': { status: 405, title: 'The method is not available here' },
  'no-active-path': { status: 404, title: 'There is no study path yet' },
  'unknown-problem': { status: 422, title: 'The problem bank does not know this problem' },
  'invalid-transition': { status: 409, title: 'The state of the task does not allow this' },
  'confirmation-required': { status: 428, title: 'This has to be confirmed first' },
  'invalid-confirmation': { status: 403, title: 'The confirmation is not valid' },
  'precondition-failed': { status: 412, title: 'The task has changed since it was read' },
  'invalid-idempotency-key': { status: 422, title: 'The idempotency key is not acceptable' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'request-in-progress': { status: 409, title: 'The same request is still running' },
  'rate-limited': { status: 429, title: 'Too many requests in a short time' },
  'too-many-evaluations': { status: 429, title: 'Too many evaluations at once' },
  'hint-quota': { status: 429, title: 'The task has no hint left' },
  'unsupported-language': { status: 422, title: 'The problem cannot be solved in this language' },
  'nothing-to-evaluate': { status: 409, title: 'There is no submission to evaluate' },
  'not-graded': { status: 409, title: 'The task has no grade' },
  'reviewed-since': { status: 409, title: 'The problem was reviewed again since' },
  'problem-bank-unavailable': { status: 503, title: 'The problem bank is not available' },
  'evaluator-unavailable': { status: 503, title: 'The evaluation service is not available' },
  'tutor-unavailable': { status: 503, title: 'The tutor is not available' },
  'storage-unavailable': { status: 503, title: 'The database is not available' },
  'integrity-error': { status: 500, title: 'Stored data failed its integrity check' },
  'not-configured': { status: 503, title: 'The service is not configured' },
  internal: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** Seconds to wait after a storage failure that may pass by itself; other kinds are bugs. */
const STORAGE_RETRY = { conflict: 1, unavailable: 2, timeout: 5 } as const;

const HTTP_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-json',
  401: 'invalid-token',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
};

/** Turns whatever was thrown into the error that is answered; what nobody expected becomes `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof StorageError) {
    const { kind } = error.failure;
    if (kind === 'constraint' || kind === 'rejected') return new AppError('internal', { cause: error });
    return new AppError('storage-unavailable', { retryAfter: STORAGE_RETRY[kind], cause: error });
  }
  if (error instanceof UpstreamError) {
    return new AppError(`${error.service}-unavailable`, { retryAfter: 5, cause: error });
  }
  const code = error instanceof HTTPException ? HTTP_CODES[error.status] : undefined;
  return new AppError(code ?? 'internal', { cause: error });
}

/** Answer of an error as RFC 9457 problem details. */
export function problemResponse(error: unknown, requestId: string): Response {
  const { code, extras } = toAppError(error);
  const { status, title } = PROBLEMS[code];
  const problem: ProblemDetails = {
    type: `${TYPE_BASE}${code}`,
    title,
    status,
    ...(extras.detail === undefined ? {} : { detail: extras.detail }),
    code,
    request_id: requestId,
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
  };
  const headers = new Headers(extras.headers);
  headers.set('content-type', 'application/problem+json');
  if (extras.retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(extras.retryAfter)));
  return new Response(JSON.stringify({ ...problem, ...extras.members }), { status, headers });
}

/** Only names and places: the message of a stranger's error can quote what a learner sent. */
function describe(error: unknown): string {
  if (error instanceof StorageError || error instanceof UpstreamError) return error.message;
  if (!(error instanceof Error)) return typeof error;
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...places.slice(0, 6).map((line) => line.trim())].join(' | ');
}

/** Hono's `onError`: answers the problem and logs those that are this service's fault. */
export function errorHandler(log: Logger): ErrorHandler<AppEnv> {
  return (error, c) => {
    const requestId = c.get('requestId');
    const known = toAppError(error);
    const { status } = PROBLEMS[known.code];
    if (status >= 500) {
      const fields = { request_id: requestId, code: known.code, cause: describe(known.cause ?? error) };
      if (status === 500) log.error('request_failed', fields);
      else log.warn('request_failed', fields);
    }
    return problemResponse(known, requestId);
  };
}

/** Hono's `notFound`. Answers instead of throwing, so that `rightMethod` can still make a 405 of it. */
export const notFoundHandler: NotFoundHandler<AppEnv> = (c) =>
  problemResponse(new AppError('not-found'), c.get('requestId'));

/** A known path asked with another method: 405 with `Allow`. Goes before the routes of that app. */
export function rightMethod(
  app: Parameters<typeof methodNotAllowed<AppEnv>>[0]['app'],
): MiddlewareHandler<AppEnv> {
  return methodNotAllowed<AppEnv>({
    app,
    onMethodNotAllowed: (c, methods) =>
      problemResponse(
        new AppError('method-not-allowed', { headers: { Allow: methods.join(', ') } }),
        c.get('requestId'),
      ),
  });
}
