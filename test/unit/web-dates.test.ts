import { expect, test } from 'vitest';
import { dateKey, formatDay, formatDuration, formatPercent, formatRelative } from '#web/time/dates.ts';
import { calendarOfPath, formatRelativeDay, learnerDay } from '#web/time/learner-days.ts';

test.each([
  ['2026-03-08T07:30:00Z', 'America/New_York', '2026-03-08'],
  ['2026-03-08T03:30:00Z', 'America/New_York', '2026-03-07'],
  // The day on which clocks go forward there has 23 hours.
  ['2026-03-09T03:59:59Z', 'America/New_York', '2026-03-08'],
  ['2026-03-09T04:00:00Z', 'America/New_York', '2026-03-09'],
  ['2026-12-31T23:30:00Z', 'Europe/Berlin', '2027-01-01'],
  ['2026-06-30T10:30:00Z', 'Pacific/Kiritimati', '2026-07-01'],
  ['2026-06-30T10:30:00Z', 'Pacific/Pago_Pago', '2026-06-29'],
])('%s in %s is on %s', (iso, zone, day) => {
  expect(dateKey(iso, zone)).toBe(day);
});

test.each([
  // Monday evening: Wednesday is 26 hours away by its beginning, and the day after tomorrow.
  ['2026-11-30T22:00:00Z', '2026-12-02', 'in 2 days'],
  ['2026-11-30T22:00:00Z', '2026-12-01', 'tomorrow'],
  ['2026-12-01T01:30:00Z', '2026-12-01', 'tomorrow'],
  ['2026-12-01T03:00:00Z', '2026-12-01', 'today'],
  ['2026-12-01T23:30:00Z', '2026-12-01', 'today'],
  ['2026-12-02T12:00:00Z', '2026-12-01', 'yesterday'],
  ['2026-12-02T12:00:00Z', '2026-12-20', 'in 2 weeks'],
])('seen at %s in Berlin, %s is %s', (now, day, words) => {
  const berlin = { time_zone: 'Europe/Berlin', day_start_hour: 4 };
  expect(formatRelativeDay(day, learnerDay(now, berlin))).toBe(words);
});

test('a zone that this browser does not know gives way to its own', () => {
  expect(calendarOfPath({ time_zone: 'Asia/Tokyo', day_start_hour: 6 })).toEqual({
    time_zone: 'Asia/Tokyo',
    day_start_hour: 6,
  });
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(calendarOfPath({ time_zone: 'Mars/Base', day_start_hour: 6 }).time_zone).toBe(here);
  expect(calendarOfPath(undefined)).toEqual({ time_zone: here, day_start_hour: 4 });
});

test('names a day, with the year when it is another one', () => {
  expect(formatDay('2026-11-26', '2026-01-01')).toMatch(/^Thursday.*26/);
  expect(formatDay('2026-11-26', '2026-01-01')).not.toContain('2026');
  expect(formatDay('2025-11-26', '2026-01-01')).toContain('2025');
});

test.each([
  [-30, 'now'],
  [-90, '1 minute ago'],
  [-3 * 3600, '3 hours ago'],
  [-26 * 3600, 'yesterday'],
  [50 * 3600, 'in 2 days'],
  [-15 * 86_400, '2 weeks ago'],
  [400 * 86_400, 'next year'],
])('%d seconds from now is %s', (seconds, words) => {
  const now = Date.UTC(2026, 10, 26, 12);
  expect(formatRelative(new Date(now + seconds * 1000).toISOString(), now)).toBe(words);
});

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [3570, '1 h'],
  [3600, '1 h'],
  [7500, '2 h 5 min'],
])('%d seconds last %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test('a share without evidence is a dash', () => {
  expect(formatPercent(null)).toBe('—');
  expect(formatPercent(0.875)).toMatch(/^88\s?%$/);
});
