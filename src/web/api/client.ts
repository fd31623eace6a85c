import { randomId } from '../kit/ids.ts';
import { endSession, session } from '../session/session.ts';
import { errorOf, failureOf } from './problem.ts';

/** Thrown when the caller itself aborted: nothing to show. */
export class Aborted extends Error {}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Ends the request early; it then rejects with `Aborted`. */
  signal?: AbortSignal;
  /** Milliseconds until `timeout`; default 15,000. Evaluations take up to 30 s. */
  timeoutMs?: number;
  /** Repeats of a POST that must count once share a key; each call has its own unless given. */
  idempotencyKey?: string;
  /** Version of the task that a PATCH was decided on. */
  ifMatch?: string;
  /** Of the answer that is at hand; 304 says that it still holds. */
  etag?: string;
};

const DEADLINE_MS = 15_000;
/** Answers kept for `If-None-Match`, oldest thrown out first. */
const KEPT_ANSWERS = 40;
const answers = new Map<string, { etag: string; body: unknown }>();
session.subscribe(() => answers.clear());

function keep(path: string, etag: string | null, body: unknown): void {
  answers.delete(path);
  if (etag === null) return;
  answers.set(path, { etag, body });
  if (answers.size <= KEPT_ANSWERS) return;
  const [oldest] = answers.keys();
  if (oldest !== undefined) answers.delete(oldest);
}

function headersFor(options: RequestOptions): Headers {
  const headers = new Headers();
  const current = session.get();
  if (current.state === 'signed-in') headers.set('authorization', `Bearer ${current.token}`);
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.method === 'POST') headers.set('idempotency-key', options.idempotencyKey ?? randomId());
  if (options.ifMatch !== undefined) headers.set('if-match', options.ifMatch);
  if (options.etag !== undefined) headers.set('if-none-match', options.etag);
  return headers;
}

/**
 * Asks the API and answers the response itself, for downloads and streams.
 * @throws ApiError for every answer of 400 and more (401 also ends the session) and when there is none; `Aborted`.
 */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', body, signal, timeoutMs = DEADLINE_MS } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      headers: headersFor(options),
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      cache: 'no-store',
      redirect: 'error',
    });
    if (response.ok || response.status === 304) return response;
    if (response.status === 401) endSession('expired');
    throw await errorOf(response);
  } catch (error) {
    throw failureOf(error, signal) ?? new Aborted();
  }
}

/**
 * Asks the API for JSON and believes that it is a `T`, one of `#contract`; null for an answer without content.
 * @throws ApiError, Aborted: see `send`.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const isRead = options.method === undefined || options.method === 'GET';
  const known = isRead ? answers.get(path) : undefined;
  const response = await send(path, known === undefined ? options : { ...options, etag: known.etag });
  if (response.status === 304) return known?.body as T;
  if (response.status === 204) {
    answers.delete(path);
    return null as T;
  }
  try {
    const body: unknown = await response.json();
    if (isRead) keep(path, response.headers.get('etag'), body);
    return body as T;
  } catch (error) {
    throw failureOf(error, options.signal) ?? new Aborted();
  }
}

type Extra = Omit<RequestOptions, 'method' | 'body'>;

export const api = {
  get: <T>(path: string, extra: Extra = {}) => request<T>(path, extra),
  post: <T>(path: string, body: unknown = {}, extra: Extra = {}) =>
    request<T>(path, { ...extra, method: 'POST', body }),
  patch: <T>(path: string, body: unknown, extra: Extra = {}) =>
    request<T>(path, { ...extra, method: 'PATCH', body }),
  delete: <T>(path: string, extra: Extra = {}) => request<T>(path, { ...extra, method: 'DELETE' }),
};
