import { constants } from 'node:os';
import { FREE_GROWTH_MB, FRESH_MEMORY_MS, nativeLimit } from './limits.ts';
import { committedMb, cpuMs, residentMb } from './process-stats.ts';

const MIB = 1_048_576;
/** How a process ends whose V8 has no memory left. */
const CRASHES: readonly NodeJS.Signals[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];
/** A container tells the signal that ended its process as an exit code. */
const SIGNAL_CODE = 128;
/** What an interrupted child may take to hand over what was printed, in milliseconds of its processor and of the wall. */
const INTERRUPT_CPU_MS = 20;
export const INTERRUPT_WALL_MS = 2000;
const INTERRUPT_POLL_MS = 5;

/** Whether a child has ended because its engine crashed; on a native one that is memory running out. */
export function hasCrashed(code: number | null, signal: NodeJS.Signals | null): boolean {
  return CRASHES.some((name) => signal === name || code === SIGNAL_CODE + constants.signals[name]);
}

/**
 * Memory of a child whose engine is the process's own V8: heap, buffers and texts together. What is resident counts, and what
 * is allocated and not touched yet. Everything is 0 or false where the system does not tell.
 */
export function createNativeMemory(pid: () => number) {
  let residentAtStart = 0;
  let residentBefore = 0;
  let leastCommitted = Number.POSITIVE_INFINITY;

  /** MiB allocated above the least that was seen: threads of the boot that end give their stacks back. */
  function allocated(): number {
    const committed = committedMb(pid()) ?? 0;
    leastCommitted = Math.min(leastCommitted, committed);
    return committed - leastCommitted;
  }
  const resident = () => residentMb(pid()) ?? 0;

  return {
    /** The child is up: what it has now is the engine's own. */
    booted(): void {
      residentAtStart = resident();
    },
    /** A request begins. */
    begin(): void {
      allocated();
      residentBefore = resident();
    },
    isAbove(memoryMb: number): boolean {
      const limit = nativeLimit(memoryMb);
      return resident() - residentAtStart > limit || allocated() > limit;
    },
    /** Most bytes the child has had above those of its boot; null where they cannot be read. */
    peakBytes(): number | null {
      const peak = residentMb(pid());
      return peak === null ? null : Math.max(0, peak - residentAtStart) * MIB;
    },
    /** Milliseconds that the request gets on top for much fresh memory. */
    extraMs: () => FRESH_MEMORY_MS * Math.max(0, resident() - residentBefore - FREE_GROWTH_MB),
  };
}

/**
 * Asks a child to stop its submission and to send what was printed; `kill` is called once it has had time for that, also
 * when it is gone by then.
 */
export function interrupt(pid: number, kill: () => void): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    kill(); // gone already, or not ours to signal: then nothing is handed over
    return;
  }
  const cpuBefore = cpuMs(pid) ?? 0;
  const wallBefore = performance.now();
  const timer = setInterval(() => {
    const spent = (cpuMs(pid) ?? Number.POSITIVE_INFINITY) - cpuBefore;
    if (spent < INTERRUPT_CPU_MS && performance.now() - wallBefore < INTERRUPT_WALL_MS) return;
    clearInterval(timer);
    kill();
  }, INTERRUPT_POLL_MS);
}
