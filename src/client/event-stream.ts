import { transportError } from './errors.ts';
import type { HintEvent } from './types.ts';

type Fields = { event: string; data: string };

/** Takes the complete events off the front of a text (WHATWG HTML, 9.2.6); heartbeats and unknown fields are dropped. */
export function takeEvents(text: string): { events: Fields[]; rest: string } {
  const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block): Fields[] => {
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === 'event') event = value;
      if (name === 'data') data.push(value);
    }
    return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
  });
  return { events, rest };
}

/** The event's data; null when it is no JSON. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** An event of a hint. Any other is null and left out, as readers of event streams do. */
function hintEvent({ event, data }: Fields): HintEvent | null {
  if (event !== 'delta' && event !== 'done' && event !== 'error') return null;
  const content = parsed(data);
  if (typeof content !== 'object' || content === null) return null;
  if (event === 'delta' && !('text' in content && typeof content.text === 'string')) return null;
  return { event, data: content } as HintEvent;
}

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<HintEvent, void, undefined> {
  // Not `for await`: Safari cannot iterate a stream.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw transportError('stream-broken', 'The hint was cut off.', { cause });
      });
      text += decoder.decode(value, { stream: !done });
      // A chunk may end between the two halves of a line end; the second half then begins the next one.
      const held = text.endsWith('\r') && !done ? 1 : 0;
      const { events, rest } = takeEvents(text.slice(0, text.length - held));
      text = rest + text.slice(text.length - held);
      for (const fields of events) {
        const event = hintEvent(fields);
        if (event !== null) yield event;
      }
      if (done) return;
    }
  } finally {
    // Leaving the loop early stops the tutor. A stream that has failed cannot be cancelled, and need not be.
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * A hint as it comes: `for await` gives its events, once. Leaving the loop ends the stream, and with it the tutor. It
 * throws StudyPathsError `stream-broken` when the stream is cut off, or the reason of the call's signal.
 */
export type HintStream = AsyncIterable<HintEvent> & {
  /** The bytes themselves, to be passed on instead of the events. */
  readonly response: Response;
  /** The whole text. @throws StudyPathsError `stream-broken` also when the tutor failed half way. */
  text(): Promise<string>;
};

/** The events of an answer of type `text/event-stream`; `signal` is that of its call. */
export function hintStream(response: Response, signal?: AbortSignal): HintStream {
  const events = {
    [Symbol.asyncIterator]() {
      if (response.body === null) throw transportError('unexpected-answer', 'The answer has no body.');
      return eventsOf(response.body, signal);
    },
  };
  return {
    ...events,
    response,
    async text() {
      let text = '';
      let ended = false;
      for await (const { event, data } of events) {
        if (event === 'delta') text += data.text;
        if (event === 'done') ended = true;
      }
      if (!ended) throw transportError('stream-broken', 'The hint ended half way.');
      return text;
    },
  };
}
