import type { MiddlewareHandler } from 'hono';
import { localDay } from '#domain/learning/local-day.ts';
import type { createDatabase, Database } from '../db/client.ts';
import { StorageError } from '../db/client.ts';
import { markRequestDay, requestDay } from './request-day-store.ts';
import type { AppEnv } from './types.ts';

const HOUR = 3_600_000;
/** Learners whose day an isolate knows to be noted. */
const KNOWN = 20_000;

/** A write to one of these may change the learner's calendar, and with it when their day began. */
const CALENDAR_ROUTES = '/v1/study-paths';

/**
 * @returns until when (milliseconds) no request of the learner needs to look again: to the end of the day, but for an
 * hour at most, since another isolate may change the calendar.
 */
async function note(db: Database, learnerId: string, now: string): Promise<number> {
  const found = await requestDay(db, learnerId);
  // A path notes the day on which it is created.
  if (found === undefined) return Date.parse(now) + HOUR;
  const { starts, ends } = localDay(found.calendar, now);
  if (Date.parse(found.last_request_at) < starts) {
    await markRequestDay(db, learnerId, { now, day_starts: new Date(starts).toISOString() });
  }
  return Math.min(ends, Date.parse(now) + HOUR);
}

/**
 * Stores the local day of a learner's last request, since crons do not plan for learners who are away. It happens in
 * parallel to the request, once per learner and hour in each isolate, with at most one write per learner and day. A
 * failure is logged and the next request tries again.
 */
export function notedDay(database: ReturnType<typeof createDatabase>): MiddlewareHandler<AppEnv> {
  const noted = new Map<string, { from: number; until: number }>();

  async function noteDay(db: Database, learnerId: string, now: string): Promise<void> {
    const until = await note(db, learnerId, now);
    if (noted.size >= KNOWN) noted.clear();
    noted.set(learnerId, { from: Date.parse(now), until });
  }

  return async (c, next) => {
    const { now, requestId, log } = c.get('ctx');
    const learnerId = c.get('learnerId');
    const at = Date.parse(now);
    const logged = (error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      log.warn('request-day-not-noted', { error: error.message });
    };
    const known = noted.get(learnerId);
    if (c.req.method !== 'GET' && c.req.path.startsWith(CALENDAR_ROUTES)) {
      await next();
      noted.delete(learnerId);
      return noteDay(database.forRequest(`${requestId}-day`), learnerId, now).catch(logged);
    }
    if (known !== undefined && at >= known.from && at < known.until) return next();
    const noting = noteDay(database.forRequest(`${requestId}-day`), learnerId, now).catch(logged);
    await next();
    await noting;
  };
}
