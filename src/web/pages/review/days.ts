import { dayKey, formatDay } from '../../time/dates.ts';

const DAY_MS = 86_400_000;
/** More than any zone is away from UTC. */
const FARTHEST_MS = 26 * 3_600_000;

/** The calendar day so many days after another, both as `2026-11-26`. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Milliseconds by which the zone's clocks are ahead of UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  // Sweden writes date and time as ISO 8601 does.
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(instant);
  return Date.parse(`${clock.replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}

/**
 * The first instant of a calendar day in a zone, RFC 3339 in UTC. Where clocks are set at midnight that is not 00:00, or
 * it is the earlier one of two.
 */
export function startOfDay(day: string, zone: string): string {
  const midnight = Date.parse(day);
  const guesses = [-FARTHEST_MS, FARTHEST_MS].map((away) => midnight - offsetAt(midnight + away, zone));
  const within = guesses.filter((guess) => dayKey(guess, zone) === day);
  return new Date(Math.min(...(within.length === 0 ? guesses : within))).toISOString();
}

/** The heading of a day: `Today, Thursday, 26 November`. */
export function dayTitle(day: string, today: string): string {
  const name = formatDay(day, today);
  if (day === today) return `Today, ${name}`;
  if (day === dayAfter(today)) return `Tomorrow, ${name}`;
  return day === dayAfter(today, -1) ? `Yesterday, ${name}` : name;
}

/** The zone if this browser knows it, else the other one. */
export function knownZone(zone: string, otherwise: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return otherwise;
  }
}
