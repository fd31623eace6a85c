import { cpuMs, isAsleep } from './process-stats.ts';

/**
 * Looks over which a program is judged, and how many of them that find it asleep make it one that waits: waiting by many
 * short naps is waiting, too. A program that computes never sleeps, and one that gets no processor is not asleep.
 */
const LOOKS = 16;
const ASLEEP_LOOKS = 5;
/** Wall milliseconds after which a process that got less than this share of them in processor time is starved. */
const STARVED_WINDOW_MS = 2000;
const STARVED_SHARE = 0.1;

export type Attention = {
  /** It sleeps most of its time. */
  onIdle(): void;
  /** It is ready to run and gets next to no processor. */
  onStarved(): void;
};

/** Watches what a process makes of its time; call `look` about every 25 ms. Tells one of both, once. */
export function createAttention(pid: number, { onIdle, onStarved }: Attention) {
  const began = { wall: performance.now(), cpu: cpuMs(pid) ?? 0 };
  let told = false;
  let looks = 0;
  let asleep = 0;

  function tell(what: () => void): void {
    told = true;
    what();
  }
  return {
    look(): void {
      if (told) return;
      looks += 1;
      if (isAsleep(pid)) asleep += 1;
      const wall = performance.now() - began.wall;
      if (asleep >= ASLEEP_LOOKS) tell(onIdle);
      else if (wall >= STARVED_WINDOW_MS && (cpuMs(pid) ?? wall) - began.cpu < STARVED_SHARE * wall) {
        tell(onStarved);
      }
      if (looks === LOOKS) [looks, asleep] = [0, 0];
    },
  };
}
