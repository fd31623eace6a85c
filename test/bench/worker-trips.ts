import { randomUUID } from 'node:crypto';
import { median, say } from './kit.ts';
import type { Fresh } from './worker-seed.ts';
import type { Stage } from './worker-stage.ts';
import { loadNow, sayVerdict, weather } from './worker-table.ts';
import { PRODUCT, startWorkerd } from './workerd.ts';

/** Database latency, milliseconds. */
const LATENCY = 50;
const GOAL = 1.15;
const TIMES = 9;

type Ask = { learner: string; method?: string; path: string; body?: unknown };
/** `trips`: round trips that it may make; null where it makes as many as its answer needs. */
type Endpoint = { name: string; trips: number | null; ask: () => Ask };

function endpointsOf({ readers, fresh, problems }: Stage): Endpoint[] {
  let asked = 0;
  const reader = () => {
    const one = readers[asked++ % readers.length];
    if (one === undefined) throw new RangeError('no reader');
    return one;
  };
  const read = (name: string, path: (of: ReturnType<typeof reader>) => string, trips: number | null = 1) => ({
    name,
    trips,
    ask: () => {
      const one = reader();
      return { learner: one.learner, path: path(one) };
    },
  });
  const write = (
    name: string,
    method: string,
    path: (of: ReturnType<typeof reader>) => string,
    body: object,
  ) => ({
    name,
    trips: 1,
    ask: () => {
      const one = reader();
      return { learner: one.learner, method, path: path(one), body };
    },
  });
  const onFresh = (name: string, method: string, tail: string, body?: object) => ({
    name,
    trips: 1,
    ask: () => {
      const { learner, taskId }: Fresh = fresh.pop() ?? { learner: '', taskId: '' };
      return { learner, method, path: `/v1/study-tasks/${taskId}${tail}`, body };
    },
  });
  const [first] = problems;
  const task = { problem_id: first?.problem_id, scheduled_at: '2027-01-01T00:00:00Z' };
  return [
    read('next', () => '/v1/study-tasks/next'),
    read('list', () => '/v1/study-tasks'),
    read('task', ({ taskId }) => `/v1/study-tasks/${taskId}`),
    read('events of a task', ({ taskId }) => `/v1/study-tasks/${taskId}/events`),
    read('hints of a task', ({ taskId }) => `/v1/study-tasks/${taskId}/hints`),
    read('reviews due', () => '/v1/study-tasks/review-due'),
    read('paths', () => '/v1/study-paths'),
    read('current path', () => '/v1/study-paths/current'),
    read('progress', ({ pathId }) => `/v1/study-paths/${pathId}/progress`),
    onFresh('start', 'POST', '/start'),
    onFresh('skip', 'PATCH', '', { status: 'skipped', reason: 'known' }),
    write('note on a task', 'PATCH', ({ taskId }) => `/v1/study-tasks/${taskId}`, {
      metadata: { note: randomUUID() },
    }),
    write('change of a path', 'PATCH', ({ pathId }) => `/v1/study-paths/${pathId}`, {
      config: { tasks_per_day: 5 },
    }),
    {
      name: 'batch of one task',
      trips: 1,
      ask: () => {
        const { learner, pathId } = reader();
        const body = { path_id: pathId, tasks: [task] };
        return { learner, method: 'POST', path: '/v1/study-tasks/batch', body };
      },
    },
    {
      name: 'new path',
      trips: null,
      ask: () => ({ ...reader(), method: 'POST', path: '/v1/study-paths', body: {} }),
    },
  ];
}

/**
 * Round trips of every read and single write, as the Neon endpoint of development counts them, and their wall time with
 * 50 ms between the Worker and the database, in units of those.
 * @throws Error when one makes other round trips than it may.
 */
export async function benchTrips(stage: Stage): Promise<void> {
  const { database, tokenOf } = stage;
  const vars = { ...stage.vars, NEON_FETCH_ENDPOINT: database.fetchEndpoint };
  const worker = await startWorkerd({ source: { entry: PRODUCT }, vars, slots: 'memory' });
  const load = loadNow();

  async function send({ learner, method = 'GET', path, body }: Ask): Promise<{ id: string; ms: number }> {
    const id = randomUUID();
    const headers = {
      authorization: `Bearer ${await tokenOf(learner)}`,
      'x-request-id': id,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const at = performance.now();
    const response = await fetch(`${worker.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
    return { id, ms: performance.now() - at };
  }
  async function tripsOf(id: string): Promise<number> {
    const response = await fetch(`${database.url}/__local/round-trips?request_id=${id}`);
    return ((await response.json()) as { data: { round_trips: number } }).data.round_trips;
  }
  async function setLatency(ms: number): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const url = `${database.url}/__local/latency`;
    await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ ms }) });
  }

  /** One statement without a Worker: what machine and endpoint add to the latency by themselves. */
  async function askDirectly(): Promise<number> {
    const at = performance.now();
    const response = await fetch(database.fetchEndpoint, {
      method: 'POST',
      headers: {
        'neon-connection-string': database.workerUrl,
        'neon-raw-text-output': 'true',
        'neon-array-mode': 'true',
      },
      body: JSON.stringify({ query: 'select 1', params: [] }),
    });
    await response.arrayBuffer();
    return performance.now() - at;
  }

  try {
    const wrong: string[] = [];
    say(
      `\nround trips, and wall time at ${LATENCY} ms of database latency in units of it: ${weather(load, [])}`,
    );
    for (let n = 0; n < 3; n += 1) await askDirectly();
    await setLatency(LATENCY);
    const bare = [];
    for (let n = 0; n < TIMES; n += 1) bare.push((await askDirectly()) / LATENCY);
    await setLatency(0);
    sayVerdict({ name: `"select 1" without a Worker, wall at ${LATENCY} ms`, values: bare, goal: '' });
    for (const { name, trips, ask } of endpointsOf(stage)) {
      for (let n = 0; n < 3; n += 1) await send(ask());
      const counted = await tripsOf((await send(ask())).id);
      await setLatency(LATENCY);
      const units = [];
      for (let n = 0; n < TIMES; n += 1) units.push((await send(ask())).ms / LATENCY);
      await setLatency(0);
      const unit = median(units);
      const goal = trips === null ? '' : `trips ${trips}, <= ${GOAL}`;
      const met = trips === null || (counted === trips && unit <= GOAL);
      if (trips !== null && counted !== trips) wrong.push(`${name}: ${counted} round trips`);
      const ends = `${Math.min(...units).toFixed(2)}..${Math.max(...units).toFixed(2)}`;
      say(
        `RATIO ${`${name}: round trips ${counted}, wall at ${LATENCY} ms`.padEnd(58)}${unit.toFixed(2).padStart(8)}  ${ends.padEnd(16)}${goal.padEnd(19)}${goal === '' ? '' : met ? 'ok' : 'MISSED'}`,
      );
    }
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  } finally {
    await worker.close();
  }
}
