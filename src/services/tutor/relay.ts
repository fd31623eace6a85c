import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamEntry, Streams } from './streams.ts';

/** `words` are pieces of text; `stop` aborts when the client leaves; `cut` drops the connection. */
export type Relay = {
  words: AsyncIterable<string> | Iterable<string>;
  entry: StreamEntry;
  streams: Streams;
  stop: AbortController;
  heartbeatMs: number;
  cut(): void;
};

const FOREVER = 2 ** 31 - 1;

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Waits until all that was queued went to the socket, or the client left. */
async function drained(controller: ReadableStreamDefaultController, signal: AbortSignal): Promise<void> {
  do await sleep(5, undefined, { signal });
  while ((controller.desiredSize ?? 1) < 1);
}

/**
 * Body of a hint: `delta` for each word, then `done`, or `error` when the source breaks; `: ping` comments while
 * nothing came for `heartbeatMs`. Each event's data is one line of JSON, so that no text can forge an event.
 */
export function relayBody({
  words,
  entry,
  streams,
  stop,
  heartbeatMs,
  cut,
}: Relay): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { signal } = stop;

  async function pump(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const send = (text: string) => {
      const bytes = encoder.encode(text);
      controller.enqueue(bytes);
      entry.bytes_sent += bytes.length;
    };
    const heartbeat = setInterval(() => {
      if (!signal.aborted) send(': ping\n\n');
    }, heartbeatMs);
    const applyFault = async () => {
      const { stall_after_words, cut_after_words } = streams.settings();
      if (entry.words === stall_after_words) {
        clearInterval(heartbeat);
        await sleep(FOREVER, undefined, { signal });
      }
      if (entry.words !== cut_after_words) return false;
      await drained(controller, signal);
      return true;
    };

    try {
      for await (const text of words) {
        signal.throwIfAborted();
        if (await applyFault()) return finish('cut');
        await sleep(streams.settings().word_delay_ms, undefined, { signal });
        send(eventText('delta', { text }));
        entry.words += 1;
        heartbeat.refresh();
      }
      if (await applyFault()) return finish('cut');
      send(eventText('done', { level: entry.level, outcome: 'complete' }));
      finish('complete');
    } catch (error) {
      if (signal.aborted) return finish('aborted');
      send(eventText('error', { code: 'UPSTREAM_FAILED', message: messageOf(error) }));
      finish('failed');
    } finally {
      clearInterval(heartbeat);
      if (!signal.aborted && entry.outcome !== 'cut') controller.close();
    }
  }

  function finish(outcome: StreamEntry['outcome']): void {
    streams.end(entry, outcome);
    if (outcome === 'cut') cut();
  }

  return new ReadableStream({
    start(controller) {
      void pump(controller);
    },
    cancel(reason) {
      if (entry.outcome === 'streaming') stop.abort(reason);
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
