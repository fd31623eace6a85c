import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningService } from './kit/service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WRANGLER = path.join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
const START_MS = 120_000;
/** Cloudflare runs the crons of wrangler.toml by itself; `wrangler dev` leaves them to whoever asks. */
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

async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Starts `wrangler dev` with these variables, waits until the Worker answers, and plays the cron. */
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
  const child = spawn(
    process.execPath,
    [
      WRANGLER,
      'dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
      ...['--env-file', envFile, '--persist-to', path.join(home, 'worker')],
      ...['--show-interactive-dev-session', 'false'],
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_LOG_PATH: path.join(home, 'wrangler'),
      },
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (/"level":"(warn|error)"|\[ERROR\]|✘/.test(line)) onComplaint(line);
    });
  }

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await isUp(url))) {
    const gone = await Promise.race([exited.then(() => true), sleep(150, false)]);
    if (gone || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the Worker did not start; its log is in ${logFile}`);
    }
  }

  const ticks = (crons ? CRONS : []).map(({ expression, everyMs }) =>
    setInterval(() => {
      const target = `${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(expression)}`;
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
      if (child.exitCode === null) child.kill('SIGTERM');
      const stopped = await Promise.race([exited.then(() => true), sleep(5000, false)]);
      if (!stopped) child.kill('SIGKILL');
      log.end();
    },
  };
}
