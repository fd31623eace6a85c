import type { ConfirmationRequired, ProblemCode, ProblemDetails, QuotaExceeded } from './types.ts';

/**
 * What went wrong without an answer of the API. `network`: no connection, or a broken one. `timeout`: no answer in time.
 * `unexpected-answer`: an answer that is none of this API, of a proxy, say. `stream-broken`: a hint ended half way.
 */
export type TransportCode = 'network' | 'timeout' | 'unexpected-answer' | 'stream-broken';
export type ErrorCode = ProblemCode | TransportCode;

type ProblemOf<Code extends ErrorCode> = Code extends 'confirmation-required'
  ? ConfirmationRequired
  : Code extends 'quota'
    ? QuotaExceeded
    : Code extends ProblemCode
      ? ProblemDetails & { code: Code }
      : null;

type Parts<Code extends ErrorCode> = {
  status?: number;
  problem: ProblemOf<Code>;
  retryAfter?: number | null;
  requestId?: string | null;
  cause?: unknown;
};

/** Every failure of a call. `code` tells which; `isStudyPathsError` makes TypeScript see what goes with it. */
export class StudyPathsError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The problem document; null when there was none. */
  readonly problem: ProblemOf<Code>;
  /** Seconds that the answer asked to wait; null when it did not. */
  readonly retryAfter: number | null;
  /** Names the request in the service's log. */
  readonly requestId: string | null;

  constructor(code: Code, message: string, parts: Parts<Code>) {
    super(message, { cause: parts.cause });
    this.name = 'StudyPathsError';
    this.code = code;
    this.status = parts.status ?? 0;
    this.problem = parts.problem;
    this.retryAfter = parts.retryAfter ?? null;
    this.requestId = parts.requestId ?? null;
  }
}

/** The error by its code: a `switch` over `code` narrows it. */
export type AnyStudyPathsError = { [Code in ErrorCode]: StudyPathsError<Code> }[ErrorCode];

/** Whether a caught value is an error of this client. */
export function isStudyPathsError(error: unknown): error is AnyStudyPathsError {
  return error instanceof StudyPathsError;
}

/** A failure without an answer of the API. */
export function transportError(
  code: TransportCode,
  message: string,
  parts: Omit<Parts<TransportCode>, 'problem'> = {},
): StudyPathsError<TransportCode> {
  return new StudyPathsError(code, message, { ...parts, problem: null });
}

/** Seconds of `Retry-After` in either of its forms (RFC 9110, section 10.2.3). */
function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const seconds = /^[0-9]{1,9}$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** The error that an answer above 399 stands for; reads its body. */
export async function errorOf(response: Response): Promise<StudyPathsError> {
  const { status, headers } = response;
  const parts = {
    status,
    retryAfter: secondsOf(headers.get('retry-after')),
    requestId: headers.get('x-request-id'),
  };
  // What is no problem document is no answer of this API: its status says all.
  const problem = (await response.json().catch(() => null)) as ProblemOf<ProblemCode> | null;
  if (typeof problem?.code !== 'string') {
    return transportError('unexpected-answer', `The server answered ${status} without a reason.`, parts);
  }
  const { code, title, detail = `${title}.` } = problem;
  return new StudyPathsError<ProblemCode>(code, detail, { ...parts, problem }) as StudyPathsError;
}
