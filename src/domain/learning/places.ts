import { dayOfKey } from '../calendar.ts';
import type { SelectionInput } from './selection-input.ts';

const MINUTE = 60_000;

type PlaceInput = Pick<
  SelectionInput,
  'config' | 'now' | 'calendar' | 'planned' | 'reviewsDue' | 'reviewsDone'
>;

/** Instants for new tasks, today first: each day takes `tasks_per_day` less its reviews, at least one. */
export function* freePlaces({
  config,
  now,
  calendar,
  planned: tasks,
  reviewsDue,
  reviewsDone,
}: PlaceInput): Generator<string, never> {
  const start = Date.parse(now);
  const today = calendar.dayOf(start);
  const count = (wanted: readonly number[]) => {
    const days = new Map<number, number>();
    for (const day of wanted.map((wish) => Math.max(today, wish))) days.set(day, (days.get(day) ?? 0) + 1);
    return days;
  };
  const taken = count(tasks.map(({ scheduled_at }) => calendar.dayOf(Date.parse(scheduled_at))));
  const reviews = count(reviewsDue.map(dayOfKey));
  // Reviews that are done by now leave no place to more new tasks. Of the days ahead only a part of the reviews is known,
  // so each is taken to bring as many as today.
  const done = reviewsDone.filter((at) => calendar.dayOf(Date.parse(at)) === today).length;
  let usual = 0;
  let backlog = 0;
  for (let day = today; ; day += 1) {
    const most = day === today ? config.reviews_per_day - done : config.reviews_per_day;
    const waiting = backlog + (reviews.get(day) ?? 0);
    const planned = Math.min(waiting, Math.max(0, most));
    backlog = waiting - planned;
    if (day === today) usual = planned + done;
    const used = taken.get(day) ?? 0;
    const places = Math.max(1, config.tasks_per_day - Math.max(planned, usual));
    const begin = day === today ? start : calendar.startOf(day);
    for (let place = used; place < places; place += 1) yield new Date(begin + place * MINUTE).toISOString();
  }
}
