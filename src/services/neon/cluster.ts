import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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

/** The superuser that a cluster begins with. */
export const ADMIN = 'postgres';

/** How long a server that nothing keeps, or its children after it, may take to be gone. */
const ORPHANS_MS = 10_000;

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

/** Name of the shell that a server of ours is a child of, for as long as its starter lives. */
export const KEEPER_NAME = 'keeper';

/** Command line of a process's parent; empty when there is none. */
function parentCommand(pid: number): string {
  const ps = (column: string, of: string) =>
    spawnSync('ps', ['-o', `${column}=`, '-p', of], { encoding: 'utf8' }).stdout.trim();
  const parent = ps('ppid', String(pid));
  return parent === '' ? '' : ps('args', parent);
}

/**
 * Stops the server of an earlier run that nothing ends any more, as its starter was killed and its keeper, too. One that
 * is kept is left alone.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const folder = path.join(dataDir, 'cluster');
  const pid = Number.parseInt(text(path.join(folder, 'postmaster.pid')) ?? '', 10);
  if (!(pid > 0) || !alive(pid) || standsIn(pid, folder) !== true) return;
  if (parentCommand(pid).includes(KEEPER_NAME)) return;
  process.kill(pid, 'SIGINT'); // PostgreSQL's fast shutdown
  const deadline = Date.now() + ORPHANS_MS;
  while (alive(pid) && Date.now() < deadline) await sleep(50);
}

function run(program: string, args: string[], cwd: string, account: Account, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...account, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => child.stdin.destroy()); // its exit code says why it did not read
    child.stdin.end(input);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`PostgreSQL: ${path.basename(program)} failed\n${output}`)),
    );
  });
}

/**
 * Tries until what is left of a killed server has gone: its children hold the shared memory until they have noticed.
 * @throws whatever else goes wrong, at once
 */
export async function afterOrphans<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + ORPHANS_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const orphans = error instanceof Error && error.message.includes('pre-existing shared memory block');
      if (!orphans || Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}

/**
 * Creates a cluster next to its final place and moves it there, so that a killed run leaves no half of one. False when
 * another program was faster.
 */
async function create(folder: string, password: string): Promise<boolean> {
  const account = accountFor(null);
  const binaries = findBinaries(account);
  const draft = mkdtempSync(`${folder}-`);
  chmodSync(draft, 0o711); // the server's account passes through to what it owns inside
  const secret = path.join(draft, 'password');
  const data = path.join(draft, 'data');
  try {
    mkdirSync(data, { mode: 0o700 });
    giveTo(data, account);
    writeFileSync(secret, `${password}\n`, { mode: 0o600 });
    giveTo(secret, account);
    const here = ownName(data, account);
    await run(
      binaries.initdb,
      [
        `--pgdata=${here}`,
        `--username=${ADMIN}`,
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
    if (existsSync(folder)) return false;
    renameSync(data, folder);
    return true;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Which password the superuser has, without telling it: its hash lies next to the cluster. */
function passwordMark(dataDir: string, password: string) {
  const file = path.join(dataDir, 'admin-password.sha256');
  const mark = createHash('sha256').update(password).digest('hex');
  return {
    isSet: () => text(file)?.trim() === mark,
    write: () => writeFileSync(file, `${mark}\n`, { mode: 0o600 }),
  };
}

/** Sets the superuser's password before any port is open: PostgreSQL's single-user mode asks for none. */
async function setPassword({ folder, account, binaries }: Cluster, password: string): Promise<void> {
  const here = ownName(folder, account);
  const quoted = password.replaceAll("'", "''");
  const set = () =>
    run(
      binaries.postgres,
      ['--single', '-D', here, '-c', 'exit_on_error=true', '-c', 'log_statement=none', 'postgres'],
      folder,
      account,
      `alter role ${ADMIN} password '${quoted}'\n`,
    );
  await afterOrphans(set);
}

/**
 * The cluster kept in `dataDir`, created when there is none or when a `fresh` one is asked for. Its superuser has this
 * password, whatever it was before.
 * @throws Error when a running server uses it, or another major version of PostgreSQL wrote it.
 */
export async function openCluster(dataDir: string, fresh: boolean, password: string): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true });
  const folder = path.join(realpathSync(dataDir), 'cluster');
  const mark = passwordMark(dataDir, password);
  if (existsSync(folder)) {
    await waitUntilFree(folder);
    if (fresh) rmSync(folder, { recursive: true });
  }
  if (!existsSync(folder) && (await create(folder, password))) mark.write();
  const account = accountFor(folder);
  const binaries = findBinaries(account);
  const written = readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim();
  if (written !== binaries.major)
    throw new Error(`PostgreSQL ${binaries.major} cannot read ${folder} of version ${written}: start fresh`);
  const cluster = { folder, account, binaries };
  if (!mark.isSet()) {
    await setPassword(cluster, password);
    mark.write();
  }
  return cluster;
}
