/** What the service answers instead of an evaluation; `code` goes out as it is. */
export type FaultCode =
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'NOT_FOUND'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_LANGUAGE'
  | 'CANCELLED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'QUEUE_FULL'
  | 'NOT_READY';

export const FAULT_STATUS = {
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  NOT_FOUND: 404,
  CANCELLED: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_LANGUAGE: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  QUEUE_FULL: 429,
  NOT_READY: 503,
} as const satisfies Record<FaultCode, number>;

export class ServiceFault extends Error {
  readonly code: FaultCode;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | null;
  constructor(code: FaultCode, message: string, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
