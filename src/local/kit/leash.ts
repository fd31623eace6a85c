import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/**
 * Runs a program in a process group of its own until the pipe on standard input ends, which the kernel sees to however
 * the starting program ends, by SIGKILL too. Then the program gets SIGTERM and five seconds. When it has ended, by
 * itself or killed, whatever it started goes with it.
 */
const LEASH = `
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
( read -r _ <&3; kill -TERM "$program"; sleep 5; kill -KILL 0 ) 2>/dev/null &
exec 3<&-
wait "$program"
kill -KILL 0
`;

export type Leashed = {
  child: ChildProcess;
  /** Ends the program and all that it started; resolves when they are gone. */
  end(): Promise<void>;
  /** Resolves when the program has ended, whoever ended it. */
  ended: Promise<void>;
};

/** Starts a program that must not outlive this one, nor leave children behind. Its standard input is empty. */
export function spawnLeashed(program: string, args: readonly string[], options: SpawnOptions): Leashed {
  const stdio: SpawnOptions['stdio'] = ['pipe', 'pipe', 'pipe'];
  const child =
    process.platform === 'win32'
      ? spawn(program, args, { ...options, stdio })
      : spawn('/bin/sh', ['-c', LEASH, 'leash', program, ...args], { ...options, detached: true, stdio });
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
    },
  };
}
