import { calendarOf } from '../progress/time-zone-rules.ts';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;

/** How a learner's days are counted: an IANA zone, and the hour (0-23) at which a day begins there. */
export type DaySettings = { timeZone: string; startHour: number };

export const USUAL_DAY: DaySettings = { timeZone: 'UTC', startHour: 4 };

/** No day of a quota is shorter than this when it begins with a change of zone. */
const SHORTEST_MS = 12 * HOUR;

/**
 * First quarter of an hour after `instant` (ms since 1970) that belongs to a later learner's day. Days have 23 to 25
 * hours, more only where a zone has left one out.
 * @throws RangeError for an unknown zone.
 */
export function endOfDay(instant: number, { timeZone, startHour }: DaySettings): number {
  const calendar = calendarOf(timeZone);
  const dayAt = (quarter: number) => calendar.dayOf(quarter * QUARTER - startHour * HOUR);
  let before = Math.floor(instant / QUARTER);
  const today = dayAt(before);
  let after = before + (50 * HOUR) / QUARTER;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayAt(middle) > today) after = middle;
    else before = middle;
  }
  return after * QUARTER;
}

/**
 * When the day of a quota that begins now ends (ms since 1970). A learner who changes zone in the middle of a day would
 * else have a new one at once, and with it a new quota, as often as they like: a day that would end soon after the one
 * before is joined to the next.
 * @param previousEnd end of the last day that was counted; null when there was none.
 */
export function endOfQuotaDay(now: number, previousEnd: number | null, settings: DaySettings): number {
  const end = endOfDay(now, settings);
  const joined = previousEnd !== null && end - previousEnd < SHORTEST_MS;
  return joined ? endOfDay(end, settings) : end;
}
