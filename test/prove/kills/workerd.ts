import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startIssuer } from '#services/issuer/index.ts';
import { seededRandom } from '../../simulate/random.ts';
import { NO_QUOTAS } from '../../support/no-quotas.ts';
import type { CodeChange } from '../kit/changed-code.ts';
import { startLanes } from '../kit/lanes.ts';
import { type Runtime, startRuntime, workerBundle } from '../kit/runtime.ts';
import { crashFaults, SWEEPS, sweepFaults } from './check.ts';
import { load, type Promises, prepare, type Reach, underWay } from './load.ts';
import type { Killed } from './postgres.ts';

const HOUR = 3_600_000;
const EVALUATOR_SECONDS = 2;
/** Seconds that a lease lasts here; the real ones would only be waited for. */
const LEASE_SECONDS = 3;
const SHORT_LEASE: CodeChange = {
  file: 'src/domain/quotas/leases.ts',
  from: /LEASE_MS = 45_000/,
  to: `LEASE_MS = ${LEASE_SECONDS * 1000}`,
};

/** Kills workerd under load, again and again, Durable Objects and all; after each restart nothing promised is lost. */
export async function killWorkerd(
  { kills, seconds, seed }: { kills: number; seconds: number; seed: number },
  changes: readonly CodeChange[] = [],
): Promise<Killed> {
  const random = seededRandom(seed, 'workerd');
  const home = mkdtempSync(path.join(os.tmpdir(), 'study-paths-kills-'));
  const contents = await workerBundle([SHORT_LEASE, ...changes]);
  const lanes = await startLanes(1);
  const issuer = await startIssuer({ keyFile: path.join(home, 'keys.json') });
  let runtime: Runtime | null = null;
  try {
    const [lane] = lanes.lanes;
    if (lane === undefined) throw new Error('no lane');
    const { token } = (await (
      await fetch(`${issuer.url}/__local/token`, { method: 'POST', body: JSON.stringify({ sub: 'killed' }) })
    ).json()) as { token: string };
    const bindings = {
      ...lane.vars,
      JWKS_URL: `${issuer.url}/.well-known/jwks.json`,
      CODE_ENCRYPTION_KEYS: `k1:${btoa('k'.repeat(32))}`,
      CURSOR_SIGNING_KEY: 'c'.repeat(48),
      EVAL_SERVICE_TIMEOUT: String(EVALUATOR_SECONDS),
      WRITES_PER_MINUTE: '0',
      ...NO_QUOTAS,
    };
    const running = await startRuntime(contents, bindings, path.join(home, 'objects'));
    runtime = running;
    const reach: Reach = async (route, { method, body } = {}) => {
      try {
        const response = await running.fetch(route, {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        const isJson = (response.headers.get('content-type') ?? '').includes('json');
        return { status: response.status, body: isJson ? JSON.parse(text) : null };
      } catch {
        return { status: 0, body: null };
      }
    };
    const tasks = await prepare(reach);
    const promises: Promises = { accepted: new Set() };
    const problems: string[] = [];
    let done = 0;
    // The time is for kills: a slow machine takes long before the first one.
    const started = Date.now();
    while (done < kills && Date.now() - started < seconds * 1000 && problems.length === 0) {
      let stop = false;
      const working = load(reach, () => running.cron(Date.now()), tasks, random, {
        promises,
        stopped: () => stop,
      });
      await underWay(promises, random);
      await running.kill();
      done += 1;
      stop = true;
      await working;
      problems.push(...(await crashFaults(lane, promises)));
      await running.revive();
    }
    // Leases of killed evaluations end by themselves; then nobody stands in the way of the sweep.
    await sleep(LEASE_SECONDS * 1000 + 500);
    const runs = await Promise.all(
      tasks
        .slice(0, 2)
        .map((task) => reach(`/v1/study-tasks/${task}/run`, { body: { language: 'python', code: 'x' } })),
    );
    const blocked = runs.filter(({ status }) => status === 429).length;
    if (blocked > 0) problems.push(`${blocked} slots were not free after their time`);
    for (let sweep = 1; sweep <= SWEEPS; sweep += 1) await running.cron(Date.now() + sweep * HOUR);
    problems.push(...(await sweepFaults(lane)), ...(await crashFaults(lane, promises)));
    return { kills: done, accepted: promises.accepted.size, problems };
  } finally {
    await (runtime as Runtime | null)?.close();
    await issuer.close();
    await lanes.close();
    rmSync(home, { recursive: true, force: true });
  }
}
