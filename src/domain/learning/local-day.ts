import { type CalendarRule, calendarOfRule } from '../calendar.ts';

/**
 * The local day of an instant (RFC 3339) by a learner's calendar: its number since 1970-01-01, its first instant and that
 * of the day after, in milliseconds.
 */
export function localDay(rule: CalendarRule, instant: string): { day: number; starts: number; ends: number } {
  const calendar = calendarOfRule(rule);
  const day = calendar.dayOf(Date.parse(instant));
  return { day, starts: calendar.startOf(day), ends: calendar.startOf(day + 1) };
}
