import type {
  Accuracy,
  ModuleProgress,
  Practice,
  ProgressFigures,
  ReviewForecast,
  TopicMastery,
  TopicProgress,
} from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import { type Calendar, dateOf } from './time-zone-rules.ts';

/** Judged tasks below which a topic's accuracy says nothing. */
const ENOUGH = 3;
const FORECAST_DAYS = 7;
/** Days of activity that are told one by one: 53 weeks. */
const ACTIVITY_DAYS = 371;
const QUARTER = 900_000;

/** Sums over tasks as the database keeps them, for one module or one topic tag. */
export type Counters = {
  name: string;
  tasks: number;
  scheduled: number;
  in_progress: number;
  completed: number;
  skipped: number;
  expired: number;
  judged: number;
  solved_first: number;
  solved: number;
  score_sum: number;
  hints_used: number;
  time_spent_seconds: number;
  problems_completed: number;
};

/** The learner's mastery by topic. */
export type KnownMastery = Readonly<Record<string, TopicMastery>>;

function masteryIn(known: KnownMastery, topic: string): TopicMastery {
  const found = Object.hasOwn(known, topic) ? known[topic] : undefined;
  return found ?? { level: 'unknown', rating: null, n: 0, reason: null };
}

function noTasks(name: string): Counters {
  return {
    name,
    tasks: 0,
    scheduled: 0,
    in_progress: 0,
    completed: 0,
    skipped: 0,
    expired: 0,
    judged: 0,
    solved_first: 0,
    solved: 0,
    score_sum: 0,
    hints_used: 0,
    time_spent_seconds: 0,
    problems_completed: 0,
  };
}

function accuracy(successes: number, n: number, enough = 1): Accuracy {
  return { n, rate: n < enough ? null : successes / n };
}

function figures(sums: Counters, enough = 1): ProgressFigures {
  const { scheduled, in_progress, completed, skipped, expired, judged } = sums;
  return {
    tasks: sums.tasks,
    by_status: { scheduled, in_progress, completed, skipped, expired },
    first_try: accuracy(sums.solved_first, judged, enough),
    eventual: accuracy(sums.solved, judged, enough),
    // A sum of rounded scores can end a hair above the number of tasks.
    mean_score: judged === 0 ? null : Math.min(1, sums.score_sum / judged),
    hints_used: sums.hints_used,
    time_spent_seconds: sums.time_spent_seconds,
  };
}

/** Figures over all modules: every task is in exactly one. */
export function totalOf(modules: readonly Counters[]): ProgressFigures {
  const total = noTasks('');
  for (const sums of modules) {
    for (const [key, value] of Object.entries(sums)) {
      if (typeof value === 'number') total[key as Exclude<keyof Counters, 'name'>] += value;
    }
  }
  return figures(total);
}

/**
 * All modules in teaching order, also those without a task.
 * @param sizes problems that the bank holds in each module; null when nobody can say.
 */
export function moduleProgress(
  counted: readonly Counters[],
  sizes: Readonly<Record<Module, number>> | null,
  known: KnownMastery,
): ModuleProgress[] {
  const byName = new Map(counted.map((sums) => [sums.name, sums]));
  return Module.options.map((module) => {
    const sums = byName.get(module) ?? noTasks(module);
    const size = sizes?.[module] ?? null;
    return {
      module,
      ...figures(sums),
      problems_completed: sums.problems_completed,
      module_size: size,
      // The bank may have dropped problems that were completed long ago.
      completion_rate: size === null || size === 0 ? null : Math.min(1, sums.problems_completed / size),
      mastery: masteryIn(known, module),
    };
  });
}

/** Topics in the order given; with fewer than 3 judged tasks their accuracy is not told. */
export function topicProgress(counted: readonly Counters[], known: KnownMastery): TopicProgress[] {
  return counted.map((sums) => ({
    topic: sums.name,
    ...figures(sums, ENOUGH),
    not_enough_data: sums.judged < ENOUGH,
    mastery: masteryIn(known, sums.name),
  }));
}

/** A month in UTC (its first day) with the quarters of an hour that saw practice: bits from the left, as hex. */
export type PracticeMonth = { month: string; slots: string };

/** A local day, counted from 1970-01-01, and the quarters of an hour of it that saw practice. */
export type PractisedDay = { day: number; quarters: number };

/** Local days with practice, ascending. */
export function practisedDays(months: readonly PracticeMonth[], calendar: Calendar): PractisedDay[] {
  const days = new Map<number, number>();
  for (const { month, slots } of months) {
    const start = Date.parse(month);
    let current = { day: 0, until: start };
    for (let digit = 0; digit < slots.length; digit += 1) {
      if (slots[digit] === '0') continue;
      const bits = Number.parseInt(slots.charAt(digit), 16);
      for (let bit = 0; bit < 4; bit += 1) {
        const instant = start + (digit * 4 + bit) * QUARTER;
        if ((bits & (8 >> bit)) === 0) continue;
        if (instant >= current.until) current = calendar.at(instant);
        days.set(current.day, (days.get(current.day) ?? 0) + 1);
      }
    }
  }
  return [...days].map(([day, quarters]) => ({ day, quarters })).toSorted((a, b) => a.day - b.day);
}

/**
 * Days and streaks up to now. The current streak ends today, or yesterday while today has no practice yet.
 * @param practised ascending, without repeats.
 * @param today the local day of now.
 */
export function practiceOf(practised: readonly PractisedDay[], today: number): Practice {
  const days = practised.map(({ day }) => day);
  let [longest, run, current] = [0, 0, 0];
  for (const [index, day] of days.entries()) {
    run = days[index - 1] === day - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
    if (day === today || day === today - 1) current = run;
  }
  const last = days.at(-1);
  return {
    days: days.length,
    current_streak: current,
    longest_streak: longest,
    last_day: last === undefined ? null : dateOf(last),
    today: dateOf(today),
    activity: practised
      .filter(({ day }) => day <= today && day > today - ACTIVITY_DAYS)
      .map(({ day, quarters }) => ({ date: dateOf(day), quarters })),
  };
}

/** Reviews that are scheduled for one instant (milliseconds since 1970-01-01T00:00Z). */
export type DueReviews = { at: number; reviews: number };

/** Reviews of today and the six days after it; those of days before are overdue, later ones do not count. */
export function reviewForecast(
  due: readonly DueReviews[],
  calendar: Calendar,
  today: number,
): ReviewForecast {
  const days = Array.from({ length: FORECAST_DAYS }, (_, ahead) => ({
    date: dateOf(today + ahead),
    reviews: 0,
  }));
  let overdue = 0;
  for (const { at, reviews } of due) {
    const ahead = calendar.dayOf(at) - today;
    const day = days[ahead];
    if (ahead < 0) overdue += reviews;
    else if (day !== undefined) day.reviews += reviews;
  }
  return { overdue, days };
}
