import { randomUUID } from 'node:crypto';
import type { PathCreated } from '#contract/paths.ts';
import { judge } from '../kit/judge.ts';
import type { Lane } from '../kit/lanes.ts';
import { dayOf, type TaskState } from '../kit/oracle.ts';
import type { Answer, Ask, Product } from '../kit/product.ts';
import { type Snapshot, snapshot } from '../kit/snapshot.ts';
import type { PlannedFault, Step } from './steps.ts';

/** A broken promise, with the steps that led to it. */
export class HistoryViolation extends Error {
  readonly steps: readonly Step[];
  readonly completion: string;
  constructor(what: string, steps: readonly Step[], completion = 'first_attempt') {
    super(what);
    this.steps = steps;
    this.completion = completion;
  }
}

export type KnownTask = { id: string; problem: string };

/** The clock of a lane: what requests, leases and crons take for the present. */
export type LaneClock = { now: number };

export const BEGIN = Date.parse('2026-03-02T10:00:00Z');

/** Longest that a statement may take before its attempt is given up; on a busy machine that happens by itself. */
export const ATTEMPT_MS = 2000;

/** One learner's history on a lane, and what its steps have found so far. */
export async function openWorld(lane: Lane, product: Product, clock: LaneClock, completion: string) {
  clock.now = BEGIN;
  const owner = `owner-${randomUUID()}`;
  const tokens = {
    owner: await lane.signer.tokenFor(owner),
    stranger: await lane.signer.tokenFor('stranger'),
  };
  const faults: Record<string, number> = {};
  const played: Step[] = [];
  lane.evaluator.reset();
  product.log.length = 0;
  const world = {
    lane,
    product,
    clock,
    owner,
    faults,
    played,
    pathId: '',
    erased: false,
    /** Day on which `next` was asked for last: its first request of a day plans the day. */
    plannedOn: dayOf(BEGIN),
    tasks: [] as KnownTask[],
    /** Submissions that an answer of 2xx has promised, with their tasks. */
    accepted: new Map<string, string>(),
    states: new Map<string, TaskState[]>(),
    found: { paths: [], tasks: [], events: [], evaluations: [], mastery: [] } as Snapshot,

    fail(what: string): never {
      throw new HistoryViolation(what, played, completion);
    },

    ask(who: 'owner' | 'stranger', path: string, options: Ask, requestId: string): Promise<Answer> {
      const headers = { ...options.headers, 'x-request-id': requestId };
      return product.ask(`/v1${path}`, { ...options, headers, token: tokens[who] });
    },

    /** Asks in the owner's name, under one key, again as long as the machine is too slow to answer. */
    async insist(path: string, options: Ask): Promise<Answer> {
      const headers = { 'idempotency-key': randomUUID() };
      for (let tries = 1; ; tries += 1) {
        product.log.length = 0;
        const answer = await world.ask('owner', path, { ...options, headers }, randomUUID());
        if (answer.status !== 503 || tries === 20 || !world.wasSlow()) return answer;
      }
    },

    /** Switches a fault on, runs the work, and heals and counts it. */
    async under<T>(fault: PlannedFault | null, work: () => Promise<T>): Promise<T> {
      if (fault === null) return work();
      const { where, kind, times, match } = fault;
      const wire = { kind, times, delay_ms: 30, status: 503, ...(match === null ? {} : { match }) };
      const put = { database: lane.databaseFaults, evaluator: lane.evaluatorFaults, tutor: lane.tutorFaults }[
        where
      ];
      // An answer after the commit that says nothing at all is the usual one; half of them get a status instead.
      const { status, ...rest } = wire;
      const struck = await put([kind === 'after-commit' && times === 1 ? rest : { ...rest, status }]);
      try {
        return await work();
      } finally {
        faults[kind] = (faults[kind] ?? 0) + (await struck());
      }
    },

    /** Whether a 503 may have come without a planned fault: a statement took longer than an attempt may. */
    wasSlow(): boolean {
      return product.log.some((line) => {
        const entry = JSON.parse(line) as { event: string; ms?: number };
        return entry.event === 'statement-failed' && (entry.ms ?? 0) >= ATTEMPT_MS - 50;
      });
    },

    /** Waits until nothing runs any more, then holds the database against its own log. */
    async look(): Promise<void> {
      await product.settled();
      const before = world.found;
      world.found = await snapshot(lane);
      const { broken, states } = judge(world.found);
      world.states = states;
      if (broken[0] !== undefined) world.fail(broken[0]);
      appended(before, world.found, world.fail);
      if (lane.evaluator.most() > 2) world.fail(`${lane.evaluator.most()} judgings of one learner at once`);
      if (product.slots.held() > 0) world.fail('a slot was not given back');
      for (const task of world.found.tasks) {
        if (world.tasks.every(({ id }) => id !== task.id)) {
          world.tasks.push({ id: task.id, problem: task.problem_id });
        }
      }
    },
  };

  const config = { completion, initial_tasks: 5, expiry_hours: 30, horizon: 6, hints_per_task: null };
  const made = await world.insist('/study-paths', { body: { config } });
  if (made.status !== 201) world.fail(`a path could not be made: ${made.status}`);
  const { path, tasks } = made.body as PathCreated;
  world.pathId = path.id;
  const lesson = { problem_id: 'hashing-1', kind: 'lesson', scheduled_at: new Date(clock.now).toISOString() };
  const python = { problem_id: 'hashing-5', scheduled_at: new Date(clock.now).toISOString() };
  const batch = await world.insist('/study-tasks/batch', {
    body: { path_id: path.id, tasks: [lesson, python] },
  });
  const [lessonId = '', pythonId = ''] = (batch.body as { ids: string[] }).ids;
  const [first, second] = tasks.map(({ id, problem_id }) => ({ id, problem: problem_id }));
  if (first === undefined || second === undefined) throw new HistoryViolation('a path without tasks', []);
  world.tasks.push(first, { id: lessonId, problem: 'hashing-1' }, second, {
    id: pythonId,
    problem: 'hashing-5',
  });
  await world.look();
  return world;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Events are only ever appended: what was there is there, unless the task itself was erased. */
function appended(before: Snapshot, after: Snapshot, fail: (what: string) => never): void {
  const left = new Set(after.tasks.map(({ id }) => id));
  const known = new Map(after.events.map((event) => [`${event.task_id} ${event.seq}`, event]));
  for (const event of before.events) {
    if (!left.has(event.task_id)) continue;
    const now = known.get(`${event.task_id} ${event.seq}`);
    if (JSON.stringify(now) !== JSON.stringify(event)) fail(`event ${event.seq} of a task was changed`);
  }
}
