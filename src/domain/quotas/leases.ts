import type { ChargeAnswer } from './ledger.ts';

/** A claim on one of a learner's evaluation slots; times are milliseconds since the epoch. */
export type Lease = { leaseId: string; expiresAt: number };

/** `limit` leases at once; each ends by itself `leaseMs` after it was taken or last renewed. */
export type SlotPolicy = { limit: number; leaseMs: number };

/** What a request with a charge is answered: what of it was counted, or why it was refused. */
export type Admission = ChargeAnswer | Exclude<SlotAnswer, { ok: true }>;

export type SlotAnswer = { ok: true } | { ok: false; retryAfterSeconds: number; limit: number };

/** Milliseconds after its last renewal at which a lease ends by itself, and between two renewals by who waits. */
export const LEASE_MS = 45_000;
export const RENEW_MS = 15_000;

/** The leases that still count at `now`. A lease ends at the very millisecond of `expiresAt`. */
export function liveLeases(leases: readonly Lease[], now: number): Lease[] {
  return leases.filter(({ expiresAt }) => expiresAt > now);
}

/**
 * Whether `leaseId` may hold a slot now. Who holds one already keeps it, renewed. A refusal names the whole seconds, at
 * least 1, until the first of the leases ends by itself: a run that still goes then has renewed it, one that has ended
 * or died has not.
 */
export function decideSlot(
  leases: readonly Lease[],
  leaseId: string,
  { limit }: Pick<SlotPolicy, 'limit'>,
  now: number,
): SlotAnswer {
  const live = liveLeases(leases, now);
  if (live.some((lease) => lease.leaseId === leaseId) || live.length < limit) return { ok: true };
  const first = Math.min(...live.map(({ expiresAt }) => expiresAt));
  return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((first - now) / 1000)), limit };
}

/** The leases after `leaseId` was renewed, or null when it has ended: what was given back or ran out does not return. */
export function renewLease(
  leases: readonly Lease[],
  leaseId: string,
  { leaseMs }: Pick<SlotPolicy, 'leaseMs'>,
  now: number,
): Lease | null {
  const held = liveLeases(leases, now).some((lease) => lease.leaseId === leaseId);
  return held ? { leaseId, expiresAt: now + leaseMs } : null;
}
