import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarOf, dayKey, dayOfKey, keyOf } from '#domain/calendar.ts';
import { forecastReviews } from '#domain/reviews/forecast.ts';
import { type RetentionEntry, trueRetention } from '#domain/reviews/retention.ts';
import {
  type DueItem,
  type Evidence,
  feedsReviews,
  gradeFromEvidence,
  spreadDue,
} from '#domain/reviews/spread.ts';

const NOW = '2026-03-10T09:00:00.000Z';
const DAY = 86_400_000;
const UTC = calendarOf('UTC');
const ZONES = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata'];

const clean: Evidence = {
  passed: true,
  hintsUsed: 0,
  attempt: 1,
  secondsSpent: 600,
  expectedMinutes: 10,
  repeat: false,
};

test.each([
  [{}, 'easy'],
  [{ secondsSpent: 601 }, 'good'],
  [{ repeat: true }, 'good'],
  [{ repeat: true, secondsSpent: 301 }, 'good'],
  [{ repeat: true, secondsSpent: 300 }, 'easy'],
  [{ secondsSpent: null }, 'good'],
  [{ expectedMinutes: null }, 'good'],
  [{ hintsUsed: 1 }, 'hard'],
  [{ attempt: 2 }, 'hard'],
  [{ passed: false }, 'again'],
  [{ passed: false, hintsUsed: 3, attempt: 2, secondsSpent: 1 }, 'again'],
] as const)('evidence changed by %j earns %s', (change, grade) => {
  expect(gradeFromEvidence({ ...clean, ...change })).toBe(grade);
});

test('the first judged attempt at a problem or review counts, and nothing else', () => {
  expect(feedsReviews('problem', 0)).toBe(true);
  expect(feedsReviews('review', 0)).toBe(true);
  expect(feedsReviews('problem', 1)).toBe(false);
  expect(feedsReviews('lesson', 0)).toBe(false);
});

function iso(days: number): string {
  return new Date(Date.parse(NOW) + days * DAY).toISOString();
}
const TODAY = dayOfKey(dayKey(NOW, 'UTC'));

function item(problem_id: string, due: number, retrievability = 0.9, last = due - 5): DueItem {
  return { problem_id, due_day: TODAY + due, last_day: TODAY + last, retrievability };
}

test('a backlog is spread, the least remembered first, and makes room for what is done today', () => {
  const items = [item('a', -1, 0.8), item('b', -9, 0.5), item('c', -2, 0.8), item('d', 1, 0.95)];
  const options = { perDay: 2, takenToday: 1, calendar: UTC, now: NOW };
  const planned = spreadDue(items, options).map(({ problem_id, scheduled_at }) => [problem_id, scheduled_at]);
  expect(planned).toEqual([
    ['b', NOW],
    ['c', '2026-03-11T04:00:00.000Z'],
    ['a', '2026-03-11T04:01:00.000Z'],
    ['d', '2026-03-12T04:00:00.000Z'],
  ]);
});

test('what falls due today is due from the beginning of the day on', () => {
  const [planned] = spreadDue([item('a', 0)], { perDay: 5, takenToday: 0, calendar: UTC, now: NOW });
  expect(planned?.scheduled_at).toBe(NOW);
});

test('a problem that was reviewed today waits for tomorrow, even when it is due', () => {
  const [planned] = spreadDue([item('a', 0, 0.9, 0)], {
    perDay: 5,
    takenToday: 0,
    calendar: UTC,
    now: NOW,
  });
  expect(planned?.scheduled_at).toBe('2026-03-11T04:00:00.000Z');
});

test('with reviews turned off nothing is planned', () => {
  expect(spreadDue([item('a', -1)], { perDay: 0, takenToday: 0, calendar: UTC, now: NOW })).toEqual([]);
});

test('50,000 cards are spread', () => {
  const items = Array.from({ length: 50_000 }, (_, n) => item(`p${n}`, (n % 300) - 200, (n % 97) / 97));
  expect(spreadDue(items, { perDay: 10, takenToday: 0, calendar: UTC, now: NOW })).toHaveLength(50_000);
});

const cards = fc.array(
  fc.record({
    due: fc.integer({ min: -40, max: 40 }),
    rest: fc.nat(30),
    retrievability: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);
const options = fc.record({
  perDay: fc.integer({ min: 1, max: 8 }),
  takenToday: fc.integer({ min: 0, max: 9 }),
  zone: fc.constantFrom(...ZONES),
  shift: fc.double({ min: 0, max: 366, noNaN: true }),
});

test('every card is planned once, in time, within the cap of every local day and not on the day of its last review', () => {
  fc.assert(
    fc.property(cards, options, (drawn, { zone, shift, perDay, takenToday }) => {
      const calendar = calendarOf(zone);
      const now = iso(shift);
      const today = calendar.dayOf(Date.parse(now));
      const items = drawn.map(({ due, rest, retrievability }, n) => ({
        problem_id: `p${n}`,
        due_day: today + due,
        last_day: today + Math.min(0, due - rest),
        retrievability,
      }));
      const byId = new Map(items.map((card) => [card.problem_id, card]));
      const planned = spreadDue(items, { perDay, takenToday, calendar, now });
      expect(planned.map(({ problem_id }) => problem_id).toSorted()).toEqual([...byId.keys()].toSorted());
      const load = new Map([[today, Math.min(takenToday, perDay)]]);
      for (const { problem_id, day, scheduled_at } of planned) {
        const card = byId.get(problem_id);
        const at = Date.parse(scheduled_at);
        expect(calendar.dayOf(at)).toBe(day);
        expect(at).toBeGreaterThanOrEqual(Date.parse(now));
        expect(day).toBeGreaterThanOrEqual(card?.due_day ?? Number.NaN);
        expect(day).toBeGreaterThan(card?.last_day ?? Number.NaN);
        load.set(day, (load.get(day) ?? 0) + 1);
      }
      expect(Math.max(0, ...load.values())).toBeLessThanOrEqual(perDay);
    }),
    { numRuns: 500 },
  );
});

test('the forecast counts what falls due, what is planned and what waits', () => {
  const items = [item('a', -3), item('b', -1), item('c', 0), item('d', 6), item('e', 20), item('f', 200)];
  const forecast = forecastReviews(items, { perDay: 1, takenToday: 0, calendar: UTC, now: NOW });
  expect(forecast.overdue).toBe(2);
  expect(forecast.days).toHaveLength(90);
  expect(forecast.days.slice(0, 4).map(({ due, planned, backlog }) => [due, planned, backlog])).toEqual([
    [3, 1, 2],
    [0, 1, 1],
    [0, 1, 0],
    [0, 0, 0],
  ]);
  expect(forecast.spans).toEqual([
    { days: 7, due: 4, planned: 4, backlog: 0 },
    { days: 30, due: 5, planned: 5, backlog: 0 },
    { days: 90, due: 5, planned: 5, backlog: 0 },
  ]);
});

test('what is due and not planned is the backlog, on every day', () => {
  fc.assert(
    fc.property(cards, options, (drawn, { perDay, takenToday, zone }) => {
      const items = drawn.map(({ due }, n) => item(`p${n}`, due, 0.9, due - 30));
      const spread = { perDay, takenToday, calendar: calendarOf(zone), now: NOW };
      let waiting = 0;
      for (const { due, planned, backlog } of forecastReviews(items, spread).days) {
        waiting += due - planned;
        expect(backlog).toBe(waiting);
        expect(backlog).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

function entry(
  problem_id: string,
  day: number,
  grade: RetentionEntry['grade'],
  before: number | null,
): RetentionEntry {
  return {
    problem_id,
    grade,
    reviewed_at: iso(day),
    day: keyOf(TODAY + Math.floor(day)),
    before: before === null ? null : { scheduled_days: before },
  };
}

test('true retention is told by period and maturity; first attempts and repeats of a day do not count', () => {
  const entries = [
    entry('a', 0, 'good', 3),
    entry('a', 0.01, 'again', 3),
    entry('b', -6, 'again', 20),
    entry('c', -6, 'hard', 21),
    entry('d', -29, 'easy', 90),
    entry('e', -400, 'again', 90),
    entry('f', 0, 'again', null),
    entry('g', 2, 'again', 5),
  ];
  const rows = trueRetention(entries, keyOf(TODAY));
  const told = rows.map(({ period, young, mature, all }) => [
    period,
    young.reviews,
    mature.reviews,
    all.passed,
  ]);
  expect(told).toEqual([
    ['today', 1, 0, 1],
    ['week', 2, 1, 2],
    ['month', 2, 2, 3],
    ['year', 2, 2, 3],
    ['all', 2, 3, 3],
  ]);
  expect(rows[0]?.mature.rate).toBeNull();
  expect(rows[4]?.all.rate).toBe(0.6);
});
