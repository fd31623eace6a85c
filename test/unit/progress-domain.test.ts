import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ModuleProgress,
  Practice,
  ProgressFigures,
  ReviewForecast,
  TopicProgress,
} from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import {
  type Counters,
  moduleProgress,
  type PracticeMonth,
  practiceOf,
  practisedDays,
  reviewForecast,
  topicProgress,
  totalOf,
} from '#worker/progress/domain.ts';
import { calendarOf } from '#worker/progress/time-zone-rules.ts';

const DAY = 86_400_000;
const QUARTER = 900_000;
const SLOTS = 2976;

const sums = (name: string, change: Partial<Counters> = {}): Counters => ({
  name,
  tasks: 10,
  scheduled: 2,
  in_progress: 1,
  completed: 5,
  skipped: 1,
  expired: 1,
  judged: 4,
  solved_first: 1,
  solved: 3,
  score_sum: 3.5,
  hints_used: 6,
  time_spent_seconds: 1200,
  problems_completed: 4,
  ...change,
});
const sizes = Object.fromEntries(Module.options.map((module) => [module, 8])) as Record<Module, number>;

/** The bitmaps that the database would keep for practice at these instants. */
function monthsOf(instants: readonly number[]): PracticeMonth[] {
  const months = new Map<string, Set<number>>();
  for (const instant of instants) {
    const month = `${new Date(instant).toISOString().slice(0, 7)}-01`;
    const slots = months.get(month) ?? new Set();
    slots.add(Math.floor((instant - Date.parse(month)) / QUARTER));
    months.set(month, slots);
  }
  return [...months].map(([month, slots]) => {
    const bits = Array.from({ length: SLOTS }, (_, slot) => (slots.has(slot) ? '1' : '0')).join('');
    const digits = bits.match(/.{4}/g) ?? [];
    return { month, slots: digits.map((digit) => Number.parseInt(digit, 2).toString(16)).join('') };
  });
}

const at = (...texts: string[]) => texts.map((text) => Date.parse(text));

function practice(timeZone: string, now: string, ...texts: string[]) {
  const calendar = calendarOf(timeZone);
  return practiceOf(practisedDays(monthsOf(at(...texts)), calendar), calendar.dayOf(Date.parse(now)));
}

describe('figures', () => {
  test('modules come in teaching order, all 14, with rates over what was judged and over the bank', () => {
    const modules = moduleProgress(
      [sums('heaps'), sums('introduction', { judged: 0, score_sum: 0 })],
      sizes,
      {},
    );
    expect(modules.map(({ module }) => module)).toEqual(Module.options);
    expect(ModuleProgress.array().parse(modules)).toEqual(modules);
    expect(modules.find(({ module }) => module === 'heaps')).toEqual({
      module: 'heaps',
      tasks: 10,
      by_status: { scheduled: 2, in_progress: 1, completed: 5, skipped: 1, expired: 1 },
      first_try: { n: 4, rate: 0.25 },
      eventual: { n: 4, rate: 0.75 },
      mean_score: 0.875,
      hints_used: 6,
      time_spent_seconds: 1200,
      problems_completed: 4,
      module_size: 8,
      completion_rate: 0.5,
      mastery: { level: 'unknown', rating: null, n: 0, reason: null },
    });
    expect(modules[0]).toMatchObject({ first_try: { n: 0, rate: null }, mean_score: null });
    expect(modules.at(-1)).toMatchObject({ tasks: 0, eventual: { n: 0, rate: null }, completion_rate: 0 });
  });

  test('without the bank sizes and rates are null, an empty module has no rate, a shrunk one is complete', () => {
    const [unknown] = moduleProgress([], null, {});
    expect(unknown).toMatchObject({ module_size: null, completion_rate: null, problems_completed: 0 });
    const small = moduleProgress([sums('heaps', { problems_completed: 9 })], { ...sizes, greedy: 0 }, {});
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
        sums('two-pointers', { judged: 3, solved: 3, solved_first: 0 }),
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
      sums('greedy', { judged: 0, solved: 0, solved_first: 0, score_sum: 0 }),
    ]);
    expect(ProgressFigures.parse(total)).toEqual(total);
    expect(total).toMatchObject({
      tasks: 20,
      by_status: { scheduled: 4, in_progress: 2, completed: 10, skipped: 2, expired: 2 },
      first_try: { n: 4, rate: 0.25 },
      mean_score: 0.875,
      hints_used: 12,
      time_spent_seconds: 2400,
    });
    expect(totalOf([])).toMatchObject({ tasks: 0, first_try: { n: 0, rate: null }, mean_score: null });
  });
});

describe('practice', () => {
  test('nobody has practised yet', () => {
    expect(practice('UTC', '2026-05-05T12:00:00Z')).toEqual({
      days: 0,
      current_streak: 0,
      longest_streak: 0,
      last_day: null,
      today: '2026-05-05',
      activity: [],
    });
  });

  test('a streak lives through a day without practice until that day is over', () => {
    const days = [
      '2026-05-01T08:00:00Z',
      '2026-05-02T08:00:00Z',
      '2026-05-02T20:00:00Z',
      '2026-05-04T08:00:00Z',
    ];
    expect(practice('UTC', '2026-05-04T09:00:00Z', ...days)).toMatchObject({
      days: 3,
      current_streak: 1,
      longest_streak: 2,
      last_day: '2026-05-04',
    });
    expect(practice('UTC', '2026-05-04T09:00:00Z', ...days).activity).toEqual([
      { date: '2026-05-01', quarters: 1 },
      { date: '2026-05-02', quarters: 2 },
      { date: '2026-05-04', quarters: 1 },
    ]);
    expect(practice('UTC', '2027-05-07T09:00:00Z', ...days).activity).toEqual([
      { date: '2026-05-02', quarters: 2 },
      { date: '2026-05-04', quarters: 1 },
    ]);
    expect(practice('UTC', '2026-05-05T23:59:59Z', ...days)).toMatchObject({ current_streak: 1 });
    expect(practice('UTC', '2026-05-06T00:00:00Z', ...days)).toMatchObject({
      current_streak: 0,
      longest_streak: 2,
    });
  });

  test('the same practice is two days in one zone and one in another', () => {
    const both = ['2026-05-04T09:45:00Z', '2026-05-04T10:00:00Z'];
    expect(practice('Pacific/Kiritimati', '2026-05-04T10:30:00Z', ...both)).toMatchObject({
      days: 2,
      current_streak: 2,
      today: '2026-05-05',
    });
    expect(practice('Pacific/Pago_Pago', '2026-05-04T10:30:00Z', ...both)).toMatchObject({
      days: 1,
      current_streak: 1,
      today: '2026-05-03',
    });
  });

  test('days of 23 and 25 hours are days like others', () => {
    const spring = [
      '2026-03-07T12:00:00Z',
      '2026-03-08T04:45:00Z',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ];
    expect(practice('America/New_York', '2026-03-09T05:00:00Z', ...spring)).toMatchObject({
      days: 3,
      current_streak: 3,
    });
    const autumn = ['2026-11-01T04:00:00Z', '2026-11-02T04:45:00Z', '2026-11-02T05:00:00Z'];
    expect(practice('America/New_York', '2026-11-02T06:00:00Z', ...autumn)).toMatchObject({
      days: 2,
      current_streak: 2,
    });
  });

  const zone = fc.constantFrom(
    'UTC',
    'America/New_York',
    'Europe/Berlin',
    'Africa/Casablanca',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );

  test('practice on each local day gives the streaks that counting by hand gives', () => {
    // One local noon per chosen day, as far apart as the zone's changes of the clock make them.
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: Date.parse('2024-01-01') / DAY, max: Date.parse('2028-01-01') / DAY }),
        fc.array(fc.boolean(), { maxLength: 420 }),
        fc.integer({ min: 0, max: 95 }),
        (timeZone, first, marks, quarter) => {
          const calendar = calendarOf(timeZone);
          const instants = marks.flatMap((mark, index) =>
            mark ? [(first + index) * DAY + quarter * QUARTER] : [],
          );
          const naive = [...new Set(instants.map((instant) => localDay(timeZone, instant)))].toSorted();
          const days = practisedDays(monthsOf(instants), calendar);
          const today = calendar.dayOf((first + marks.length) * DAY);
          const result = practiceOf(days, today);
          expect(Practice.parse(result)).toEqual(result);
          expect(result.days).toBe(naive.length);
          expect(days.reduce((sum, { quarters }) => sum + quarters, 0)).toBe(new Set(instants).size);
          expect(result.last_day).toBe(naive.at(-1) ?? null);
          expect(result.longest_streak).toBe(longestByHand(naive));
          expect(result.current_streak).toBe(currentByHand(naive, result.today));
          expect(result.current_streak).toBeLessThanOrEqual(result.longest_streak);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('the last quarter of the longest month is read too', () => {
    const slots = `${'0'.repeat(743)}1`;
    expect(practisedDays([{ month: '2026-05-01', slots }], calendarOf('UTC'))).toEqual([
      { day: Date.parse('2026-05-31') / DAY, quarters: 1 },
    ]);
  });
});

describe('reviews', () => {
  const due = (...texts: string[]) => at(...texts).map((instant) => ({ at: instant, reviews: 2 }));

  test('seven local days from today on; earlier ones are overdue, later ones are left out', () => {
    const calendar = calendarOf('America/New_York');
    const now = Date.parse('2026-03-08T12:00:00Z');
    const forecast = reviewForecast(
      due(
        '2026-03-08T04:45:00Z',
        '2026-03-08T05:00:00Z',
        '2026-03-09T03:45:00Z',
        '2026-03-09T04:00:00Z',
        '2026-03-15T03:45:00Z',
        '2026-03-15T04:00:00Z',
      ),
      calendar,
      calendar.dayOf(now),
    );
    expect(ReviewForecast.parse(forecast)).toEqual(forecast);
    expect(forecast.overdue).toBe(2);
    expect(forecast.days.map(({ date, reviews }) => [date, reviews])).toEqual([
      ['2026-03-08', 4],
      ['2026-03-09', 2],
      ['2026-03-10', 0],
      ['2026-03-11', 0],
      ['2026-03-12', 0],
      ['2026-03-13', 0],
      ['2026-03-14', 2],
    ]);
  });
});

function localDay(timeZone: string, instant: number): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(instant);
}

const dayBefore = (date: string) => new Date(Date.parse(date) - DAY).toISOString().slice(0, 10);

function streakEndingOn(dates: readonly string[], end: string): number {
  let [length, date] = [0, end];
  while (dates.includes(date)) [length, date] = [length + 1, dayBefore(date)];
  return length;
}

const longestByHand = (dates: readonly string[]) =>
  Math.max(0, ...dates.map((date) => streakEndingOn(dates, date)));

function currentByHand(dates: readonly string[], today: string): number {
  return streakEndingOn(dates, today) || streakEndingOn(dates, dayBefore(today));
}
