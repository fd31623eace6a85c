import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarOf, dateOf } from '#worker/progress/time-zone-rules.ts';

const MINUTE = 60_000;
const quarter = fc
  .date({ min: new Date('2005-01-01T00:00:00Z'), max: new Date('2037-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => Math.floor(date.getTime() / (15 * MINUTE)) * 15 * MINUTE);
const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/GMT-14', 'Etc/GMT+12');

function localDate(timeZone: string, instant: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(instant);
}

test('the day of any quarter of an hour in any zone is the one that Intl writes', () => {
  fc.assert(
    fc.property(zone, fc.array(quarter, { minLength: 1, maxLength: 20 }), (timeZone, instants) => {
      const calendar = calendarOf(timeZone);
      for (const instant of instants) {
        expect([timeZone, instant, dateOf(calendar.dayOf(instant))]).toEqual([
          timeZone,
          instant,
          localDate(timeZone, instant),
        ]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  // Changes of the clock, one of them across a whole day: Samoa had no 30 December 2011.
  ['America/New_York', '2026-03-08T00:00:00Z'],
  ['America/New_York', '2026-11-01T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T00:00:00Z'],
  ['Africa/Casablanca', '2026-03-22T00:00:00Z'],
  ['America/Santiago', '2026-09-06T00:00:00Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z'],
  ['Pacific/Chatham', '2026-09-26T00:00:00Z'],
  ['Pacific/Apia', '2011-12-29T00:00:00Z'],
  ['Pacific/Kiritimati', '2026-01-01T00:00:00Z'],
  ['Pacific/Pago_Pago', '2026-01-01T00:00:00Z'],
  // Twice within three weeks.
  ['Africa/Cairo', '2010-09-09T00:00:00Z'],
  ['Africa/Cairo', '2010-10-01T00:00:00Z'],
])('every quarter of the days around a change in %s at %s', (timeZone, around) => {
  const calendar = calendarOf(timeZone);
  for (let step = -2 * 96; step <= 2 * 96; step += 1) {
    const instant = Date.parse(around) + step * 15 * MINUTE;
    expect([instant, dateOf(calendar.dayOf(instant))]).toEqual([instant, localDate(timeZone, instant)]);
  }
});

test('midnight begins the day, and the quarter before it ends the one before', () => {
  for (const [timeZone, midnight, day] of [
    ['Pacific/Kiritimati', '2026-05-04T10:00:00Z', '2026-05-05'],
    ['Pacific/Pago_Pago', '2026-05-05T11:00:00Z', '2026-05-05'],
    ['Asia/Kathmandu', '2026-05-04T18:15:00Z', '2026-05-05'],
    ['UTC', '2026-05-05T00:00:00Z', '2026-05-05'],
  ] as const) {
    const calendar = calendarOf(timeZone);
    expect(dateOf(calendar.dayOf(Date.parse(midnight)))).toBe(day);
    expect(dateOf(calendar.dayOf(Date.parse(midnight) - 15 * MINUTE))).toBe('2026-05-04');
  }
});

test('a zone that nobody knows is an error, not another zone', () => {
  expect(() => calendarOf('Mars/Olympus')).toThrow(RangeError);
});
