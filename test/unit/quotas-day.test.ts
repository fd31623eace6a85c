import { expect, test } from 'vitest';
import { endOfDay, endOfQuotaDay } from '#domain/quotas/days.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString().replace('.000', '');

test.each([
  ['UTC', 4, '2026-11-30T03:59:59Z', '2026-11-30T04:00:00Z'],
  ['UTC', 4, '2026-11-30T04:00:00Z', '2026-12-01T04:00:00Z'],
  ['UTC', 0, '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z'],
  ['UTC', 23, '2026-11-30T12:00:00Z', '2026-11-30T23:00:00Z'],
  ['Europe/Berlin', 4, '2026-11-30T02:30:00Z', '2026-11-30T03:00:00Z'],
  ['America/Los_Angeles', 4, '2026-11-30T12:30:00Z', '2026-12-01T12:00:00Z'],
  ['Asia/Kathmandu', 4, '2026-11-30T00:00:00Z', '2026-11-30T22:15:00Z'],
  ['Pacific/Kiritimati', 4, '2026-11-30T12:00:00Z', '2026-11-30T14:00:00Z'],
  ['Pacific/Pago_Pago', 4, '2026-11-30T12:00:00Z', '2026-11-30T15:00:00Z'],
])('in %s, where days begin at %d, that of %s ends at %s', (timeZone, startHour, now, end) => {
  expect(iso(endOfDay(at(now), { timeZone, startHour }))).toBe(end);
});

test('days follow each other without a gap, also over changes of clocks', () => {
  for (const timeZone of ['Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Cairo']) {
    let now = at('2026-01-01T00:00:00Z');
    for (let day = 0; day < 400; day += 1) {
      const end = endOfDay(now, { timeZone, startHour: 4 });
      expect(endOfDay(end - 1, { timeZone, startHour: 4 })).toBe(end);
      if (day > 0) expect((end - now) / HOUR).toBeGreaterThanOrEqual(22.5);
      if (day > 0) expect((end - now) / HOUR).toBeLessThanOrEqual(25.5);
      now = end;
    }
  }
});

test('a change of zone makes no short days, however often it happens', () => {
  const zones = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Tokyo', 'America/Los_Angeles'];
  let now = at('2026-11-30T12:00:00Z');
  let end = endOfQuotaDay(now, null, { timeZone: 'UTC', startHour: 4 });
  for (let step = 0; step < 500; step += 1) {
    now = end + (step % 3) * HOUR;
    const settings = { timeZone: zones[step % zones.length] ?? 'UTC', startHour: step % 24 };
    const next = endOfQuotaDay(now, end, settings);
    expect(next - end).toBeGreaterThanOrEqual(12 * HOUR);
    expect(next - now).toBeLessThanOrEqual(37 * HOUR);
    expect(next).toBeGreaterThan(now);
    end = next;
  }
});
