import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  calendarOf,
  DAY_START_HOUR,
  dayKey,
  dayOfKey,
  daysBetween,
  keyOf,
  LATEST_DAY_START,
  storedDay,
} from '#domain/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ZONES = [
  ...['Africa/Cairo', 'Africa/Casablanca', 'Africa/El_Aaiun', 'Africa/Johannesburg', 'Africa/Lagos'],
  ...['America/Adak', 'America/Anchorage', 'America/Argentina/Buenos_Aires', 'America/Asuncion'],
  ...['America/Chicago', 'America/Havana', 'America/Los_Angeles', 'America/New_York', 'America/Phoenix'],
  ...['America/Recife', 'America/Santiago', 'America/Sao_Paulo', 'America/St_Johns', 'America/Nuuk'],
  ...['Antarctica/Troll', 'Asia/Amman', 'Asia/Beirut', 'Asia/Gaza', 'Asia/Kathmandu', 'Asia/Kolkata'],
  ...['Asia/Pyongyang', 'Asia/Tehran', 'Asia/Tokyo', 'Atlantic/Azores', 'Australia/Adelaide'],
  ...['Australia/Eucla', 'Australia/Lord_Howe', 'Europe/Berlin', 'Europe/Dublin', 'Europe/Lisbon'],
  ...['Europe/London', 'Pacific/Apia', 'Pacific/Chatham', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'],
  ...['UTC', 'Etc/GMT-14', 'Etc/GMT+12', '+05:45', '+23:59', '-23:59'],
];
const zone = fc.constantFrom(...ZONES);
const anyZone = fc.constantFrom(...ZONES, ...Intl.supportedValuesOf('timeZone'));
const hour = fc.integer({ min: 0, max: LATEST_DAY_START });
const instant = fc.integer({ min: Date.parse('2000-01-02'), max: Date.parse('2199-12-30') });
/** Where clocks change: every instant of these years is as likely as any other. */
const recent = fc.integer({ min: Date.parse('2000-01-02'), max: Date.parse('2032-01-01') });

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date and hour on a zone's clock by Intl alone: independent of the arithmetic under test. */
function clock(timeZone: string, at: number): { date: string; hour: number } {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
  formats.set(timeZone, format);
  const [date = '', time = ''] = format.format(at).split(' ');
  return { date, hour: Number(time) };
}

/** The day that the clock shows now: the date, or the one before while the day has not begun. */
function shown(timeZone: string, at: number, dayStart: number): string {
  const { date, hour: now } = clock(timeZone, at);
  return now < dayStart ? addDays(date, -1) : date;
}

test('forty zones and more are tried', () => {
  expect(new Set(ZONES).size).toBeGreaterThanOrEqual(40);
});

describe('properties', () => {
  test('the key is the date that the clock shows, less the hours before the day begins', () => {
    fc.assert(
      fc.property(anyZone, instant, hour, (timeZone, at, dayStart) => {
        const day = dayKey(at, timeZone, dayStart);
        const expected = shown(timeZone, at, dayStart);
        if (day === expected) return;
        // Only a clock that was put back over the beginning of the day may show the day before again.
        expect(day).toBe(addDays(expected, 1));
        const start = calendarOf(timeZone, dayStart).startOf(dayOfKey(day));
        expect(at - start).toBeLessThan(4 * HOUR);
        expect(shown(timeZone, start, dayStart)).toBe(day);
      }),
      { numRuns: 3000 },
    );
  });

  test('the key never falls while time goes on', () => {
    fc.assert(
      fc.property(zone, recent, fc.nat(3 * DAY), hour, (timeZone, at, later, dayStart) => {
        const calendar = calendarOf(timeZone, dayStart);
        expect(calendar.dayOf(at + later)).toBeGreaterThanOrEqual(calendar.dayOf(at));
      }),
      { numRuns: 3000 },
    );
  });

  test('an instant lies between the beginning of its day and that of the next one', () => {
    fc.assert(
      fc.property(zone, recent, hour, (timeZone, at, dayStart) => {
        const calendar = calendarOf(timeZone, dayStart);
        const day = calendar.dayOf(at);
        expect(calendar.startOf(day)).toBeLessThanOrEqual(at);
        expect(calendar.startOf(day + 1)).toBeGreaterThan(at);
      }),
      { numRuns: 3000 },
    );
  });

  test('a day begins after the one before, belongs to itself from its first millisecond on, and lasts about a day', () => {
    fc.assert(
      fc.property(zone, recent, hour, (timeZone, at, dayStart) => {
        const calendar = calendarOf(timeZone, dayStart);
        const day = Math.floor(at / DAY);
        const [start, next] = [calendar.startOf(day), calendar.startOf(day + 1)];
        if (timeZone === 'Pacific/Apia' && ['2011-12-29', '2011-12-30'].includes(keyOf(day))) return;
        expect(calendar.dayOf(start)).toBe(day);
        expect(calendar.dayOf(start - 1)).toBe(day - 1);
        expect(next - start).toBeGreaterThanOrEqual(21 * HOUR);
        expect(next - start).toBeLessThanOrEqual(27 * HOUR);
      }),
      { numRuns: 3000 },
    );
  });

  test('keys and counted days are each other’s inverse', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_957, max: 84_000 }),
        fc.integer({ min: -800, max: 800 }),
        (day, step) => {
          expect(dayOfKey(keyOf(day))).toBe(day);
          expect(daysBetween(keyOf(day), addDays(keyOf(day), step))).toBe(step);
        },
      ),
    );
  });
});

describe('every minute around a change of the clock', () => {
  test.each([
    ['America/New_York', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T06:00:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['Pacific/Chatham', '2026-04-04T14:00:00Z'],
    ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
    ['America/Santiago', '2026-09-06T04:00:00Z'],
    ['America/Havana', '2026-11-01T05:00:00Z'],
    ['Atlantic/Azores', '2026-10-25T01:00:00Z'],
    ['Antarctica/Troll', '2026-10-25T01:00:00Z'],
    // Clocks were put back at one minute past midnight.
    ['America/St_Johns', '2010-11-07T02:31:00Z'],
    // Twice within a fortnight.
    ['America/Recife', '2000-10-08T03:00:00Z'],
    ['America/Recife', '2000-10-15T02:00:00Z'],
  ])('%s at %s: one key each, none twice, none left out', (timeZone, change) => {
    for (let dayStart = 0; dayStart <= 6; dayStart += 1) {
      const calendar = calendarOf(timeZone, dayStart);
      const first = Date.parse(change) - 30 * HOUR;
      let day = calendar.dayOf(first);
      for (let at = first; at <= first + 60 * HOUR; at += MINUTE) {
        const next = calendar.dayOf(at);
        expect([0, 1]).toContain(next - day);
        if (next > day) expect(calendar.startOf(next)).toBe(at);
        day = next;
      }
    }
  });
});

describe('examples', () => {
  test('half past midnight belongs to the evening before, four o’clock to the new day', () => {
    expect(dayKey('2026-11-30T23:30:00Z', 'Europe/Berlin')).toBe('2026-11-30');
    expect(dayKey('2026-12-01T02:59:59.999Z', 'Europe/Berlin')).toBe('2026-11-30');
    expect(dayKey('2026-12-01T03:00:00Z', 'Europe/Berlin')).toBe('2026-12-01');
    expect(DAY_START_HOUR).toBe(4);
  });

  test('a day that begins at midnight is the date', () => {
    expect(dayKey('2026-11-30T23:30:00Z', 'UTC', 0)).toBe('2026-11-30');
    expect(dayKey('2026-12-01T00:00:00Z', 'UTC', 0)).toBe('2026-12-01');
  });

  test.each([
    ['Pacific/Kiritimati', '2026-05-04T10:00:00Z'],
    ['Pacific/Pago_Pago', '2026-05-05T11:00:00Z'],
    ['Asia/Kathmandu', '2026-05-04T18:15:00Z'],
    ['Australia/Eucla', '2026-05-04T15:15:00Z'],
    ['UTC', '2026-05-05T00:00:00Z'],
  ])('midnight in %s', (timeZone, midnight) => {
    const calendar = calendarOf(timeZone, 0);
    expect(calendar.startOf(dayOfKey('2026-05-05'))).toBe(Date.parse(midnight));
    expect(dayKey(midnight, timeZone, 0)).toBe('2026-05-05');
    expect(dayKey(Date.parse(midnight) - 1, timeZone, 0)).toBe('2026-05-04');
  });

  test('the night of the year in which the clock is put back over the beginning of the day begins it once', () => {
    // 3:45 becomes 2:45 in the Chatham Islands: three o’clock comes twice.
    const calendar = calendarOf('Pacific/Chatham', 3);
    const change = Date.parse('2026-04-04T14:00:00Z');
    expect(clock('Pacific/Chatham', change - MINUTE)).toEqual({ date: '2026-04-05', hour: 3 });
    expect(clock('Pacific/Chatham', change)).toEqual({ date: '2026-04-05', hour: 2 });
    expect(keyOf(calendar.dayOf(change - MINUTE))).toBe('2026-04-05');
    expect(keyOf(calendar.dayOf(change))).toBe('2026-04-05');
    expect(calendar.startOf(dayOfKey('2026-04-05'))).toBe(change - 45 * MINUTE);
  });

  test('Samoa had no 30 December 2011: a day from midnight on is not there', () => {
    const calendar = calendarOf('Pacific/Apia', 0);
    const [before, gone, after] = ['2011-12-29', '2011-12-30', '2011-12-31'].map(dayOfKey) as [
      number,
      number,
      number,
    ];
    const change = Date.parse('2011-12-30T10:00:00Z');
    expect(calendar.dayOf(change - 1)).toBe(before);
    expect(calendar.dayOf(change)).toBe(after);
    expect(calendar.startOf(gone)).toBe(change);
    expect(calendar.startOf(after)).toBe(change);
  });

  test('an event from before days were stored counts by the standard calendar', () => {
    expect(storedDay('2026-05-05', '2026-05-09T12:00:00Z')).toBe('2026-05-05');
    expect(storedDay(undefined, '2026-05-09T03:59:00Z')).toBe('2026-05-08');
  });

  test('a zone that the runtime does not know is an error, not another zone', () => {
    expect(() => calendarOf('Mars/Olympus')).toThrow(RangeError);
    expect(() => dayKey(0, '')).toThrow(RangeError);
  });
});
