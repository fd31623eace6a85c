import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { AppError } from '../errors.ts';
import { readAtMost } from '../http/read-at-most.ts';
import { usableKeys } from './jwk.ts';

/** The issuer's keys as one download gave them. The object stays the same as long as the keys do. */
export type KeySet = { readonly getKey: JWTVerifyGetKey };

/** Lets work outlive the request that began it (Workers' `waitUntil`). */
export type Background = (work: Promise<unknown>) => void;

export type KeySource = {
  /** Keys at most 10 min old; at most 24 h old while the issuer is down. @throws AppError `auth-unavailable`. */
  current(background: Background): Promise<KeySet>;
  /**
   * Asks the issuer again because a token names a key that `seen` lacks; within the cooldown it answers what is there.
   * @throws AppError `auth-unavailable` while the issuer cannot be asked: the key may be a new one.
   */
  newerThan(seen: KeySet, background: Background): Promise<KeySet>;
};

export type JwksOptions = {
  url: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  now?: () => number;
  timeoutMs?: number;
  /** Told why a download failed, and how many have failed one after the other. */
  report?: (failure: unknown, failures: number) => void;
};

const MAX_AGE_MS = 10 * 60_000;
const STALE_LIMIT_MS = 24 * 3_600_000;
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 3000;
const MAX_BYTES = 65_536;

type Attempt = { startedAt: number; outcome: 'running' | 'ok' | 'failed'; done: Promise<void> };

/** Source of the issuer's keys at a fixed URL: one download at a time, one per 30 s, kept when the issuer is down. */
export function createJwks(options: JwksOptions): KeySource {
  const { url, now = Date.now, timeoutMs = TIMEOUT_MS, report = () => {} } = options;
  const download = options.fetch ?? ((input, init) => fetch(input, init));
  let held: { set: KeySet; text: string; fetchedAt: number } | null = null;
  let last: Attempt | null = null;
  let failures = 0;

  async function load(startedAt: number): Promise<void> {
    // `manual`, because workerd knows no `error`: a redirect then shows as its 3xx status.
    const response = await download(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the key set answered ${response.status}`);
    }
    const bytes = await readAtMost(response.body, MAX_BYTES);
    if (bytes === null) throw new Error('the key set is too large');
    const keys = await usableKeys(JSON.parse(new TextDecoder().decode(bytes)));
    const text = JSON.stringify(keys);
    const set = held?.text === text ? held.set : { getKey: createLocalJWKSet({ keys }) };
    held = { set, text, fetchedAt: startedAt };
  }

  function begin(background: Background): Attempt {
    const attempt: Attempt = { startedAt: now(), outcome: 'running', done: Promise.resolve() };
    attempt.done = load(attempt.startedAt).then(
      () => {
        attempt.outcome = 'ok';
        failures = 0;
      },
      (failure: unknown) => {
        attempt.outcome = 'failed';
        failures += 1;
        report(failure, failures);
      },
    );
    background(attempt.done);
    last = attempt;
    return attempt;
  }

  /**
   * workerd cuts off the download of a request that is gone: others then wait for nothing, or for an error of its own,
   * so the wait has an end.
   */
  async function settled(attempt: Attempt): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, timeoutMs + 500);
    await Promise.race([attempt.done.catch(() => patience.promise), patience.promise]);
    clearTimeout(timer);
  }

  function running(): Attempt | null {
    return last?.outcome === 'running' && now() - last.startedAt < timeoutMs + 500 ? last : null;
  }

  function cooling(): boolean {
    return last !== null && last.outcome !== 'running' && now() - last.startedAt < COOLDOWN_MS;
  }

  function unavailable(): AppError {
    const rest = last === null ? 0 : last.startedAt + COOLDOWN_MS - now();
    return new AppError('auth-unavailable', {
      detail: 'The keys that verify tokens cannot be fetched right now.',
      retryAfter: Math.max(1, Math.ceil(rest / 1000)),
    });
  }

  function usable(): KeySet | null {
    return held !== null && now() - held.fetchedAt < STALE_LIMIT_MS ? held.set : null;
  }

  return {
    async current(background) {
      if (held !== null && now() - held.fetchedAt < MAX_AGE_MS) return held.set;
      if (!cooling()) {
        // Once a download has failed, requests that the old keys can serve do not wait for the next one.
        const attempt = running() ?? begin(background);
        if (failures === 0 || usable() === null) await settled(attempt);
      }
      const set = usable();
      if (set === null) throw unavailable();
      return set;
    },

    async newerThan(seen, background) {
      if (held !== null && held.set !== seen) return held.set;
      if (!cooling()) await settled(running() ?? begin(background));
      if (held === null || last?.outcome !== 'ok') throw unavailable();
      return held.set;
    },
  };
}
