import { median, say } from './kit.ts';
import { CONNECTIONS, rawRequest, startLoad } from './worker-load.ts';
import { loadNow, weather } from './worker-table.ts';
import { startWorkerd } from './workerd.ts';

const EVALUATIONS = new URL('../../src/worker/evaluations', import.meta.url).pathname;

/** Each request takes a slot and gives it back, as a submission does around its evaluation. */
const SOURCE = `
import { createSlotPool } from ${JSON.stringify(`${EVALUATIONS}/slots.ts`)};
export { LearnerSlots } from ${JSON.stringify(`${EVALUATIONS}/slots-object.ts`)};
export default {
  async fetch(request: Request, env: { LEARNER_SLOTS: never }): Promise<Response> {
    const [, name, learner] = new URL(request.url).pathname.split('/');
    if (name !== 'lease') return new Response('ok');
    const pool = createSlotPool(env.LEARNER_SLOTS, { limit: 20, leaseMs: 60_000 });
    const lease = crypto.randomUUID();
    const { ok } = await pool.acquire(learner, lease);
    await pool.release(learner, lease);
    return new Response(ok ? 'ok' : 'refused', { status: ok ? 200 : 429 });
  },
};`;

/** Acquire and release of the Durable Object on disk: CPU beyond a request that does nothing, and latency. */
export async function benchLease(rounds: number, requests: number): Promise<void> {
  const load = loadNow();
  const worker = await startWorkerd({ source: { contents: SOURCE }, slots: 'disk' });
  const client = startLoad();
  const many = (learner: (n: number) => string) =>
    Array.from({ length: requests }, (_, n) => rawRequest('GET', `/lease/${learner(n)}`));
  const cases = [
    { name: '64 learners, 16 at once', list: many((n) => `learner-${n % 64}`), connections: CONNECTIONS },
    { name: 'one learner, 2 at once', list: many(() => 'learner'), connections: 2 },
    { name: 'one learner, one by one', list: many(() => 'learner'), connections: 1 },
  ];
  const nothing = Array.from({ length: requests }, () => rawRequest('GET', '/healthz'));
  try {
    const seen = cases.map(() => ({
      cpu: [] as number[],
      rps: [] as number[],
      p50: [] as number[],
      p99: [] as number[],
    }));
    const idle: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const base = await client.measure(worker, nothing);
      if (round > 0) idle.push(base.rps);
      for (const [place, { list, connections }] of cases.entries()) {
        const { cpu, rps, p50, p99 } = await client.measure(worker, list, connections);
        const into = seen[place];
        if (round === 0 || into === undefined) continue;
        into.cpu.push(cpu - base.cpu);
        into.rps.push(rps);
        into.p50.push(p50);
        into.p99.push(p99);
      }
    }
    say(`\nlease of the Durable Object, acquire and release: ${weather(load, idle)}`);
    for (const [place, { name }] of cases.entries()) {
      const { cpu = [], rps = [], p50 = [], p99 = [] } = seen[place] ?? {};
      say(
        `lease, ${name.padEnd(26)} CPU ${median(cpu).toFixed(3)} ms (${Math.min(...cpu).toFixed(3)}..${Math.max(...cpu).toFixed(3)}), ` +
          `${median(rps).toFixed(0)}/s, p50 ${median(p50).toFixed(2)} ms, p99 ${median(p99).toFixed(2)} ms`,
      );
    }
  } finally {
    client.close();
    await worker.close();
  }
}
