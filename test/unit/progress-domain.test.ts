import { describe, expect, test } from 'vitest';
import {
  ModuleProgress,
  Practice,
  ProgressFigures,
  ReviewForecast,
  TopicProgress,
} from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import { calendarOf } from '#domain/calendar.ts';
import {
  type Counters,
  moduleProgress,
  practiceOf,
  reviewForecast,
  topicProgress,
  totalOf,
} from '#domain/progress/figures.ts';
import { calendarsOf } from '#domain/progress/practice.ts';

const sums = (name: string, change: Partial<Counters> = {}): Counters => ({
  name,
  tasks: 10,
  scheduled: 2,
  in_progress: 1,
  completed: 5,
  skipped: 1,
  expired: 1,
  judged: 4,
  first_results: 2,
  solved_first: 1,
  solved: 3,
  score_sum: 3.5,
  hints_used: 6,
  time_spent_seconds: 1200,
  problems_tried: 6,
  problems_solved: 4,
  ...change,
});
const sizes = Object.fromEntries(Module.options.map((module) => [module, 8])) as Record<Module, number>;

describe('figures', () => {
  test('modules come in teaching order, all 14, with rates over what was judged and over the bank', () => {
    const modules = moduleProgress(
      [sums('heaps'), sums('introduction', { judged: 0, first_results: 0, solved: 0, score_sum: 0 })],
      sizes,
      {},
    );
    expect(modules.map(({ module }) => module)).toEqual(Module.options);
    expect(ModuleProgress.array().parse(modules)).toEqual(modules);
    expect(modules.find(({ module }) => module === 'heaps')).toEqual({
      module: 'heaps',
      tasks: 10,
      by_status: { scheduled: 2, in_progress: 1, completed: 5, skipped: 1, expired: 1 },
      solved: 3,
      attempted: 1,
      first_try: { n: 2, rate: 0.5 },
      eventual: { n: 4, rate: 0.75 },
      mean_score: 0.875,
      hints_used: 6,
      time_spent_seconds: 1200,
      problems_solved: 4,
      problems_attempted: 2,
      module_size: 8,
      completion_rate: 0.5,
      mastery: { level: 'unknown', rating: null, n: 0, reason: null },
    });
    expect(modules[0]).toMatchObject({ first_try: { n: 0, rate: null }, mean_score: null });
    expect(modules.at(-1)).toMatchObject({ tasks: 0, eventual: { n: 0, rate: null }, completion_rate: 0 });
  });

  test('without the bank sizes and rates are null, an empty module has no rate, a shrunk one is complete', () => {
    const [unknown] = moduleProgress([], null, {});
    expect(unknown).toMatchObject({ module_size: null, completion_rate: null, problems_solved: 0 });
    const small = moduleProgress([sums('heaps', { problems_solved: 9 })], { ...sizes, greedy: 0 }, {});
    expect(small.find(({ module }) => module === 'greedy')).toMatchObject({
      module_size: 0,
      completion_rate: null,
    });
    expect(small.find(({ module }) => module === 'heaps')?.completion_rate).toBe(1);
  });

  test('a topic tells its accuracy from the third judged task on', () => {
    const known = {
      'two-pointers': { level: 'proficient', rating: 1700, n: 3, reason: 'solved-harder' },
    } as const;
    const topics = topicProgress(
      [
        sums('two-pointers', { judged: 3, first_results: 3, solved: 3, solved_first: 0 }),
        sums('trie', { judged: 2, solved: 2, solved_first: 2, score_sum: 2 }),
      ],
      known,
    );
    expect(TopicProgress.array().parse(topics)).toEqual(topics);
    expect(topics).toMatchObject([
      {
        topic: 'two-pointers',
        not_enough_data: false,
        first_try: { n: 3, rate: 0 },
        eventual: { n: 3, rate: 1 },
        mastery: { level: 'proficient', rating: 1700, n: 3, reason: 'solved-harder' },
      },
      {
        topic: 'trie',
        mastery: { level: 'unknown', rating: null, n: 0, reason: null },
        not_enough_data: true,
        first_try: { n: 2, rate: null },
        eventual: { n: 2, rate: null },
        mean_score: 1,
      },
    ]);
  });

  test('the total adds up every module', () => {
    const total = totalOf([
      sums('heaps'),
      sums('greedy', { judged: 0, first_results: 0, solved: 0, solved_first: 0, score_sum: 0 }),
    ]);
    expect(ProgressFigures.parse(total)).toEqual(total);
    expect(total).toMatchObject({
      tasks: 20,
      by_status: { scheduled: 4, in_progress: 2, completed: 10, skipped: 2, expired: 2 },
      first_try: { n: 2, rate: 0.5 },
      mean_score: 0.875,
      hints_used: 12,
      time_spent_seconds: 2400,
    });
    expect(totalOf([])).toMatchObject({ tasks: 0, first_try: { n: 0, rate: null }, mean_score: null });
  });
});

test('activity is each day of the last year with its quarters of an hour; the figures count all days', () => {
  const days = [
    { date: '2026-05-01', quarters: 1 },
    { date: '2026-05-02', quarters: 2 },
    { date: '2026-05-04', quarters: 100 },
  ];
  const utc = calendarsOf([]);
  const now = practiceOf(days, utc, '2026-05-04T09:00:00Z');
  expect(Practice.parse(now)).toEqual(now);
  expect(now).toMatchObject({ days: 3, current_streak: 1, longest_streak: 2, activity: days });
  expect(practiceOf(days, utc, '2027-05-07T09:00:00Z').activity).toEqual(days.slice(1));
});

describe('reviews', () => {
  const ready = (at: string, day: string | null = null) => ({ at, day, reviews: 2 });

  test('seven of the learner’s days from today on; earlier ones are overdue, later ones are left out', () => {
    const calendar = calendarOf('America/New_York');
    const forecast = reviewForecast(
      [
        ready('2026-03-08T07:45:00Z'),
        ready('2026-03-08T08:00:00Z'),
        ready('2026-03-09T07:45:00Z'),
        ready('2026-03-09T08:00:00Z'),
        ready('2026-03-15T07:45:00Z'),
        ready('2026-03-15T08:00:00Z'),
        // Made for the 10th in another zone: the day that was noted counts.
        ready('2026-03-09T15:00:00Z', '2026-03-10'),
      ],
      calendar,
      '2026-03-08',
    );
    expect(ReviewForecast.parse(forecast)).toEqual(forecast);
    expect(forecast.overdue).toBe(2);
    expect(forecast.days.map(({ date, reviews }) => [date, reviews])).toEqual([
      ['2026-03-08', 4],
      ['2026-03-09', 2],
      ['2026-03-10', 2],
      ['2026-03-11', 0],
      ['2026-03-12', 0],
      ['2026-03-13', 0],
      ['2026-03-14', 2],
    ]);
  });
});
