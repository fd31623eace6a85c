import { randomUUID } from 'node:crypto';
import type { PathCreated } from '#contract/paths.ts';
import type { Lane } from '../kit/lanes.ts';
import type { Answer, Ask, Mutation } from '../kit/product.ts';
import { codeOf } from '../kit/scripted-evaluator.ts';

const START = Date.parse('2026-03-02T10:00:00Z');

/** A lane on which the same race is run again and again, with a clock of its own. */
export function openArena(lane: Lane, mutation?: Mutation) {
  const clock = { now: START };
  const product = lane.product(mutation, { clock: () => new Date(clock.now), evaluatorSeconds: 10 });

  /** A learner with a path and some tasks that nobody has touched. */
  async function newLearner(tasks: number) {
    const name = `racer-${randomUUID()}`;
    const token = await lane.signer.tokenFor(name);
    const ask = (path: string, options: Ask = {}): Promise<Answer> =>
      product.ask(`/v1${path}`, { ...options, token });
    const made = await ask('/study-paths', { body: { config: { initial_tasks: 5, expiry_hours: 1 } } });
    const { path } = made.body as PathCreated;
    const scheduled_at = new Date(clock.now).toISOString();
    const ids: string[] = [];
    for (let left = tasks; left > 0; left -= 500) {
      const batch = Array.from({ length: Math.min(500, left) }, (_, index) => ({
        problem_id: `hashing-${index % 5}`,
        scheduled_at,
      }));
      const answer = await ask('/study-tasks/batch', { body: { path_id: path.id, tasks: batch } });
      ids.push(...(answer.body as { ids: string[] }).ids);
    }
    const submit = (task: string, { hold = 0, key }: { hold?: number; key?: string } = {}) =>
      ask(`/study-tasks/${task}/submit`, {
        body: { language: 'python', code: codeOf({ who: name, pass: 4, hold }) },
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      });
    return { name, pathId: path.id, tasks: ids, ask, submit };
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

/** A race as it is run once on `size` tasks, which is `size` races, or one for which all of them are needed. */
export type Race = {
  name: string;
  size: number;
  /** Races that one run counts as; `size` when absent. */
  counts?: number;
  /** Whether it moves the clock, so that tasks made before are too old for the next run. */
  moves?: boolean;
  /** @returns what went wrong in each that did not end with exactly one winner. */
  run(arena: Arena, racer: Racer, tasks: readonly string[]): Promise<string[]>;
};
