import { decideSlot, type Lease, liveLeases, renewLease } from '#worker/evaluations/slot-rules.ts';
import type { SlotNamespace } from '#worker/evaluations/slots.ts';

/**
 * The Durable Object in memory: the Worker's own slot rules over a map. Like the object it answers one call at a time,
 * and each answer takes a turn of the event loop.
 * @param now milliseconds since 1970.
 */
export function slotDouble(now: () => number) {
  const objects = new Map<string, Lease[]>();
  let renewals = 0;
  const namespace: SlotNamespace = {
    getByName: (name) => ({
      async acquire(leaseId, policy) {
        await null;
        const live = liveLeases(objects.get(name) ?? [], now());
        const answer = decideSlot(live, leaseId, policy, now());
        const others = live.filter((lease) => lease.leaseId !== leaseId);
        if (answer.ok) objects.set(name, [...others, { leaseId, expiresAt: now() + policy.leaseMs }]);
        return answer;
      },
      async renew(leaseId, policy) {
        await null;
        const leases = objects.get(name) ?? [];
        const renewed = renewLease(leases, leaseId, policy, now());
        if (renewed === null) return false;
        renewals += 1;
        objects.set(name, [...leases.filter((lease) => lease.leaseId !== leaseId), renewed]);
        return true;
      },
      async release(leaseId) {
        await null;
        objects.set(
          name,
          (objects.get(name) ?? []).filter((lease) => lease.leaseId !== leaseId),
        );
        return { ok: true };
      },
      async erase() {
        await null;
        objects.set(name, liveLeases(objects.get(name) ?? [], now()));
        return { ok: true };
      },
    }),
  };
  return {
    namespace,
    /** Leases that count now, of all learners. */
    held: () => [...objects.values()].flatMap((leases) => liveLeases(leases, now())).length,
    /** Renewals so far. */
    renewals: () => renewals,
    forget: () => objects.clear(),
  };
}
