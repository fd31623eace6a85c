/**
 * A bearer token, or where to get one. `renew` is true after one was refused; null then means that there is no other, and
 * the call fails with the refusal. Without a refusal null sends the call without a token.
 */
export type TokenSource = string | ((request: { renew: boolean }) => string | null | Promise<string | null>);

/** `fetch`, or something of the same kind. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type RetryOptions = {
  /** Times that a call is tried in all. Default 3. */
  attempts?: number;
  /** Milliseconds that the first pause may have at most; doubled each time. Default 250. */
  baseMs?: number;
  /** Longest pause in milliseconds; an answer that asks for a longer one is not tried again. Default 20,000. */
  maxMs?: number;
};

export type SendOptions = {
  /** Where the API is, such as `https://study-paths.example`; empty in a page of the same origin. */
  baseUrl: string;
  token: TokenSource;
  /** Default: the `fetch` of the platform. */
  fetch?: Fetch;
  /** Milliseconds for a call whose answer is JSON, all of it. Default 60,000. */
  timeoutMs?: number;
  /** Headers of every request. */
  headers?: Record<string, string>;
};

export type ClientOptions = SendOptions & { retry?: RetryOptions };

export type CallOptions = {
  /** Ends the call, and the stream that it has begun. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the call with all of its answer. Default: the client's; 310,000 for a hint, 300,000 for a file. */
  timeoutMs?: number;
  /** Of a POST: the same key makes it the same request. Default: a new key, the same for all tries. */
  idempotencyKey?: string;
  /** Version or ETag of the task or path that a change was decided on; `precondition-failed` when it is another by now. */
  version?: number | string;
  headers?: Record<string, string>;
};
