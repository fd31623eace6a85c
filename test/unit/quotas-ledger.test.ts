import { beforeEach, describe, expect, test } from 'vitest';
import { type Charge, Ledger, type Share } from '#domain/quotas/ledger.ts';
import { sqliteDouble } from '../prove/kit/slot-double.ts';

const NOON = Date.parse('2026-11-30T12:00:00Z');
const TOMORROW = Date.parse('2026-12-01T04:00:00Z');
const HOUR = 3_600_000;

let ledger: Ledger;
beforeEach(() => {
  const sql = sqliteDouble();
  ledger = new Ledger(() => sql);
});

const share = (limit: number, amount = 1): Share => ({ quota: 'tasks-per-day', limit, amount });
const use = (useId: string, shares: Share[], more: Partial<Charge> = {}): Charge => ({
  useId,
  shares,
  ...more,
});
const fresh = { ok: true, fresh: true };

describe('quotas of a day', () => {
  test('as many as allowed, then none until the day ends', () => {
    for (const id of ['a', 'b', 'c']) expect(ledger.charge(use(id, [share(3)]), NOON)).toEqual(fresh);
    const overdrawn = { quota: 'tasks-per-day', limit: 3, used: 3, resetsAt: TOMORROW };
    expect(ledger.charge(use('d', [share(3)]), TOMORROW - 1)).toEqual({ ok: false, overdrawn });
    expect(ledger.charge(use('d', [share(3)]), TOMORROW)).toEqual(fresh);
  });

  test('the same use again counts once, also on the next day', () => {
    expect(ledger.charge(use('a', [share(2)]), TOMORROW - 1)).toEqual(fresh);
    expect(ledger.charge(use('a', [share(2)]), TOMORROW - 1)).toEqual({ ok: true, fresh: false });
    expect(ledger.charge(use('a', [share(2)]), TOMORROW + 1)).toEqual({ ok: true, fresh: false });
    for (const id of ['b', 'c']) expect(ledger.charge(use(id, [share(2)]), TOMORROW + 1)).toEqual(fresh);
    expect(ledger.charge(use('d', [share(2)]), TOMORROW + 1).ok).toBe(false);
  });

  test('what asks for more than is left gets nothing and takes nothing', () => {
    ledger.charge(use('a', [share(10, 6)]), NOON);
    expect(ledger.charge(use('b', [share(10, 5)]), NOON)).toMatchObject({ overdrawn: { used: 6 } });
    expect(ledger.charge(use('c', [share(10, 4)]), NOON)).toEqual(fresh);
  });

  test('of two quotas one that is full refuses both', () => {
    const both = (task: string): Share[] => [
      { quota: 'submissions-per-task-and-day', limit: 1, amount: 1, task },
      { quota: 'submissions-per-day', limit: 2, amount: 1 },
    ];
    expect(ledger.charge(use('a', both('one')), NOON)).toEqual(fresh);
    expect(ledger.charge(use('b', both('one')), NOON)).toMatchObject({
      overdrawn: { quota: 'submissions-per-task-and-day' },
    });
    expect(ledger.charge(use('c', both('two')), NOON)).toEqual(fresh);
    expect(ledger.charge(use('d', both('three')), NOON)).toMatchObject({
      overdrawn: { quota: 'submissions-per-day', used: 2 },
    });
  });

  test('a use that is taken back makes room, once', () => {
    for (const id of ['a', 'b']) ledger.charge(use(id, [share(2)]), NOON);
    ledger.refund('a');
    ledger.refund('a');
    ledger.refund('unknown');
    expect(ledger.charge(use('c', [share(2)]), NOON)).toEqual(fresh);
    expect(ledger.charge(use('d', [share(2)]), NOON).ok).toBe(false);
    expect(ledger.charge(use('a', [share(2)]), NOON).ok).toBe(false);
  });

  test('a use of yesterday that is taken back makes no room today', () => {
    ledger.charge(use('yesterday', [share(1)]), TOMORROW - 1);
    ledger.charge(use('today', [share(1)]), TOMORROW);
    ledger.refund('yesterday');
    expect(ledger.charge(use('more', [share(1)]), TOMORROW).ok).toBe(false);
  });
});

describe('days of the learner', () => {
  test('end by the zone that is known, a new zone counts from the next day on', () => {
    ledger.remember({ timeZone: 'America/Los_Angeles', startHour: 4 });
    ledger.charge(use('a', [share(1)]), NOON);
    // 12:00 UTC is 04:00 there: the day has just begun.
    expect(ledger.charge(use('b', [share(1)]), NOON)).toMatchObject({
      overdrawn: { resetsAt: NOON + 24 * HOUR },
    });
    const there = { timeZone: 'Asia/Tokyo', startHour: 0 };
    expect(ledger.charge(use('b', [share(1)], { day: there }), NOON + HOUR)).toMatchObject({
      overdrawn: { resetsAt: NOON + 24 * HOUR },
    });
    expect(ledger.charge(use('b', [share(1)]), NOON + 24 * HOUR)).toEqual(fresh);
    // The next midnight in Tokyo is 15:00 UTC, three hours later: too soon for another quota.
    expect(ledger.charge(use('c', [share(1)]), NOON + 28 * HOUR)).toMatchObject({
      overdrawn: { resetsAt: NOON + 51 * HOUR },
    });
  });
});

describe('open hints', () => {
  const open = { limit: 2, leaseMs: 1000 };
  const hint = (useId: string) => use(useId, [], { open });

  test('two at once; one that ends, or whose time is over, makes room', () => {
    expect(ledger.charge(hint('a'), NOON)).toEqual(fresh);
    expect(ledger.charge(hint('b'), NOON + 100)).toEqual(fresh);
    const overdrawn = { quota: 'open-hints', limit: 2, used: 2, resetsAt: NOON + 1000 };
    expect(ledger.charge(hint('c'), NOON + 200)).toEqual({ ok: false, overdrawn });
    ledger.close('b');
    expect(ledger.charge(hint('c'), NOON + 200)).toEqual(fresh);
    expect(ledger.charge(hint('d'), NOON + 999).ok).toBe(false);
    expect(ledger.charge(hint('d'), NOON + 1000)).toEqual(fresh);
  });

  test('one that is refused is not counted in the day either', () => {
    const both = (useId: string) => use(useId, [{ quota: 'hints-per-day', limit: 3, amount: 1 }], { open });
    for (const id of ['a', 'b']) expect(ledger.charge(both(id), NOON)).toEqual(fresh);
    for (const id of ['c', 'd', 'e']) expect(ledger.charge(both(id), NOON).ok).toBe(false);
    ledger.close('a');
    expect(ledger.charge(both('f'), NOON)).toEqual(fresh);
    ledger.refund('f');
    expect(ledger.charge(both('g'), NOON)).toEqual(fresh);
  });
});

test('an erasure keeps the sums of today and nothing else', () => {
  ledger.remember({ timeZone: 'Asia/Tokyo', startHour: 4 });
  const task = { quota: 'submissions-per-task-and-day', limit: 9, amount: 1, task: 'one' } as const;
  ledger.charge(use('a', [share(1), task], { open: { limit: 1, leaseMs: 1000 } }), NOON);
  const until = ledger.erase(NOON);
  expect(until).toBe(Date.parse('2026-11-30T19:00:00Z'));
  expect(ledger.charge(use('b', [share(1)]), NOON).ok).toBe(false);
  expect(ledger.charge(use('b', [{ ...task, limit: 1 }]), NOON)).toEqual(fresh);
  expect(ledger.keptUntil(until ?? 0)).toBeNull();
});

test('nothing is kept of a learner who has used nothing', () => {
  ledger.remember({ timeZone: 'Asia/Tokyo', startHour: 4 });
  expect(ledger.erase(NOON)).toBeNull();
});
