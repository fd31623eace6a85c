import { randomBytes } from 'node:crypto';
import { upstreamVars } from '#contract/services.ts';
import { say } from './kit.ts';
import { fineCpuMs } from './processes.ts';
import { loadNow, sayVerdict, weather } from './worker-table.ts';
import { PRODUCT, startWorkerd, type WorkerdOptions } from './workerd.ts';

const EMPTY: WorkerdOptions = {
  source: { contents: "export default { fetch: () => new Response('ok') };" },
};

/** A configuration is part of the start: without one the Worker would compose nothing. */
function productOptions(): WorkerdOptions {
  const url = 'http://127.0.0.1:9';
  const key = 'a-key-of-the-bench';
  return {
    source: { entry: PRODUCT },
    slots: 'memory',
    vars: {
      DATABASE_URL: 'postgresql://worker:worker@localhost/postgres',
      JWKS_URL: url,
      ...upstreamVars(() => ({ url, key })),
      CODE_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      CURSOR_SIGNING_KEY: randomBytes(48).toString('base64url'),
    },
  };
}

async function startCpu(options: WorkerdOptions): Promise<number> {
  const worker = await startWorkerd(options);
  const used = fineCpuMs(worker.pid);
  await worker.close();
  return used;
}

/** CPU of a workerd from its start to the first answer, beyond what one with an empty Worker takes. */
export async function benchStartUp(rounds: number): Promise<void> {
  const load = loadNow();
  const over: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const base = await startCpu(EMPTY);
    const full = await startCpu(productOptions());
    // The first time the files are read from the disk.
    if (round === 0) continue;
    empty.push(base);
    over.push(full - base);
  }
  say(`\nstart: ${weather(load, [])}`);
  sayVerdict({ name: 'start-up CPU ms beyond an empty Worker', values: over, goal: '<= 50', digits: 1 });
  sayVerdict({ name: 'start-up CPU ms of an empty Worker', values: empty, goal: '', digits: 1 });
}
