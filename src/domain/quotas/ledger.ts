import type { QuotaName } from '#contract/quotas.ts';
import { type DaySettings, endOfQuotaDay, USUAL_DAY } from './days.ts';

export type DayQuota = Exclude<QuotaName, 'open-hints'>;

/** What one use takes from one quota of the day; `task` where the quota is counted for each task. */
export type Share = { quota: DayQuota; limit: number; amount: number; task?: string };

/** What a use takes, as it goes to the learner's object. */
export type Charge = {
  /** Names the use: the same id again counts once. */
  useId: string;
  shares: readonly Share[];
  /** A hint stream that is open until `close`, or for `leaseMs` at most. */
  open?: { limit: number; leaseMs: number };
  /** Known by who read the config of a path; else the learner's last ones count. */
  day?: DaySettings;
};

/** The first quota that would be exceeded; `resetsAt` in ms since 1970. */
export type Overdrawn = { quota: QuotaName; limit: number; used: number; resetsAt: number };

/** `fresh` is false for a use that was counted before. */
export type ChargeAnswer = { ok: true; fresh: boolean } | { ok: false; overdrawn: Overdrawn };

/** The part of SQLite that is needed: Durable Objects have it, and so has Node. */
export type Sql = {
  exec(query: string, ...values: (string | number)[]): { toArray(): Record<string, unknown>[] };
};

const TABLES = [
  `create table if not exists quota_day
    (one integer primary key check (one = 1), ends_at integer not null, time_zone text not null, start_hour integer not null)`,
  `create table if not exists quota_counts
    (quota text, task text, used integer not null, primary key (quota, task))`,
  `create table if not exists quota_uses
    (use_id text, quota text, task text, amount integer not null, ends_at integer not null, primary key (use_id, quota))`,
  `create table if not exists open_hints (use_id text primary key, expires_at integer not null)`,
] as const;

/**
 * What one learner has used of the operator's quotas. Every method runs to its end without waiting for anything, so
 * that no other call comes between looking and counting. Times are milliseconds since 1970.
 */
export class Ledger {
  readonly #sql: () => Sql;

  constructor(sql: () => Sql) {
    this.#sql = sql;
  }

  /** Counts a use, or refuses all of it. */
  charge({ useId, shares, open, day }: Charge, now: number): ChargeAnswer {
    this.#makeTables();
    if (day !== undefined) this.remember(day);
    const endsAt = this.#today(now);
    const fresh = this.#rows('select 1 from quota_uses where use_id = ?', useId).length === 0;
    const overdrawn =
      (fresh ? this.#overdrawnDay(shares, endsAt) : null) ?? this.#overdrawnOpen(useId, open, now);
    if (overdrawn !== null) return { ok: false, overdrawn };
    if (fresh) for (const share of shares) this.#count(useId, share, endsAt);
    if (open !== undefined) {
      this.#rows('insert or replace into open_hints values (?, ?)', useId, now + open.leaseMs);
    }
    return { ok: true, fresh };
  }

  /** Takes back what a use was counted as, since nothing came of it, and closes its stream. */
  refund(useId: string): void {
    this.#makeTables();
    this.close(useId);
    for (const { quota, task, amount, ends_at } of this.#rows(
      'select * from quota_uses where use_id = ?',
      useId,
    )) {
      this.#rows(
        `update quota_counts set used = max(0, used - ?)
         where quota = ? and task = ? and exists (select 1 from quota_day where ends_at = ?)`,
        Number(amount),
        String(quota),
        String(task),
        Number(ends_at),
      );
    }
    this.#rows('delete from quota_counts where used = 0');
    this.#rows('delete from quota_uses where use_id = ?', useId);
  }

  /** The hint's stream has ended. */
  close(useId: string): void {
    this.#makeTables();
    this.#rows('delete from open_hints where use_id = ?', useId);
  }

  /** How days are counted from the next one on; the day that has begun ends as it would have. */
  remember({ timeZone, startHour }: DaySettings): void {
    this.#makeTables();
    this.#rows(
      `insert into quota_day values (1, 0, ?, ?)
       on conflict do update set time_zone = excluded.time_zone, start_hour = excluded.start_hour`,
      timeZone,
      startHour,
    );
  }

  /**
   * Forgets everything but the sums of today, since erasing oneself must not be a way past the quotas.
   * @returns when the rest can go too; null when it can go now.
   */
  erase(now: number): number | null {
    this.#makeTables();
    for (const table of ['quota_uses', 'open_hints']) this.#rows(`delete from ${table}`);
    this.#rows("delete from quota_counts where task <> ''");
    this.#rows('update quota_day set time_zone = ?, start_hour = ?', USUAL_DAY.timeZone, USUAL_DAY.startHour);
    return this.keptUntil(now);
  }

  /** End of the day whose sums still count; null when there are none. */
  keptUntil(now: number): number | null {
    this.#makeTables();
    const [row] = this.#rows(
      'select ends_at from quota_day where ends_at > ? and exists (select 1 from quota_counts)',
      now,
    );
    return row === undefined ? null : Number(row.ends_at);
  }

  /** End of the day that is counted now; a day that is over makes room for the next. */
  #today(now: number): number {
    const [row] = this.#rows('select * from quota_day');
    const previous = row === undefined || row.ends_at === 0 ? null : Number(row.ends_at);
    if (previous !== null && now < previous) return previous;
    const settings =
      row === undefined ? USUAL_DAY : { timeZone: String(row.time_zone), startHour: Number(row.start_hour) };
    const endsAt = endOfQuotaDay(now, previous, settings);
    this.#rows('delete from quota_counts');
    // Those of the last day stay: a request of yesterday may be repeated today.
    this.#rows('delete from quota_uses where ends_at < ?', previous ?? 0);
    this.remember(settings);
    this.#rows('update quota_day set ends_at = ?', endsAt);
    return endsAt;
  }

  #overdrawnDay(shares: readonly Share[], resetsAt: number): Overdrawn | null {
    for (const { quota, limit, amount, task = '' } of shares) {
      const [row] = this.#rows('select used from quota_counts where quota = ? and task = ?', quota, task);
      const used = Number(row?.used ?? 0);
      if (used + amount > limit) return { quota, limit, used, resetsAt };
    }
    return null;
  }

  #overdrawnOpen(useId: string, open: Charge['open'], now: number): Overdrawn | null {
    if (open === undefined) return null;
    this.#rows('delete from open_hints where expires_at <= ?', now);
    const others = this.#rows('select expires_at from open_hints where use_id <> ?', useId);
    if (others.length < open.limit) return null;
    const resetsAt = Math.min(...others.map((row) => Number(row.expires_at)));
    return { quota: 'open-hints', limit: open.limit, used: others.length, resetsAt };
  }

  #count(useId: string, { quota, amount, task = '' }: Share, endsAt: number): void {
    this.#rows('insert into quota_uses values (?, ?, ?, ?, ?)', useId, quota, task, amount, endsAt);
    this.#rows(
      `insert into quota_counts values (?, ?, ?)
       on conflict do update set used = used + excluded.used`,
      quota,
      task,
      amount,
    );
  }

  /** The tables go with the object's storage, so every method makes sure of them. */
  #makeTables(): void {
    for (const table of TABLES) this.#rows(table);
  }

  #rows(query: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#sql()
      .exec(query, ...values)
      .toArray();
  }
}
