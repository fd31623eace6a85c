import type { ErrorHandler, MiddlewareHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode, type ProblemDetails } from '#contract/problem-details.ts';
import { unavailableCode } from '#contract/services.ts';
import { UpstreamError } from '../clients/http.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { AppEnv } from './types.ts';

/** Seconds to wait after a storage failure that may pass by itself; other kinds are bugs. */
const STORAGE_RETRY = { conflict: 1, unavailable: 2, timeout: 5, misconfigured: 30 } as const;

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
    if (kind === 'constraint' || kind === 'refused' || kind === 'rejected')
      return new AppError('internal', { cause: error });
    return new AppError('storage-unavailable', { retryAfter: STORAGE_RETRY[kind], cause: error });
  }
  if (error instanceof UpstreamError) {
    return new AppError(unavailableCode(error.service) ?? 'internal', { retryAfter: 5, cause: error });
  }
  const code = error instanceof HTTPException ? HTTP_CODES[error.status] : undefined;
  return new AppError(code ?? 'internal', { cause: error });
}

/** Answer of an error as RFC 9457 problem details. */
export function problemResponse(error: unknown, requestId: string): Response {
  const { code, extras } = toAppError(error);
  const { status, title } = PROBLEMS[code];
  const problem: ProblemDetails = {
    type: `${PROBLEM_TYPE}${code}`,
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

/** A text as cause of one of our own errors is a fixed word; whatever else was thrown is described. */
function causeOf(error: unknown, { cause }: AppError): string {
  return error instanceof AppError && typeof cause === 'string' ? cause : describe(cause ?? error);
}

/** Hono's `onError`: answers the problem and logs those that are this service's fault. */
export function errorHandler(log: Logger): ErrorHandler<AppEnv> {
  return (error, c) => {
    const requestId = c.get('requestId');
    const known = toAppError(error);
    const { status } = PROBLEMS[known.code];
    if (status >= 500) {
      const fields = { request_id: requestId, code: known.code, cause: causeOf(error, known) };
      if (status === 500) log.error('request-failed', fields);
      else log.warn('request-failed', fields);
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
