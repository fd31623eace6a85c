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
import { addDays, type Calendar, daysBetween, keyOf } from '../calendar.ts';
import { type CalendarSince, practiceFigures } from './practice.ts';

/** Judged tasks below which a topic's accuracy says nothing. */
const ENOUGH = 3;
const FORECAST_DAYS = 7;
/** Days of activity that are listed one by one: 53 weeks. */
const ACTIVITY_DAYS = 371;

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
  /** Of the judged ones, those whose result was the learner's first of the problem, and those that passed with it. */
  first_results: number;
  solved_first: number;
  solved: number;
  score_sum: number;
  hints_used: number;
  time_spent_seconds: number;
  problems_tried: number;
  problems_solved: number;
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
    first_results: 0,
    solved_first: 0,
    solved: 0,
    score_sum: 0,
    hints_used: 0,
    time_spent_seconds: 0,
    problems_tried: 0,
    problems_solved: 0,
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
    solved: sums.solved,
    attempted: judged - sums.solved,
    first_try: accuracy(sums.solved_first, sums.first_results, enough),
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
      problems_solved: sums.problems_solved,
      problems_attempted: sums.problems_tried - sums.problems_solved,
      module_size: size,
      // The bank may have dropped problems that were solved long ago.
      completion_rate: size === null || size === 0 ? null : Math.min(1, sums.problems_solved / size),
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

/** A learner's day by its key, and the quarters of an hour of it that saw practice. */
export type PractisedDay = { date: string; quarters: number };

/**
 * The learner's days and streaks up to now, and each day of the last year.
 * @param practised ascending, without repeats.
 */
export function practiceOf(
  practised: readonly PractisedDay[],
  calendars: readonly CalendarSince[],
  now: string,
): Practice {
  const figures = practiceFigures(
    practised.map(({ date }) => date),
    calendars,
    now,
  );
  const first = addDays(figures.today, 1 - ACTIVITY_DAYS);
  return { ...figures, activity: practised.filter(({ date }) => date >= first) };
}

/** Reviews that stand ready for one day; where it was not noted, `day` is null and the instant of `at` counts. */
export type ReadyReviews = { day: string | null; at: string; reviews: number };

/** Reviews of today and the six days after it; those of days before are overdue, later ones do not count. */
export function reviewForecast(
  ready: readonly ReadyReviews[],
  calendar: Calendar,
  today: string,
): ReviewForecast {
  const days = Array.from({ length: FORECAST_DAYS }, (_, ahead) => ({
    date: addDays(today, ahead),
    reviews: 0,
  }));
  let overdue = 0;
  for (const { day, at, reviews } of ready) {
    const ahead = daysBetween(today, day ?? keyOf(calendar.dayOf(Date.parse(at))));
    const then = days[ahead];
    if (ahead < 0) overdue += reviews;
    else if (then !== undefined) then.reviews += reviews;
  }
  return { overdue, days };
}
