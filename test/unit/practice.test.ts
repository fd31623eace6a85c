import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PracticeFigures } from '#contract/paths.ts';
import { addDays, calendarOf, dayKey, dayOfKey, keyOf } from '#domain/calendar.ts';
import {
  type CalendarFact,
  calendarsOf,
  practiceFigures,
  presentCalendar,
} from '#domain/progress/practice.ts';

const begun = '2026-01-01T00:00:00.000Z';
const path = (time_zone: string, more: Partial<CalendarFact> = {}): CalendarFact => ({
  path_id: 'a',
  created_at: begun,
  at: begun,
  time_zone,
  day_start_hour: 4,
  ...more,
});
const moved = (time_zone: string, at: string): CalendarFact => path(time_zone, { at, day_start_hour: null });

/** The streak of a learner who practises at these instants, each stored by the calendar of its time. */
function streakOf(facts: readonly CalendarFact[], now: string, instants: readonly string[]) {
  const calendars = calendarsOf(facts);
  const keys = instants.map((at) => {
    const then = calendars.findLast(({ since }) => since <= Date.parse(at)) ?? presentCalendar(calendars);
    return dayKey(at, then.time_zone, then.day_start_hour);
  });
  const figures = practiceFigures([...new Set(keys)].toSorted(), calendars, now);
  expect(PracticeFigures.parse(figures)).toEqual(figures);
  return figures;
}

describe('a learner at home', () => {
  test('nothing was practised yet', () => {
    expect(streakOf([path('UTC')], '2026-05-05T12:00:00Z', [])).toEqual({
      days: 0,
      current_streak: 0,
      longest_streak: 0,
      last_day: null,
      today: '2026-05-05',
    });
  });

  test('a streak lives through a day without practice until that day is over, at four in the morning', () => {
    const days = [
      '2026-05-01T08:00:00Z',
      '2026-05-02T08:00:00Z',
      '2026-05-02T20:00:00Z',
      '2026-05-04T08:00:00Z',
    ];
    const at = (now: string) => streakOf([path('UTC')], now, days);
    expect(at('2026-05-04T09:00:00Z')).toMatchObject({ days: 3, current_streak: 1, longest_streak: 2 });
    expect(at('2026-05-06T03:59:59Z')).toMatchObject({ current_streak: 1, today: '2026-05-05' });
    expect(at('2026-05-06T04:00:00Z')).toMatchObject({ current_streak: 0, longest_streak: 2 });
  });

  test('half past midnight belongs to the evening before and breaks no streak', () => {
    const nights = ['2026-05-02T00:30:00Z', '2026-05-03T00:30:00Z', '2026-05-03T23:00:00Z'];
    expect(streakOf([path('UTC')], '2026-05-04T00:30:00Z', nights)).toMatchObject({
      days: 3,
      current_streak: 3,
      last_day: '2026-05-03',
      today: '2026-05-03',
    });
    expect(streakOf([path('UTC', { day_start_hour: 0 })], '2026-05-04T00:30:00Z', nights)).toMatchObject({
      days: 2,
      current_streak: 2,
    });
  });

  test.each([
    ['America/New_York', ['2026-03-08T02:00:00Z', '2026-03-09T02:00:00Z', '2026-03-10T02:00:00Z']],
    ['America/New_York', ['2026-11-01T02:00:00Z', '2026-11-02T02:00:00Z', '2026-11-03T02:00:00Z']],
    ['Australia/Lord_Howe', ['2026-04-04T10:00:00Z', '2026-04-05T10:00:00Z', '2026-04-06T10:00:00Z']],
  ])('the night of a change of clocks in %s is a night like others', (timeZone, evenings) => {
    const now = evenings.at(-1) ?? '';
    expect(streakOf([path(timeZone)], now, evenings)).toMatchObject({ days: 3, current_streak: 3 });
  });

  test('the date that Samoa skipped ends no streak, whatever the hour at which a day begins', () => {
    const evenings = ['2011-12-29T06:00:00Z', '2011-12-30T06:00:00Z', '2011-12-31T06:00:00Z'];
    for (const day_start_hour of [0, 4, 8]) {
      const facts = [path('Pacific/Apia', { day_start_hour })];
      expect(streakOf(facts, '2011-12-31T07:00:00Z', evenings)).toMatchObject({ current_streak: 3 });
    }
    expect(
      streakOf([path('Pacific/Apia')], '2012-01-01T07:00:00Z', [
        '2011-12-29T06:00:00Z',
        '2012-01-01T06:00:00Z',
      ]),
    ).toMatchObject({ current_streak: 1 });
  });

  test('random days give the streaks that counting by hand gives', () => {
    const zone = fc.constantFrom(
      'UTC',
      'America/New_York',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'Pacific/Chatham',
    );
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: dayOfKey('2024-01-01'), max: dayOfKey('2028-01-01') }),
        fc.array(fc.boolean(), { maxLength: 420 }),
        fc.nat(12),
        (time_zone, first, marks, day_start_hour) => {
          const keys = marks.flatMap((mark, index) => (mark ? [keyOf(first + index)] : []));
          const now = new Date(calendarOf(time_zone, day_start_hour).startOf(first + marks.length));
          const result = practiceFigures(
            keys,
            calendarsOf([path(time_zone, { day_start_hour })]),
            now.toISOString(),
          );
          expect(result.days).toBe(keys.length);
          expect(result.longest_streak).toBe(Math.max(0, ...keys.map((key) => endingOn(keys, key))));
          expect(result.current_streak).toBe(
            endingOn(keys, result.today) || endingOn(keys, addDays(result.today, -1)),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

function endingOn(keys: readonly string[], end: string): number {
  let length = 0;
  for (let day = end; keys.includes(day); day = addDays(day, -1)) length += 1;
  return length;
}

describe('a learner who travels', () => {
  test('a change of zone rewrites no day that was stored: twenty stay twenty', () => {
    const evenings = Array.from(
      { length: 20 },
      (_, day) => `2026-05-${String(day + 1).padStart(2, '0')}T13:30:00Z`,
    );
    const mixed = evenings.map((at, day) => (day % 2 === 0 ? at : at.replace('13:30', '21:30')));
    const home = streakOf([path('Asia/Tokyo')], '2026-05-21T05:00:00Z', mixed);
    const away = streakOf(
      [path('Asia/Tokyo'), moved('America/Los_Angeles', '2026-05-21T04:00:00Z')],
      '2026-05-21T05:00:00Z',
      mixed,
    );
    expect(away.days).toBe(home.days);
    expect(away.longest_streak).toBe(home.longest_streak);
  });

  test('a flight westwards over the date line repeats a day and breaks nothing', () => {
    const facts = [path('Asia/Tokyo'), moved('America/Los_Angeles', '2026-12-10T12:00:00Z')];
    const practised = ['2026-12-08T10:00:00Z', '2026-12-09T10:00:00Z', '2026-12-10T02:00:00Z'];
    // 10 December once more, on the other side.
    expect(streakOf(facts, '2026-12-10T20:00:00Z', practised)).toMatchObject({
      current_streak: 3,
      today: '2026-12-10',
      last_day: '2026-12-10',
    });
    expect(streakOf(facts, '2026-12-10T23:00:00Z', [...practised, '2026-12-10T22:00:00Z'])).toMatchObject({
      days: 3,
      current_streak: 3,
    });
    expect(streakOf(facts, '2026-12-11T23:00:00Z', [...practised, '2026-12-11T22:00:00Z'])).toMatchObject({
      days: 4,
      current_streak: 4,
    });
  });

  test('practice that lies ahead of today after a flight westwards is still the newest', () => {
    const facts = [path('Pacific/Kiritimati'), moved('Pacific/Honolulu', '2026-12-10T12:00:00Z')];
    // 22:00 on the 10th in Kiritimati is 22:00 on the 9th in Honolulu.
    expect(
      streakOf(facts, '2026-12-10T15:00:00Z', ['2026-12-09T08:00:00Z', '2026-12-10T08:00:00Z']),
    ).toMatchObject({
      current_streak: 2,
      last_day: '2026-12-10',
      today: '2026-12-10',
    });
    expect(streakOf(facts, '2026-12-10T12:30:00Z', ['2026-12-10T11:00:00Z'])).toMatchObject({
      current_streak: 1,
      last_day: '2026-12-10',
      today: '2026-12-09',
    });
  });

  test.each([
    // From 23:30 on the 10th to 00:30 on the 12th: the 11th never was.
    [
      'Pacific/Pago_Pago',
      'Pacific/Kiritimati',
      '2026-12-11T10:30:00Z',
      '2026-12-11T07:00:00Z',
      '2026-12-12T07:00:00Z',
    ],
    // Landing in the evening leaves a few hours of the 11th.
    [
      'Pacific/Honolulu',
      'Pacific/Kiritimati',
      '2026-12-11T07:00:00Z',
      '2026-12-11T06:00:00Z',
      '2026-12-12T06:00:00Z',
    ],
    [
      'America/Los_Angeles',
      'Asia/Tokyo',
      '2026-12-11T09:00:00Z',
      '2026-12-11T04:00:00Z',
      '2026-12-12T11:00:00Z',
    ],
  ])(
    'a flight eastwards from %s to %s that cuts a day off does not break a streak',
    (from, to, at, before, after) => {
      const facts = [path(from), moved(to, at)];
      const practised = ['2026-12-10T05:00:00Z', before, after];
      expect(streakOf(facts, after, practised)).toMatchObject({
        days: 3,
        current_streak: 3,
        longest_streak: 3,
      });
    },
  );

  test('a whole day without practice after the flight does break it', () => {
    const facts = [path('America/Los_Angeles'), moved('Asia/Tokyo', '2026-12-11T09:00:00Z')];
    expect(
      streakOf(facts, '2026-12-13T11:00:00Z', ['2026-12-11T04:00:00Z', '2026-12-13T11:00:00Z']),
    ).toMatchObject({
      current_streak: 1,
      longest_streak: 1,
    });
  });

  test('the same facts far from any flight follow the plain rule', () => {
    const facts = [path('America/Los_Angeles'), moved('Asia/Tokyo', '2026-12-11T09:00:00Z')];
    expect(
      streakOf(facts, '2026-12-05T20:00:00Z', ['2026-12-03T20:00:00Z', '2026-12-05T20:00:00Z']),
    ).toMatchObject({
      longest_streak: 1,
    });
  });
});

describe('the learner’s calendar', () => {
  test('is that of the newest path, whichever path changes', () => {
    const other = { path_id: 'b', created_at: '2026-03-01T00:00:00.000Z', at: '2026-03-01T00:00:00.000Z' };
    const calendars = calendarsOf([
      path('Europe/Berlin'),
      path('Asia/Tokyo', other),
      moved('America/Lima', '2026-04-01T00:00:00Z'),
      { ...path('Asia/Tokyo', other), at: '2026-05-01T00:00:00Z', time_zone: null, day_start_hour: 6 },
    ]);
    expect(calendars).toEqual([
      { time_zone: 'Europe/Berlin', day_start_hour: 4, since: Number.NEGATIVE_INFINITY },
      { time_zone: 'Asia/Tokyo', day_start_hour: 4, since: Date.parse('2026-03-01') },
      { time_zone: 'Asia/Tokyo', day_start_hour: 6, since: Date.parse('2026-05-01') },
    ]);
  });

  test('without a path, or with a zone that the runtime lost, days are those of UTC', () => {
    expect(presentCalendar(calendarsOf([]))).toMatchObject({ time_zone: 'UTC', day_start_hour: 4 });
    expect(streakOf([path('Mars/Olympus')], '2026-05-05T03:00:00Z', [])).toMatchObject({
      today: '2026-05-04',
    });
  });
});
