import type { Context, MiddlewareHandler, Next } from 'hono';
import { AppError } from '../errors.ts';
import type { AppEnv } from './types.ts';

/** The part of the Workers rate limiting binding that is used; it counts per key, location and window. */
export type RateLimiter = { limit(options: { key: string }): Promise<{ success: boolean }> };

/** One limit per learner; `quota` requests in 60 seconds, as the binding was configured. */
export type RateLimit = { name: string; quota: number; limiter: RateLimiter };

/** What is limited; null where the deployment has no such binding. `past`: progress as of a moment in the past. */
export type RateLimits = Record<'writes' | 'exports' | 'past', RateLimit | null>;

const WINDOW_SECONDS = 60;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const EXPORT = /\/export$/;
const PROGRESS = /\/progress$/;

/**
 * Everything that may change something is a write: hints, runs and submissions too. Of the reads those are limited that
 * cost many times what others do: exports, and progress that is made of the log again.
 */
function limitFor({ writes, exports, past }: RateLimits, { req }: Context<AppEnv>): RateLimit | null {
  if (!READS.has(req.method)) return writes;
  if (EXPORT.test(req.path)) return exports;
  return PROGRESS.test(req.path) && req.query('as_of') !== undefined ? past : null;
}

/**
 * Holds each learner to so many writes, exports and reads of the past a minute. Stands behind `authenticate`, before anything of the body
 * is read. Limited routes tell their policy (draft-ietf-httpapi-ratelimit-headers-10); what remains is told only when
 * nothing does, since the binding says yes or no. For the same reason the time to wait is the whole window, the most
 * that it can be. A limiter that fails lets everybody through.
 * @throws AppError `rate-limited`.
 */
export function rateLimited(limits: RateLimits): MiddlewareHandler<AppEnv> {
  const hold = async (c: Context<AppEnv>, next: Next, limit: RateLimit) => {
    const { name, quota } = limit;
    const policy = `"${name}";q=${quota};w=${WINDOW_SECONDS}`;
    const report = (error: unknown) =>
      c.get('ctx').log.warn('rate-limit-not-checked', { limit: name, error: errorName(error) });
    if (!(await allowed(limit, c.get('learnerId'), report))) {
      throw new AppError('rate-limited', {
        detail: `At most ${quota} ${name} in ${WINDOW_SECONDS} seconds; wait a little.`,
        retryAfter: WINDOW_SECONDS,
        headers: { 'ratelimit-policy': policy, ratelimit: `"${name}";r=0;t=${WINDOW_SECONDS}` },
      });
    }
    await next();
    c.res.headers.append('ratelimit-policy', policy);
  };
  return (c, next) => {
    const limit = limitFor(limits, c);
    return limit === null ? next() : hold(c, next, limit);
  };
}

async function allowed(
  { limiter }: RateLimit,
  learnerId: string,
  report: (error: unknown) => void,
): Promise<boolean> {
  try {
    return (await limiter.limit({ key: learnerId })).success;
  } catch (error) {
    report(error);
    return true;
  }
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
