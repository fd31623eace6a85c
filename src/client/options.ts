/**
 * Where to get a bearer token. `renew` is true after one was refused; null then means that there is no other, and the
 * call fails with the refusal. Otherwise null sends the call without a token.
 */
export type TokenSource = (request: { renew: boolean }) => string | null | Promise<string | null>;

/** `fetch`, or something of the same kind. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Settings of `createSend`. */
export type SendSettings = {
  /** Where the API is, without a slash at the end; empty in a page of the same origin. */
  baseUrl: string;
  token: TokenSource;
  /** Default: the `fetch` of the platform. */
  fetch?: Fetch;
  /** Milliseconds for a call whose answer is JSON, all of it. Default 60,000. */
  timeoutMs?: number;
};

/** What may be said of one call. */
export type SendOptions = {
  /** Ends the call, and the stream that it has begun. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the call with all of its answer. Default: the client's; 310,000 for a hint, 300,000 for a file. */
  timeoutMs?: number;
  /** Of a POST: the same key makes it the same request. Default: a new key, the same for all tries. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
};

export type RetryOptions = {
  /** Times that a call is tried in all. Default 3. */
  attempts?: number;
  /** Milliseconds that the first pause may have at most; doubled each time. Default 250. */
  baseMs?: number;
  /** Longest pause in milliseconds; an answer that asks for a longer one is not tried again. Default 20,000. */
  maxMs?: number;
};

/** Settings of `createClient`. */
export type ClientOptions = Omit<SendSettings, 'token'> & {
  token: string | TokenSource;
  retry?: RetryOptions;
  /** Headers of every request. */
  headers?: Record<string, string>;
};

/** What may be said of one call of a client. */
export type CallOptions = SendOptions & {
  /** Version or ETag of the task or path that a change was decided on; `precondition-failed` when it is another by now. */
  version?: number | string;
};
