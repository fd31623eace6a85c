import { setTimeout as sleep } from 'node:timers/promises';
import type { PathCreated } from '#contract/paths.ts';
import type { Random } from '../../simulate/random.ts';
import { codeOf } from '../kit/scripted-evaluator.ts';

/** How a proof of kills reaches the product; a request that is cut off has status 0. */
export type Reach = (
  path: string,
  options?: { method?: string; body?: unknown },
) => Promise<{ status: number; body: unknown }>;

/** What was promised: submissions that were answered with 2xx. */
export type Promises = { accepted: Set<string> };

const CLIENTS = 3;
/** Longest that a kill waits for traffic. */
const MOST_MS = 8000;

/** A path with tasks to be submitted to. */
export async function prepare(reach: Reach): Promise<string[]> {
  const config = { completion: 'until_passed', hints_per_task: null };
  const made = await reach('/v1/study-paths', { body: { config } });
  if (made.status !== 201) throw new Error(`no path: ${made.status}`);
  return (made.body as PathCreated).tasks.map(({ id }) => id);
}

/** Waits until some submissions were accepted, however slow the machine is, and a moment of chance on top of that. */
export async function underWay(promises: Promises, random: Random): Promise<void> {
  const enough = promises.accepted.size + 1 + Math.floor(random.next() * 4);
  const deadline = Date.now() + MOST_MS;
  while (promises.accepted.size < enough && Date.now() < deadline) await sleep(2);
  await sleep(random.next() * 60);
}

/** Submissions, hints and crons side by side until `stopped`; every one may be cut off anywhere. */
export async function load(
  reach: Reach,
  cron: () => Promise<unknown>,
  tasks: readonly string[],
  random: Random,
  { promises, stopped }: { promises: Promises; stopped: () => boolean },
): Promise<void> {
  async function client() {
    while (!stopped()) {
      const task = random.pick(tasks);
      if (random.chance(0.2)) {
        await reach(`/v1/study-tasks/${task}/hint`, { body: {} });
        continue;
      }
      const code = codeOf({
        who: 'anyone',
        pass: Math.floor(random.next() * 4),
        hold: Math.floor(random.next() * 30),
      });
      const { status, body } = await reach(`/v1/study-tasks/${task}/submit`, {
        body: { language: 'python', code },
      });
      if (status === 200 || status === 202) {
        promises.accepted.add((body as { evaluation: { submission_id: string } }).evaluation.submission_id);
      }
      // A runtime that is gone, or has no slot left, is not asked a thousand times a second.
      if (status === 0 || status === 429) await sleep(10);
    }
  }
  async function crons() {
    while (!stopped()) {
      await cron().catch(() => undefined);
      await sleep(20);
    }
  }
  await Promise.all([...Array.from({ length: CLIENTS }, client), crons()]);
}
