import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endLeftovers, spawnLeashed } from '#services/common/leash.ts';
import type { RunningService } from '#services/common/service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('worker-main.ts', import.meta.url));
const START_MS = 120_000;
/** Cloudflare runs the crons of wrangler.toml by itself; the local runtime runs them when it is asked to. */
const CRONS = [
  { expression: '* * * * *', everyMs: 60_000 },
  { expression: '17 * * * *', everyMs: 3_600_000 },
  { expression: '47 * * * *', everyMs: 3_600_000 },
] as const;
const CRON_DEADLINE_MS = 60_000;

export type WorkerOptions = {
  port: number;
  /** Where its variables, its log and the Durable Objects' storage are kept. */
  home: string;
  vars: Record<string, string>;
  /** Whether to play the crons; default true. */
  crons?: boolean;
  /** Called with each line of warning or error of the Worker's log. */
  onComplaint?: (line: string) => void;
};

export type RunningWorker = RunningService & { logFile: string };

/** Where the number of the runtime's process group is kept. */
function groupFile(home: string): string {
  return path.join(home, 'worker.group');
}

/** Ends the runtime of an earlier run of this checkout, where everything that would have ended it was killed. */
export function endOldWorker(home: string): void {
  endLeftovers(groupFile(home), path.join(ROOT, 'node_modules'));
}

async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Starts the Worker in workerd with these variables, which it also writes to `worker.vars`, waits until it answers, and
 * plays the crons.
 * @throws Error naming the log when it does not start within two minutes.
 */
export async function startWorker({
  port,
  home,
  vars,
  crons = true,
  onComplaint = () => {},
}: WorkerOptions): Promise<RunningWorker> {
  const envFile = path.join(home, 'worker.vars');
  const lines = Object.entries(vars).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(envFile, lines.join(''), { mode: 0o600 });

  const logFile = path.join(home, 'worker.log');
  const log = createWriteStream(logFile);
  const program = spawnLeashed(
    process.execPath,
    [PROGRAM, JSON.stringify({ port, envFile, persist: path.join(home, 'worker') })],
    {
      cwd: ROOT,
      groupFile: groupFile(home),
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_LOG_PATH: path.join(home, 'wrangler'),
      },
    },
  );
  let over = false;
  let closing = false;
  void program.ended.then(() => {
    over = true;
    if (!closing) onComplaint(`the Worker has ended; its log is in ${logFile}`);
  });
  for (const stream of [program.child.stdout, program.child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (/"level":"(warn|error)"|\[ERROR\]|✘/.test(line)) onComplaint(line);
    });
  }

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await isUp(url))) {
    await Promise.race([program.ended, sleep(150)]);
    if (over || Date.now() > deadline) {
      closing = true;
      await program.end();
      throw new Error(`the Worker did not start; its log is in ${logFile}`);
    }
  }

  const ticks = (crons ? CRONS : []).map(({ expression, everyMs }) =>
    setInterval(() => {
      const cron = encodeURIComponent([vars.CRON_KEY, expression].filter(Boolean).join(' '));
      const target = `${url}/cdn-cgi/handler/scheduled?cron=${cron}`;
      fetch(target, { signal: AbortSignal.timeout(CRON_DEADLINE_MS) }).then(
        (response) => response.body?.cancel(),
        (error: unknown) => onComplaint(`cron: ${error instanceof Error ? error.message : String(error)}`),
      );
    }, everyMs),
  );

  return {
    name: 'worker',
    port,
    url,
    logFile,
    async close() {
      for (const tick of ticks) clearInterval(tick);
      closing = true;
      await program.end();
      log.end();
    },
  };
}
