import { errorOf, isStudyPathsError, type StudyPathsError, transportError } from './errors.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { pause, pauseBefore, type Repeat } from './retry.ts';

export type Query = Readonly<Record<string, unknown>>;

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its parameters in braces. */
  path: string;
  params?: Readonly<Record<string, string>>;
  query?: Query | undefined;
  body?: unknown;
  accept?: string;
  headers?: Readonly<Record<string, string>>;
  /** Streams are not kept under a key: sent again, they begin again. */
  streams?: boolean;
  options?: CallOptions | undefined;
};

const TIMEOUT_MS = 60_000;

function urlOf(baseUrl: string, { path, params = {}, query = {} }: Call): string {
  const filled = path.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) search.append(name, String(one));
  }
  const text = search.toString();
  return `${baseUrl.replace(/\/+$/, '')}${filled}${text === '' ? '' : `?${text}`}`;
}

/** A key that nobody else has. Node 18 has no `crypto` of its own in the global scope. */
function newKey(): string {
  const { crypto } = globalThis;
  if (crypto?.randomUUID !== undefined) return crypto.randomUUID();
  return Array.from({ length: 4 }, () => Math.random().toString(36).slice(2)).join('');
}

/** Aborts with either; the caller's signal still counts while the body is read. */
function either(outer: AbortSignal | undefined, inner: AbortController): AbortSignal {
  if (outer === undefined) return inner.signal;
  // Node 18 has no `any`.
  if (AbortSignal.any !== undefined) return AbortSignal.any([outer, inner.signal]);
  outer.addEventListener('abort', () => inner.abort(outer.reason), { once: true });
  return inner.signal;
}

/** Sends requests with a token, a deadline and as many tries as are safe. */
export function createTransport(settings: ClientOptions) {
  const { baseUrl, token, retry, timeoutMs = TIMEOUT_MS } = settings;
  const send = settings.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));

  async function headersOf(call: Call, key: string | null, renew: boolean): Promise<Headers> {
    const headers = new Headers({ ...settings.headers, ...call.headers, ...call.options?.headers });
    headers.set('accept', call.accept ?? 'application/json');
    if (call.path.startsWith('/v1/')) {
      headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token({ renew })}`);
    }
    if (call.body !== undefined) headers.set('content-type', 'application/json');
    if (key !== null) headers.set('idempotency-key', key);
    return headers;
  }

  /** One try. @throws StudyPathsError; the reason of the caller's signal when that has aborted. */
  async function attempt(call: Call, headers: Headers): Promise<Response> {
    const outer = call.options?.signal;
    outer?.throwIfAborted();
    const controller = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, call.options?.timeoutMs ?? timeoutMs);
    try {
      const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
      const init = { method: call.method, headers, signal: either(outer, controller), ...body };
      return await send(urlOf(baseUrl, call), init);
    } catch (cause) {
      outer?.throwIfAborted();
      if (late) throw transportError('timeout', 'The service did not answer in time.', { cause });
      throw transportError('network', 'The service could not be reached.', { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Sends a call and answers what came, whatever it is below 400. A token that is refused is asked for anew, once.
   * @throws StudyPathsError
   */
  return async function call(request: Call): Promise<Response> {
    const keyed = request.method === 'POST' && request.streams !== true;
    const key = request.options?.idempotencyKey ?? (keyed ? newKey() : null);
    const repeat: Repeat = request.method === 'GET' || keyed ? 'repeatable' : 'once';
    let renewed = false;
    for (let tried = 1; ; ) {
      let failure: StudyPathsError;
      try {
        const response = await attempt(request, await headersOf(request, key, renewed));
        if (response.status < 400) return response;
        failure = await errorOf(response);
      } catch (error) {
        if (!isStudyPathsError(error)) throw error;
        failure = error;
      }
      if (failure.code === 'invalid-token' && !renewed && typeof token === 'function') {
        renewed = true;
        continue;
      }
      const wait = pauseBefore(failure, repeat, tried, retry);
      if (wait === null) throw failure;
      await pause(wait, request.options?.signal);
      tried += 1;
    }
  };
}
