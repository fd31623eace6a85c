import { ServiceFault } from './faults.ts';

/** Seconds one run is taken for before any has ended, and the weight of each one that has. */
const FIRST_GUESS_S = 0.5;
const WEIGHT = 0.1;
const LONGEST_RETRY_S = 30;

type Waiter = { start(): void; refuse(fault: ServiceFault): void };

/** At most `slots` jobs at once, at most `cap` waiting in order of arrival; more are refused. */
export function createSlots(slots: number, cap: number) {
  let running = 0;
  let usual = FIRST_GUESS_S;
  let closed = false;
  const waiting: Waiter[] = [];
  const idle: (() => void)[] = [];

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next.start();
    if (running === 0) for (const tell of idle.splice(0)) tell();
  }

  async function timed<T>(job: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await job();
    } finally {
      usual += WEIGHT * ((performance.now() - began) / 1000 - usual);
      release();
    }
  }

  function stopping(): ServiceFault {
    return new ServiceFault('NOT_READY', 'The service is stopping', 2);
  }

  return {
    /** @throws ServiceFault QUEUE_FULL or NOT_READY at once, before the job is taken; NOT_READY later, on `close`. */
    run<T>(job: () => Promise<T>): Promise<T> {
      if (closed) throw stopping();
      if (running < slots) {
        running += 1;
        return timed(job);
      }
      if (waiting.length >= cap) {
        const seconds = Math.min(LONGEST_RETRY_S, Math.max(1, Math.ceil((waiting.length * usual) / slots)));
        throw new ServiceFault('QUEUE_FULL', `${cap} evaluations are waiting already`, seconds);
      }
      const turn = new Promise<void>((start, refuse) => waiting.push({ start, refuse }));
      return turn.then(() => timed(job));
    },
    /** Takes no more, refuses those who wait, and resolves when the last running job has ended. */
    async close(): Promise<void> {
      closed = true;
      for (const waiter of waiting.splice(0)) waiter.refuse(stopping());
      if (running > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
    status: () => ({ running, waiting: waiting.length, slots, cap }),
  };
}
