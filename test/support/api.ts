import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { createClient, type NewTask, type PathConfigInput } from '#client/index.ts';
import type { TaskEvent } from '#contract/events.ts';
import type { PathCreated } from '#contract/paths.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import type { Task } from '#contract/tasks.ts';
import { watch } from './watch.ts';

export const stack = inject('stack');

/** One answer: status, headers, and the parsed body, believed to be a `T` by the test that asked. */
export type Answer<T> = { status: number; headers: Headers; body: T; requestId: string };

/** `raw` is a body as it stands, of whatever type the headers say. */
type Options = {
  method?: string;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
  token?: string | null;
};

/**
 * @param seconds until it expires; the issuer's own default without.
 * @param claims beyond the usual ones, or in their place.
 */
export async function tokenFor(
  learner: string,
  seconds?: number,
  claims: Record<string, unknown> = {},
): Promise<string> {
  const response = await fetch(`${stack.issuer}/__local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub: learner, expires_in_seconds: seconds, claims }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** A learner of one's own, so that no test meets another's rows. */
export async function newLearner(name = 'learner', worker = stack.worker) {
  const id = `${name}-${randomUUID()}`;
  return learnerAt({ id, token: await tokenFor(id) }, worker);
}

/** A learner before a Worker of the test's choice. */
export function learnerAt({ id, token }: { id: string; token: string }, worker: string) {
  function request(route: string, options: Options = {}): Promise<Response> {
    const headers: Record<string, string> = { ...options.headers };
    const bearer = options.token === undefined ? token : options.token;
    if (bearer !== null) headers.authorization = `Bearer ${bearer}`;
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    const body = options.body === undefined ? options.raw : JSON.stringify(options.body);
    const init = { method: methodOf(options), headers, ...(body === undefined ? {} : { body }) };
    return fetch(`${worker}${route}`, init);
  }

  const methodOf = ({ method, body, raw }: Options) =>
    method ?? (body === undefined && raw === undefined ? 'GET' : 'POST');

  // A Worker of the test's own may be killed, and then something else answers.
  const watched = (options: Options, route: string, response: Response, text?: string) =>
    worker === stack.worker ? watch(methodOf(options), route, response, text) : response;

  const clientWith = (bearer: string) =>
    createClient({
      baseUrl: worker,
      token: bearer,
      retry: { attempts: 1 },
      fetch: async (url, init) => watched({ method: init.method ?? 'GET' }, url, await fetch(url, init)),
    });
  const client = clientWith(token);

  async function send(route: string, options: Options = {}): Promise<Response> {
    return watched(options, route, await request(route, options));
  }

  async function call<T = ProblemDetails>(route: string, options: Options = {}): Promise<Answer<T>> {
    const response = await request(route, options);
    const text = await response.text();
    watched(options, route, response, text);
    const body = (text === '' ? null : JSON.parse(text)) as T;
    const requestId = response.headers.get('x-request-id') ?? '';
    return { status: response.status, headers: response.headers, body, requestId };
  }

  const post = <T = ProblemDetails>(route: string, body?: unknown, headers?: Record<string, string>) =>
    call<T>(route, { method: 'POST', body, ...(headers === undefined ? {} : { headers }) });

  async function newPath(config: PathConfigInput = {}): Promise<PathCreated & { first_task: Task }> {
    const created = await client.createPath({ config });
    const { first_task } = created;
    if (first_task === null) throw new Error('a path without tasks');
    return { ...created, first_task };
  }

  /**
   * Adds one task for a problem of our own and answers its id. What `extra` states of module, difficulty and tags is
   * stated by the orchestrator in the learner's name.
   */
  async function newTask(pathId: string, problemId: string, extra: Partial<NewTask> = {}): Promise<string> {
    const task = { problem_id: problemId, scheduled_at: new Date().toISOString(), ...extra };
    const states = ['module', 'difficulty', 'topic_tags'].some((key) => key in extra);
    const planner = states ? clientWith(await tokenFor(id, undefined, { scope: 'co' })) : client;
    const [taskId] = (await planner.createTasks({ path_id: pathId, tasks: [task] })).ids;
    if (taskId === undefined) throw new Error('a batch without tasks');
    return taskId;
  }

  async function events(taskId: string): Promise<TaskEvent[]> {
    return (await client.listEvents(taskId)).data;
  }

  return { id, token, client, send, call, post, newPath, newTask, events };
}

export type Learner = Awaited<ReturnType<typeof newLearner>>;

/** Runs the cron of every minute, or another one, at a moment of the test's choice. */
export async function runCron(at = new Date(), cron = '* * * * *'): Promise<void> {
  const name = `${stack.vars.CRON_KEY} ${cron}`;
  const query = new URLSearchParams({ cron: name, time: String(at.getTime()) });
  const response = await fetch(`${stack.worker}/cdn-cgi/handler/scheduled?${query}`);
  const outcome = await response.text();
  if (!response.ok || outcome !== 'ok') throw new Error(`cron: ${outcome}`);
}

/** What the Worker has logged so far. */
export function workerLog(): Promise<string> {
  return readFile(stack.workerLog, 'utf8');
}

/** Makes a neighbour misbehave until the callback has ended. */
export async function withFaults<T>(neighbour: string, faults: unknown[], run: () => Promise<T>): Promise<T> {
  const url = `${neighbour}/__local/faults`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(faults) });
  if (!response.ok) throw new Error(`faults: ${await response.text()}`);
  try {
    return await run();
  } finally {
    await fetch(url, { method: 'DELETE' });
  }
}

/** Database round trips that a request caused, as the Neon endpoint counted them. */
export async function roundTrips(requestId: string): Promise<number> {
  const response = await fetch(`${stack.neon}/__local/round-trips?request_id=${requestId}`);
  const { data } = (await response.json()) as { data: { round_trips: number } };
  return data.round_trips;
}

/** Looks into the database behind the API's back. */
export async function inDatabase<Row extends pg.QueryResultRow>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** As `inDatabase`, with the permission that erasure has: the log lets its events be deleted. */
export function behindTheLog(text: string): Promise<pg.QueryResultRow[]> {
  return inDatabase(`set study_paths.log_change = 'allowed'; ${text}`);
}

/** Takes the tasks of these paths out of the database, with their events and results. */
export async function dropTasks(pathIds: readonly string[]): Promise<void> {
  const tasks = `select id from study_tasks where path_id in (${pathIds.map((id) => `'${id}'`)})`;
  await behindTheLog(
    `with events as (delete from task_events where task_id in (${tasks})) delete from study_tasks where id in (${tasks})`,
  );
}

/** Reference solution of a problem, as the bank's side door gives it. */
export async function solution(problemId: string, language: 'python' | 'javascript'): Promise<string> {
  const response = await fetch(`${stack.bank}/__local/solutions/${problemId}`);
  const { reference_solution } = (await response.json()) as { reference_solution: Record<string, string> };
  const code = reference_solution[language];
  if (code === undefined) throw new Error(`${problemId} has no ${language} solution`);
  return code;
}
