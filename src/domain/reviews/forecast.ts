import { type DueItem, type SpreadOptions, spreadDue } from './spread.ts';

/** Spans of a forecast in days, today included. */
export const FORECAST_SPANS = [7, 30, 90] as const;

/** One local day (counted since 1970-01-01): reviews that fall due, that are planned, and that still wait at its end. */
export type ForecastDay = { day: number; due: number; planned: number; backlog: number };

export type Forecast = {
  /** Due before today; they count as due today in the figures below. */
  overdue: number;
  days: ForecastDay[];
  spans: { days: number; due: number; planned: number; backlog: number }[];
};

function countBy(days: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  return counts;
}

/**
 * Reviews of today and the 89 days after it, with the backlog that `perDay` leaves. Every card is counted once, for its
 * next review: what its grade leads to is not known.
 */
export function forecastReviews(items: readonly DueItem[], options: SpreadOptions): Forecast {
  const { calendar } = options;
  const today = calendar.dayOf(Date.parse(options.now));
  const dueDays = items.map(({ due_day }) => due_day);
  const due = countBy(dueDays.map((day) => Math.max(today, day)));
  const planned = countBy(spreadDue(items, options).map(({ day }) => day));

  let backlog = 0;
  const days = Array.from({ length: Math.max(...FORECAST_SPANS) }, (_, ahead): ForecastDay => {
    const day = today + ahead;
    const [dueThen, plannedThen] = [due.get(day) ?? 0, planned.get(day) ?? 0];
    backlog += dueThen - plannedThen;
    return { day, due: dueThen, planned: plannedThen, backlog };
  });
  const sum = (part: readonly ForecastDay[], key: 'due' | 'planned') =>
    part.reduce((total, figures) => total + figures[key], 0);
  const spans = FORECAST_SPANS.map((length) => {
    const part = days.slice(0, length);
    return {
      days: length,
      due: sum(part, 'due'),
      planned: sum(part, 'planned'),
      backlog: part.at(-1)?.backlog ?? 0,
    };
  });
  return { overdue: dueDays.filter((day) => day < today).length, days, spans };
}
