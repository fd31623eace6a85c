import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

type Process = { pid: number; parent: number; line: string };

function all(): Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = '']) => !state.startsWith('Z'))
    .map(([pid, parent, , ...args]) => ({ pid: Number(pid), parent: Number(parent), line: args.join(' ') }));
}

/** A process and everything that it started, as it is now. */
export function treeOf(root: number): Process[] {
  const processes = all();
  const found = processes.filter(({ pid }) => pid === root);
  for (let index = 0; index < found.length; index += 1) {
    const { pid } = found[index] ?? { pid: 0 };
    found.push(...processes.filter(({ parent }) => parent === pid));
  }
  return found;
}

/** Waits until none of these processes lives; answers the command lines of those that do after `ms`. */
export async function survivors(tree: readonly Process[], ms: number): Promise<string[]> {
  const deadline = Date.now() + ms;
  for (;;) {
    const now = all();
    // A number may be given to another program meanwhile: the command line must be the same, too.
    const left = tree.filter(({ pid, line }) => now.some((one) => one.pid === pid && one.line === line));
    if (left.length === 0 || Date.now() > deadline) return left.map(({ line }) => line.slice(0, 120));
    await sleep(100);
  }
}
