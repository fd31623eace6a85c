/**
 * One request to the API as data: made by the functions in `calls`, sent by a `Send`. Calls of a `GET` with the same
 * `path` ask for the same thing.
 */
export type Call<T> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From `/` on, with the query. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Media type of the answer. Default `application/json`. */
  accept?: string;
  /** A stream that begins again when it is asked for again: it has no idempotency key. */
  streams?: true;
  /** Milliseconds for this call where that is no matter of the client's `timeoutMs`. */
  timeoutMs?: number;
  /** Makes the result of an answer below 400; `signal` is the caller's. */
  read(response: Response, signal: AbortSignal | undefined): T | Promise<T>;
};

async function readJson<T>(response: Response): Promise<T> {
  return response.status === 204 ? (null as T) : ((await response.json()) as T);
}

/** A segment of a path. */
export const segment = encodeURIComponent;

/** A path with its query. Lists become repeated names; what is undefined or null is left out. */
export function pathOf(path: string, query: object = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one != null) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A call whose answer is JSON. */
export const json = <T>(method: Call<T>['method'], path: string, body?: unknown): Call<T> => ({
  method,
  path,
  body,
  read: readJson,
});

/** A read whose answer is JSON. */
export const get = <T>(path: string, query?: object): Call<T> => json('GET', pathOf(path, query));
