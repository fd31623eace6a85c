import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { startIssuer } from '#local/issuer/index.ts';
import { seededRandom } from '../../simulate/random.ts';
import { startLanes } from '../kit/lanes.ts';
import { crashFaults, SWEEPS, sweepFaults } from './check.ts';
import { load, type Promises, prepare, type Reach, underWay } from './load.ts';
import type { Killed } from './postgres.ts';

const MAIN = fileURLToPath(new URL('../../../src/worker/index.ts', import.meta.url));
const WRANGLER = fileURLToPath(new URL('../../../wrangler.toml', import.meta.url));
const HOUR = 3_600_000;
const EVALUATOR_SECONDS = 2;
/** Seconds that a lease outlives the evaluator's deadline here; the real minute would only be waited for. */
const SLACK_SECONDS = 1;

/** The Worker's own code as one module. `change` plants a bug in its text. */
async function bundled(change: (text: string) => string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [MAIN],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    external: ['cloudflare:*'],
    conditions: ['workerd', 'worker', 'browser'],
  });
  const text = outputFiles[0]?.text ?? '';
  return change(replaced(text, /\bSLACK_MS = 6e4/, `SLACK_MS = ${SLACK_SECONDS * 1000}`));
}

/** @throws Error when the text does not hold it: a change that changes nothing would prove nothing. */
export function replaced(text: string, from: RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`the Worker's code no longer holds ${from}`);
  return changed;
}

function compatibilityDate(): string {
  return /compatibility_date = "([^"]+)"/.exec(readFileSync(WRANGLER, 'utf8'))?.[1] ?? '';
}

type Runtime = { url: URL; worker: () => ReturnType<Miniflare['getWorker']>; kill(): Promise<void> };

/** Processes named workerd that this one has started. */
function runtimes(): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name?.endsWith('workerd'))
    .map(([pid]) => Number(pid));
}

/** Kills workerd under load, again and again, Durable Objects and all; after each restart nothing promised is lost. */
export async function killWorkerd(
  { kills, seconds, seed }: { kills: number; seconds: number; seed: number },
  change: (text: string) => string = (text) => text,
): Promise<Killed> {
  const random = seededRandom(seed, 'workerd');
  const started = Date.now();
  const home = mkdtempSync(path.join(os.tmpdir(), 'study-paths-kills-'));
  const contents = await bundled(change);
  const lanes = await startLanes(1);
  const issuer = await startIssuer({ keyFile: path.join(home, 'keys.json') });
  let current: Miniflare | null = null;
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
    };
    async function startRuntime(): Promise<Runtime> {
      const before = runtimes();
      const runtime = new Miniflare({
        ...convertV4MiniflareOptions({
          name: 'worker',
          modules: [{ type: 'ESModule', path: 'worker.js', contents }],
          compatibilityDate: compatibilityDate(),
          bindings,
          durableObjects: { LEARNER_SLOTS: { className: 'LearnerSlots', useSQLite: true } },
        }),
        handleStructuredLogs: () => {},
        resourcePersistencePath: path.join(home, 'objects'),
      });
      current = runtime;
      const url = await runtime.ready;
      const own = runtimes().filter((pid) => !before.includes(pid));
      return {
        url,
        worker: () => runtime.getWorker(),
        async kill() {
          for (const pid of own) process.kill(pid, 'SIGKILL');
          await Promise.race([runtime.dispose().catch(() => undefined), sleep(3000)]);
        },
      };
    }
    let runtime = await startRuntime();
    const reach: Reach = async (route, { method, body } = {}) => {
      try {
        const response = await fetch(new URL(route, runtime.url), {
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
    async function cron(at = Date.now()): Promise<void> {
      const worker = await runtime.worker();
      // Its types bring a Date of their own.
      await worker.scheduled({ cron: '* * * * *', scheduledTime: new Date(at) as never });
    }
    const tasks = await prepare(reach);
    const promises: Promises = { accepted: new Set() };
    const problems: string[] = [];
    let done = 0;
    while (done < kills && Date.now() - started < seconds * 1000 && problems.length === 0) {
      let stop = false;
      const working = load(reach, () => cron(), tasks, random, { promises, stopped: () => stop });
      await underWay(promises, random);
      await runtime.kill();
      done += 1;
      stop = true;
      await working;
      problems.push(...(await crashFaults(lane, promises)));
      runtime = await startRuntime();
    }
    // Leases of killed evaluations end by themselves; then nobody stands in the way of the sweep.
    await sleep((EVALUATOR_SECONDS + SLACK_SECONDS) * 1000 + 500);
    const runs = await Promise.all(
      tasks
        .slice(0, 2)
        .map((task) => reach(`/v1/study-tasks/${task}/run`, { body: { language: 'python', code: 'x' } })),
    );
    const blocked = runs.filter(({ status }) => status === 429).length;
    if (blocked > 0) problems.push(`${blocked} slots were not free after their time`);
    for (let sweep = 1; sweep <= SWEEPS; sweep += 1) await cron(Date.now() + sweep * HOUR);
    problems.push(...(await sweepFaults(lane)), ...(await crashFaults(lane, promises)));
    return { kills: done, accepted: promises.accepted.size, problems };
  } finally {
    await (current as Miniflare | null)?.dispose().catch(() => undefined);
    await issuer.close();
    await lanes.close();
    rmSync(home, { recursive: true, force: true });
  }
}
