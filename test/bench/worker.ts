import { parseArgs } from 'node:util';
import { median, say } from './kit.ts';
import { compareAnswers, READS } from './worker-compare.ts';
import { benchLease } from './worker-lease.ts';
import { type Figures, type Load, rawRequest, startLoad, type Target } from './worker-load.ts';
import { openStage, type Stage } from './worker-stage.ts';
import { benchStartUp } from './worker-startup.ts';
import { loadNow, sayVerdict, shuffled, weather } from './worker-table.ts';
import { benchTrips } from './worker-trips.ts';

const ENDPOINTS = ['next', 'list', 'start', 'progress'] as const;
type Endpoint = (typeof ENDPOINTS)[number];
const SERVERS = ['worker', 'fastify', 'naive'] as const;
type Server = (typeof SERVERS)[number] | 'before';
type Cell = `${Endpoint} ${Server}` | 'nothing worker' | 'nothing fastify' | 'hop worker';

/** CPU of the Worker over that of the fetch-hop floor (notes on performance, section 7). */
const FLOOR_GOALS: Readonly<Record<Endpoint, string>> = {
  next: '<= 1.3',
  list: '<= 1.6',
  progress: '<= 1.6',
  start: '',
};

type Work = { target: Target; requests(): readonly string[] };

/** Each cell with the server that it loads and the requests of one round. */
async function worksOf(stage: Stage, requests: number): Promise<Map<Cell, Work>> {
  const texts = { next: [] as string[], list: [] as string[], progress: [] as string[] };
  for (const { learner, pathId } of stage.readers) {
    const token = await stage.tokenOf(learner);
    for (const read of ['next', 'list', 'progress'] as const)
      texts[read].push(rawRequest('GET', READS[read](pathId), token));
  }
  for (const { learner } of stage.fresh) await stage.tokenOf(learner);
  const starts: string[] = [];
  for (const { learner, taskId } of stage.fresh)
    starts.push(rawRequest('POST', `/v1/study-tasks/${taskId}/start`, await stage.tokenOf(learner)));
  const repeated = (list: readonly string[]) =>
    Array.from({ length: requests }, (_, n) => list[n % list.length] ?? '');
  const works = new Map<Cell, Work>();
  for (const endpoint of ENDPOINTS) {
    const take = endpoint === 'start' ? () => starts.splice(0, requests) : () => repeated(texts[endpoint]);
    for (const server of SERVERS)
      works.set(`${endpoint} ${server}`, { target: stage[server], requests: take });
    if (stage.before !== null) works.set(`${endpoint} before`, { target: stage.before, requests: take });
  }
  const idle = repeated([rawRequest('GET', '/healthz')]);
  works.set('nothing worker', { target: stage.floor, requests: () => idle });
  works.set('nothing fastify', { target: stage.fastify, requests: () => idle });
  works.set('hop worker', { target: stage.floor, requests: () => repeated([rawRequest('GET', '/hop')]) });
  return works;
}

type Rounds = ReadonlyMap<Cell, readonly Figures[]>;

async function measure(load: Load, works: ReadonlyMap<Cell, Work>, rounds: number): Promise<Rounds> {
  const seen = new Map<Cell, Figures[]>([...works.keys()].map((cell) => [cell, []]));
  // The first round is for the compilers and the caches.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [cell, { target, requests }] of shuffled([...works])) {
      const figures = await load.measure(target, requests());
      if (round > 0) seen.get(cell)?.push(figures);
    }
  }
  return seen;
}

function ratios(rounds: Rounds, of: Cell, to: Cell, figure: 'rps' | 'cpu'): number[] {
  const below = rounds.get(to) ?? [];
  return (rounds.get(of) ?? []).map((one, round) => one[figure] / (below[round]?.[figure] ?? Number.NaN));
}

function report(rounds: Rounds): void {
  for (const endpoint of ENDPOINTS) {
    const [ours, rival, naive]: Cell[] = [`${endpoint} worker`, `${endpoint} fastify`, `${endpoint} naive`];
    if (ours === undefined || rival === undefined || naive === undefined) continue;
    sayVerdict({
      name: `${endpoint}: requests/s, Worker to Fastify + pg (stretch 1.0)`,
      values: ratios(rounds, ours, rival, 'rps'),
      goal: '>= 0.85',
    });
    sayVerdict({
      name: `${endpoint}: CPU per request, Worker to Fastify + pg`,
      values: ratios(rounds, ours, rival, 'cpu'),
      goal: '<= 1',
    });
    sayVerdict({
      name: `${endpoint}: CPU per request, Worker to naive build`,
      values: ratios(rounds, ours, naive, 'cpu'),
      goal: '<= 0.5',
    });
    sayVerdict({
      name: `${endpoint}: CPU per request, Worker to fetch-hop floor`,
      values: ratios(rounds, ours, 'hop worker', 'cpu'),
      goal: FLOOR_GOALS[endpoint],
    });
    const before: Cell = `${endpoint} before`;
    if (!rounds.has(before)) continue;
    sayVerdict({
      name: `${endpoint}: CPU per request, Worker to the one before`,
      values: ratios(rounds, ours, before, 'cpu'),
      goal: '',
    });
    sayVerdict({
      name: `${endpoint}: requests/s, Worker to the one before`,
      values: ratios(rounds, ours, before, 'rps'),
      goal: '',
    });
  }
  say('\nendpoint   server     requests/s (min..max)      CPU s/1000 (min..max)     p50 ms  p99 ms');
  for (const [cell, figures] of rounds) {
    const [endpoint = '', server = ''] = cell.split(' ');
    const column = (key: keyof Figures, digits: number) => {
      const values = figures.map((one) => one[key]);
      const ends = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
      return `${median(values).toFixed(digits).padStart(8)} (${ends.join('..')})`.padEnd(26);
    };
    const latency = (key: 'p50' | 'p99') =>
      median(figures.map((one) => one[key]))
        .toFixed(1)
        .padStart(8);
    say(
      `${endpoint.padEnd(11)}${server.padEnd(8)}${column('rps', 0)}${column('cpu', 3)}${latency('p50')}${latency('p99')}`,
    );
  }
}

type Wish = { rounds: number; requests: number; named: boolean; before: string | null };

async function benchRequests({ rounds, requests, named, before }: Wish): Promise<void> {
  const load = loadNow();
  const servers = SERVERS.length + (before === null ? 0 : 1);
  const stage = await openStage({ fresh: requests * servers * (rounds + 1) + 200, named, before });
  const client = startLoad();
  try {
    const compared = await compareAnswers(stage);
    const seen = await measure(client, await worksOf(stage, requests), rounds);
    const idle = (seen.get('nothing worker') ?? []).map(({ rps }) => rps);
    say(
      `\nworkerd beside Fastify + pg: ${rounds} interleaved rounds of ${requests} requests over 16 connections, ` +
        `${named ? 'named' : 'unnamed'} statements on all sides`,
    );
    say(weather(load, idle));
    say(compared);
    report(seen);
    await benchTrips(stage);
  } finally {
    client.close();
    await stage.close();
  }
}

/**
 * The Worker on workerd: CPU and rate beside Fastify + pg, the naive build and the floor; round trips and time at 50 ms
 * of database latency; leases of the Durable Object; start-up.
 * `--rounds` (5), `--requests` of a round (2000), `--unnamed` for statements that are planned each time, `--before` for
 * another checkout whose Worker runs in the same rounds, `--only requests` to leave out leases and start-up.
 * @throws Error when two servers answer differently, or an endpoint makes more round trips than it may.
 */
export async function benchWorker(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '5' },
      requests: { type: 'string', default: '2000' },
      unnamed: { type: 'boolean', default: false },
      before: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  const requests = Number(values.requests);
  await benchRequests({ rounds, requests, named: !values.unnamed, before: values.before ?? null });
  if (values.only === 'requests') return;
  await benchLease(rounds, Math.ceil(requests / 4));
  await benchStartUp(rounds);
}
