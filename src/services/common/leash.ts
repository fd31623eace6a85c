import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Runs a program in a process group of its own until the pipe on standard input ends, which the kernel sees to however
 * the starting program ends, by SIGKILL too. Then the program gets SIGTERM and five seconds. When it has ended, by
 * itself or killed, everything that it started ends too; the shell prints nothing about it, as its reader may be gone.
 */
const LEASH = `
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
( read -r _ <&3; kill -TERM "$program"; sleep 5; kill -KILL 0 ) 2>/dev/null &
exec 3<&-
{ wait "$program"; kill -KILL 0; } 2>/dev/null
`;

export type Leashed = {
  child: ChildProcess;
  /** Ends the program and everything that it started; resolves when they are gone. */
  end(): Promise<void>;
  /** Resolves when the program has ended, for any reason. */
  ended: Promise<void>;
};

/**
 * Starts a program that must not outlive this one, nor leave children behind. Its standard input is empty.
 * @param groupFile keeps the number of its process group, for `endLeftovers`
 */
export function spawnLeashed(
  program: string,
  args: readonly string[],
  { groupFile, ...options }: SpawnOptions & { groupFile: string },
): Leashed {
  const stdio: SpawnOptions['stdio'] = ['pipe', 'pipe', 'pipe'];
  const child =
    process.platform === 'win32'
      ? spawn(program, args, { ...options, stdio })
      : spawn('/bin/sh', ['-c', LEASH, 'leash', program, ...args], { ...options, detached: true, stdio });
  if (child.pid !== undefined) writeFileSync(groupFile, `${child.pid}\n`);
  child.stdin?.on('error', () => child.stdin?.destroy()); // it has ended already
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    child,
    ended,
    async end() {
      if (process.platform === 'win32') child.kill();
      else child.stdin?.end();
      await ended;
      rmSync(groupFile, { force: true });
    },
  };
}

/**
 * Ends what is left of an earlier run whose leash was killed, too: processes of its group without the group's first one.
 * @param mark part of their command lines, as the number may have been given to other programs
 */
export function endLeftovers(groupFile: string, mark: string): void {
  if (!existsSync(groupFile) || process.platform === 'win32') return;
  const group = Number.parseInt(readFileSync(groupFile, 'utf8'), 10);
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,pgid=,args='], { encoding: 'utf8' });
  const members = (stdout ?? '')
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === group)
    .map((match) => ({ pid: Number(match?.[1]), args: match?.[3] ?? '' }));
  if (members.some(({ pid }) => pid === group)) return;
  for (const { pid, args } of members) if (args.includes(mark)) process.kill(pid, 'SIGKILL');
}
