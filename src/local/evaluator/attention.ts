import { cpuMs, isAsleep } from './process-stats.ts';

/** Wall milliseconds of sleep after which a program counts as waiting, and CPU milliseconds that it may use meanwhile. */
const ASLEEP_MS = 300;
const STIRRING_MS = 15;
/** Wall milliseconds after which a process that got less than this share of them in processor time is starved. */
const PATIENCE_MS = 2000;
const LEAST_SHARE = 0.1;

export type Attention = {
  /** It sleeps, and does not use the processor. */
  onIdle(): void;
  /** It is ready to run and gets next to no processor. */
  onStarved(): void;
};

/** Watches what a process makes of its time; call `look` every few milliseconds. Tells one of both, once. */
export function createAttention(pid: number, { onIdle, onStarved }: Attention) {
  const began = { wall: performance.now(), cpu: cpuMs(pid) ?? 0 };
  let told = false;
  /** Where the present sleep began, and the processor time then. */
  let asleep = began;

  function tell(what: () => void): void {
    told = true;
    what();
  }
  return {
    look(): void {
      const now = { wall: performance.now(), cpu: cpuMs(pid) ?? asleep.cpu };
      if (now.cpu - asleep.cpu > STIRRING_MS || !isAsleep(pid)) asleep = now;
      const wall = now.wall - began.wall;
      const starved = wall >= PATIENCE_MS && now.cpu - began.cpu < LEAST_SHARE * wall;
      if (told) return;
      if (now.wall - asleep.wall >= ASLEEP_MS) tell(onIdle);
      else if (starved) tell(onStarved);
    },
  };
}
