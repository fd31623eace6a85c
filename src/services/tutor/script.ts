import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import * as z from 'zod';
import type { StreamEntry, Streams } from './streams.ts';

/** Bytes to stream in the place of a hint: `chunks` (base64), one write each, all of them `repeat` times. */
const Script = z.strictObject({
  chunks: z.array(z.base64()).min(1).max(10_000),
  repeat: z.int().min(1).max(100_000).default(1),
  /** Pause after each write. */
  pause_ms: z.int().min(0).max(60_000).default(0),
});
export type Script = z.infer<typeof Script>;

/** `PUT /__local/scripts` with a list: the hints from now on follow them in turn; `DELETE` ends that. */
export function createScripts() {
  let scripts: Script[] = [];
  let turn = 0;
  const routes = new Hono()
    .put('/__local/scripts', async (c) => {
      const parsed = z.array(Script).safeParse(await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
      scripts = parsed.data;
      turn = 0;
      return c.json({ scripts: scripts.length });
    })
    .delete('/__local/scripts', (c) => {
      scripts = [];
      return c.body(null, 204);
    });
  return {
    routes,
    next: (): Script | null => (scripts.length === 0 ? null : (scripts[turn++ % scripts.length] ?? null)),
  };
}

/** Body that follows a script, byte for byte. */
export function scriptBody(
  { chunks, repeat, pause_ms }: Script,
  { entry, streams, signal }: { entry: StreamEntry; streams: Streams; signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const pieces = chunks.map((chunk) => new Uint8Array(Buffer.from(chunk, 'base64')));

  async function pump(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      for (let round = 0; round < repeat; round += 1) {
        for (const piece of pieces) {
          controller.enqueue(piece);
          entry.bytes_sent += piece.byteLength;
          if (pause_ms > 0) await sleep(pause_ms, undefined, { signal });
          else await nextTurn(undefined, { signal });
        }
      }
      streams.end(entry, 'complete');
      controller.close();
    } catch (error) {
      if (!signal.aborted) throw error;
      streams.end(entry, 'aborted');
    }
  }

  return new ReadableStream({
    start(controller) {
      void pump(controller);
    },
  });
}
