import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import type { TutorRequest } from '#contract/tutor.ts';

export type Heard = { event: string; data: unknown };

const Streams = z.object({
  data: z.array(
    z.object({
      request_id: z.string(),
      outcome: z.string(),
      words: z.int(),
      bytes_sent: z.int(),
      ended_at: z.iso.datetime().nullable(),
      aborted_at: z.iso.datetime().nullable(),
    }),
  ),
});

/** Asks a tutor for a hint. */
export function askTutor(url: string, request: TutorRequest, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/v1/hints`, {
    method: 'POST',
    body: JSON.stringify(request),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
}

/** Reads a stream to its end, or until `enough` says so (the stream is then cancelled). `broken`: it was cut off. */
export async function listen(response: Response, enough: (heard: Heard[]) => boolean = () => false) {
  const events: Heard[] = [];
  const comments: string[] = [];
  let bytes = 0;
  let broken = false;
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event: event ?? 'message', data: JSON.parse(data) }),
    onComment: (comment) => comments.push(comment.trim()),
    onError: (error) => {
      throw error;
    },
  });
  if (response.body === null) throw new Error('no body');
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  while (!enough(events)) {
    const part = await reader.read().catch(() => null);
    if (part === null) broken = true;
    if (part === null || part.done) break;
    bytes += part.value.length;
    parser.feed(decoder.decode(part.value, { stream: true }));
  }
  await reader.cancel().catch(() => undefined);
  const text = events
    .filter(({ event }) => event === 'delta')
    .map(({ data }) => z.object({ text: z.string() }).parse(data).text)
    .join('');
  return { events, comments, bytes, broken, text, last: events.at(-1) };
}

/** The tutor's own account of its streams. */
export async function streamsOf(url: string) {
  return Streams.parse(await (await fetch(`${url}/__local/streams`)).json()).data;
}
