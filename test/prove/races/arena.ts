import { randomUUID } from 'node:crypto';
import type { PathCreated } from '#contract/paths.ts';
import type { Lane } from '../kit/lanes.ts';
import type { Answer, Ask, Mutation } from '../kit/product.ts';
import { codeOf } from '../kit/scripted-evaluator.ts';

const HOUR = 3_600_000;
/** Tasks that one batch takes. */
const MOST_TASKS = 500;
const START = Date.parse('2026-03-02T10:00:00Z');

/** A lane on which the same race is run again and again, with a clock of its own. */
/** Milliseconds between two renewals: the arena's clock moves by jumps, so leases are renewed often in real time. */
const RENEW_MS = 20;

export function openArena(lane: Lane, race: Pick<Race, 'seconds' | 'vars'>, mutation?: Mutation) {
  const clock = { now: START };
  const product = lane.product(mutation, {
    clock: () => new Date(clock.now),
    evaluatorSeconds: race.seconds ?? 10,
    renewMs: RENEW_MS,
    vars: race.vars ?? {},
  });

  /**
   * A learner with a path and tasks that nobody has touched, for so many races one after the other. Where each race moves
   * the clock, the tasks of the next one are planned so much later, that the clock does not make them too old.
   */
  async function newLearner({ races, size, moves = 0 }: Pick<Race, 'size' | 'moves'> & { races: number }) {
    const name = `racer-${randomUUID()}`;
    const token = await lane.signer.tokenFor(name);
    const ask = (path: string, options: Ask = {}): Promise<Answer> =>
      product.ask(`/v1${path}`, { ...options, token });
    const made = await ask('/study-paths', { body: { config: { initial_tasks: 5, expiry_hours: 1 } } });
    const { path, tasks: given } = made.body as PathCreated;
    const wanted = Array.from({ length: races * size }, (_, index) => ({
      problem_id: `hashing-${index % 5}`,
      scheduled_at: new Date(clock.now + Math.floor(index / size) * moves * HOUR).toISOString(),
    }));
    const ids: string[] = [];
    for (let at = 0; at < wanted.length; at += MOST_TASKS) {
      const batch = wanted.slice(at, at + MOST_TASKS);
      const answer = await ask('/study-tasks/batch', { body: { path_id: path.id, tasks: batch } });
      ids.push(...(answer.body as { ids: string[] }).ids);
    }
    const submit = (
      task: string,
      { hold = 0, pass = 4, key }: { hold?: number; pass?: number; key?: string } = {},
    ) =>
      ask(`/study-tasks/${task}/submit`, {
        body: { language: 'python', code: codeOf({ who: name, pass, hold }) },
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      });
    return { name, pathId: path.id, given: given.map(({ id }) => id), tasks: ids, ask, submit };
  }

  return {
    lane,
    product,
    clock,
    newLearner,
    /** How often each type of event stands in the log of each of these tasks. */
    async events(tasks: readonly string[]): Promise<Map<string, string[]>> {
      const rows = await lane.rows<{ task_id: string; types: string[] }>(
        `select task_id, array_agg(event_type::text || coalesce(':' || (payload->>'to'), '') order by seq) as types
         from task_events where task_id = any($1) group by task_id`,
        [tasks],
      );
      return new Map(rows.map(({ task_id, types }) => [task_id, types]));
    },
  };
}

export type Arena = ReturnType<typeof openArena>;
export type Racer = Awaited<ReturnType<Arena['newLearner']>>;

/** A learner in a race, with the tasks that it is about. */
export type Entrant = { racer: Racer; tasks: readonly string[] };

/** A race as it is run once: every task of every entrant is a race of its own, unless `counts` says how many it is. */
export type Race = {
  name: string;
  /** Tasks of each entrant. */
  size: number;
  counts?: number;
  /**
   * Learners who meet. All of them under one clock and one cron when `moves` is given; else each runs races of its own,
   * side by side with the others.
   */
  racers: number;
  /** Hours that a race moves the clock. */
  moves?: number;
  /** Limits of the operator that the race is about. */
  vars?: Record<string, number>;
  /** Whether an entrant's tasks serve for all of its races. */
  reuses?: boolean;
  /** EVAL_SERVICE_TIMEOUT, 10 without. */
  seconds?: number;
  /** @returns what went wrong in each that did not end with exactly one winner. */
  run(arena: Arena, entrants: readonly Entrant[]): Promise<string[]>;
};
