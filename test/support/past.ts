import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#cli/log/canonical.ts';
import { daysBetween } from '#domain/calendar.ts';
import type { ArchiveBucket } from '#worker/events/archive/bucket.ts';
import { pastProgress } from '#worker/progress/past.ts';
import { type ProgressRecord, progressRecord } from '#worker/progress/store.ts';
import type { LogBench } from './log-bench.ts';

const QUARTER = 900_000;
const DAY = 86_400_000;

/** Rows in one order, sums rounded as a float's last digit is, days and reviews by what they say. */
function plain(record: ProgressRecord, at: string) {
  const now = Date.parse(at);
  const text = (value: unknown) => canonicalJson(JSON.stringify(value));
  const sorted = <T>(rows: readonly T[]) => rows.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
  const sums = (rows: ProgressRecord['modules']) =>
    sorted(rows.map((row) => ({ ...row, score_sum: Number(row.score_sum).toFixed(9) })));
  // A quarter of an hour is as near as the database looks at when a review is scheduled, two days the furthest back.
  const quarter = (at: string) => Math.floor(Math.max(Date.parse(at), now - 2 * DAY) / QUARTER);
  const reviews = new Map<string, number>();
  for (const { day, at, reviews: count } of record.reviews) {
    const key = `${day} ${quarter(at)}`;
    reviews.set(key, (reviews.get(key) ?? 0) + count);
  }
  const { plan, log, due } = record.memory;
  const dueBy = new Map<string, number>();
  const oldest = new Date(now - 2 * DAY).toISOString().slice(0, 10);
  for (const { day, cards } of due) {
    const key = daysBetween(oldest, day) < 0 ? oldest : day;
    dueBy.set(key, (dueBy.get(key) ?? 0) + cards);
  }
  return {
    ...record,
    modules: sums(record.modules),
    topics: sums(record.topics),
    days: sorted(record.days),
    reviews: sorted([...reviews]),
    memory: {
      due: sorted([...dueBy]),
      cards: sorted(plan.cards),
      taken: sorted(plan.taken),
      log: sorted(log.map(({ before, ...entry }) => ({ ...entry, days: before?.scheduled_days ?? null }))),
    },
  };
}

/**
 * Lets a history happen and writes down the progress of whoever acted after each of `moments` steps; then asks the log
 * for each of these moments.
 * @param archiveAll done in between: where the log is by then.
 * @returns pairs of what stood there then and what the log says of it.
 */
export async function pastAndPresent(
  bench: LogBench,
  moments: number,
  seed: number,
  archiveAll: () => Promise<ArchiveBucket | null> = async () => null,
) {
  type Seen = {
    learner: string;
    path: string;
    now: string;
    asOf: string;
    record: ProgressRecord | undefined;
  };
  const seen: Seen[] = [];
  await bench.makeHistory({ learners: 4, steps: moments, seed }, async ({ learner, path }, now) => {
    const record = await progressRecord(bench.db, learner, path, now);
    const [clock] = await bench.rows('select iso_instant(clock_timestamp()) as at');
    seen.push({ learner, path, now, asOf: String(clock?.at), record });
    // The next event shall be of another millisecond.
    await sleep(3);
  });
  const archive = await archiveAll();
  const pairs: { was: unknown; told: unknown }[] = [];
  for (const { learner, path, now, asOf, record } of seen) {
    const told = await pastProgress({ db: bench.db, archive }, learner, path, { asOf, now });
    if (record === undefined || told === undefined) throw new Error('no such path');
    pairs.push({ was: plain(record, now), told: plain(told, now) });
  }
  return pairs;
}
