import { DatabaseSync } from 'node:sqlite';
import { decideSlot, type Lease, liveLeases, renewLease } from '#domain/quotas/leases.ts';
import { Ledger, type Sql } from '#domain/quotas/ledger.ts';
import type { QuotaStub } from '#worker/durable/quotas.ts';
import type { SlotStub } from '#worker/durable/slots.ts';

/** The namespace of the learners' objects, as the Worker uses it. */
export type LearnerObjects = { getByName(name: string): SlotStub & QuotaStub };

/** SQLite of one object, in memory. */
export function sqliteDouble(): Sql {
  const database = new DatabaseSync(':memory:');
  return {
    exec(query, ...values) {
      const rows = database.prepare(query).all(...values);
      return { toArray: () => rows };
    },
  };
}

/** What one object holds. */
function emptyObject() {
  const sql = sqliteDouble();
  return { leases: [] as Lease[], ledger: new Ledger(() => sql) };
}

/**
 * The Durable Object in memory: the Worker's own slot rules over a list and its own ledger over SQLite. Like the object
 * it answers one call at a time, and each answer takes a turn of the event loop.
 * @param now milliseconds since 1970.
 */
export function slotDouble(now: () => number) {
  const objects = new Map<string, ReturnType<typeof emptyObject>>();
  let renewals = 0;
  function objectOf(name: string) {
    const object = objects.get(name) ?? emptyObject();
    objects.set(name, object);
    return object;
  }
  const namespace: LearnerObjects = {
    getByName(name) {
      const object = () => objectOf(name);
      const stub: SlotStub & QuotaStub = {
        async acquire(leaseId, policy) {
          await null;
          const live = liveLeases(object().leases, now());
          const answer = decideSlot(live, leaseId, policy, now());
          const others = live.filter((lease) => lease.leaseId !== leaseId);
          if (answer.ok) object().leases = [...others, { leaseId, expiresAt: now() + policy.leaseMs }];
          return answer;
        },
        async admit(leaseId, policy, charge) {
          await null;
          const charged = object().ledger.charge(charge, now());
          if (!charged.ok) return charged;
          const slot = await stub.acquire(leaseId, policy);
          if (!slot.ok && charged.fresh) object().ledger.refund(charge.useId);
          return slot.ok ? charged : slot;
        },
        async renew(leaseId, policy) {
          await null;
          const renewed = renewLease(object().leases, leaseId, policy, now());
          if (renewed === null) return false;
          renewals += 1;
          object().leases = [...object().leases.filter((lease) => lease.leaseId !== leaseId), renewed];
          return true;
        },
        async release(leaseId) {
          await null;
          object().leases = object().leases.filter((lease) => lease.leaseId !== leaseId);
          return { ok: true };
        },
        async erase() {
          await null;
          object().leases = liveLeases(object().leases, now());
          object().ledger.erase(now());
          return { ok: true };
        },
        async charge(charge) {
          await null;
          return object().ledger.charge(charge, now());
        },
        async refund(useId) {
          await null;
          object().ledger.refund(useId);
          return { ok: true };
        },
        async close(useId) {
          await null;
          object().ledger.close(useId);
          return { ok: true };
        },
        async remember(day) {
          await null;
          object().ledger.remember(day);
          return { ok: true };
        },
      };
      return stub;
    },
  };
  return {
    namespace,
    /** Leases that count now, of all learners. */
    held: () => [...objects.values()].flatMap(({ leases }) => liveLeases(leases, now())).length,
    /** Renewals so far. */
    renewals: () => renewals,
    forget: () => objects.clear(),
  };
}
