import { EventSourceParserStream } from 'eventsource-parser/stream';
import * as z from 'zod';
import type { ChatMessage } from './prompt.ts';

/** An OpenAI-compatible service: `url` up to and without `/chat/completions`. */
export type Upstream = { url: string; key: string; model: string };

/** The language model's service did not answer, answered an error or broke off. Its own text is not in there. */
export class UpstreamFailure extends Error {
  override name = 'UpstreamFailure';
}

const Chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

const LONGEST_EVENT = 256 * 1024;

function parseChunk(data: string): z.infer<typeof Chunk> {
  try {
    return Chunk.parse(JSON.parse(data));
  } catch (cause) {
    throw new UpstreamFailure('the model service sent something that is no completion chunk', { cause });
  }
}

async function request({ url, key, model }: Upstream, messages: ChatMessage[], signal: AbortSignal) {
  const response = await fetch(`${url.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ model, messages, stream: true }),
    redirect: 'error',
    signal,
  });
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || response.body === null || !/^text\/event-stream\b/i.test(type)) {
    await response.body?.cancel();
    throw new UpstreamFailure(`the model service answered ${response.status} ${type}`);
  }
  return response.body;
}

/**
 * Asks for a completion and yields its text piece by piece, never an empty one. Ends after `[DONE]`, or at the end of the body once a
 * finish reason came; aborting the signal, or leaving the loop, aborts the request.
 * @throws UpstreamFailure for anything that goes wrong but the abort, whose reason is thrown as it is
 */
export async function* streamCompletion(
  upstream: Upstream,
  messages: ChatMessage[],
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  let finished = false;
  try {
    const body = await request(upstream, messages, signal);
    const events = body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT }));
    for await (const { data } of events) {
      if (data === '[DONE]') return;
      const [choice] = parseChunk(data).choices;
      const text = choice?.delta?.content;
      if (text) yield text;
      if (choice?.finish_reason) finished = true;
    }
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw cause instanceof UpstreamFailure
      ? cause
      : new UpstreamFailure('the model service cannot be reached or broke off', { cause });
  }
  if (!finished) throw new UpstreamFailure('the model service broke off');
}
