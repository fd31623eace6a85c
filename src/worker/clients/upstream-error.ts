import type { UpstreamName } from '#contract/services.ts';

/** A service that the Worker calls, as errors and logs name it. */
export type Service = UpstreamName;

/**
 * Why a call gave nothing to believe. `timeout`: the deadline passed. `network`: no answer or a broken one.
 * `status`: a status other than the expected. `too-large`: past the byte cap. `not-json`: another content type or
 * broken JSON. `wrong-schema`: JSON of another shape. `judge-fault`: the judge reports that it failed itself.
 */
export type UpstreamFault =
  | 'timeout'
  | 'network'
  | 'status'
  | 'too-large'
  | 'not-json'
  | 'wrong-schema'
  | 'judge-fault';

type Extras = {
  status?: number;
  /** Seconds, as the service's `Retry-After` asked. */
  retryAfter?: number;
  /** Which rule the answer broke; a constant of ours, never a text of the service. */
  rule?: string;
};

/** A service failed. Never holds anything of the answer's body, nor of the request, so it is safe to log. */
export class UpstreamError extends Error {
  readonly service: Service;
  readonly kind: UpstreamFault;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;

  constructor(service: Service, kind: UpstreamFault, { status, retryAfter, rule }: Extras = {}) {
    super([`${service}: ${kind}`, status, rule].filter((part) => part !== undefined).join(' '));
    this.name = 'UpstreamError';
    this.service = service;
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
