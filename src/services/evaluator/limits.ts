import type { Language } from '#contract/vocabulary.ts';

/** Limits of one run. Times are CPU milliseconds, memory is MiB. */
export const DEFAULT_TIME_MS = 2000;
/**
 * JavaScript's share of a problem's time limit, which is Python's: V8 compiles to machine code, Pyodide interprets. Measured
 * over algorithms written in both languages (`npm run bench -- languages`); a too slow one is too slow in both.
 */
export const JAVASCRIPT_TIME_SHARE = 0.2;
/** Least milliseconds of a limit in JavaScript: below it the engine's compiler and garbage collector would decide. */
const LEAST_JAVASCRIPT_MS = 50;
export const DEFAULT_MEMORY_MB = 256;
/**
 * Milliseconds that a native engine gets on top for each MiB it has grown by: handing out fresh memory costs the system as
 * much in one language as in the other, so that the share must not hold for it. Measured: 1 to 6 ms, by machine and load.
 */
export const FRESH_MEMORY_MS = 7;
/** MiB of growth that come without extra time: the engine's own code and garbage. */
export const FREE_GROWTH_MB = 16;

/** What one test may take in a language when a problem's limit is `timeMs`. */
export function timeLimit(language: Language, timeMs: number): number {
  if (language === 'python') return timeMs;
  return Math.max(LEAST_JAVASCRIPT_MS, Math.round(timeMs * JAVASCRIPT_TIME_SHARE));
}

/** For compiling the submission and running its top level. */
export const LOAD_MS = 2000;
/** For all tests of a submission together. */
export const TOTAL_MS = 10_000;
/** For the child's other threads (V8's, libuv's) in a whole run; a submission runs on the main thread alone. */
export const HELPERS_MS = 2000;

/** A child that has not reported ready by then is given up. Generous: the machine may be starved. */
export const BOOT_WALL_MS = 60_000;
/** A child that is not ready by then gets its share of the processor like anything else: somebody waits for it. */
export const BOOT_HURRY_MS = 3000;
/** CPU seconds after which the kernel ends a child even if this process has died meanwhile; a run takes 15 at most. */
export const ORPHAN_CPU_S = 30;
/** Open files a child may hold. */
export const CHILD_FILES = 64;

/** Bytes of a frame a child may send; larger ones are refused by their header. Result and stdout fit twice. */
export const FRAME_CAP = 4 * 1_048_576;
/** Characters of an answer that are handed on for reading; it is compared in full. */
export const ACTUAL_CAP = 65_536;

/** Wall-clock backstop behind a CPU limit: only for a child that sleeps or gets no processor. */
export function wallBackstop(cpuMs: number): number {
  return 6 * cpuMs + 1000;
}

/** The same for JavaScript: its share is one of processor time, and a busy machine starves both languages alike. */
export function nativeWallBackstop(cpuMs: number): number {
  return wallBackstop(cpuMs / JAVASCRIPT_TIME_SHARE);
}

/** Wall milliseconds for a whole run: below the 30 s that the Worker waits, so that sleeping holds nothing for long. */
export const RUN_WALL_MS = 20_000;

/** Resident MiB above the booted child at which the host kills a WebAssembly engine; its own cap strikes first. */
export function residentBackstop(memoryMb: number): number {
  return 1.5 * memoryMb + 96;
}

/**
 * The same for a native engine, where it is the limit itself, of resident and of allocated memory: what its collector has
 * not freed yet is allowed on top.
 */
export function nativeLimit(memoryMb: number): number {
  return memoryMb + 24;
}
