import { expect, test } from 'vitest';
import { bodyOf, pagesFrom } from '#worker/export/stream.ts';

type Outcome = 'complete' | 'client-left' | { broken: unknown };

/** Pages 0 to `last`, one row each, and which of them were asked for. */
function source(last: number, failAt = Number.POSITIVE_INFINITY) {
  const asked: number[] = [];
  const page = (at: number) => ({ text: `p${at}`, rows: 1, next: at < last ? at + 1 : null });
  const read = async (at: number) => {
    asked.push(at);
    if (at === failAt) throw new Error('storage is gone');
    return page(at);
  };
  return { asked, pages: () => pagesFrom(page(0), read) };
}

async function* texts(pages: ReturnType<ReturnType<typeof source>['pages']>) {
  for await (const { text } of pages) yield text;
}

test('at most one page is read ahead of the client', async () => {
  const { asked, pages } = source(9);
  const reader = bodyOf(texts(pages()), () => {}).getReader();
  expect(asked).toEqual([]);
  await reader.read();
  expect(asked).toEqual([1]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toEqual([1]);
  await reader.read();
  expect(asked).toEqual([1, 2]);
});

test('a failure in the middle breaks the stream and is told once', async () => {
  const outcomes: Outcome[] = [];
  const stream = bodyOf(texts(source(9, 3).pages()), (_, outcome) => outcomes.push(outcome));
  await expect(new Response(stream).text()).rejects.toThrow('storage is gone');
  expect(outcomes).toEqual([{ broken: expect.any(Error) }]);
});

test('a client that leaves stops the pages', async () => {
  const { asked, pages } = source(9);
  const outcomes: Outcome[] = [];
  const reader = bodyOf(texts(pages()), (_, outcome) => outcomes.push(outcome)).getReader();
  await reader.read();
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toEqual([1]);
  expect(outcomes).toEqual(['client-left']);
});

test('all pages arrive in order and their bytes are counted', async () => {
  const ends: [number, Outcome][] = [];
  const stream = bodyOf(texts(source(3).pages()), (...end) => ends.push(end));
  expect(await new Response(stream).text()).toBe('p0p1p2p3');
  expect(ends).toEqual([[8, 'complete']]);
});
