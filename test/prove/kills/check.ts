import { judge } from '../kit/judge.ts';
import type { Lane } from '../kit/lanes.ts';
import { snapshot } from '../kit/snapshot.ts';
import type { Promises } from './load.ts';

/**
 * Crons of an hour each until nothing may wait any more: everything here is one learner's, so that a cron judges two at
 * a time and puts off the others. Fewer than the 24 hours after which a submission is given up.
 */
export const SWEEPS = 16;

/** After a crash: nothing that was promised is lost, and no log contradicts its table. */
export async function crashFaults(lane: Lane, { accepted }: Promises): Promise<string[]> {
  const found = await snapshot(lane);
  const stored = new Set(found.evaluations.map(({ submission_id }) => submission_id));
  const lost = [...accepted].filter((id) => !stored.has(id)).length;
  return [
    ...(lost > 0 ? [`${lost} of ${accepted.size} accepted submissions are lost`] : []),
    ...judge(found).broken,
  ];
}

/** After the sweep: nothing waits any more. */
export async function sweepFaults(lane: Lane): Promise<string[]> {
  const { evaluations } = await snapshot(lane);
  const waiting = evaluations.filter(({ status }) => status === 'pending').length;
  return waiting > 0 ? [`${waiting} of ${evaluations.length} submissions wait after the sweep`] : [];
}
