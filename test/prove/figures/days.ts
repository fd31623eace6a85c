/** Days as the rule says them, written a second time: nothing of the product's own calendar is used. */

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A clock on a wall, and the hour that it shows when a day begins. */
export type Clock = { zone: string; hour: number };

/** The clock of a learner from an instant (milliseconds since 1970) on. */
export type Era = Clock & { since: number };

export const NO_CLOCK: Clock = { zone: 'UTC', hour: 4 };

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formats.set(zone, made);
  return made;
}

/** Milliseconds that the clock of a zone is ahead of UTC; zones change theirs at quarters of an hour only. */
function ahead(zone: string, instant: number): number {
  const quarter = Math.floor(instant / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  // Swedish writes `2026-03-29 01:15:00`.
  const shown = Date.parse(`${formatOf(zone).format(quarter).replace(' ', 'T')}Z`);
  offsets.set(key, shown - quarter);
  return shown - quarter;
}

/** The day of an instant: the date that the clock shows once the hour at which days begin is taken off. */
export function dayOn({ zone, hour }: Clock, instant: number): string {
  return new Date(instant + ahead(zone, instant) - hour * HOUR).toISOString().slice(0, 10);
}

export const plusDays = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
export const daysFrom = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY;

/** First quarter of an hour that belongs to a day or, where the zone left that day out, to the next one. */
export function beginning(clock: Clock, day: string): number {
  let [before, after] = [Date.parse(day) - DAY, Date.parse(day) + 2 * DAY];
  while (after - before > QUARTER) {
    const middle = Math.floor((before + after) / 2 / QUARTER) * QUARTER;
    if (dayOn(clock, middle) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** Milliseconds of a day that somebody had whose clock changed from era to era. */
function lengthOf(day: string, eras: readonly Era[]): number {
  const [from, to] = [Date.parse(day) - DAY, Date.parse(day) + 3 * DAY];
  const edges = eras.map(({ since }) => since).filter((since) => since > from && since < to);
  if (edges.length === 0) {
    const clock = eraAt(eras, from);
    return beginning(clock, plusDays(day, 1)) - beginning(clock, day);
  }
  for (let at = from; at <= to; at += QUARTER) edges.push(at);
  edges.sort((a, b) => a - b);
  return edges.slice(1).reduce((sum, end, index) => {
    const start = edges[index] ?? end;
    return dayOn(eraAt(eras, start), start) === day ? sum + end - start : sum;
  }, 0);
}

/** The era that an instant lies in; the first one has no beginning. */
export function eraAt(eras: readonly Era[], instant: number): Clock {
  return eras.findLast(({ since }) => since <= instant) ?? eras[0] ?? NO_CLOCK;
}

/** Whether some day between two was missed. One of which there was less than half was not there to be missed. */
export function missedOne(from: string, to: string, eras: readonly Era[]): boolean {
  for (let day = plusDays(from, 1); day < to; day = plusDays(day, 1))
    if (lengthOf(day, eras) >= 12 * HOUR) return true;
  return false;
}
