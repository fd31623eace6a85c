import { isStudyPathsError, type StudyPathsError } from './errors.ts';
import type { RetryOptions } from './options.ts';
import { isKeyed, newKey, type Send } from './send.ts';

/**
 * How often a request may be done. `repeatable`: a read, or a POST under an idempotency key. `once`: what may only be
 * sent again when the service says that nothing was done.
 */
export type Repeat = 'repeatable' | 'once';

/** Answered before anything is done. */
const NOTHING_DONE = new Set<string>([
  'rate-limited',
  'too-many-evaluations',
  'auth-unavailable',
  'problem-bank-unavailable',
  'evaluator-unavailable',
  'tutor-unavailable',
]);

/** May pass by itself, but the work may have been done. */
const PASSING = new Set<string>([
  'network',
  'timeout',
  'storage-unavailable',
  'request-in-progress',
  'internal',
]);

const DEFAULTS = { attempts: 3, baseMs: 250, maxMs: 20_000 } as const satisfies Required<RetryOptions>;

function worthIt({ code, status, retryAfter }: StudyPathsError, repeat: Repeat): boolean {
  if (NOTHING_DONE.has(code)) return status === 429 ? retryAfter !== null : true;
  if (repeat === 'once') return false;
  return PASSING.has(code) || (code === 'unexpected-answer' && [429, 502, 503, 504].includes(status));
}

/**
 * Milliseconds to wait before trying again, or null to give up: at least what the answer asked for, and beyond it any
 * time up to a bound that doubles (full jitter), so that many clients do not come back at once.
 * @param tried times that the call was tried, from 1
 */
export function pauseBefore(
  error: StudyPathsError,
  repeat: Repeat,
  tried: number,
  options: RetryOptions = {},
  random: () => number = Math.random,
): number | null {
  const { attempts, baseMs, maxMs } = { ...DEFAULTS, ...options };
  if (tried >= attempts || !worthIt(error, repeat)) return null;
  const asked = (error.retryAfter ?? 0) * 1000;
  if (asked > maxMs) return null;
  return Math.min(maxMs, asked + random() * Math.min(maxMs, baseMs * 2 ** (tried - 1)));
}

/** Waits; a signal that aborts ends it with the signal's reason. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Sends calls as `send` does, as many times as is safe and may help; one idempotency key holds for all tries. */
export function retrying(send: Send, retry?: RetryOptions): Send {
  return async (call, options = {}) => {
    const repeat: Repeat = call.method === 'GET' || isKeyed(call) ? 'repeatable' : 'once';
    const same = { idempotencyKey: newKey(), ...options };
    for (let tried = 1; ; tried += 1) {
      try {
        return await send(call, same);
      } catch (error) {
        if (!isStudyPathsError(error)) throw error;
        const wait = pauseBefore(error, repeat, tried, retry);
        if (wait === null) throw error;
        await pause(wait, options.signal);
      }
    }
  };
}
