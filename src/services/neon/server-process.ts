import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveTo, ownName } from './account.ts';
import { afterOrphans, alive, type Cluster, KEEPER_NAME } from './cluster.ts';

export type ServerProcess = { stop(): Promise<void> };

const START_MS = 60_000;
const STOP_MS = 15_000;

/**
 * Runs the server until the pipe on standard input ends, which the kernel sees to however the starting program
 * ends: exit, signal, exception or SIGKILL. SIGINT is PostgreSQL's fast shutdown.
 */
const KEEPER = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
( read -r _ <&3; kill -INT "$server" ) 2>/dev/null &
keeper=$!
exec 3<&-
wait "$server"
code=$?
kill "$keeper" 2>/dev/null
exit "$code"
`;

/** What the server says of itself; empty without a file, which a server that starts replaces at any moment. */
function pidFile(folder: string): string {
  try {
    return readFileSync(path.join(folder, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A server that was killed leaves a file that says `ready`, too: it counts only while its process lives. */
function ready(folder: string): boolean {
  const lines = pidFile(folder).split('\n');
  return lines[7]?.trim() === 'ready' && alive(Number(lines[0]));
}

/**
 * Starts the server of a cluster with these settings and waits until it takes connections, after a crash when what is
 * left of the server before has gone.
 * @throws Error with the end of the server's log when it does not come up.
 */
export function startServer(cluster: Cluster, settings: Record<string, string>): Promise<ServerProcess> {
  return afterOrphans(() => launch(cluster, settings));
}

async function launch(
  { folder, account, binaries }: Cluster,
  settings: Record<string, string>,
): Promise<ServerProcess> {
  const logFile = path.join(path.dirname(folder), 'server.log');
  const log = openSync(logFile, 'w');
  giveTo(logFile, account); // its owner may start without root next time
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    '/bin/sh',
    ['-c', KEEPER, KEEPER_NAME, binaries.postgres, '-D', ownName(folder, account), ...flags],
    {
      ...account,
      cwd: folder,
      detached: true, // out of the terminal's process group: Ctrl-C reaches us, and we stop the server last
      stdio: ['pipe', log, log],
    },
  );
  closeSync(log);
  const leash = child.stdin;
  if (leash === null) throw new Error('PostgreSQL: its process has no standard input');
  leash.on('error', () => leash.destroy()); // the keeper is gone already
  const ended = new Promise<Error | null>((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => resolve(null));
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });

  const deadline = Date.now() + START_MS;
  while (!ready(folder)) {
    if (over || Date.now() > deadline) {
      leash.end();
      const cause = await ended;
      const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-12).join('\n');
      throw new Error(`PostgreSQL did not start\n${tail}`, cause === null ? {} : { cause });
    }
    await sleep(10);
  }
  child.unref(); // a program may end without calling stop
  if (leash instanceof Socket) leash.unref();

  return {
    async stop() {
      if (over) return;
      child.ref();
      leash.end();
      const late = new AbortController();
      const kill = sleep(STOP_MS, 'late', { signal: late.signal }).catch(() => null);
      if ((await Promise.race([ended, kill])) === 'late') {
        process.kill(
          Number.parseInt(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8'), 10),
          'SIGQUIT',
        );
        await ended;
      }
      late.abort();
    },
  };
}
