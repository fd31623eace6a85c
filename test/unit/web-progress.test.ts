import { expect, test } from 'vitest';
import { roundUp, weeksUpTo } from '../../src/web/pages/progress/calendar.ts';

test('weeks run from Monday to Sunday, the last one up to today, across the end of a year', () => {
  const weeks = weeksUpTo('2027-01-01', [{ date: '2026-12-31', quarters: 3 }], 3);
  expect(weeks.map((days) => days.map(({ date }) => date.slice(5)))).toEqual([
    ['12-14', '12-15', '12-16', '12-17', '12-18', '12-19', '12-20'],
    ['12-21', '12-22', '12-23', '12-24', '12-25', '12-26', '12-27'],
    ['12-28', '12-29', '12-30', '12-31', '01-01'],
  ]);
  expect(weeks.flat().filter(({ quarters }) => quarters > 0)).toEqual([
    { date: '2026-12-31', quarters: 3, level: 2 },
  ]);
});

test.each([
  ['2026-11-22', 7],
  ['2026-11-23', 1],
  ['2024-02-29', 4],
])('the week of %s has %i days so far', (today, days) => {
  expect(weeksUpTo(today, [], 1)[0]).toHaveLength(days);
});

test.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [7, 3],
  [8, 4],
  [100, 4],
])('%i quarters of an hour are level %i', (quarters, level) => {
  expect(weeksUpTo('2026-11-23', [{ date: '2026-11-23', quarters }], 1)[0]?.[0]?.level).toBe(level);
});

test.each([
  [0, 5],
  [5, 5],
  [6, 10],
  [11, 20],
  [21, 50],
  [99, 100],
  [100, 100],
  [101, 200],
])('a chart of up to %i ends at %i', (highest, mark) => {
  expect(roundUp(highest)).toBe(mark);
});
