import { ProblemDetails } from '#contract/problem-details.ts';
import { seededRandom } from '../simulate/random.ts';
import { NO_QUOTAS } from '../support/no-quotas.ts';
import { type Lane, startLanes } from './kit/lanes.ts';
import type { Answer, Ask, Mutation } from './kit/product.ts';
import { plannedRoutes } from './kit/routes.ts';
import type { Mutant, Proof, Report, Row } from './module.ts';
import { INPUT_BUGS } from './mutants/naughty.ts';
import { jsonSuite } from './naughty/json-suite.ts';
import { ALL_VALUES, type Ids, rawRequests, type Slot, slotsOf } from './naughty/slots.ts';
import { storedFaults } from './naughty/stored.ts';
import { EDGES, type Naughty, STRINGS } from './naughty/values.ts';
import { openTenant, rowsOf, type Tenant } from './tenancy/tenants.ts';

/** Requests of `npm run prove -- all`, and the seconds that they may take at most. */
const RUNS = 8000;
const SECONDS = 45;
const AT_ONCE = 4;
/** Tasks that take turns, so that none gathers thousands of submissions. */
const TASKS = 100;
/** Tasks that one batch takes. */
const MOST_TASKS = 500;

/** What an answer must not be, whatever was asked. */
function faultOf({ status, headers, text }: Answer): string | null {
  if (status >= 500) return `answered ${status}`;
  if (status < 400) return null;
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json'))
    return `${status} is no problem document`;
  const problem = ProblemDetails.safeParse(JSON.parse(text));
  return problem.success && problem.data.status === status
    ? null
    : `${status} is a malformed problem document`;
}

type Amount = {
  requests: number;
  stored: number;
  seconds: number;
  seed: number;
  /** Whether the JSON parsing suite is sent, too. */
  suite: boolean;
  /** Whether the first problem is enough. */
  first?: boolean;
};

type Outcome = {
  requests: number;
  stored: number;
  suite: number | null;
  problems: string[];
  seconds: number[];
};

/** Naughty values in every place of every route, then in everything that keeps a text, then the JSON suite. */
export async function onslaught(
  lane: Lane,
  { requests, stored, seconds, seed, suite: wantsSuite, first = false }: Amount,
  mutation?: Mutation,
): Promise<Outcome> {
  // A learner sends more here than a day allows.
  const product = lane.product(mutation, { vars: NO_QUOTAS });
  const problems: string[] = [];
  const [mine, other] = [await openTenant(lane, product, 'mine'), await openTenant(lane, product, 'other')];
  const before = await rowsOf(lane, other);
  const ids = await tasksOf(mine, TASKS);
  const { routes, missing } = plannedRoutes(product);
  for (const name of missing) problems.push(`${name} is not in the list`);
  let turn = 0;
  function idsNow(): Ids {
    turn += 1;
    return { task: ids[turn % ids.length] ?? mine.task, path: mine.path };
  }
  async function send(name: string, [path, ask]: [string, Ask]): Promise<void> {
    const fault = faultOf(await mine.ask(path, ask));
    if (fault !== null) problems.push(`${name}: ${fault}`);
  }

  const begun = Date.now();
  // Whole routes go, and erasing everything needs a token that no value is.
  const slots = routes
    .flatMap((route) => slotsOf(route))
    .filter(({ name }) => !/^DELETE \/v1\/study-paths\S+ [^:]/.test(name));
  const raw = routes.flatMap((route) =>
    rawRequests(route, idsNow()).map((one) => [route.name, one] as const),
  );
  const pairs = chosen(slots, requests - raw.length, seed);
  let sent = 0;
  const queue = pairs.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [slot, value] of queue) {
        if (Date.now() - begun > seconds * 1000 || (first && problems.length > 0)) break;
        const request = slot.request(value, idsNow());
        if (request === null) continue;
        sent += 1;
        await send(`${slot.name} = ${value.json.slice(0, 60)}`, request);
      }
    }),
  );
  for (const [name, request] of raw) await send(`${name} ${request[0]}`, request);
  const between = Date.now();

  let kept = 0;
  const all = [...EDGES, ...STRINGS];
  const step = Math.ceil(all.length / stored);
  const values = all.filter((_, index) => index % step === 0);
  // A task of its own for each value: one that was skipped takes no code, and no second reason.
  const own = await tasksOf(mine, values.length);
  for (const [index, value] of values.entries()) {
    if (Date.now() - between > seconds * 1000 || (first && problems.length > 0)) break;
    const result = await storedFaults(mine.ask, { task: own[index] ?? mine.task, path: mine.path }, value);
    kept += result.kept;
    problems.push(...result.problems);
  }
  const suite = wantsSuite ? await jsonSuite(mine.ask, ids[0] ?? mine.task) : null;
  problems.push(...(suite?.problems ?? []));
  await product.settled();
  if ((await rowsOf(lane, other)) !== before) problems.push("another learner's rows have changed");
  if ({}.constructor !== Object || Reflect.has({}, 'admin')) problems.push('a prototype was reached');
  await lane.empty();
  return {
    requests: sent + raw.length,
    stored: kept,
    suite: suite?.run ?? null,
    problems,
    seconds: [(between - begun) / 1000, (Date.now() - between) / 1000],
  };
}

async function tasksOf({ ask, path }: Pick<Tenant, 'ask' | 'path'>, count: number): Promise<string[]> {
  const task = { problem_id: 'hashing-1', scheduled_at: '2099-01-01T00:00:00Z' };
  const ids: string[] = [];
  while (ids.length < count) {
    const tasks = Array.from({ length: Math.min(MOST_TASKS, count - ids.length) }, () => task);
    const made = await ask('/v1/study-tasks/batch', { body: { path_id: path, tasks } });
    ids.push(...(made.body as { ids: string[] }).ids);
  }
  return ids;
}

/** So many pairs of places and values by chance; every value and every place is among them when there is room. */
function chosen(slots: readonly Slot[], count: number, seed: number): [Slot, Naughty][] {
  const random = seededRandom(seed, 'naughty');
  const pairs = slots.flatMap((slot) => ALL_VALUES.map((value): [Slot, Naughty] => [slot, value]));
  for (let index = pairs.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random.next() * (index + 1));
    const [a, b] = [pairs[index], pairs[other]];
    if (a !== undefined && b !== undefined) [pairs[index], pairs[other]] = [b, a];
  }
  return pairs.slice(0, Math.max(0, count));
}

export const proof: Proof = {
  name: 'naughty',
  seconds: 120,
  async run({ runs, seed }): Promise<Report> {
    const started = Date.now();
    const { lanes, close } = await startLanes(1);
    try {
      const [lane] = lanes;
      if (lane === undefined) throw new Error('no lane');
      const amount = {
        requests: runs ?? RUNS,
        stored: Math.min(1000, runs ?? 1000),
        seconds: runs === null ? SECONDS : 24 * 3600,
        seed,
        suite: true,
      };
      const found = await onslaught(lane, amount);
      const [asking = 0, keeping = 0] = found.seconds;
      const rows: Row[] = [
        {
          name: 'values in every place of every route',
          runs: found.requests,
          faults: {},
          violations: found.problems.length,
          seconds: asking,
        },
        {
          name: 'values kept and read again, JSON suite',
          runs: found.stored + (found.suite ?? 0),
          faults: {},
          violations: 0,
          seconds: keeping,
        },
      ];
      const violations = found.problems
        .slice(0, 20)
        .map((what) => ({ what, replay: `npm run prove -- naughty --seed ${seed}` }));
      const mutants: Mutant[] = [];
      for (const { name, mutation, shows } of INPUT_BUGS) {
        const amount = shows === 'kept' ? { requests: 0, stored: 110 } : { requests: 4000, stored: 1 };
        const { problems } = await onslaught(
          lane,
          { ...amount, seconds: 30, seed, suite: false, first: true },
          mutation,
        );
        mutants.push({ name, caught: problems[0] ?? null });
      }
      return { rows, violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await close();
    }
  },
};
