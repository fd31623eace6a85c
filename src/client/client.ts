import { transportError } from './errors.ts';
import { hintStream } from './event-stream.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { rowsOf } from './pages.ts';
import { type Call, createTransport } from './transport.ts';
import type * as t from './types.ts';

type Method = Call['method'];
type Extras = Pick<Call, 'query' | 'body' | 'headers'>;

/** The version of a task, or the ETag of a task or path, as `If-Match` takes it. */
function ifMatch(version: number | string | undefined): Record<string, string> {
  if (version === undefined) return {};
  return { 'if-match': typeof version === 'number' ? `"${version}"` : version };
}

/**
 * A client of the API: one method per operation, and `each...` for whole lists. Reads, and POSTs under the key that
 * each gets, are tried again when that may help; other writes only when nothing was done.
 * Every method throws `StudyPathsError`, or the reason of `signal` when that aborts.
 */
export function createClient(settings: ClientOptions) {
  const send = createTransport(settings);

  async function json<T>(
    method: Method,
    path: string,
    options?: CallOptions,
    extras: Extras = {},
    id?: string,
  ) {
    const params = id === undefined ? {} : { id };
    const response = await send({ method, path, params, options, ...extras });
    if (response.status === 204) return null as T;
    try {
      return (await response.json()) as T;
    } catch (cause) {
      options?.signal?.throwIfAborted();
      throw transportError('unexpected-answer', 'The answer is not JSON.', {
        status: response.status,
        cause,
      });
    }
  }

  const client = {
    // Paths
    createPath: (body: t.CreatePath = {}, options?: CallOptions) =>
      json<t.PathCreated>('POST', '/v1/study-paths', options, { body }),
    listPaths: (query: t.ListPathsQuery = {}, options?: CallOptions) =>
      json<t.PathPage>('GET', '/v1/study-paths', options, { query }),
    getCurrentPath: (query: t.GetCurrentPathQuery = {}, options?: CallOptions) =>
      json<t.CurrentPath>('GET', '/v1/study-paths/current', options, { query }),
    changePath: (id: string, config: t.PathConfigChange, options?: CallOptions) =>
      json<t.PathChanged>('PATCH', '/v1/study-paths/{id}', options, { body: { config } }, id),
    /** For good. */
    deletePath: (id: string, options?: CallOptions) =>
      json<null>('DELETE', '/v1/study-paths/{id}', options, {}, id),
    getProgress: (id: string, query: t.GetProgressQuery = {}, options?: CallOptions) =>
      json<t.Progress>('GET', '/v1/study-paths/{id}/progress', options, { query }, id),

    // Tasks
    createTasks: (body: t.CreateTasks, options?: CallOptions) =>
      json<t.TasksCreated>('POST', '/v1/study-tasks/batch', options, { body }),
    /** Null when nothing is left to do. */
    getNextTask: (query: t.GetNextTaskQuery = {}, options?: CallOptions) =>
      json<t.NextTask | null>('GET', '/v1/study-tasks/next', options, { query }),
    listTasks: (query: t.ListTasksQuery = {}, options?: CallOptions) =>
      json<t.TaskPage>('GET', '/v1/study-tasks', options, { query }),
    getTask: (id: string, options?: CallOptions) =>
      json<t.TaskDetail>('GET', '/v1/study-tasks/{id}', options, {}, id),
    /** `version`: the task's version or ETag; the change is refused when it has another one by now. */
    changeTask: (id: string, body: t.PatchTask, options: CallOptions & { version?: number | string } = {}) =>
      json<t.TaskAnswer>(
        'PATCH',
        '/v1/study-tasks/{id}',
        options,
        { body, headers: ifMatch(options.version) },
        id,
      ),
    startTask: (id: string, options?: CallOptions) =>
      json<t.TaskAnswer>('POST', '/v1/study-tasks/{id}/start', options, {}, id),
    listEvents: (id: string, query: t.ListEventsQuery = {}, options?: CallOptions) =>
      json<t.EventPage>('GET', '/v1/study-tasks/{id}/events', options, { query }, id),

    // Evaluations
    /** The evaluation is `pending` when a neighbour of the service is out of reach; it is judged later by itself. */
    submitCode: (id: string, body: t.Submit, options?: CallOptions) =>
      json<t.Judged>('POST', '/v1/study-tasks/{id}/submit', options, { body }, id),
    runCode: (id: string, body: t.Run, options?: CallOptions) =>
      json<t.RunResult>('POST', '/v1/study-tasks/{id}/run', options, { body }, id),
    evaluateAgain: (id: string, body: t.Evaluate = {}, options?: CallOptions) =>
      json<t.Judged>('POST', '/v1/study-tasks/{id}/evaluate', options, { body }, id),

    // Hints
    requestHint: async (id: string, body: t.RequestHint = {}, options?: CallOptions) => {
      const path = '/v1/study-tasks/{id}/hint';
      const accept = 'text/event-stream';
      return hintStream(
        await send({ method: 'POST', path, params: { id }, body, accept, streams: true, options }),
      );
    },
    listHints: (id: string, query: t.ListHintsQuery = {}, options?: CallOptions) =>
      json<t.HintList>('GET', '/v1/study-tasks/{id}/hints', options, { query }, id),

    // Reviews
    listDueReviews: (query: t.ListDueReviewsQuery = {}, options?: CallOptions) =>
      json<t.DueReviewPage>('GET', '/v1/study-tasks/review-due', options, { query }),
    gradeTask: (id: string, grade: t.ReviewGrade, options?: CallOptions) =>
      json<t.GradedTask>('POST', '/v1/study-tasks/{id}/grade', options, { body: { grade } }, id),
    undoGrade: (id: string, options?: CallOptions) =>
      json<t.GradedTask>('DELETE', '/v1/study-tasks/{id}/grade', options, {}, id),
    undoReview: (id: string, options?: CallOptions) =>
      json<t.GradedTask>('DELETE', '/v1/study-tasks/{id}/review', options, {}, id),

    // Files, as they stream; `json()` of the answer is a `TaskExport` or a `LearnerExport`.
    exportTasks: (query: t.ExportTasksQuery, options?: CallOptions) =>
      send({ method: 'GET', path: '/v1/study-tasks/export', query, accept: '*/*', options }),
    exportEverything: (options?: CallOptions) => send({ method: 'GET', path: '/v1/me/export', options }),

    // Privacy
    /** Without `confirm` it throws `confirmation-required`, whose problem has the token to confirm with. For good. */
    eraseLearner: (confirm?: string, options?: CallOptions) =>
      json<null>('DELETE', '/v1/me', options, confirm === undefined ? {} : { body: { confirm } }),

    // Service
    getHealth: (options?: CallOptions) => json<t.Health>('GET', '/healthz', options),
    /** Throws when a neighbour does not answer. */
    getReadiness: (options?: CallOptions) => json<t.Readiness>('GET', '/readyz', options),
  };

  return {
    ...client,
    eachPath: (query: t.ListPathsQuery = {}, options?: CallOptions) =>
      rowsOf((page: t.ListPathsQuery) => client.listPaths(page, options), query),
    eachTask: (query: t.ListTasksQuery = {}, options?: CallOptions) =>
      rowsOf((page: t.ListTasksQuery) => client.listTasks(page, options), query),
    eachEvent: (id: string, query: t.ListEventsQuery = {}, options?: CallOptions) =>
      rowsOf((page: t.ListEventsQuery) => client.listEvents(id, page, options), query),
    eachHint: (id: string, query: t.ListHintsQuery = {}, options?: CallOptions) =>
      rowsOf((page: t.ListHintsQuery) => client.listHints(id, page, options), query),
    eachDueReview: (query: t.ListDueReviewsQuery = {}, options?: CallOptions) =>
      rowsOf((page: t.ListDueReviewsQuery) => client.listDueReviews(page, options), query),
  };
}

export type StudyPathsClient = ReturnType<typeof createClient>;
