import { ServiceFault } from './faults.ts';

/** Seconds one run takes on average, for the hint in Retry-After. */
const USUAL_RUN_S = 0.5;

/** At most `slots` jobs at once, at most `cap` waiting in order of arrival; more are refused. */
export function createSlots(slots: number, cap: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    /** @throws ServiceFault QUEUE_FULL at once, before the job is taken. */
    run<T>(job: () => Promise<T>): Promise<T> {
      if (running < slots) running += 1;
      else if (waiting.length < cap) {
        const turn = new Promise<void>((resolve) => waiting.push(resolve));
        return turn.then(job).finally(release);
      } else {
        const seconds = Math.min(30, Math.max(1, Math.ceil((waiting.length * USUAL_RUN_S) / slots)));
        throw new ServiceFault('QUEUE_FULL', `${cap} evaluations are waiting already`, seconds);
      }
      return job().finally(release);
    },
    status: () => ({ running, waiting: waiting.length, slots, cap }),
  };
}
