import type { DaySettings } from '#domain/quotas/days.ts';
import type { Charge, ChargeAnswer } from '#domain/quotas/ledger.ts';
import { AppError } from '../errors.ts';

/** The operator's quotas of all learners, each counted by the learner's Durable Object. */
export type Quotas = {
  /** @throws AppError `storage-unavailable` */
  charge(learnerId: string, charge: Charge): Promise<ChargeAnswer>;
  refund(learnerId: string, useId: string): Promise<void>;
  close(learnerId: string, useId: string): Promise<void>;
  remember(learnerId: string, day: DaySettings): Promise<void>;
};

/** What the quotas ask of a learner's Durable Object (`LearnerSlots`). */
export type QuotaStub = {
  charge(charge: Charge): Promise<ChargeAnswer>;
  refund(useId: string): Promise<{ ok: true }>;
  close(useId: string): Promise<{ ok: true }>;
  remember(day: DaySettings): Promise<{ ok: true }>;
};

export type QuotaNamespace = { getByName(name: string): QuotaStub };

export function createQuotas(namespace: QuotaNamespace): Quotas {
  async function reached<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (cause) {
      throw new AppError('storage-unavailable', { retryAfter: 5, cause });
    }
  }
  return {
    charge: (learnerId, charge) => reached(namespace.getByName(learnerId).charge(charge)),
    async refund(learnerId, useId) {
      await reached(namespace.getByName(learnerId).refund(useId));
    },
    async close(learnerId, useId) {
      await reached(namespace.getByName(learnerId).close(useId));
    },
    async remember(learnerId, day) {
      await reached(namespace.getByName(learnerId).remember(day));
    },
  };
}
