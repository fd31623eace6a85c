const SECOND = 1000;
const QUARTER = 900 * SECOND;
const DAY = 86_400 * SECOND;
const WEEK = 7 * DAY;

/** Places an instant on a calendar; both figures are whole days since 1970-01-01. */
export type Calendar = {
  /** The local day of an instant, in milliseconds since 1970-01-01T00:00Z. */
  dayOf(instant: number): number;
};

/**
 * The calendar of an IANA time zone, by the rules that the runtime's ICU knows: the same that accepted the zone in the
 * path's config, while PostgreSQL reads some of its names differently. Asking ICU costs microseconds, so a week whose
 * two ends have the same offset is taken to have no other, and in other weeks the change is searched by halves; that
 * is exact while no zone changes twice within a week, and it changes at a quarter of an hour.
 * @throws RangeError for an unknown zone.
 */
export function calendarOf(timeZone: string): Calendar {
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
  const weekStarts = new Map<number, number>();
  const changes = new Map<number, number>();

  /** Milliseconds east of UTC. */
  function ask(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / SECOND) * SECOND;
  }

  function weekStart(week: number): number {
    const known = weekStarts.get(week) ?? ask(week * WEEK);
    weekStarts.set(week, known);
    return known;
  }

  function changeIn(week: number): number {
    const known = changes.get(week);
    if (known !== undefined) return known;
    let [before, after] = [(week * WEEK) / QUARTER, ((week + 1) * WEEK) / QUARTER];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (ask(middle * QUARTER) === weekStart(week)) before = middle;
      else after = middle;
    }
    changes.set(week, after * QUARTER);
    return after * QUARTER;
  }

  function offset(instant: number): number {
    const week = Math.floor(instant / WEEK);
    const [first, next] = [weekStart(week), weekStart(week + 1)];
    return first === next || instant < changeIn(week) ? first : next;
  }

  return { dayOf: (instant) => Math.floor((instant + offset(instant)) / DAY) };
}

/** `2026-11-23` for a day counted since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
