import {
  type CalendarRule,
  calendarOf,
  calendarOfRule,
  DAY_START_HOUR,
  dayOfKey,
  daysBetween,
  keyOf,
  knowsZone,
} from '#domain/calendar.ts';
import { browserZone, LOCALE } from './dates.ts';

/**
 * The learner's calendar by the config of the newest path: in the browser's zone as long as no path is known, or where
 * this browser does not know the path's zone.
 */
export function calendarOfPath(config: CalendarRule | undefined): CalendarRule {
  const { time_zone, day_start_hour } = config ?? {
    time_zone: browserZone(),
    day_start_hour: DAY_START_HOUR,
  };
  return { time_zone: knowsZone(time_zone) ? time_zone : browserZone(), day_start_hour };
}

/** The learner's day of an instant, as `2026-11-26`. */
export function learnerDay(at: string | number, rule: CalendarRule): string {
  return keyOf(calendarOfRule(rule).dayOf(new Date(at).getTime()));
}

/** The first instant of a day of the learner, RFC 3339 in UTC. */
export function startOfDay(day: string, { time_zone, day_start_hour }: CalendarRule): string {
  return new Date(calendarOf(time_zone, day_start_hour).startOf(dayOfKey(day))).toISOString();
}

let relativeFormat: Intl.RelativeTimeFormat | undefined;

/** `today`, `tomorrow`, `in 3 days`, by days of the calendar and not by hours. */
export function formatRelativeDay(day: string, today: string): string {
  relativeFormat ??= new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  const days = daysBetween(today, day);
  if (Math.abs(days) < 14) return relativeFormat.format(days, 'day');
  if (Math.abs(days) < 60) return relativeFormat.format(Math.trunc(days / 7), 'week');
  return relativeFormat.format(Math.trunc(days / 30), 'month');
}
