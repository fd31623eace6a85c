import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { bundled, type CodeChange } from './changed-code.ts';

const WRANGLER = fileURLToPath(new URL('../../../wrangler.toml', import.meta.url));

/** The Worker's own code as one module, as it is or with planted bugs. */
export function workerBundle(changes: readonly CodeChange[]): Promise<string> {
  return bundled('src/worker/index.ts', changes, {
    external: ['cloudflare:*'],
    conditions: ['workerd', 'worker', 'browser'],
  });
}

function compatibilityDate(): string {
  return /compatibility_date = "([^"]+)"/.exec(readFileSync(WRANGLER, 'utf8'))?.[1] ?? '';
}

/** Processes named workerd that this one has started. */
function runtimes(): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name?.endsWith('workerd'))
    .map(([pid]) => Number(pid));
}

/**
 * A Worker in workerd that can be killed and started again over what its Durable Objects have written down.
 * @param home folder of those.
 */
export async function startRuntime(contents: string, bindings: Record<string, string>, home: string) {
  async function boot(text: string) {
    const before = runtimes();
    const miniflare = new Miniflare({
      ...convertV4MiniflareOptions({
        name: 'worker',
        modules: [{ type: 'ESModule', path: 'worker.js', contents: text }],
        compatibilityDate: compatibilityDate(),
        bindings,
        durableObjects: { LEARNER_SLOTS: { className: 'LearnerSlots', useSQLite: true } },
      }),
      handleStructuredLogs: () => {},
      resourcePersistencePath: home,
    });
    const url = await miniflare.ready;
    return { miniflare, url, pids: runtimes().filter((pid) => !before.includes(pid)) };
  }
  let current = await boot(contents);
  const { CRON_KEY } = bindings;
  const cron = CRON_KEY === undefined ? '* * * * *' : `${CRON_KEY} * * * * *`;
  const dispose = () => current.miniflare.dispose().catch(() => undefined);
  return {
    fetch: (route: string, init?: RequestInit) => fetch(new URL(route, current.url), init),
    async cron(at: number): Promise<void> {
      const worker = await current.miniflare.getWorker();
      // Its types bring a Date of their own.
      await worker.scheduled({ cron, scheduledTime: new Date(at) as never });
    },
    /** Ends workerd with everything in its memory. */
    async kill(): Promise<void> {
      for (const pid of current.pids) process.kill(pid, 'SIGKILL');
      await Promise.race([dispose(), sleep(3000)]);
    },
    /**
     * @param forget also loses what was written down, as if it had been kept in memory alone.
     * @param other another module in its place.
     */
    async revive({ forget = false, other = contents } = {}): Promise<void> {
      if (forget) await rm(home, { recursive: true, force: true });
      current = await boot(other);
    },
    close: dispose,
  };
}

export type Runtime = Awaited<ReturnType<typeof startRuntime>>;
