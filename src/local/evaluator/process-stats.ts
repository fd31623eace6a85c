import { existsSync, readFileSync } from 'node:fs';

/** `cpu` where Linux tells the CPU time of another process; elsewhere wall time has to do. */
export type Clock = 'cpu' | 'wall';

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

/** Largest resident size of a process so far, in MiB; null where it cannot be read. */
export function residentMb(pid: number): number | null {
  try {
    const match = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? null : Number(match[1]) / 1024;
  } catch {
    return null;
  }
}
