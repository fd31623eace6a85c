import type { Call } from './call.ts';
import { errorOf, isStudyPathsError, transportError } from './errors.ts';
import type { CallOptions, SendOptions } from './options.ts';

/** Sends a call and returns its result. @throws StudyPathsError; the reason of `signal` when that aborts. */
export type Send = <T>(call: Call<T>, options?: CallOptions) => Promise<T>;

const TIMEOUT_MS = 60_000;

/** A key that no other request has. Node 18 has no `crypto` in the global scope, browsers no UUIDs on plain HTTP. */
export function newKey(): string {
  const random = () => Math.random().toString(36).slice(2);
  return globalThis.crypto?.randomUUID?.() ?? `${random()}${random()}${random()}`;
}

/** A POST under an idempotency key may be sent again: it is done once. */
export function isKeyed({ method, streams }: Call<unknown>): boolean {
  return method === 'POST' && !streams;
}

/** Aborts with either. Node 18 has no `AbortSignal.any`. */
function either(outer: AbortSignal | undefined, deadline: AbortSignal): AbortSignal {
  if (outer === undefined) return deadline;
  if (AbortSignal.any !== undefined) return AbortSignal.any([outer, deadline]);
  const both = new AbortController();
  for (const signal of [outer, deadline]) {
    signal.addEventListener('abort', () => both.abort(signal.reason), { once: true });
  }
  return both.signal;
}

function headersOf(call: Call<unknown>, options: CallOptions, bearer: string | null): Headers {
  const { version, idempotencyKey } = options;
  const headers = new Headers(options.headers);
  headers.set('accept', call.accept ?? 'application/json');
  if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (idempotencyKey !== undefined && isKeyed(call)) headers.set('idempotency-key', idempotencyKey);
  if (version !== undefined) {
    headers.set('if-match', typeof version === 'number' ? `"${version}"` : version);
  }
  return headers;
}

/**
 * Sends each call once, with a token and a deadline; a token that is refused is asked for again, once.
 * `createClient` adds repeats and a method for each operation; an app that counts bytes takes this and the calls it needs.
 */
export function createSend(settings: SendOptions): Send {
  const { token, timeoutMs = TIMEOUT_MS } = settings;
  const ask = settings.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const base = settings.baseUrl.replace(/\/+$/, '');

  async function attempt<T>(call: Call<T>, options: CallOptions, bearer: string | null): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const deadline = AbortSignal.timeout(options.timeoutMs ?? call.timeoutMs ?? timeoutMs);
    try {
      const response = await ask(base + call.path, {
        method: call.method,
        headers: headersOf(call, options, bearer),
        signal: either(signal, deadline),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      if (response.status >= 400) throw await errorOf(response);
      return await call.read(response, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      if (isStudyPathsError(cause)) throw cause;
      if (deadline.aborted) throw transportError('timeout', 'The server took too long to answer.', { cause });
      if (cause instanceof SyntaxError) {
        throw transportError('unexpected-answer', 'The answer could not be read.', { cause });
      }
      throw transportError('network', 'The server could not be reached.', { cause });
    }
  }

  return async (call, options = {}) => {
    const bearer = (renew: boolean) => (typeof token === 'string' ? token : token({ renew }));
    const sent = {
      idempotencyKey: newKey(),
      ...options,
      headers: { ...settings.headers, ...options.headers },
    };
    if (!call.path.startsWith('/v1/')) return attempt(call, sent, null);
    try {
      return await attempt(call, sent, await bearer(false));
    } catch (error) {
      if (typeof token === 'string' || !isStudyPathsError(error) || error.status !== 401) throw error;
      const renewed = await bearer(true);
      if (renewed === null) throw error;
      return attempt(call, sent, renewed);
    }
  };
}
