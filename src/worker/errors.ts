import type { ProblemCode } from '#contract/problem-details.ts';

/** One field that was refused: a dotted path (`tasks.3.problem_id`) and what is expected of it. */
export type FieldError = { path: string; message: string };

type Extras = {
  /** Sentence for the person who reads the answer; never holds internals. */
  detail?: string;
  errors?: FieldError[];
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  headers?: Record<string, string>;
  /** Extension members of the answer (RFC 9457, section 3.2), as the contract describes them for this code. */
  members?: Record<string, unknown>;
  /** What went wrong underneath; logged, never answered. */
  cause?: unknown;
};

/** An expected failure, named by a code of the contract; `problem.ts` knows which HTTP status it becomes. */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly extras: Extras;

  constructor(code: ProblemCode, extras: Extras = {}) {
    super(extras.detail ?? code, { cause: extras.cause });
    this.name = 'AppError';
    this.code = code;
    this.extras = extras;
  }
}
