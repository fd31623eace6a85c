import { readFileSync } from 'node:fs';

/** What ends a program: a signal, or the process that started it died. */
export type EndReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parent-gone';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const POLL_MS = 250;
/** npm forwards a signal that the terminal has sent already: only a later repeat means impatience. */
const REPEAT_MS = 1000;
/** Longest chain from this program to npm: `node`, `sh`, `npm`. */
const MOST_WRAPPERS = 4;
/** Exit code after a repeated signal. */
const IMPATIENT = 130;

type Link = { pid: number; parent: number };

/** Parent of a process; null where it cannot be read. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

function isNpm(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('npm ');
  } catch {
    return false;
  }
}

/**
 * Whether a process does nothing but wait for its only child: a shell with this program in its foreground. Null while it
 * does not sleep, as on a busy machine between a signal that kills it and its end.
 */
function waitsFor(pid: number, child: number): boolean | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    const where = readFileSync(`/proc/${pid}/wchan`, 'latin1').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    if (stat[stat.lastIndexOf(')') + 2] !== 'S') return null;
    return children === String(child) && where.endsWith('do_wait');
  } catch {
    return null;
  }
}

/** The processes between this one and npm, npm last; only this one where npm did not start it. */
function wrappers(): Link[] {
  const chain: Link[] = [{ pid: process.pid, parent: process.ppid }];
  if (process.env.npm_lifecycle_event === undefined) return chain;
  for (let last = chain[0]; last !== undefined && chain.length < MOST_WRAPPERS; last = chain.at(-1)) {
    const parent = parentOf(last.parent);
    if (parent === null) break;
    chain.push({ pid: last.parent, parent });
    if (isNpm(last.parent)) return chain;
  }
  return chain.slice(0, 1);
}

/**
 * A check whether the process that started this program is gone. npm and its shell never end before the program, so
 * losing one of them always counts. The shell above may well end first and mean it (`npm run dev &`): its end counts
 * only when it was killed while it waited for the program.
 */
function watchParents(): () => boolean {
  const chain = wrappers();
  const wrapped = chain.slice(0, -1);
  const top = chain.at(-1) ?? { pid: process.pid, parent: process.ppid };
  const current = ({ pid }: Link) => (pid === process.pid ? process.ppid : parentOf(pid));
  // Without /proc the variable is all there is: the parent is npm's shell, or npm.
  const isNpms = parentOf(process.pid) === null && process.env.npm_lifecycle_event !== undefined;
  let inForeground = false;
  return () => {
    if (wrapped.some((link) => current(link) !== link.parent)) return true;
    const parent = current(top);
    if (parent !== top.parent) return isNpms || inForeground;
    inForeground = waitsFor(top.parent, top.pid) ?? inForeground;
    return false;
  };
}

/**
 * Calls `stop` once when the program has to end: on SIGINT, SIGTERM or SIGHUP (also where a shell started it with
 * SIGINT ignored), or when npm, or the shell that waits for it, died without a word. A signal repeated more than a
 * second later ends the process at once with exit code 130. The watch alone does not keep the process alive.
 * @returns a function that takes all of it back.
 */
export function onEnd(stop: (why: EndReason) => void): () => void {
  let stoppedAt: number | null = null;
  function end(why: EndReason): void {
    if (stoppedAt === null) {
      stoppedAt = performance.now();
      stop(why);
    } else if (why !== 'parent-gone' && performance.now() - stoppedAt > REPEAT_MS) {
      process.exit(IMPATIENT);
    }
  }
  const isOrphan = watchParents();
  const poll = setInterval(() => {
    if (!isOrphan()) return;
    clearInterval(poll);
    end('parent-gone');
  }, POLL_MS);
  poll.unref();
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    clearInterval(poll);
    for (const signal of SIGNALS) process.removeListener(signal, end);
  };
}
