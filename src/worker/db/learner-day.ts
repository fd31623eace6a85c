import { type SQL, sql } from 'drizzle-orm';
import { type CalendarRule, calendarOfRule, keyOf, STANDARD_CALENDAR } from '#domain/calendar.ts';
import { AppError } from '../errors.ts';
import { iso } from './fragments.ts';

const timeZone = sql.raw(`'${STANDARD_CALENDAR.time_zone}'`);
const dayStart = sql.raw(String(STANDARD_CALENDAR.day_start_hour));

/** `CalendarRule` of a path's config as JSON; keys that it lacks count as their defaults. */
export function calendarOfConfig(config: string): SQL {
  const c = sql.raw(config);
  return sql`jsonb_build_object('time_zone', coalesce(${c}->>'time_zone', ${timeZone}),
    'day_start_hour', coalesce((${c}->>'day_start_hour')::integer, ${dayStart}))`;
}

/** `CalendarRule` of a learner as JSON, that of the newest path; null without a path. */
export function calendarOfLearner(learner: SQL): SQL {
  return sql`(select ${calendarOfConfig('cp.config')} from study_paths cp
    where cp.user_id = ${learner} order by cp.created_at desc, cp.id desc limit 1)`;
}

/** JSON list of `CalendarFact` of a learner, as `calendarsOf` takes them. */
export function calendarFacts(learner: SQL): SQL {
  return sql`(select coalesce(jsonb_agg(jsonb_build_object('path_id', ce.path_id, 'created_at', ${iso('cp.created_at')},
      'at', ${iso('ce.occurred_at')}, 'time_zone', ce.payload->'config'->'time_zone',
      'day_start_hour', ce.payload->'config'->'day_start_hour') order by ce.position), '[]')
    from study_paths cp join path_events ce on ce.path_id = cp.id
    where cp.user_id = ${learner} and (ce.event_type = 'path_created'
      or ce.payload->'config' ?| array['time_zone', 'day_start_hour']))`;
}

/** JSON list of the learner's days with practice, of all paths, ascending: date, and the quarters of an hour that saw any. */
export function practisedDays(learner: SQL): SQL {
  return sql`(select coalesce(jsonb_agg(jsonb_build_object('date', pd.day, 'quarters', pd.quarters) order by pd.day), '[]')
    from (select d.day, bit_count(bit_or(d.quarters))::integer as quarters
      from study_paths cp join practice_days d on d.path_id = cp.id where cp.user_id = ${learner} group by d.day) pd)`;
}

/** The day that a write is about to store, and the calendar that it was made by (JSON of a `CalendarRule`). */
export type DayParams = { day: string; calendar: string };

/** What a write answers that stored nothing, since the learner's calendar is another one. */
export type OtherCalendar = { outcome: 'other-calendar'; calendar: CalendarRule };

/** Learners whose calendar an isolate remembers, and changes of it that one write meets at most. */
const REMEMBERED = 1000;
const MOST_TRIES = 4;
const remembered = new Map<string, CalendarRule>();

/** `DayParams` of an instant (RFC 3339). */
export function dayParams(rule: CalendarRule, now: string): DayParams {
  const { time_zone, day_start_hour } = rule;
  const day = keyOf(calendarOfRule(rule).dayOf(Date.parse(now)));
  return { day, calendar: JSON.stringify({ time_zone, day_start_hour }) };
}

function remember(learnerId: string, rule: CalendarRule): void {
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(learnerId, rule);
}

/**
 * Runs a write that stores the learner's day, with the calendar that was last seen. The database compares it with the
 * one that there is, and says so when the learner has changed it: then the write goes again with that one. It costs a
 * second round trip for the first write of a learner in an isolate whose calendar is not the standard one.
 * @throws AppError `storage-unavailable` when the calendar never stood still.
 */
export async function onLearnersDay<Row extends { outcome: string }>(
  learnerId: string,
  now: string,
  write: (day: DayParams) => Promise<Row | OtherCalendar | undefined>,
): Promise<Row | undefined> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const row = await write(dayParams(remembered.get(learnerId) ?? STANDARD_CALENDAR, now));
    if (row === undefined || !isOther(row)) return row;
    remember(learnerId, row.calendar);
  }
  throw new AppError('storage-unavailable', { retryAfter: 1 });
}

function isOther(row: { outcome: string }): row is OtherCalendar {
  return row.outcome === 'other-calendar';
}
