import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { freePort } from './kit.ts';
import { family } from './processes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKERD = path.join(ROOT, 'node_modules', 'workerd', 'bin', 'workerd');
const START_MS = 120_000;
/** Those of wrangler.toml. */
const COMPATIBILITY = `compatibilityDate = "2026-11-17",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],`;

/** The product's own entry. */
export const PRODUCT = fileURLToPath(new URL('../../src/worker/index.ts', import.meta.url));

/** A module to bundle: a file, or text that imports by absolute paths. */
export type WorkerSource = { entry: string } | { contents: string };

export type WorkerdOptions = {
  source: WorkerSource;
  /** Text bindings. */
  vars?: Readonly<Record<string, string>>;
  /** Whether it has `LearnerSlots`, and where that keeps its leases. */
  slots?: 'none' | 'memory' | 'disk';
};

/** A workerd of its own: nothing of wrangler in front of it, and its log goes nowhere. */
export type RunningWorkerd = { url: string; port: number; pid: number; close(): Promise<void> };

function configOf(port: number, { vars = {}, slots = 'none' }: WorkerdOptions): string {
  const bindings = Object.entries(vars).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)}),`,
  );
  if (slots !== 'none') bindings.push('(name = "LEARNER_SLOTS", durableObjectNamespace = "LearnerSlots"),');
  const objects = `durableObjectNamespaces = [(className = "LearnerSlots", uniqueKey = "slots", enableSql = true)],
  durableObjectStorage = ${slots === 'disk' ? '(localDisk = "disk")' : '(inMemory = void)'},`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["private"])),
    ${slots === 'disk' ? '(name = "disk", disk = (path = "leases", writable = true)),' : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  ${COMPATIBILITY}
  bindings = [${bindings.join('\n    ')}],
  ${slots === 'none' ? '' : objects}
);
`;
}

/** Bundles as wrangler does: ES module, minified, without Node's modules. */
async function bundle(source: WorkerSource, outfile: string): Promise<void> {
  const input =
    'entry' in source
      ? { entryPoints: [source.entry] }
      : { stdin: { contents: source.contents, resolveDir: import.meta.dirname, loader: 'ts' as const } };
  await build({
    ...input,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    outfile,
  });
}

/**
 * Starts the Worker and waits until it answers `GET /healthz`.
 * @throws Error when workerd ends or does not answer in time.
 */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorkerd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-paths-workerd-'));
  const port = await freePort();
  await bundle(options.source, path.join(folder, 'worker.js'));
  await writeFile(path.join(folder, 'worker.capnp'), configOf(port, options));
  await mkdir(path.join(folder, 'leases'));
  const child = spawn(WORKERD, ['serve', path.join(folder, 'worker.capnp')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  async function close(): Promise<void> {
    if (child.exitCode === null) child.kill('SIGTERM');
    const stopped = await Promise.race([exited.then(() => true), sleep(5000, false)]);
    if (!stopped) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_MS;
  while (!(await fetch(`${url}/healthz`).catch(() => null))?.ok) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await close();
      throw new Error('workerd did not start');
    }
    await sleep(10);
  }
  // The package's own launcher, where it is not the program itself, runs workerd below it.
  const pid = family(child.pid ?? 0).at(-1) ?? 0;
  return { url, port, pid, close };
}
