import type { Call } from './call.ts';
import * as calls from './calls.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { type Rows, rowsOf } from './pages.ts';
import { retrying } from './retry.ts';
import { createSend } from './send.ts';
import type * as t from './types.ts';

type Method<Describe> = Describe extends (...args: infer Args) => Call<infer T>
  ? (...args: [...Args, options?: CallOptions]) => Promise<T>
  : never;

type Operations = { [Name in keyof typeof calls]: Method<(typeof calls)[Name]> };

/** A method for each call: it takes what the call takes, then the options. */
function methodsOf(send: (call: Call<unknown>, options?: CallOptions) => Promise<unknown>): Operations {
  const methods = Object.entries(calls).map(([name, describe]) => {
    const make = describe as (...args: unknown[]) => Call<unknown>;
    // `length` counts all parameters, as none of them has a default value.
    return [name, (...args: unknown[]) => send(make(...args), args[make.length] as CallOptions)];
  });
  return Object.fromEntries(methods) as Operations;
}

function ifMatch(version: number | string | undefined): Record<string, string> {
  if (version === undefined) return {};
  return { 'if-match': typeof version === 'number' ? `"${version}"` : version };
}

/** One method per operation, and `each...` for whole lists. */
export type StudyPathsClient = Operations & {
  eachPath(query?: t.ListPathsQuery, options?: CallOptions): Rows<t.StudyPath>;
  eachTask(query?: t.ListTasksQuery, options?: CallOptions): Rows<t.ListedTask>;
  eachEvent(id: string, query?: t.ListEventsQuery, options?: CallOptions): Rows<t.TaskEvent>;
  eachHint(id: string, query?: t.ListHintsQuery, options?: CallOptions): Rows<t.GivenHint>;
  eachDueReview(query?: t.ListDueReviewsQuery, options?: CallOptions): Rows<t.DueReview>;
};

/**
 * A client of the API. Reads, and POSTs under the key that each gets, are tried again when that may help; other writes
 * only when nothing was done. Every method throws `StudyPathsError`, or the reason of `signal` when that aborts.
 */
export function createClient({
  token,
  baseUrl,
  retry,
  headers,
  ...settings
}: ClientOptions): StudyPathsClient {
  const once = createSend({
    ...settings,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    token: typeof token === 'string' ? ({ renew }) => (renew ? null : token) : token,
  });
  const send = retrying(once, retry);
  const client = methodsOf((call, { version, ...options } = {}) =>
    send(call, { ...options, headers: { ...headers, ...ifMatch(version), ...options.headers } }),
  );
  return {
    ...client,
    eachPath: (query = {}, options) => rowsOf((page) => client.listPaths(page, options), query),
    eachTask: (query = {}, options) => rowsOf((page) => client.listTasks(page, options), query),
    eachEvent: (id, query = {}, options) => rowsOf((page) => client.listEvents(id, page, options), query),
    eachHint: (id, query = {}, options) => rowsOf((page) => client.listHints(id, page, options), query),
    eachDueReview: (query = {}, options) => rowsOf((page) => client.listDueReviews(page, options), query),
  };
}
