import { dayOfKey, keyOf } from '#domain/calendar.ts';

/** One day of the heat map; `level` 0 is no practice, 4 is two hours and more. */
export type HeatDay = { date: string; quarters: number; level: 0 | 1 | 2 | 3 | 4 };

/** Quarters of an hour from which a day counts as level 1, 2, 3, 4. */
const STEPS = [1, 2, 4, 8] as const;

function levelOf(quarters: number): HeatDay['level'] {
  return STEPS.filter((step) => quarters >= step).length as HeatDay['level'];
}

/**
 * The weeks up to today, oldest first, each from Monday on; the last one ends with today. Dates are calendar days, so
 * neither a change of the clock nor of the year matters here.
 * @param today `2026-11-26`.
 */
export function weeksUpTo(
  today: string,
  activity: readonly { date: string; quarters: number }[],
  weeks: number,
): HeatDay[][] {
  const practised = new Map(activity.map(({ date, quarters }) => [date, quarters]));
  const end = dayOfKey(today);
  // Day 0, 1 January 1970, was a Thursday.
  const monday = end - ((end + 3) % 7);
  return Array.from({ length: weeks }, (_, index) => {
    const start = monday - (weeks - 1 - index) * 7;
    const days: HeatDay[] = [];
    for (let day = start; day < start + 7 && day <= end; day += 1) {
      const date = keyOf(day);
      const quarters = practised.get(date) ?? 0;
      days.push({ date, quarters, level: levelOf(quarters) });
    }
    return days;
  });
}

/** A mark on the scale of a chart that is at least `highest`: a round number of 1, 2 or 5. */
export function roundUp(highest: number): number {
  if (highest <= 5) return 5;
  const size = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((factor) => factor * size).find((mark) => mark >= highest) ?? highest;
}
