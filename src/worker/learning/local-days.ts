const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const QUARTER = HOUR / 4;

/** The learner's calendar: the local day of an instant (ms since 1970-01-01T00:00Z), as whole days since 1970-01-01. */
export type LocalDays = { dayOf(instant: number): number };

/**
 * First quarter of an hour of a local day, in milliseconds since 1970-01-01T00:00Z: midnight in every zone but those
 * few that skip it on a change of clocks. Zones lie within 15 hours of UTC.
 */
export function startOfDay(calendar: LocalDays, day: number): number {
  let [before, at] = [(day * DAY - 15 * HOUR) / QUARTER, (day * DAY + 15 * HOUR) / QUARTER];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (calendar.dayOf(middle * QUARTER) < day) before = middle;
    else at = middle;
  }
  return at * QUARTER;
}
