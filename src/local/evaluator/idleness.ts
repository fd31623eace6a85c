import { cpuMs, isAsleep } from './process-stats.ts';

/** Wall milliseconds of sleep after which a program counts as waiting, and CPU milliseconds that it may use meanwhile. */
const ASLEEP_MS = 300;
const STIRRING_MS = 15;

/**
 * Watches whether a process waits without using the processor, and tells so once; call `look` every few milliseconds.
 * A process that is ready to run but gets no processor does not wait: on a busy machine it is starved, not idle.
 */
export function createIdleness(pid: number, tell: () => void) {
  let told = false;
  /** Where the present sleep began, and the processor time then. */
  let since = performance.now();
  let cpu = cpuMs(pid) ?? 0;
  return {
    look(): void {
      if (told) return;
      const used = cpuMs(pid) ?? cpu;
      if (used - cpu > STIRRING_MS || !isAsleep(pid)) {
        since = performance.now();
        cpu = used;
      } else if (performance.now() - since >= ASLEEP_MS) {
        told = true;
        tell();
      }
    },
  };
}
