import { type ArchivedEvent, chainsIn, type PersonalText, shownPayload } from '#contract/archive.ts';
import type { TaskEvent } from '#contract/events.ts';
import type { Context } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { digestOf, gunzip } from './codec.ts';
import { archivedTexts, type Segment } from './store-read.ts';

type Parts = Pick<Context, 'db' | 'archive'>;

/** The object's text. @throws AppError `archive-unavailable`, `integrity-error`. */
async function openObject(archive: Context['archive'], { object_key, sha256 }: Segment): Promise<string> {
  if (archive === null) throw new AppError('archive-unavailable', { cause: 'not-bound' });
  let bytes: Uint8Array<ArrayBuffer> | null;
  try {
    bytes = await archive.get(object_key);
  } catch (error) {
    throw new AppError('archive-unavailable', { retryAfter: 5, cause: error });
  }
  if (bytes === null) throw new AppError('integrity-error', { cause: 'archive-object-missing' });
  if ((await digestOf(bytes)) !== sha256)
    throw new AppError('integrity-error', { cause: 'archive-object-changed' });
  return gunzip(bytes);
}

/** An archived row with the payload as the API shows it; keys in the order in which the database builds them. */
export type ReadEvent = TaskEvent & Pick<ArchivedEvent, 'position'>;

function shown({ prev_hash: _, hash: __, ...event }: ArchivedEvent, personal: PersonalText | null) {
  // The log took nothing but facts, and the archive nothing but the log.
  return { ...event, payload: shownPayload(event, personal) } as ReadEvent;
}

/** The event as the API answers it. */
function answered({ position: _, ...event }: ReadEvent): TaskEvent {
  return event;
}

/**
 * The events of segments that are all in one object, segment by segment, whole, with their places in the log.
 * @throws AppError `integrity-error` when the object is not what the manifest says, `archive-unavailable`.
 */
export async function readObject(
  { db, archive }: Parts,
  learnerId: string,
  segments: readonly [Segment, ...Segment[]],
): Promise<ReadEvent[][]> {
  const [first] = segments;
  const ids = segments.map(({ task_id }) => task_id);
  const [text, texts] = await Promise.all([
    openObject(archive, first),
    archivedTexts(db, learnerId, first.archive_id, ids),
  ]);
  const chains = chainsIn(text, segments);
  if (chains === null) throw new AppError('integrity-error', { cause: 'archive-chain-broken' });
  return chains.map((events) => events.map((event) => shown(event, texts[event.id] ?? null)));
}

/** Segments by the object that they are in. */
export function byObject<S extends Segment>(segments: readonly S[]): [S, ...S[]][] {
  const groups = Map.groupBy(segments, ({ archive_id }) => archive_id).values();
  return [...groups].filter((group): group is [S, ...S[]] => group.length > 0);
}

/**
 * Archived events of one task with `seq > after`, oldest first: as many as come before `limit` is reached, with the
 * segment that reaches it whole.
 * @throws AppError `integrity-error`, `archive-unavailable`: there is never a silent hole.
 */
export async function readArchived(
  parts: Parts,
  learnerId: string,
  segments: readonly Segment[],
  { after = 0, limit = Number.POSITIVE_INFINITY }: { after?: number; limit?: number } = {},
): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  for (const segment of segments) {
    if (events.length >= limit) break;
    const [found = []] = await readObject(parts, learnerId, [segment]);
    events.push(...found.filter(({ seq }) => seq > after).map(answered));
  }
  return events;
}

/**
 * The first `limit` events behind `after`, of those archived and those still in the log.
 * @throws AppError `integrity-error` when a number is missing or stands twice.
 */
export function wholeLog(
  archived: readonly TaskEvent[],
  rows: readonly TaskEvent[],
  { after, limit }: { after: number; limit: number },
): TaskEvent[] {
  const events = [...archived, ...rows].slice(0, limit);
  if (events.some(({ seq }, at) => seq !== after + 1 + at))
    throw new AppError('integrity-error', { cause: 'log-not-whole' });
  return events;
}
