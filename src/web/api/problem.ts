import type { ProblemCode, ProblemDetails } from '#contract/problem-details.ts';

/** Codes of the API, and those of what happens on the way to it. */
export type ApiErrorCode = ProblemCode | 'offline' | 'timeout' | 'unreadable';

/** Why a request did not end well, ready to be shown: `message` is a sentence. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly requestId: string | null;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | null;
  /** Which parts of the body were refused. */
  readonly errors: readonly { path: string; message: string }[];
  /** The whole problem document, with the members that only this kind of problem has. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(
    code: ApiErrorCode,
    message: string,
    parts: Partial<Pick<ApiError, 'status' | 'requestId' | 'retryAfter' | 'errors' | 'problem'>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = parts.status ?? 0;
    this.requestId = parts.requestId ?? null;
    this.retryAfter = parts.retryAfter ?? null;
    this.errors = parts.errors ?? [];
    this.problem = parts.problem ?? {};
  }
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds : null;
}

/** The error that an answer with a status of 400 or more stands for. */
export async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as ProblemDetails | null;
  const parts = {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfter: secondsOf(response.headers.get('retry-after')),
  };
  if (typeof problem?.code !== 'string') {
    return new ApiError('unreadable', `The server answered ${response.status} without a reason.`, parts);
  }
  const message = problem.detail ?? `${problem.title}.`;
  return new ApiError(problem.code, message, { ...parts, errors: problem.errors ?? [], problem });
}

/** The error behind a rejected fetch; null when the caller itself gave up. */
export function failureOf(error: unknown, signal: AbortSignal | undefined): ApiError | null {
  if (error instanceof ApiError) return error;
  if (signal?.aborted) return null;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new ApiError('timeout', 'The server took too long to answer.');
  }
  if (error instanceof SyntaxError) return new ApiError('unreadable', 'The answer could not be read.');
  return new ApiError('offline', 'The server could not be reached.');
}
