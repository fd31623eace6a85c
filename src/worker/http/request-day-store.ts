import { sql } from 'drizzle-orm';
import type { CalendarRule } from '#domain/calendar.ts';
import type { Database } from '../db/client.ts';
import { iso } from '../db/fragments.ts';
import { calendarOfConfig } from '../db/learner-day.ts';
import { param, statement } from '../db/statement.ts';

const learnerId = param('learner_id', 'text');

/** The learner's calendar, and the first request of the last day with one. */
export type RequestDay = { calendar: CalendarRule; last_request_at: string };

const findDay = statement<{ learner_id: string }, RequestDay>(
  'find-request-day',
  'read',
  sql`select ${calendarOfConfig('p.config')} as calendar, ${iso('p.last_request_at')} as last_request_at from study_paths p
  where p.user_id = ${learnerId} order by p.created_at desc, p.id desc limit 1`,
);

const markDay = statement<{ learner_id: string; now: string; day_starts: string }, never>(
  'mark-request-day',
  'idempotent',
  sql`update study_paths set last_request_at = ${param('now', 'timestamptz')}
  where user_id = ${learnerId} and last_request_at < ${param('day_starts', 'timestamptz')}`,
);

/** @returns undefined for a learner without a path. */
export async function requestDay(db: Database, learner: string): Promise<RequestDay | undefined> {
  const [row] = await db.query(findDay, { learner_id: learner });
  return row;
}

/** Notes that the learner's day has a request, unless another one was faster. */
export async function markRequestDay(
  db: Database,
  learner: string,
  day: { now: string; day_starts: string },
): Promise<void> {
  await db.query(markDay, { learner_id: learner, ...day });
}
