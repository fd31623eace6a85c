import { archiveBefore, objectKey } from '#domain/events/archive.ts';
import type { Context } from '../../context.ts';
import type { ArchiveBucket } from './bucket.ts';
import { digestOf, gunzip, gzip } from './codec.ts';
import {
  abandonArchive,
  announceArchive,
  duePaths,
  forgetArchives,
  type Harvest,
  nextHarvest,
  settleArchive,
} from './store.ts';

/** Paths and objects of one run, so that it stays far below a cron's time and a Worker's subrequests. */
const PATHS = 100;
const OBJECTS = 100;

type ArchiveCounts = { objects: number; events: number; refused: number; failed: number };

type Parts = Pick<Context, 'db' | 'now' | 'newId' | 'log'> & { bucket: ArchiveBucket; months: number };

/**
 * Moves events that are older than `months` months to the bucket, an object per path and month or several. Nothing is
 * removed from the log before its object has been read back. A run may be cut off at any moment, and several may run at
 * once: only one of two objects with the same events becomes part of the archive, the other is deleted.
 */
export async function archiveOldEvents(parts: Parts): Promise<ArchiveCounts> {
  const counts: ArchiveCounts = { objects: 0, events: 0, refused: 0, failed: 0 };
  const before = archiveBefore(parts.now, parts.months);
  for (const pathId of await duePaths(parts.db, before, PATHS)) {
    try {
      await archivePath(parts, pathId, before, counts);
    } catch (error) {
      // One path's trouble is not the others'; it is tried again by the next run.
      counts.failed += 1;
      parts.log.error('archive-failed', { path_id: pathId, error: nameOf(error) });
    }
    if (counts.objects >= OBJECTS) break;
  }
  return counts;
}

async function archivePath(parts: Parts, pathId: string, before: string, counts: ArchiveCounts) {
  while (counts.objects < OBJECTS) {
    const harvest = await nextHarvest(parts.db, pathId, before);
    if (harvest === undefined) return;
    if (!(await archiveHarvest(parts, pathId, harvest))) {
      // Another run was faster, or the path is being erased.
      counts.refused += 1;
      return;
    }
    counts.objects += 1;
    counts.events += harvest.events;
  }
}

/** @returns whether the object became part of the archive. */
async function archiveHarvest(
  { db, bucket, now, newId }: Parts,
  path_id: string,
  { month, text, events, chains }: Harvest,
): Promise<boolean> {
  const archive_id = newId();
  const object_key = objectKey(path_id, month, archive_id);
  await announceArchive(db, { archive_id, path_id, month, object_key, now });
  const bytes = await gzip(text);
  await bucket.put(object_key, bytes);
  const kept = await bucket.get(object_key);
  const sha256 = await digestOf(bytes);
  if (kept === null || (await digestOf(kept)) !== sha256 || (await gunzip(kept)) !== text)
    throw new ArchiveMismatch();
  const stored = await settleArchive(db, {
    archive_id,
    sha256,
    bytes: bytes.byteLength,
    events,
    chains: JSON.stringify(chains),
  });
  if (stored || !(await abandonArchive(db, archive_id))) return true;
  await bucket.delete([object_key]);
  await forgetArchives(db, [archive_id]);
  return false;
}

/** The bucket gave back other bytes than it was given. */
class ArchiveMismatch extends Error {
  override readonly name = 'ArchiveMismatch';
}

/** Names alone: a stranger's message can quote what it was about. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
