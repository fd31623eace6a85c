import { dayOfKey } from '#domain/calendar.ts';
import type { SelectionInput } from './selection-rules.ts';

const MINUTE = 60_000;

type PlaceInput = Pick<SelectionInput, 'config' | 'now' | 'calendar' | 'planned' | 'reviewsDue'>;

/** Instants for new tasks, today first: each day takes `tasks_per_day` less its reviews, at least one. */
export function* freePlaces({ config, now, calendar, planned, reviewsDue }: PlaceInput): Generator<string> {
  const start = Date.parse(now);
  const today = calendar.dayOf(start);
  const count = (wanted: readonly number[]) => {
    const days = new Map<number, number>();
    for (const day of wanted.map((wish) => Math.max(today, wish))) days.set(day, (days.get(day) ?? 0) + 1);
    return days;
  };
  const taken = count(planned.map(({ scheduled_at }) => calendar.dayOf(Date.parse(scheduled_at))));
  const reviews = count(reviewsDue.map(dayOfKey));
  let backlog = 0;
  for (let day = today; ; day += 1) {
    const waiting = backlog + (reviews.get(day) ?? 0);
    const done = Math.min(waiting, config.reviews_per_day);
    backlog = waiting - done;
    const used = taken.get(day) ?? 0;
    const places = Math.max(1, config.tasks_per_day - done);
    const begin = day === today ? start : calendar.startOf(day);
    for (let place = used; place < places; place += 1) yield new Date(begin + place * MINUTE).toISOString();
  }
}
