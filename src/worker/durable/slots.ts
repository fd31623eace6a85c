import {
  type Admission,
  LEASE_MS,
  RENEW_MS,
  type SlotAnswer,
  type SlotPolicy,
} from '#domain/quotas/leases.ts';
import type { Charge } from '#domain/quotas/ledger.ts';
import { AppError } from '../errors.ts';

/** How many evaluations a learner has running at once, in all isolates together. */
export type SlotPool = {
  /** Milliseconds between two renewals of a lease that is held. */
  renewMs: number;
  /** Takes a slot, or renews it when `leaseId` holds one. @throws AppError `storage-unavailable` */
  acquire(learnerId: string, leaseId: string): Promise<SlotAnswer>;
  /** The same for a request that counts against the operator's quotas. @throws AppError `storage-unavailable` */
  admit(learnerId: string, leaseId: string, charge: Charge): Promise<Admission>;
  /** Puts the end of a lease off; false when it has ended. @throws AppError `storage-unavailable` */
  renew(learnerId: string, leaseId: string): Promise<boolean>;
  /** Gives a slot back; repeating it changes nothing. @throws AppError `storage-unavailable` */
  release(learnerId: string, leaseId: string): Promise<void>;
  /** Forgets the learner, as soon as no evaluation of theirs runs. @throws AppError `storage-unavailable` */
  erase(learnerId: string): Promise<void>;
};

/** What the pool asks of a learner's Durable Object (`LearnerSlots`). */
export type SlotStub = {
  acquire(leaseId: string, policy: SlotPolicy): Promise<SlotAnswer>;
  admit(leaseId: string, policy: SlotPolicy, charge: Charge): Promise<Admission>;
  renew(leaseId: string, policy: SlotPolicy): Promise<boolean>;
  release(leaseId: string): Promise<{ ok: true }>;
  erase(): Promise<{ ok: true }>;
};

export type SlotNamespace = { getByName(name: string): SlotStub };

/** A pool over one Durable Object per learner; times in milliseconds, those of the rules unless a test has its own. */
export function createSlotPool(
  namespace: SlotNamespace,
  {
    limit,
    leaseMs = LEASE_MS,
    renewMs = RENEW_MS,
  }: Pick<SlotPolicy, 'limit'> & { leaseMs?: number; renewMs?: number },
): SlotPool {
  return {
    renewMs,
    acquire: (learnerId, leaseId) =>
      reached(namespace.getByName(learnerId).acquire(leaseId, { limit, leaseMs })),
    admit: (learnerId, leaseId, charge) =>
      reached(namespace.getByName(learnerId).admit(leaseId, { limit, leaseMs }, charge)),
    renew: (learnerId, leaseId) => reached(namespace.getByName(learnerId).renew(leaseId, { limit, leaseMs })),
    async release(learnerId, leaseId) {
      await reached(namespace.getByName(learnerId).release(leaseId));
    },
    async erase(learnerId) {
      await reached(namespace.getByName(learnerId).erase());
    },
  };
}

/** The object answers with unions; what it throws is an object that is overloaded, reset or unavailable. */
async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new AppError('storage-unavailable', { retryAfter: 5, cause });
  }
}
