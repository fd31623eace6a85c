import { addDays } from '#domain/calendar.ts';
import { formatDay } from '../../time/dates.ts';

/** The calendar day so many days after another, both as `2026-11-26`. */
export function dayAfter(day: string, days = 1): string {
  return addDays(day, days);
}

/** The heading of a day: `Today, Thursday, 26 November`. */
export function dayTitle(day: string, today: string): string {
  const name = formatDay(day, today);
  if (day === today) return `Today, ${name}`;
  if (day === dayAfter(today)) return `Tomorrow, ${name}`;
  return day === dayAfter(today, -1) ? `Yesterday, ${name}` : name;
}
