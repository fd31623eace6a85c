import type * as z from 'zod';
import { discard, parseJson, readCapped } from './body.ts';
import { type Service, UpstreamError, type UpstreamFault } from './upstream-error.ts';

export { type Service, UpstreamError, type UpstreamFault };

/** Something that answers requests: a service binding, or `globalFetcher`. */
export type Fetcher = { fetch(input: string, init?: RequestInit): Promise<Response> };

/** The runtime's own fetch, which must not be called as the method of another object. */
export const globalFetcher: Fetcher = { fetch: (input, init) => fetch(input, init) };

/** One attempt, for logs and metrics: `outcome` is a status or the fault; `ms` is wall time. */
export type ObservedCall = {
  service: Service;
  requestId: string;
  attempt: number;
  outcome: number | UpstreamFault;
  ms: number;
};
export type Observe = (call: ObservedCall) => void;

export type JsonCall<T> = {
  service: Service;
  fetcher: Fetcher;
  url: string;
  method: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  schema: z.ZodType<T>;
  /** Statuses that are answers beside 200; they come without a value. */
  alsoExpected?: readonly number[];
  /** Milliseconds for everything: all attempts, pauses between them and reading the body. */
  deadlineMs: number;
  /** Largest body believed, in bytes after decompression. */
  capBytes: number;
  /** 1 for a call that must not be repeated. Network faults and `retryStatuses` are tried again. */
  attempts: number;
  retryStatuses?: readonly number[];
  requestId: string;
  observe?: Observe | undefined;
};

/** `bytes` is the length of the body. */
export type JsonAnswer<T> =
  | { ok: true; value: T; etag: string | null; bytes: number }
  | { ok: false; status: number };

const TRANSIENT = [429, 502, 503, 504];
const FIRST_PAUSE_MS = 100;
/** Longest `Retry-After` that is waited for; a longer one is the caller's business. */
const LONGEST_PAUSE_MS = 2000;

/**
 * Calls a neighbour and believes its answer only when status, content type, size and schema are as agreed. Redirects
 * are refused, because they would carry the key to whoever is named there.
 * @throws UpstreamError
 */
export async function callJson<T>(call: JsonCall<T>): Promise<JsonAnswer<T>> {
  const deadline = performance.now() + call.deadlineMs;
  const signal = AbortSignal.timeout(call.deadlineMs);
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    const report = (outcome: number | UpstreamFault) =>
      call.observe?.({
        service: call.service,
        requestId: call.requestId,
        attempt,
        outcome,
        ms: performance.now() - startedAt,
      });
    try {
      const answer = await attemptOnce(call, signal);
      report(answer.ok ? 200 : answer.status);
      return answer;
    } catch (fault) {
      if (!(fault instanceof UpstreamError)) throw fault;
      report(fault.status ?? fault.kind);
      const pause = attempt < call.attempts ? pauseAfter(fault, attempt, call.retryStatuses) : null;
      if (pause === null || performance.now() + pause >= deadline) throw fault;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function attemptOnce<T>(call: JsonCall<T>, signal: AbortSignal): Promise<JsonAnswer<T>> {
  const fail = (kind: UpstreamFault, extras?: ConstructorParameters<typeof UpstreamError>[2]) =>
    new UpstreamError(call.service, kind, extras);
  const response = await bounded(call.service, signal, send(call, signal));
  if (response.status !== 200) {
    discard(response.body);
    if (call.alsoExpected?.includes(response.status)) return { ok: false, status: response.status };
    throw fail('status', { status: response.status, ...retryAfter(response) });
  }
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')) {
    discard(response.body);
    throw fail('not-json');
  }
  const bytes = await bounded(call.service, signal, readCapped(response, call.capBytes, signal));
  if (bytes === null) throw fail('too-large');
  const json = parseJson(bytes);
  if (json === undefined) throw fail('not-json');
  const value = believe(call.schema, json);
  if (value === undefined) throw fail('wrong-schema');
  return { ok: true, value, etag: response.headers.get('etag'), bytes: bytes.byteLength };
}

function send<T>({ fetcher, url, method, headers, body, requestId }: JsonCall<T>, signal: AbortSignal) {
  return fetcher.fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      'x-request-id': requestId,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal,
  });
}

/** Waits for `work` no longer than `signal` allows, also when the neighbour's side ignores the signal. */
async function bounded<T>(service: Service, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const expiry = Promise.withResolvers<never>();
  const expire = () => expiry.reject(signal.reason);
  signal.addEventListener('abort', expire, { once: true });
  if (signal.aborted) expire();
  try {
    return await Promise.race([work, expiry.promise]);
  } catch {
    throw new UpstreamError(service, signal.aborted ? 'timeout' : 'network');
  } finally {
    signal.removeEventListener('abort', expire);
  }
}

/** Undefined when the schema refuses; nesting so deep that the check overflows the stack is refused, too. */
function believe<T>(schema: z.ZodType<T>, json: unknown): T | undefined {
  try {
    return schema.safeParse(json).data;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Milliseconds to wait before the next attempt (full jitter, doubling), or null when another one is pointless. */
function pauseAfter(fault: UpstreamError, attempt: number, statuses = TRANSIENT as readonly number[]) {
  const transient =
    fault.kind === 'network' || (fault.status !== undefined && statuses.includes(fault.status));
  if (!transient || (fault.status === 429 && fault.retryAfter === undefined)) return null;
  const asked = (fault.retryAfter ?? 0) * 1000;
  if (asked > LONGEST_PAUSE_MS) return null;
  return asked + Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
}

function retryAfter(response: Response): { retryAfter?: number } {
  const value = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? { retryAfter: Number(value) } : {};
}
