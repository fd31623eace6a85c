const SECOND = 1000;
const QUARTER = 900 * SECOND;
const DAY = 86_400 * SECOND;
const SPAN = 14 * DAY;

/** A local day, counted from 1970-01-01, that is certain for all instants from the one asked about up to `until`. */
export type LocalDay = { day: number; until: number };

/** Places instants (milliseconds since 1970-01-01T00:00Z) on a calendar. */
export type Calendar = {
  at(instant: number): LocalDay;
  dayOf(instant: number): number;
};

/** Calendars that an isolate keeps, more than there are zones that people live in; a name has several spellings. */
const KEPT = 200;
const calendars = new Map<string, Calendar>();

/**
 * The calendar of an IANA time zone, made once per isolate: making one costs more than all the days that a request asks
 * it for, and what it keeps are the zone's own rules.
 * @throws RangeError for an unknown zone.
 */
export function calendarOf(timeZone: string): Calendar {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const made = makeCalendar(timeZone);
  if (calendars.size >= KEPT) calendars.clear();
  calendars.set(timeZone, made);
  return made;
}

/**
 * The calendar of an IANA time zone, by the rules that the runtime's ICU knows: the same that accepted the zone in the
 * path's config, while PostgreSQL reads some of its names differently. Asking ICU costs microseconds, so a fortnight
 * whose two ends have the same offset is taken to have no other, and in other ones the change is searched by halves:
 * exact as long as no zone changes twice within a fortnight (since 2005 the least has been three weeks).
 */
function makeCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const starts = new Map<number, number>();
  const changes = new Map<number, number>();

  /** Milliseconds east of UTC. */
  function ask(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / SECOND) * SECOND;
  }

  function startOf(span: number): number {
    const offset = starts.get(span) ?? ask(span * SPAN);
    starts.set(span, offset);
    return offset;
  }

  function changeIn(span: number): number {
    const known = changes.get(span);
    if (known !== undefined) return known;
    let [before, after] = [(span * SPAN) / QUARTER, ((span + 1) * SPAN) / QUARTER];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (ask(middle * QUARTER) === startOf(span)) before = middle;
      else after = middle;
    }
    changes.set(span, after * QUARTER);
    return after * QUARTER;
  }

  function at(instant: number): LocalDay {
    const span = Math.floor(instant / SPAN);
    const [first, next] = [startOf(span), startOf(span + 1)];
    const end = (span + 1) * SPAN;
    const change = first === next ? end : changeIn(span);
    const [offset, until] = instant < change ? [first, change] : [next, end];
    const day = Math.floor((instant + offset) / DAY);
    return { day, until: Math.min(until, (day + 1) * DAY - offset) };
  }

  return { at, dayOf: (instant) => at(instant).day };
}

/** `2026-11-23` for a day counted since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
