import type { PracticeFigures } from '#contract/paths.ts';
import { type CalendarRule, calendarOfRule, dayOfKey, keyOf, STANDARD_CALENDAR } from '../calendar.ts';

const HOUR = 3_600_000;
/** A day of which the learner had less than this neither counts as missed nor ends a streak. */
const LEAST_OF_A_DAY = 12 * HOUR;

/** What an event of a path says of its calendar; null is not said. `created_at` and `path_id` order the paths. */
export type CalendarFact = {
  path_id: string;
  created_at: string;
  at: string;
  time_zone: string | null;
  day_start_hour: number | null;
};

/** The learner's calendar from an instant (ms since 1970-01-01T00:00Z) on. */
export type CalendarSince = CalendarRule & { since: number };

const isNewer = (a: CalendarFact, b: CalendarFact) =>
  a.created_at > b.created_at || (a.created_at === b.created_at && a.path_id >= b.path_id);

/**
 * The calendars that a learner has had, oldest first: always that of the newest path. The first one also counts for the
 * time before it; without any path the standard calendar does.
 * @param facts in the order in which they were logged.
 */
export function calendarsOf(facts: readonly CalendarFact[]): CalendarSince[] {
  const rules = new Map<string, CalendarRule>();
  const calendars: CalendarSince[] = [];
  let newest: CalendarFact | null = null;
  for (const fact of facts) {
    const before = rules.get(fact.path_id) ?? STANDARD_CALENDAR;
    const rule = {
      time_zone: fact.time_zone ?? before.time_zone,
      day_start_hour: fact.day_start_hour ?? before.day_start_hour,
    };
    rules.set(fact.path_id, rule);
    if (newest !== null && !isNewer(fact, newest)) continue;
    newest = fact;
    const last = calendars.at(-1);
    if (last?.time_zone === rule.time_zone && last.day_start_hour === rule.day_start_hour) continue;
    calendars.push({ ...rule, since: last === undefined ? Number.NEGATIVE_INFINITY : Date.parse(fact.at) });
  }
  return calendars.length > 0 ? calendars : [{ ...STANDARD_CALENDAR, since: Number.NEGATIVE_INFINITY }];
}

/** The calendar that is the learner's now. */
export function presentCalendar(calendars: readonly CalendarSince[]): CalendarRule {
  return calendars.at(-1) ?? STANDARD_CALENDAR;
}

/** Milliseconds of a day that the learner had, by the calendars of those hours. */
function lengthOf(day: number, calendars: readonly CalendarSince[]): number {
  return calendars.reduce((sum, { since, ...rule }, index) => {
    const calendar = calendarOfRule(rule);
    const until = calendars[index + 1]?.since ?? Number.POSITIVE_INFINITY;
    const begin = Math.max(calendar.startOf(day), since);
    const end = Math.min(calendar.startOf(day + 1), until);
    return sum + Math.max(0, end - begin);
  }, 0);
}

/**
 * Whether a day between two others was missed. One that did not exist, or of which too little did, was not: zones that
 * skip a date, and travel eastwards over the date line, end no streak.
 */
function missedBetween(before: number, after: number, calendars: readonly CalendarSince[]): boolean {
  for (let day = before + 1; day < after; day += 1)
    if (lengthOf(day, calendars) >= LEAST_OF_A_DAY) return true;
  return false;
}

/**
 * Days and streaks up to now. The current streak ends with a missed day; today counts as missed only when it is over.
 * @param practised keys of days with practice, ascending, without repeats. After a flight westwards the last ones may
 *   lie ahead of today.
 */
export function practiceFigures(
  practised: readonly string[],
  calendars: readonly CalendarSince[],
  now: string,
): PracticeFigures {
  const today = calendarOfRule(presentCalendar(calendars)).dayOf(Date.parse(now));
  let [longest, run] = [0, 0];
  let last: number | null = null;
  for (const day of practised.map(dayOfKey)) {
    run = last === null || missedBetween(last, day, calendars) ? 1 : run + 1;
    longest = Math.max(longest, run);
    last = day;
  }
  const ended = last === null || missedBetween(last, today, calendars);
  return {
    days: practised.length,
    current_streak: ended ? 0 : run,
    longest_streak: longest,
    last_day: practised.at(-1) ?? null,
    today: keyOf(today),
  };
}
