import { DurableObject } from 'cloudflare:workers';
import type { DaySettings } from '#domain/quotas/days.ts';
import {
  type Admission,
  decideSlot,
  type Lease,
  liveLeases,
  renewLease,
  type SlotAnswer,
  type SlotPolicy,
} from '#domain/quotas/leases.ts';
import { type Charge, type ChargeAnswer, Ledger } from '#domain/quotas/ledger.ts';

/** Set while the storage waits for its last lease to be deleted. */
const ERASING = 'erasing';

/**
 * The evaluation slots of one learner: a thin adapter between `slot-rules.ts` and SQLite. Leases survive a crash of
 * the object, and a crashed holder's lease ends by itself. A lease names nobody and nothing but itself.
 */
export class LearnerSlots extends DurableObject {
  readonly #ledger = new Ledger(() => this.ctx.storage.sql);

  /** Counts a use of the quotas and takes a slot for it: both, or neither. */
  async admit(leaseId: string, policy: SlotPolicy, charge: Charge): Promise<Admission> {
    const charged = this.#ledger.charge(charge, Date.now());
    if (!charged.ok) return charged;
    const slot = await this.acquire(leaseId, policy);
    if (!slot.ok && charged.fresh) this.#ledger.refund(charge.useId);
    return slot.ok ? charged : slot;
  }

  /** Counts a use of the quotas, or refuses it. */
  async charge(charge: Charge): Promise<ChargeAnswer> {
    return this.#ledger.charge(charge, Date.now());
  }

  /** Takes a use back, of which nothing came. */
  async refund(useId: string): Promise<{ ok: true }> {
    this.#ledger.refund(useId);
    return { ok: true };
  }

  /** The stream of a hint has ended. */
  async close(useId: string): Promise<{ ok: true }> {
    this.#ledger.close(useId);
    return { ok: true };
  }

  /** How the learner's days are counted from the next one on. */
  async remember(day: DaySettings): Promise<{ ok: true }> {
    this.#ledger.remember(day);
    return { ok: true };
  }

  /** Takes or renews a slot. Nothing is awaited between looking and taking, so no other call comes between. */
  async acquire(leaseId: string, policy: SlotPolicy): Promise<SlotAnswer> {
    const now = Date.now();
    const answer = decideSlot(this.#leases(), leaseId, policy, now);
    if (!answer.ok) return answer;
    this.#write({ leaseId, expiresAt: now + policy.leaseMs });
    if ((await this.ctx.storage.getAlarm()) === null) await this.#arm();
    return answer;
  }

  /** Puts the end of a lease off; false when it has ended. The alarm stays: it arms itself again when it comes early. */
  async renew(leaseId: string, policy: SlotPolicy): Promise<boolean> {
    const renewed = renewLease(this.#leases(), leaseId, policy, Date.now());
    if (renewed !== null) this.#write(renewed);
    return renewed !== null;
  }

  /** Gives a slot back; an unknown or ended lease is none. */
  async release(leaseId: string): Promise<{ ok: true }> {
    this.#sql.exec('delete from leases where lease_id = ?', leaseId);
    await this.#arm();
    return { ok: true };
  }

  /**
   * Deletes the object's storage and alarm. Leases of evaluations that still run stay until they end, and the sums of
   * today's quotas until the day does, or erasing would be a way past the limits.
   */
  async erase(): Promise<{ ok: true }> {
    this.ctx.storage.kv.put(ERASING, true);
    this.#ledger.erase(Date.now());
    await this.alarm();
    return { ok: true };
  }

  /** Runs when the oldest lease ends: forgets what has ended and waits for the next. */
  override async alarm(): Promise<void> {
    const live = new Set(liveLeases(this.#leases(), Date.now()).map(({ leaseId }) => leaseId));
    for (const { leaseId } of this.#leases()) {
      if (!live.has(leaseId)) this.#sql.exec('delete from leases where lease_id = ?', leaseId);
    }
    await this.#arm();
  }

  #leases(): Lease[] {
    return this.#sql
      .exec<{ lease_id: string; expires_at: number }>('select lease_id, expires_at from leases')
      .toArray()
      .map((row) => ({ leaseId: row.lease_id, expiresAt: row.expires_at }));
  }

  #write({ leaseId, expiresAt }: Lease): void {
    this.#sql.exec(
      `insert into leases values (?, ?)
       on conflict (lease_id) do update set expires_at = excluded.expires_at`,
      leaseId,
      expiresAt,
    );
  }

  /** One alarm per object: at the end of the oldest lease, or of the day whose sums outlive an erasure. */
  async #arm(): Promise<void> {
    const ends = this.#leases().map(({ expiresAt }) => expiresAt);
    const erasing = this.ctx.storage.kv.get(ERASING) !== undefined;
    const keptUntil = erasing ? this.#ledger.keptUntil(Date.now()) : null;
    if (keptUntil !== null) ends.push(keptUntil);
    if (ends.length > 0) await this.ctx.storage.setAlarm(Math.min(...ends));
    else if (erasing) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.deleteAlarm();
  }

  /** Its table goes with the storage, so every access makes sure of it. */
  get #sql(): SqlStorage {
    const { sql } = this.ctx.storage;
    sql.exec('create table if not exists leases (lease_id text primary key, expires_at integer not null)');
    return sql;
  }
}
