/**
 * Beginning of the oldest month that is not archived yet: events before it are older than `months` months. Whole months
 * go, so that an object is not rewritten as a month fills up.
 * @param now RFC 3339 in UTC.
 */
export function archiveBefore(now: string, months: number): string {
  const at = new Date(now);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months, 1)).toISOString();
}

/**
 * Name of an object: one path, one month, one attempt to write it. A path belongs to one learner, and its random id says
 * nothing of whom; an attempt that failed never shares a name with one that did not.
 * @param month first day of the month, `2025-11-01`.
 */
export function objectKey(pathId: string, month: string, attemptId: string): string {
  return `events/${pathId}/${month.slice(0, 7)}/${attemptId}.ndjson.gz`;
}

/** How long an attempt may take before what it has written counts as abandoned; a cron of Workers has 15 minutes. */
const ATTEMPT_MS = 60 * 60_000;

/** Attempts that began before it are abandoned. */
export function abandonedBefore(now: string): string {
  return new Date(Date.parse(now) - ATTEMPT_MS).toISOString();
}
