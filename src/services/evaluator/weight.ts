import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Nice values of a child that runs a submission, boots for the stock, was parked, or got next to no processor so far. A
 * child is a session of its own, and Linux's autogroup shares the processor out by sessions: two children would weigh as
 * much as a whole database or web server, whatever number of requests that serves.
 */
const NICE = { run: 10, spare: 15, parked: 19, starved: 0 };
export type Weight = keyof typeof NICE;

/** Linux lets a process without rights change such a weight ten times a second, all processes together. */
const RETRY_MS = 150;
const TRIES = 5;

/** What children are made light by; `nothing` where the system refuses both. */
export type Weighing = 'autogroup' | 'nice' | 'nothing';

/** Whether sessions, not processes, share the processor. */
function sessionsShare(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/sched_autogroup_enabled', 'latin1').trim() === '1';
  } catch {
    return false;
  }
}

/** @returns false for a process that is gone, not ours, or to be raised by someone who may not. */
function renice(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice);
    return true;
  } catch {
    return false;
  }
}

function writeAutogroup(pid: number, nice: number): 'done' | 'later' | 'refused' {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice));
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 'later' : 'refused';
  }
}

/** Makes the session of `pid` weigh as little as its work is urgent. Never fails: weight is a courtesy, not a wall. */
export function weigh(pid: number, weight: Weight, tries = TRIES): void {
  if (!sessionsShare()) renice(pid, NICE[weight]);
  else if (writeAutogroup(pid, NICE[weight]) === 'later' && tries > 1) {
    setTimeout(() => weigh(pid, weight, tries - 1), RETRY_MS).unref();
  }
}

/** What `weigh` can do here, tried on a child of ours. */
export function weighingOf(pid: number): Weighing {
  if (!sessionsShare()) return renice(pid, NICE.spare) ? 'nice' : 'nothing';
  return writeAutogroup(pid, NICE.run) === 'refused' ? 'nothing' : 'autogroup';
}
