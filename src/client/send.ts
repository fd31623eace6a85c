import type { Call } from './call.ts';
import { errorOf, isStudyPathsError, transportError } from './errors.ts';
import type { SendOptions, SendSettings } from './options.ts';

/** Sends a call and returns its result. @throws StudyPathsError; the reason of `signal` when that aborts. */
export type Send = <T>(call: Call<T>, options?: SendOptions) => Promise<T>;

type Sent = SendOptions & { idempotencyKey: string };

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

function headersOf(call: Call<unknown>, options: Sent, bearer: string | null): Headers {
  const headers = new Headers(options.headers);
  headers.set('accept', call.accept ?? 'application/json');
  if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (isKeyed(call)) headers.set('idempotency-key', options.idempotencyKey);
  return headers;
}

/**
 * Sends each call once, with a token and a deadline; a token that is refused is asked for again, once.
 * `createClient` adds repeats and a method for each operation; an app that counts bytes takes this and the calls it needs.
 */
export function createSend(settings: SendSettings): Send {
  const { baseUrl, token, timeoutMs = TIMEOUT_MS } = settings;
  const ask = settings.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));

  async function attempt<T>(call: Call<T>, options: Sent, bearer: string | null): Promise<T> {
    const { method, path, body } = call;
    const { signal } = options;
    signal?.throwIfAborted();
    const deadline = AbortSignal.timeout(options.timeoutMs ?? call.timeoutMs ?? timeoutMs);
    const init: RequestInit = {
      method,
      headers: headersOf(call, options, bearer),
      signal: either(signal, deadline),
      body: body === undefined ? null : JSON.stringify(body),
    };
    try {
      const response = await ask(baseUrl + path, init);
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
    // The same key with the renewed token: it is the same request.
    const sent = { idempotencyKey: newKey(), ...options };
    if (!call.path.startsWith('/v1/')) return attempt(call, sent, null);
    try {
      return await attempt(call, sent, await token({ renew: false }));
    } catch (error) {
      const refused = isStudyPathsError(error) && error.status === 401;
      const renewed = refused ? await token({ renew: true }) : null;
      if (renewed === null) throw error;
      return attempt(call, sent, renewed);
    }
  };
}
