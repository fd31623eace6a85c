import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { record } from '#worker/hints/recorder.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A branch of which one piece lies ready for each read; `end` says how it stops. */
function branch(pieces: readonly Uint8Array[], end: 'closes' | 'breaks' = 'closes') {
  let turn = 0;
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = pieces[turn++];
      if (piece !== undefined) return controller.enqueue(new Uint8Array(piece));
      if (end === 'breaks') return controller.error(new Error('broken off'));
      controller.close();
      return controller.byobRequest?.respond(0);
    },
  });
}

/** Records with all pauses skipped, and answers how long they were together. */
async function recorded(stream: ReadableStream<Uint8Array>) {
  const startedAt = Date.now();
  let heard = 0;
  const recording = record(stream, () => {
    heard += 1;
  });
  await vi.runAllTimersAsync();
  return { ...(await recording), heard, ms: Date.now() - startedAt };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

test('all pieces are one text, also where they cut a character; the pauses grow to a second', async () => {
  const text = 'data: ä 😀\n\n'.repeat(2);
  const bytes = bytesOf(text);
  const pieces = Array.from(bytes.slice(0, 12), (_, i) => bytes.slice(i, i + 1));
  const result = await recorded(branch([...pieces, bytes.slice(12)]));
  expect(result).toEqual({
    bytes: bytes.byteLength,
    text,
    broken: false,
    heard: 13,
    ms: 250 + 500 + 11 * 1000,
  });
});

test('of a long stream the beginning is kept and everything is counted', async () => {
  const piece = bytesOf('x'.repeat(60_000));
  const result = await recorded(branch(Array.from({ length: 6 }, () => piece)));
  expect(result).toMatchObject({ bytes: 360_000, broken: false });
  expect(result.text).toBe('x'.repeat(262_144));
});

test('a stream that breaks off leaves what came before', async () => {
  expect(await recorded(branch([bytesOf('data: begun')], 'breaks'))).toMatchObject({
    bytes: 11,
    text: 'data: begun',
    broken: true,
  });
});
