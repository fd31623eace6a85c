import type { Context } from '../context.ts';
import { byObject, type ReadEvent, readObject } from '../events/archive/read.ts';
import type { Segment } from '../events/archive/store-read.ts';
import { SEPARATOR } from './pages.ts';

/** A segment, of which the export has had everything up to `after` already. */
type Wanted = Segment & { after: number };

/**
 * The archived events of these segments as texts of a page, one object after another; where a transcript may belong stand
 * a place of the kind, as in the pages of the log.
 * @throws AppError `integrity-error`, `archive-unavailable`: the export then breaks off instead of having a hole.
 */
export async function* archivedEvents(
  ctx: Context,
  learnerId: string,
  segments: readonly Wanted[],
  mark: string,
): AsyncGenerator<{ text: string; rows: number }> {
  for (const object of byObject(segments)) {
    const chains = await readObject(ctx, learnerId, object);
    const events = chains.flatMap((chain, at) => chain.filter(({ seq }) => seq > (object[at]?.after ?? 0)));
    const text = events.map((event) => exported(event, mark)).join(SEPARATOR);
    yield { text, rows: events.length };
  }
}

function exported(event: ReadEvent, mark: string): string {
  const recorded = event.event_type === 'tutor_interaction' && event.payload.transcript_sha256 !== null;
  return JSON.stringify({ ...event, transcript: recorded ? `${mark}t${event.id}` : null });
}
