import { useEffect, useMemo } from 'preact/hooks';
import type { Task } from '#contract/tasks.ts';
import { readStored, writeStored } from '../../kit/storage.ts';
import { createStore, type Store } from '../../kit/store.ts';

/** Seconds of active work on a task, and whether the learner has stopped the clock. */
export type Stopwatch = { seconds: Store<number>; paused: Store<boolean> };

const TICK_MS = 1000;
/** A tick never counts more: a laptop that was asleep did no work. */
const MOST_PER_TICK = 5;
/** Most seconds that are taken over from a start on another device. */
const MOST_TAKEN_OVER = 7200;

/** Seconds to go on from: this device's own count, else what has passed since the start. */
export function initialSeconds(stored: string | null, startedAt: string | null, now: number): number {
  const own = stored === null ? Number.NaN : Number(stored);
  if (Number.isFinite(own) && own >= 0) return own;
  if (startedAt === null) return 0;
  return Math.min(MOST_TAKEN_OVER, Math.max(0, (now - Date.parse(startedAt)) / 1000));
}

/**
 * Counts while the task is in progress, the tab is looked at and nobody has paused. A reload goes on from where it was;
 * the Worker takes the count when it is less than the time since the start.
 */
export function useStopwatch(learner: string, { id, status, started_at }: Task): Stopwatch {
  const key = `study-paths.seconds:${encodeURIComponent(learner)}:${id}`;
  const watch = useMemo(
    () => ({
      seconds: createStore(initialSeconds(readStored('local', key), started_at, Date.now())),
      paused: createStore(false),
    }),
    [key],
  );
  useEffect(() => {
    if (status !== 'in_progress') {
      // A task that is over needs no count; one that has not begun has none.
      writeStored('local', key, null);
      return;
    }
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      const passed = Math.min((now - last) / 1000, MOST_PER_TICK);
      last = now;
      if (watch.paused.get() || document.visibilityState === 'hidden') return;
      watch.seconds.set(watch.seconds.get() + passed);
      writeStored('local', key, watch.seconds.get().toFixed(1));
    };
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [status, key, watch]);
  return watch;
}
