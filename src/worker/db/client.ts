import { type NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { classify, type Failure } from './failures.ts';
import type { Params, RowsOf, Statement, Step, Steps } from './statement.ts';

/** The database as one request sees it. Each call is one round trip and one transaction. */
export type Database = {
  /** @throws StorageError when the statement failed or its outcome stayed unknown. */
  query<P extends Params, Row>(statement: Statement<P, Row>, params: P): Promise<Row[]>;
  /**
   * Runs the steps in their order as one transaction (READ COMMITTED).
   * @param transaction `effect` says whether it may be sent again when its outcome is unknown, as for a statement.
   * @param answers steps after all others, whose rows are returned.
   * @throws StorageError as `query`; `failure.refusal` says why a guard refused.
   */
  transact<Rows extends unknown[] = []>(
    transaction: Pick<Statement<Params, Rows>, 'name' | 'effect'>,
    steps: readonly Step<unknown>[],
    answers?: Steps<Rows>,
  ): Promise<RowsOf<Rows>>;
};

/** A failed statement; `sqlstate` and `constraint` let a slice recognise the failures that it expects. */
export class StorageError extends Error {
  readonly failure: Failure;
  /** Whether the statement may have been done all the same, in this attempt or an earlier one. */
  readonly doubtful: boolean;

  constructor(statement: string, failure: Failure, doubtful = failure.repeat === 'safe') {
    // The driver's message can quote parameters, and those can hold learner code: only names leave this file.
    const { kind, setup, sqlstate } = failure;
    super([`statement ${statement} failed: ${kind}`, setup, sqlstate].filter(Boolean).join(' '));
    this.name = 'StorageError';
    this.failure = failure;
    this.doubtful = doubtful;
  }
}

export type DatabaseOptions = {
  /** `postgres(ql)://` URL of Neon's pooled host. */
  url: string;
  /** Overrides where `/sql` is reached; local stacks only. */
  fetchEndpoint?: string | undefined;
  /** Milliseconds for one attempt (default 8 s) and for all attempts together (default 10 s). */
  attemptMs?: number;
  totalMs?: number;
};

/** Told of every round trip: name, milliseconds, and the failure if there was one. */
export type Observe = (trip: { statement: string; ms: number; failure: Failure | null }) => void;

const MAX_ATTEMPTS = 3;

type FetchOptions = { fetchOptions: { signal: AbortSignal; requestId: string } };
type DriverInit = Omit<RequestInit, 'headers'> & { headers: Record<string, string>; requestId?: string };

/** The driver has one global fetch hook: it turns our per-query `requestId` into a header the endpoint can count. */
function sendQuery(url: string, { requestId, ...init }: DriverInit): Promise<Response> {
  const named = requestId === undefined ? {} : { 'x-request-id': requestId };
  return fetch(url, { ...init, headers: { ...init.headers, ...named } });
}

/** One client per isolate; `forRequest` gives each request a view that carries its id and counts its trips. */
export function createDatabase({ url, fetchEndpoint, attemptMs = 8000, totalMs = 10_000 }: DatabaseOptions) {
  neonConfig.fetchFunction = sendQuery;
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = fetchEndpoint;
  const sql = neon(url, { disableWarningInBrowsers: true });

  /** Runs an attempt until it succeeds, may not be repeated, or time is up. */
  async function persist<T>(
    { name, effect }: Pick<Statement<Params, unknown>, 'name' | 'effect'>,
    { requestId, observe }: { requestId: string; observe: Observe },
    attempt: (options: FetchOptions) => Promise<unknown>,
  ): Promise<T> {
    const deadline = Date.now() + totalMs;
    let doubtful = false;
    for (let tries = 1; ; tries += 1) {
      const started = Date.now();
      try {
        const signal = AbortSignal.timeout(Math.max(1, Math.min(attemptMs, deadline - started)));
        const found = await attempt({ fetchOptions: { signal, requestId } });
        observe({ statement: name, ms: Date.now() - started, failure: null });
        // The one place where a row's type is believed: the statement's author declares what its SQL selects.
        return found as T;
      } catch (error) {
        const failure = classify(error as NeonDbError);
        observe({ statement: name, ms: Date.now() - started, failure });
        doubtful ||= failure.repeat === 'safe';
        const again = failure.repeat === 'always' || (failure.repeat === 'safe' && effect !== 'write');
        const pause = Math.random() * Math.min(400, 50 * 2 ** tries);
        if (!again || tries >= MAX_ATTEMPTS || Date.now() + pause >= deadline) {
          throw new StorageError(name, failure, doubtful);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  function forRequest(requestId: string, observe: Observe = () => {}): Database {
    const request = { requestId, observe };
    return {
      query: <P extends Params, Row>(statement: Statement<P, Row>, params: P) => {
        const values = statement.bind(params);
        return persist<Row[]>(statement, request, (options) => sql.query(statement.text, values, options));
      },
      async transact<Rows extends unknown[]>(
        transaction: Pick<Statement<Params, Rows>, 'name' | 'effect'>,
        steps: readonly Step<unknown>[],
        answers?: Steps<Rows>,
      ) {
        const all: readonly Step<unknown>[] = [...steps, ...(answers ?? [])];
        const results = await persist<unknown[][]>(transaction, request, (options) =>
          sql.transaction(
            all.map(({ text, values }) => sql.query(text, values)),
            { isolationLevel: 'ReadCommitted', ...options },
          ),
        );
        return results.slice(steps.length) as RowsOf<Rows>;
      },
    };
  }

  return { forRequest };
}
