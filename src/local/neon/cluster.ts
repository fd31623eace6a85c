import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, accountFor, giveTo, ownName } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';

/** A database cluster on disk and what it takes to run it. */
export type Cluster = { folder: string; account: Account; binaries: Binaries };

export const OWNER = { user: 'postgres', password: 'password' } as const;

/** How long a server whose starter was killed a moment ago may take to stop. */
const STOP_MS = 4000;

function text(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Whether a live process stands in this folder, as every PostgreSQL server does; null when that cannot be seen. */
function standsIn(pid: number, folder: string): boolean | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    const name = text(`/proc/${pid}/comm`);
    return name === null ? null : name.trim() === 'postgres';
  }
}

/** Whether there is such a process, under whatever account. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/**
 * Waits until no server uses the cluster. The number in `postmaster.pid` outlives a crash; PostgreSQL itself copes
 * with one that names nobody, but refuses to start when it names a stranger. When in doubt the cluster is in use:
 * two servers on one would destroy it.
 * @throws Error naming the process when it does not stop.
 */
async function waitUntilFree(folder: string): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  const deadline = Date.now() + STOP_MS;
  for (;;) {
    const pid = Number.parseInt(text(file) ?? '', 10);
    if (!(pid > 0) || !alive(pid)) return;
    if (standsIn(pid, folder) === false) return rmSync(file, { force: true });
    if (Date.now() > deadline) throw new Error(`PostgreSQL: ${folder} is in use by process ${pid}`);
    await sleep(50);
  }
}

function run(program: string, args: string[], cwd: string, account: Account): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...account, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`PostgreSQL: ${path.basename(program)} failed\n${output}`)),
    );
  });
}

/** Creates a cluster beside its final place and moves it there, so that a killed run leaves no half of one. */
async function create(folder: string): Promise<Cluster> {
  const account = accountFor(null);
  const binaries = findBinaries(account);
  const draft = mkdtempSync(`${folder}-`);
  chmodSync(draft, 0o711); // the server's account passes through to what it owns inside
  const secret = path.join(draft, 'password');
  const data = path.join(draft, 'data');
  try {
    mkdirSync(data, { mode: 0o700 });
    giveTo(data, account);
    writeFileSync(secret, `${OWNER.password}\n`, { mode: 0o600 });
    giveTo(secret, account);
    const here = ownName(data, account);
    await run(
      binaries.initdb,
      [
        `--pgdata=${here}`,
        `--username=${OWNER.user}`,
        `--pwfile=${here}/../password`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        '--no-sync',
      ],
      data,
      account,
    );
    if (!existsSync(folder)) renameSync(data, folder);
    return { folder, account, binaries };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * The cluster kept in `dataDir`, created when there is none or when a `fresh` one is asked for.
 * @throws Error when a running server uses it, or another major version of PostgreSQL wrote it.
 */
export async function openCluster(dataDir: string, fresh: boolean): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true });
  const folder = path.join(realpathSync(dataDir), 'cluster');
  if (existsSync(folder)) {
    await waitUntilFree(folder);
    if (fresh) rmSync(folder, { recursive: true });
  }
  if (!existsSync(folder)) return create(folder);
  const account = accountFor(folder);
  const binaries = findBinaries(account);
  const written = readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim();
  if (written !== binaries.major)
    throw new Error(`PostgreSQL ${binaries.major} cannot read ${folder} of version ${written}: start fresh`);
  return { folder, account, binaries };
}
