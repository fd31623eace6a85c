import { type Service, UpstreamError } from './upstream-error.ts';

/** What a load brings: a value with its size in bytes, `same` when the copy is still right, null for "unknown". */
export type Loaded<T> = { value: T; etag: string | null; bytes: number } | 'same' | null;
export type Copy<T> = { value: T; etag: string | null };
export type Load<T> = (copy: Copy<T> | undefined, deadlineMs: number) => Promise<Loaded<T>>;

type Entry<T> = Copy<T> & { bytes: number; checkedAt: number; quietUntil: number };
type Flight<T> = Promise<T | null>;

export type FreshCacheOptions = {
  /** Whose answers these are. */
  service: Service;
  maxEntries: number;
  maxBytes: number;
  /** Milliseconds for one read, waiting for somebody else's load included. */
  deadlineMs: number;
  /** Up to this age in milliseconds a copy is given out unchecked. */
  freshMs: number;
  /** Up to this age a copy is given out when the source fails. */
  staleMs: number;
  /** Up to this age a copy is given out at once and checked in the background, when there is one. */
  lazyMs?: number;
  /** Lets a load outlive the request that began it (`waitUntil`). */
  background?: ((work: Promise<unknown>) => void) | undefined;
  /** After a timeout without any copy reads fail at once that long: nobody waits twice in one request. */
  failFastMs?: number;
  /** Clock in milliseconds. */
  now: () => number;
};

/** After a failure the copy serves that long before the source is asked again, so that an outage slows few. */
const QUIET_MS = 5000;

export type FreshCache<T> = {
  /** Null when the source does not know the key. @throws UpstreamError when it fails and no copy is young enough. */
  read(key: string, load: Load<T>): Promise<T | null>;
  /** Is there a copy, however old? */
  holds(key: string): boolean;
  /** Is that copy younger than `freshMs`? */
  isFresh(key: string): boolean;
};

/** Copies of another service's answers, least recently used ones dropped first, one load at a time per key. */
export function createFreshCache<T>(options: FreshCacheOptions): FreshCache<T> {
  const { now, freshMs, staleMs, lazyMs = 0, failFastMs = 0, background, deadlineMs } = options;
  const entries = new Map<string, Entry<T>>();
  const flights = new Map<string, Flight<T>>();
  const timeouts = new Map<string, { error: UpstreamError; until: number }>();
  let held = 0;

  const age = (entry: Entry<T>) => now() - entry.checkedAt;

  function drop(key: string) {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  function keep(key: string, entry: Entry<T>) {
    drop(key);
    if (entry.bytes > options.maxBytes) return;
    entries.set(key, entry);
    held += entry.bytes;
    for (const oldest of entries.keys()) {
      if (entries.size <= options.maxEntries && held <= options.maxBytes) break;
      drop(oldest);
    }
  }

  async function run(key: string, load: Load<T>, budgetMs: number): Promise<T | null> {
    const copy = entries.get(key);
    const loaded = await load(copy, budgetMs);
    timeouts.delete(key);
    if (loaded === null || (loaded === 'same' && copy === undefined)) {
      drop(key);
      return null;
    }
    const entry = loaded === 'same' ? (copy as Entry<T>) : loaded;
    keep(key, { ...entry, checkedAt: now(), quietUntil: 0 });
    return entry.value;
  }

  function takeOff(key: string, load: Load<T>, budgetMs: number): Flight<T> {
    const flight = run(key, load, budgetMs).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    flights.set(key, flight);
    // The request that began it may end first, and others wait for it too.
    background?.(flight.catch(() => undefined));
    return flight;
  }

  /**
   * Joins the load under way, for half of the time at most: on Workers a load dies with the request that began it,
   * and those who wait would never hear of it, or hear of an error that is the runtime's own.
   */
  async function joinOrLoad(key: string, load: Load<T>): Promise<T | null> {
    const flight = flights.get(key);
    if (flight === undefined) return takeOff(key, load, deadlineMs);
    const outcome = await joined(flight, deadlineMs / 2);
    if (outcome !== LOST) return outcome;
    const successor = flights.get(key);
    if (successor === undefined || successor === flight) return takeOff(key, load, deadlineMs / 2);
    const second = await joined(successor, deadlineMs / 2);
    if (second === LOST) throw new UpstreamError(options.service, 'timeout');
    return second;
  }

  /** The copy that may stand in for a source that failed, or the failure itself. */
  function fallBack(key: string, error: unknown): T {
    const entry = entries.get(key);
    if (!(error instanceof UpstreamError)) throw error;
    if (entry !== undefined && age(entry) < staleMs) {
      entry.quietUntil = now() + QUIET_MS;
      return entry.value;
    }
    if (error.kind === 'timeout' && failFastMs > 0) timeouts.set(key, { error, until: now() + failFastMs });
    throw error;
  }

  return {
    holds: (key) => entries.has(key),
    isFresh(key) {
      const entry = entries.get(key);
      return entry !== undefined && age(entry) < freshMs;
    },
    async read(key, load) {
      const entry = entries.get(key);
      if (entry !== undefined) {
        entries.delete(key);
        entries.set(key, entry);
        if (age(entry) < freshMs || (now() < entry.quietUntil && age(entry) < staleMs)) return entry.value;
        if (background !== undefined && age(entry) < lazyMs) {
          if (!flights.has(key))
            background(takeOff(key, load, deadlineMs).catch((error) => fallBack(key, error)));
          return entry.value;
        }
      }
      const failed = timeouts.get(key);
      if (failed !== undefined && now() < failed.until) throw failed.error;
      return joinOrLoad(key, load).catch((error) => fallBack(key, error));
    },
  };
}

const LOST = Symbol('lost');

/** What another request's load brings, or that it brings nothing within `ms` milliseconds. @throws UpstreamError */
async function joined<T>(flight: Promise<T>, ms: number): Promise<T | typeof LOST> {
  const late = Promise.withResolvers<typeof LOST>();
  const timer = setTimeout(() => late.resolve(LOST), ms);
  try {
    return await Promise.race([flight, late.promise]);
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    return LOST;
  } finally {
    clearTimeout(timer);
  }
}
