import { execFileSync, fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process and all below it. */
export function family(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => [
    parent,
    ...table.flatMap(([child = 0, of]) => (of === parent ? below(child) : [])),
  ];
  return below(pid);
}

/** The workerd processes below this one; none where there is no /proc. */
export function workerds(): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  return family(process.pid).filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes('workerd');
  });
}

/** Milliseconds between two ticks of the clock that /proc counts in, on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU milliseconds that a process has used, in user mode and in the kernel. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets that may hold blanks: fields count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** As `cpuMs`, but of the threads that live now, and in nanoseconds where the kernel's scheduler tells them. */
export function fineCpuMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  let ns = 0;
  for (const thread of readdirSync(folder)) {
    const file = `${folder}/${thread}/schedstat`;
    if (existsSync(file)) ns += Number(readFileSync(file, 'utf8').split(' ', 1)[0]);
  }
  return ns > 0 ? ns / 1_000_000 : cpuMs(pid);
}

export type Program = { url: string; port: number; pid: number; close(): Promise<void> };

/**
 * Runs a server of this folder in a process of its own. It gets its settings as JSON and sends its port when it is up.
 * @throws Error when it ends before.
 */
export async function startProgram(file: URL, settings: unknown): Promise<Program> {
  const child = fork(file, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await Promise.race([
    new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message)))),
    exited.then(() => {
      throw new Error(`${file.pathname} did not start`);
    }),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
