import type { ListedTask } from '#contract/history.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { learnerDay } from '../../time/learner-days.ts';
import { dayTitle } from './days.ts';

/** What the list shows from top to bottom: the heading of a day, or a task with its place among all tasks, from 1. */
export type Entry =
  | { key: string; day: string; title: string; task: null }
  | { key: string; task: ListedTask; position: number };

/**
 * Makes the entries of a list that grows: each call takes all tasks so far and looks only at those that are new. A
 * day's name is made once, as a name for every row would make long lists slow.
 */
export function createEntries(
  calendar: CalendarRule,
  now: number,
): (tasks: readonly ListedTask[]) => readonly Entry[] {
  const today = learnerDay(now, calendar);
  const entries: Entry[] = [];
  let day = '';
  let seen = 0;
  return (tasks) => {
    for (const task of tasks.slice(seen)) {
      seen += 1;
      const next = learnerDay(task.scheduled_at, calendar);
      if (next !== day)
        entries.push({ key: `day-${next}`, day: next, title: dayTitle(next, today), task: null });
      day = next;
      entries.push({ key: task.id, task, position: seen });
    }
    return [...entries];
  };
}
