import type { Context } from '../context.ts';
import { StorageError } from '../db/client.ts';
import type { Page } from './pages.ts';

/**
 * Pages one after another, beginning with one that is there already. The next one is on its way while the last is
 * being written, and never more than that one, so that memory does not grow with the rows.
 */
export async function* pagesFrom<Key, P extends Page<Key> = Page<Key>>(
  first: P,
  read: (after: Key) => Promise<P>,
): AsyncGenerator<P> {
  let page = first;
  for (;;) {
    const ahead = page.next === null ? null : read(page.next);
    // Its failure is met where it is awaited; until then nobody listens.
    ahead?.catch(() => undefined);
    yield page;
    if (ahead === null) return;
    page = await ahead;
  }
}

/** Told how a stream ended: bytes sent, and how. */
type Ended = (bytes: number, outcome: 'complete' | 'client-left' | { broken: unknown }) => void;

/** Logs the end of an export; its beginning is the request's own line. */
export function reporter(ctx: Context, name: string): Ended {
  return (bytes, outcome) => {
    const fields = { export: name, bytes, ms: Date.now() - Date.parse(ctx.now) };
    if (typeof outcome === 'string') ctx.log.info('export-ended', { ...fields, outcome });
    else ctx.log.error('export-broken', { ...fields, error: nameOf(outcome.broken) });
  };
}

/** Only our own messages: another error's can quote what a learner wrote. */
function nameOf(error: unknown): string {
  if (error instanceof StorageError) return error.message;
  return error instanceof Error ? error.name : typeof error;
}

/**
 * A body that asks for its parts only as fast as the client takes them. A failure errors the stream, which breaks the
 * connection instead of ending the answer well; a client that leaves ends the parts.
 */
export function bodyOf(parts: AsyncGenerator<string>, ended: Ended): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let bytes = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (done) {
            controller.close();
            ended(bytes, 'complete');
            return;
          }
          const chunk = encoder.encode(value);
          bytes += chunk.byteLength;
          controller.enqueue(chunk);
        } catch (error) {
          ended(bytes, { broken: error });
          controller.error(error);
        }
      },
      async cancel() {
        await parts.return(undefined);
        ended(bytes, 'client-left');
      },
    },
    { highWaterMark: 0 },
  );
}
