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

const KNOWN = new Set(['delta', 'done', 'error']);

function hintEvent({ event, data }: Fields): HintEvent[] {
  return KNOWN.has(event) ? [{ event, data: JSON.parse(data) } as HintEvent] : [];
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<HintEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: !done });
      // A chunk may end between the two halves of a line end; the second half then begins the next one.
      const held = text.endsWith('\r') && !done ? 1 : 0;
      const { events, rest } = takeEvents(text.slice(0, text.length - held));
      text = rest + text.slice(text.length - held);
      for (const fields of events) yield* hintEvent(fields);
      if (done) return;
    }
  } finally {
    // Who stops reading stops the tutor.
    await reader.cancel().catch(() => undefined);
  }
}

/** A hint as it comes: `for await` gives its events, once. Leaving the loop ends the stream, and with it the tutor. */
export type HintStream = AsyncIterable<HintEvent> & {
  /** The bytes themselves, to be passed on; not beside the events. */
  readonly response: Response;
  /** Waits for the end. @throws StudyPathsError `stream-broken` when the tutor failed half way or was cut off. */
  text(): Promise<string>;
};

/** The events of an answer of type `text/event-stream`. */
export function hintStream(response: Response): HintStream {
  const iterate = () => {
    if (response.body === null) throw transportError('unexpected-answer', 'The answer has no body.');
    return eventsOf(response.body);
  };
  return {
    response,
    [Symbol.asyncIterator]: iterate,
    async text() {
      let said = '';
      let ended = false;
      try {
        for await (const { event, data } of { [Symbol.asyncIterator]: iterate }) {
          if (event === 'delta') said += data.text;
          if (event === 'done') ended = true;
        }
      } catch (cause) {
        throw transportError('stream-broken', 'The hint was cut off.', { cause });
      }
      if (!ended) throw transportError('stream-broken', 'The hint ended half way.');
      return said;
    },
  };
}
