import { seededRandom } from '../../simulate/random.ts';
import { startLanes } from '../kit/lanes.ts';
import type { Mutation } from '../kit/product.ts';
import { crashFaults, SWEEPS, sweepFaults } from './check.ts';
import { load, type Promises, prepare, underWay } from './load.ts';

const HOUR = 3_600_000;

export type Killed = { kills: number; accepted: number; problems: string[] };

/** Kills PostgreSQL under load, again and again; after each restart everything that was promised must be there. */
export async function killPostgres(
  { kills, seconds, seed }: { kills: number; seconds: number; seed: number },
  { durable = true, mutation }: { durable?: boolean; mutation?: Mutation } = {},
): Promise<Killed> {
  const random = seededRandom(seed, 'postgres');
  const lanes = await startLanes(1, { durable });
  try {
    const [lane] = lanes.lanes;
    if (lane === undefined) throw new Error('no lane');
    const clock = { ahead: 0 };
    const product = lane.product(mutation, {
      clock: () => new Date(Date.now() + clock.ahead),
      attemptMs: 1500,
      totalMs: 3000,
      evaluatorSeconds: 2,
    });
    const token = await lanes.signer.tokenFor('killed');
    const reach = (path: string, options = {}) => product.ask(path, { ...options, token });
    const tasks = await prepare(reach);
    const promises: Promises = { accepted: new Set() };
    const problems: string[] = [];
    let done = 0;
    // The time is for kills: a slow machine takes long before the first one.
    const started = Date.now();
    while (done < kills && Date.now() - started < seconds * 1000 && problems.length === 0) {
      let stop = false;
      const working = load(reach, () => product.cron('* * * * *'), tasks, random, {
        promises,
        stopped: () => stop,
      });
      await underWay(promises, random);
      lanes.crash();
      done += 1;
      stop = true;
      await working;
      await product.settled();
      await lanes.revive();
      problems.push(...(await crashFaults(lane, promises)));
    }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      clock.ahead += HOUR;
      await product.cron('* * * * *');
    }
    problems.push(...(await sweepFaults(lane)), ...(await crashFaults(lane, promises)));
    if (product.slots.held() > 0) problems.push('a slot was not given back');
    return { kills: done, accepted: promises.accepted.size, problems };
  } finally {
    await lanes.close();
  }
}
