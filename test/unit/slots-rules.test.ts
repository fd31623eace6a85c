import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideSlot, LEASE_MS, type Lease, liveLeases, renewLease } from '#domain/quotas/leases.ts';

const held = (leaseId: string, takenAt: number): Lease => ({ leaseId, expiresAt: takenAt + LEASE_MS });

test('a free slot is given, a full learner hears when the first lease ends by itself', () => {
  const leases = [held('a', 4000), held('b', 1000)];
  expect(decideSlot([held('a', 0)], 'c', { limit: 2 }, 5000)).toEqual({ ok: true });
  // 'b' was taken at 1 s and has 45 s: at 5 s there are 41 s left.
  expect(decideSlot(leases, 'c', { limit: 2 }, 5000)).toEqual({ ok: false, retryAfterSeconds: 41, limit: 2 });
});

test('a lease counts until it ends, and the wait is never below a second', () => {
  const leases = [held('a', 0)];
  expect(decideSlot(leases, 'b', { limit: 1 }, LEASE_MS - 1)).toEqual({
    ok: false,
    retryAfterSeconds: 1,
    limit: 1,
  });
  expect(decideSlot(leases, 'b', { limit: 1 }, LEASE_MS)).toEqual({ ok: true });
});

test('a renewal puts the end off, and brings nothing back that was given back or has ended', () => {
  const renew = (leases: readonly Lease[], now: number) =>
    renewLease(leases, 'a', { leaseMs: LEASE_MS }, now);
  expect(renew([held('a', 0), held('b', 0)], 15_000)).toEqual(held('a', 15_000));
  expect(renew([held('a', 0)], LEASE_MS)).toBeNull();
  expect(renew([held('b', 0)], 15_000)).toBeNull();
});

test('who holds a slot gets it again even when all are taken', () => {
  expect(decideSlot([held('a', 0), held('b', 0)], 'b', { limit: 2 }, 10)).toEqual({ ok: true });
});

const Step = fc.record({
  take: fc.boolean(),
  leaseId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  pause: fc.integer({ min: 0, max: LEASE_MS }),
});

test('whatever happens, no more than the limit is held and an end of a lease frees its slot', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(Step, { maxLength: 60 }), (limit, steps) => {
      let leases: Lease[] = [];
      let now = 0;
      for (const { take, leaseId, pause } of steps) {
        now += pause;
        const before = liveLeases(leases, now);
        const others = leases.filter((lease) => lease.leaseId !== leaseId);
        if (!take) {
          leases = others;
          continue;
        }
        const answer = decideSlot(leases, leaseId, { limit }, now);
        const mine = before.some((lease) => lease.leaseId === leaseId);
        expect(answer.ok).toBe(mine || before.length < limit);
        if (answer.ok) leases = [...others, held(leaseId, now)];
        else expect(answer.retryAfterSeconds * 1000).toBeLessThanOrEqual(LEASE_MS);
        expect(liveLeases(leases, now).length).toBeLessThanOrEqual(limit);
      }
    }),
  );
});
