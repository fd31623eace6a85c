import { createFairQueue, type QueueLimits } from './fair-queue.ts';
import { ServiceFault } from './faults.ts';

/** Seconds one run is taken for before any has ended, and the weight of each one that has. */
const FIRST_GUESS_S = 0.5;
const WEIGHT = 0.1;
const LONGEST_RETRY_S = 30;
/** Time alone makes a heavy learner light again: how often that is looked at while somebody waits. */
const AGING_MS = 250;

/** What a job is given: whether it was cancelled, and whom to tell that its program begins, or waits without working. */
export type Turn = { signal: AbortSignal; onBegin(): void; onIdle(): void };

/** Whose job it is (`learner` is a pseudonym), and what cancels it while it waits or runs. */
export type Claim = { learner: string; signal: AbortSignal };

type Job = { start(): void; refuse(fault: ServiceFault): void };

export function cancelled(): ServiceFault {
  return new ServiceFault('CANCELLED', 'The evaluation was cancelled, or its caller has left');
}
function stopping(): ServiceFault {
  return new ServiceFault('NOT_READY', 'The service is stopping', 2);
}

/** Runs jobs in slots by the rules of `fair-queue.ts`; what has no slot waits, what may not wait is refused. */
export function createSlots(limits: QueueLimits) {
  const queue = createFairQueue<Job>(limits);
  const idle: (() => void)[] = [];
  let usual = FIRST_GUESS_S;
  let closed = false;
  let aging: NodeJS.Timeout | undefined;
  const waiting = new Set<Job>();

  function pump(): void {
    clearTimeout(aging);
    for (let job = queue.next(performance.now()); job !== null; job = queue.next(performance.now()))
      job.start();
    if (waiting.size > 0) aging = setTimeout(pump, AGING_MS);
  }

  function release(job: Job, began: number): void {
    const now = performance.now();
    usual += WEIGHT * ((now - began) / 1000 - usual);
    queue.end(job, now);
    pump();
    const { running, parked } = queue.counts();
    if (running + parked === 0) for (const tell of idle.splice(0)) tell();
  }

  function refuse(): ServiceFault {
    const seconds = Math.ceil((queue.counts().waiting * usual) / limits.slots);
    const retry = Math.min(LONGEST_RETRY_S, Math.max(1, seconds));
    return new ServiceFault('QUEUE_FULL', 'Too many evaluations are waiting already', retry);
  }

  return {
    /**
     * @throws ServiceFault QUEUE_FULL or NOT_READY at once, before the job is taken; later NOT_READY on `close`, and
     * CANCELLED for a job that waits when its signal says so.
     */
    run<T>(work: (turn: Turn) => Promise<T>, { learner, signal }: Claim): Promise<T> {
      if (closed) throw stopping();
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const job: Job = {
        start() {
          waiting.delete(job);
          signal.removeEventListener('abort', leave);
          const began = performance.now();
          const onBegin = () => queue.begin(job, performance.now());
          const onIdle = () => {
            queue.park(job);
            pump();
          };
          work({ signal, onBegin, onIdle })
            .finally(() => release(job, began))
            .then(resolve, reject);
        },
        refuse(fault) {
          waiting.delete(job);
          signal.removeEventListener('abort', leave);
          queue.withdraw(job);
          reject(fault);
        },
      };
      const leave = () => job.refuse(cancelled());
      if (signal.aborted) throw cancelled();
      if (queue.enter(job, learner) !== null) throw refuse();
      waiting.add(job);
      signal.addEventListener('abort', leave, { once: true });
      pump();
      return promise;
    },
    /** Takes no more, refuses those who wait, and resolves when the last running job has ended. */
    async close(): Promise<void> {
      closed = true;
      for (const job of [...waiting]) job.refuse(stopping());
      clearTimeout(aging);
      const { running, parked } = queue.counts();
      if (running + parked > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
    status: () => ({ ...queue.counts(), slots: limits.slots, cap: limits.waiting }),
  };
}
