/**
 * Who gets a slot next, as pure rules: every method takes the time, in milliseconds of any steady clock.
 *
 * 1. Light learners go first: they have no slot and used at most 10 s of slot time in the last minute. They take turns,
 *    each one's own submissions in order of arrival.
 * 2. The last free slot is for them alone. Of the others, who used least goes first.
 * 3. A run that waits without using the processor is parked: it gives its slot up for good, and its time counts on.
 * 4. A learner's waiting submissions are bounded, and so are all together.
 *
 * With a single slot, which is always the last, rule 2 lets the others go first and nothing stays empty.
 */
export type QueueLimits = {
  slots: number;
  /** Runs parked at the same time; what waits beyond them holds its slot. */
  parked: number;
  /** Submissions waiting, of all learners and of one. */
  waiting: number;
  waitingOfOne: number;
};

/** Slot time, in milliseconds, of the last `WINDOW_MS` above which a learner is heavy. */
const HEAVY_MS = 10_000;
const WINDOW_MS = 60_000;
/** What every run counts at least, for the boot of a child, which does not count itself. */
const LEAST_MS = 500;

type Interval = { from: number; to: number };
type Running = { learner: string; since: number; idle: boolean };

export type Refusal = 'queue-full' | 'learner-full';

export type Counts = { running: number; parked: number; waiting: number };

/** `T` names a submission; each is used once. */
export function createFairQueue<T>(limits: QueueLimits) {
  const { slots } = limits;
  /** Learners in the order of their turns. */
  const waiting = new Map<string, T[]>();
  const running = new Map<T, Running>();
  const past = new Map<string, Interval[]>();

  const count = (): Counts => {
    const idle = [...running.values()].filter((run) => run.idle).length;
    const parked = Math.min(idle, limits.parked);
    const all = [...waiting.values()].reduce((sum, entries) => sum + entries.length, 0);
    return { running: running.size - parked, parked, waiting: all };
  };

  /** Slot time of the last minute, runs that go on included. */
  function usage(learner: string, now: number): number {
    const begin = now - WINDOW_MS;
    const ended = (past.get(learner) ?? []).filter(({ to }) => to > begin);
    if (ended.length > 0) past.set(learner, ended);
    else past.delete(learner);
    const going = [...running.values()]
      .filter((run) => run.learner === learner)
      .map(({ since }) => ({ from: since, to: now }));
    return [...ended, ...going].reduce((sum, { from, to }) => sum + to - Math.max(from, begin), 0);
  }

  function isLight(learner: string, now: number): boolean {
    const busy = [...running.values()].some((run) => run.learner === learner);
    return !busy && usage(learner, now) <= HEAVY_MS;
  }

  /** Who may have one of `free` slots. */
  function choose(free: number, now: number): string | null {
    const learners = [...waiting.keys()];
    const light = learners.find((learner) => isLight(learner, now));
    if (light !== undefined) return light;
    if (free === 1 && slots > 1) return null;
    const used = learners.map((learner) => ({ learner, ms: usage(learner, now) }));
    return used.toSorted((a, b) => a.ms - b.ms)[0]?.learner ?? null;
  }

  function take(learner: string): T | null {
    const entries = waiting.get(learner) ?? [];
    const entry = entries.shift();
    waiting.delete(learner);
    if (entries.length > 0) waiting.set(learner, entries); // at the end: the next turn is another's
    return entry ?? null;
  }

  return {
    /** Lets a submission wait for `next`; says why not. */
    enter(entry: T, learner: string): Refusal | null {
      const own = waiting.get(learner);
      if (count().waiting >= limits.waiting) return 'queue-full';
      if (own === undefined) waiting.set(learner, [entry]);
      else if (own.length >= limits.waitingOfOne) return 'learner-full';
      else own.push(entry);
      return null;
    },
    /** Takes back a submission that waits; false when it does not. */
    withdraw(entry: T): boolean {
      for (const [learner, entries] of waiting) {
        const place = entries.indexOf(entry);
        if (place < 0) continue;
        entries.splice(place, 1);
        if (entries.length === 0) waiting.delete(learner);
        return true;
      }
      return false;
    },
    /** Starts the submission whose turn it is; null while there is none that may start. */
    next(now: number): T | null {
      const free = slots - count().running;
      const learner = free > 0 ? choose(free, now) : null;
      const entry = learner === null ? null : take(learner);
      if (learner !== null && entry !== null) running.set(entry, { learner, since: now, idle: false });
      return entry;
    },
    /** The child of a run is up: the time until now was not the learner's. */
    begin(entry: T, now: number): void {
      const run = running.get(entry);
      if (run !== undefined) run.since = now;
    },
    /** A run has begun to wait without using the processor. */
    park(entry: T): void {
      const run = running.get(entry);
      if (run !== undefined) run.idle = true;
    },
    /** A run has ended, however. */
    end(entry: T, now: number): void {
      const run = running.get(entry);
      if (run === undefined) return;
      running.delete(entry);
      const ended = { from: Math.min(run.since, now - LEAST_MS), to: now };
      past.set(run.learner, [...(past.get(run.learner) ?? []), ended]);
      for (const learner of [...past.keys()]) usage(learner, now);
    },
    counts: count,
  };
}
