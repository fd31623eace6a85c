import { Aborted, type RequestOptions, send } from './client.ts';
import { failureOf } from './problem.ts';

/** One event of a stream (HTML standard, server-sent events). */
export type StreamEvent = { event: string; data: string };

export type StreamListener = {
  onEvent(event: StreamEvent): void;
  /** The stream has begun, whatever becomes of it. */
  onOpen?(headers: Headers): void;
};

/** Milliseconds that a whole stream may take, a little more than the Worker itself allows. */
const STREAM_MS = 310_000;

/**
 * Sends a POST and calls `onEvent` for each event of the answer, in order; resolves when the stream has ended.
 * Never repeats the request: a hint that is asked for twice counts twice.
 * @throws ApiError, also when the stream breaks off (`offline`); Aborted.
 */
export async function postForEvents(
  path: string,
  body: unknown,
  { onEvent, onOpen, ...options }: Omit<RequestOptions, 'method' | 'body'> & StreamListener,
): Promise<void> {
  const [response, { EventSourceParserStream }] = await Promise.all([
    send(path, { timeoutMs: STREAM_MS, ...options, method: 'POST', body }),
    import('eventsource-parser/stream'),
  ]);
  onOpen?.(response.headers);
  if (response.body === null) return;
  try {
    const reader = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    // Not `for await`: Safari cannot iterate a stream.
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      onEvent({ event: step.value.event ?? 'message', data: step.value.data });
    }
  } catch (error) {
    throw failureOf(error, options.signal) ?? new Aborted();
  }
}
