import { existsSync, readFileSync } from 'node:fs';

/** `cpu` where Linux tells the CPU time of another process; elsewhere wall time has to do. */
export type Clock = 'cpu' | 'wall';

/** Milliseconds of one tick in which Linux counts the CPU time of a whole process. */
const TICK_MS = 10;
/** Places of user and system ticks in `/proc/<pid>/stat`, counted after the name of the program. */
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];

export function availableClock(): Clock {
  return existsSync('/proc/self/schedstat') ? 'cpu' : 'wall';
}

/** Milliseconds the main thread of a process has run so far (WebAssembly runs there); null once it is gone. */
export function cpuMs(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return null;
  }
}

/** Milliseconds all threads of a process have run so far, in steps of 10; null where it cannot be read. */
export function processCpuMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_MS;
  } catch {
    return null;
  }
}

/** Largest resident size of a process so far, in MiB; null where it cannot be read. */
export function residentMb(pid: number): number | null {
  try {
    const match = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? null : Number(match[1]) / 1024;
  } catch {
    return null;
  }
}

/** Whether the main thread of a process sleeps just now; false where it cannot be read. */
export function isAsleep(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] === 'S';
  } catch {
    return false;
  }
}

/**
 * MiB of private memory that a process may write to now, touched or not: buffers count as soon as they are allocated,
 * address space that is only reserved does not. Null where it cannot be read.
 */
export function committedMb(pid: number): number | null {
  try {
    const match = /VmData:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? null : Number(match[1]) / 1024;
  } catch {
    return null;
  }
}
