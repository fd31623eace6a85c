/** A claim on one of a learner's evaluation slots; times are milliseconds since the epoch. */
export type Lease = { leaseId: string; expiresAt: number };

/** `limit` leases at once; each ends by itself `leaseMs` after it was taken or renewed. */
export type SlotPolicy = { limit: number; leaseMs: number };

export type SlotAnswer = { ok: true } | { ok: false; retryAfterSeconds: number; limit: number };

/** What a lease outlives the evaluator's deadline by: time to fetch the tests and to store the result. */
const SLACK_MS = 60_000;

/** Lifetime of a lease in milliseconds for an evaluator that answers within `timeoutSeconds`. */
export function leaseFor(timeoutSeconds: number): number {
  return timeoutSeconds * 1000 + SLACK_MS;
}

/** The leases that still count at `now`. A lease ends at the very millisecond of `expiresAt`. */
export function liveLeases(leases: readonly Lease[], now: number): Lease[] {
  return leases.filter(({ expiresAt }) => expiresAt > now);
}

/**
 * Whether `leaseId` may hold a slot now (decisions, section 5.1). Who holds one already keeps it, renewed. A refusal
 * names the whole seconds, at least 1, until the oldest evaluation must have been answered.
 */
export function decideSlot(
  leases: readonly Lease[],
  leaseId: string,
  { limit }: Pick<SlotPolicy, 'limit'>,
  now: number,
): SlotAnswer {
  const live = liveLeases(leases, now);
  if (live.some((lease) => lease.leaseId === leaseId) || live.length < limit) return { ok: true };
  const oldest = Math.min(...live.map(({ expiresAt }) => expiresAt));
  return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((oldest - SLACK_MS - now) / 1000)), limit };
}
