import { Hono } from 'hono';
import * as z from 'zod';

/**
 * Pace and faults of all streams from now on. `word_delay_ms`: pause before each word. `stall_after_words`: falls
 * silent after that many, heartbeats included, and keeps the connection. `cut_after_words`: drops it instead.
 */
const StreamSettings = z.strictObject({
  word_delay_ms: z.int().min(0).max(600_000).optional(),
  stall_after_words: z.int().min(0).optional(),
  cut_after_words: z.int().min(0).optional(),
});
type StreamSettings = z.infer<typeof StreamSettings>;

/** One hint as this service streamed it. Times are RFC 3339; `aborted_at` is when the client was seen to leave. */
export type StreamEntry = {
  request_id: string;
  level: number;
  started_at: string;
  ended_at: string | null;
  aborted_at: string | null;
  outcome: 'streaming' | 'complete' | 'aborted' | 'cut' | 'failed';
  words: number;
  bytes_sent: number;
};

const KEPT = 500;

/** Journal of streams and the switches for their faults, with the routes to both under `/__local`. */
export function createStreams(wordDelayMs: number) {
  let settings: StreamSettings = {};
  const entries: StreamEntry[] = [];

  const routes = new Hono()
    .get('/__local/streams', (c) => c.json({ data: entries }))
    .delete('/__local/streams', (c) => {
      entries.length = 0;
      return c.body(null, 204);
    })
    .put('/__local/stream', async (c) => {
      const parsed = StreamSettings.safeParse(await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
      settings = parsed.data;
      return c.json(settings);
    })
    .delete('/__local/stream', (c) => {
      settings = {};
      return c.body(null, 204);
    });

  return {
    routes,
    settings: () => ({ ...settings, word_delay_ms: settings.word_delay_ms ?? wordDelayMs }),
    begin(request: { request_id: string; level: number }): StreamEntry {
      const entry: StreamEntry = {
        request_id: request.request_id,
        level: request.level,
        started_at: new Date().toISOString(),
        ended_at: null,
        aborted_at: null,
        outcome: 'streaming',
        words: 0,
        bytes_sent: 0,
      };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      return entry;
    },
    end(entry: StreamEntry, outcome: StreamEntry['outcome']): void {
      entry.outcome = outcome;
      entry.ended_at = new Date().toISOString();
      if (outcome === 'aborted') entry.aborted_at = entry.ended_at;
    },
  };
}
export type Streams = ReturnType<typeof createStreams>;
