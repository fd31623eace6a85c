import type { ReviewState } from '#contract/learning.ts';

/**
 * The learner's calendar. A day is a local day that begins at a fixed hour of the night, so that practice at half past
 * midnight still belongs to the evening before. Days are named by keys such as `2026-11-30`, the local date at which
 * the day begins, and counted since 1970-01-01 where they are compared.
 */

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** The widest that any zone lies from UTC. */
const WIDEST = DAY;
/** No zone has changed its offset twice within a week that begins on a Thursday, since the year 2000. */
const SPAN = 7 * DAY;

/** Hour of the local clock at which a day begins unless the learner says otherwise. */
export const DAY_START_HOUR = 4;
/** Latest hour at which a day may begin. */
export const LATEST_DAY_START = 12;

/** What a calendar depends on: an IANA time zone, and the hour of its clock at which a day begins (0 to 12). */
export type CalendarRule = { time_zone: string; day_start_hour: number };

/** The calendar of a learner who has not chosen one. */
export const STANDARD_CALENDAR: CalendarRule = { time_zone: 'UTC', day_start_hour: DAY_START_HOUR };

/** Places instants (milliseconds since 1970-01-01T00:00Z, 2000 to 2199) on local days (counted since 1970-01-01). */
export type Calendar = {
  /** The day that an instant belongs to; it never falls while time goes on. */
  dayOf(instant: number): number;
  /**
   * The first instant of a day. A day that the zone left out, as Samoa left out 30 December 2011, begins where the next
   * one begins.
   */
  startOf(day: number): number;
};

/** `2026-11-30` for a day counted since 1970-01-01. */
export function keyOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Whole days since 1970-01-01 of a key such as `2026-11-30`. */
export function dayOfKey(key: string): number {
  return Date.parse(key) / DAY;
}

/** The key that lies so many days after another. */
export function addDays(key: string, days: number): string {
  return keyOf(dayOfKey(key) + days);
}

/** Days from one key to another; negative when `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return dayOfKey(to) - dayOfKey(from);
}

/**
 * The key of the local day that an instant belongs to.
 * @param instant RFC 3339, or milliseconds since 1970-01-01T00:00Z.
 * @throws RangeError for a zone that the runtime does not know.
 */
export function dayKey(
  instant: number | string,
  timeZone: string,
  dayStartHour: number = DAY_START_HOUR,
): string {
  const at = typeof instant === 'string' ? Date.parse(instant) : instant;
  return keyOf(calendarOf(timeZone, dayStartHour).dayOf(at));
}

/**
 * The day that was stored with an event, or the one by the standard calendar for an event from before days were stored.
 * @param at RFC 3339; when it happened.
 */
export function storedDay(day: string | null | undefined, at: string): string {
  return day ?? dayKey(at, STANDARD_CALENDAR.time_zone, STANDARD_CALENDAR.day_start_hour);
}

/** Calendars that an isolate keeps, more than there are zones that people live in; a name has several spellings. */
const KEPT = 400;
const offsets = new Map<string, Offsets>();
const calendars = new Map<string, Calendar>();

function kept<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (values.size >= KEPT) values.clear();
  values.set(key, made);
  return made;
}

/**
 * The calendar of a zone whose days begin at an hour of its clock, made once per isolate: what it keeps are the zone's
 * own rules, as the runtime's ICU knows them.
 * @throws RangeError for an unknown zone.
 */
export function calendarOf(timeZone: string, dayStartHour: number = DAY_START_HOUR): Calendar {
  return kept(calendars, `${dayStartHour} ${timeZone}`, () => {
    const zone = kept(offsets, timeZone, () => makeOffsets(timeZone));
    return makeCalendar(zone, dayStartHour * HOUR);
  });
}

/**
 * An instant by the clock of a zone, as spreadsheets read it: `2026-11-30 21:15:00`.
 * @param instant RFC 3339.
 * @throws RangeError for an unknown zone.
 */
export function localTime(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  const { offset } = kept(offsets, timeZone, () => makeOffsets(timeZone)).at(at);
  return new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ');
}

/** Whether the runtime knows a time zone by that name. */
export function knowsZone(timeZone: string): boolean {
  try {
    kept(offsets, timeZone, () => makeOffsets(timeZone));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar of a rule that was stored: a zone that has gone from the runtime since counts as UTC. */
export function calendarOfRule({ time_zone, day_start_hour }: CalendarRule): Calendar {
  return calendarOf(knowsZone(time_zone) ? time_zone : STANDARD_CALENDAR.time_zone, day_start_hour);
}

/** A stretch of time in which a zone's clock does not change: `offset` is milliseconds east of UTC. */
type Piece = { from: number; until: number; offset: number };
type Offsets = {
  at(instant: number): Piece;
};

/** Asking ICU costs microseconds, so a week whose two ends have the same offset is taken to have no other one. */
function makeOffsets(timeZone: string): Offsets {
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

  function ask(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / SECOND) * SECOND;
  }

  function startOffset(span: number): number {
    const offset = starts.get(span) ?? ask(span * SPAN);
    starts.set(span, offset);
    return offset;
  }

  /** The second at which the offset changes within a span. */
  function changeIn(span: number): number {
    const known = changes.get(span);
    if (known !== undefined) return known;
    let [before, after] = [(span * SPAN) / SECOND, ((span + 1) * SPAN) / SECOND];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (ask(middle * SECOND) === startOffset(span)) before = middle;
      else after = middle;
    }
    changes.set(span, after * SECOND);
    return after * SECOND;
  }

  return {
    at(instant) {
      const span = Math.floor(instant / SPAN);
      const [first, next] = [startOffset(span), startOffset(span + 1)];
      const [from, until] = [span * SPAN, (span + 1) * SPAN];
      const change = first === next ? until : changeIn(span);
      return instant < change
        ? { from, until: change, offset: first }
        : { from: change, until, offset: next };
    },
  };
}

function makeCalendar(zone: Offsets, dayStart: number): Calendar {
  // A clock that is put back over the hour at which a day begins would begin it twice: the first time counts.
  function startOf(day: number): number {
    const local = day * DAY + dayStart;
    for (let at = local - WIDEST; ; ) {
      const { from, until, offset } = zone.at(at);
      const start = Math.max(from, local - offset);
      if (start < until) return start;
      at = until;
    }
  }
  return {
    startOf,
    dayOf(instant) {
      const day = Math.floor((instant + zone.at(instant).offset - dayStart) / DAY);
      return startOf(day + 1) <= instant ? day + 1 : day;
    },
  };
}

/** The learner's day of a card's last review. */
export function lastDayOf({ day, last_review }: Pick<ReviewState, 'day' | 'last_review'>): string {
  return storedDay(day, last_review);
}

/** The learner's day on which a card falls due: from its beginning on, whatever the hour of the last review. */
export function dueDayOf(state: Pick<ReviewState, 'day' | 'last_review' | 'scheduled_days'>): string {
  return addDays(lastDayOf(state), state.scheduled_days);
}
