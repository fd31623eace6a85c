import { DurableObject } from 'cloudflare:workers';
import {
  decideSlot,
  type Lease,
  liveLeases,
  renewLease,
  type SlotAnswer,
  type SlotPolicy,
} from './slot-rules.ts';

/** Set while the storage waits for its last lease to be deleted. */
const ERASING = 'erasing';

/**
 * The evaluation slots of one learner: a thin adapter between `slot-rules.ts` and SQLite. Leases survive a crash of
 * the object, and a crashed holder's lease ends by itself. A lease names nobody and nothing but itself.
 */
export class LearnerSlots extends DurableObject {
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
   * Deletes the object's storage and alarm. Leases of evaluations that still run stay until they end, or erasing would
   * be a way past the limit; the storage goes with the last of them.
   */
  async erase(): Promise<{ ok: true }> {
    this.ctx.storage.kv.put(ERASING, true);
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

  /** One alarm per object: at the end of the oldest lease, none when there is no lease. */
  async #arm(): Promise<void> {
    const ends = this.#leases().map(({ expiresAt }) => expiresAt);
    if (ends.length > 0) await this.ctx.storage.setAlarm(Math.min(...ends));
    else if (this.ctx.storage.kv.get(ERASING) === undefined) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.deleteAll();
  }

  /** Its table goes with the storage, so every access makes sure of it. */
  get #sql(): SqlStorage {
    const { sql } = this.ctx.storage;
    sql.exec('create table if not exists leases (lease_id text primary key, expires_at integer not null)');
    return sql;
  }
}
