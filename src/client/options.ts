/** A bearer token, or where to get one; `renew` is true after one was refused. */
export type TokenSource = string | ((request: { renew: boolean }) => string | Promise<string>);

export type RetryOptions = {
  /** Times that a call is tried in all. Default 3. */
  attempts?: number;
  /** Milliseconds that the first pause may have at most; doubled each time. Default 250. */
  baseMs?: number;
  /** Longest pause in milliseconds; an answer that asks for a longer one is not tried again. Default 20,000. */
  maxMs?: number;
};

export type ClientOptions = {
  /** Where the API is, such as `https://study-paths.example`. */
  baseUrl: string;
  token: TokenSource;
  /** Default: the `fetch` of the platform. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds until an answer begins; judging takes its time. Default 60,000. */
  timeoutMs?: number;
  retry?: RetryOptions;
  /** Headers of every request. */
  headers?: Record<string, string>;
};

export type CallOptions = {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Of a POST: the same key makes it the same request. Default: a new key, kept over all tries. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
};
