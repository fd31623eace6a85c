import { expect, test } from 'vitest';
import type { HintList } from '#contract/history.ts';
import { newLearner, stack } from '../support/api.ts';
import { ANY_BYTES, byteByByte, cutEverywhere, inTurns, STREAMS, withScripts } from '../support/sse.ts';
import { PLATEAU } from '../support/submissions.ts';

async function hintless() {
  const learner = await newLearner('sse');
  const { path } = await learner.newPath({ hints_per_task: null });
  const url = `/v1/study-tasks/${await learner.newTask(path.id, PLATEAU)}`;
  async function hear(): Promise<Buffer> {
    const response = await learner.send(`${url}/hint`, { body: {} });
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }
  return { learner, url, hear };
}

/** Every kind of stream in one, short enough to be cut at each of its places within a learner's writes a minute. */
const ALL_KINDS = Buffer.from(
  '\uFEFFid: é\r\n: ping\rdata: {"text":"😀"}\n\nevent: done\r\ndata: a\0b\r\n\r\ndata: end',
);

test('a stream that is cut at any place in two arrives byte for byte', async () => {
  const scripts = cutEverywhere(ALL_KINDS);
  const learners = await Promise.all(Array.from({ length: 6 }, hintless));
  const share = Math.ceil(scripts.length / learners.length);
  const heard = await withScripts(stack.tutor, scripts, async () => {
    const shares = learners.map(({ hear }, i) =>
      inTurns(Math.min(share, scripts.length - i * share), 1, hear),
    );
    return (await Promise.all(shares)).flat();
  });
  expect(heard).toHaveLength(ALL_KINDS.byteLength - 1);
  expect(heard.filter((bytes) => !bytes.equals(ALL_KINDS))).toEqual([]);
});

test.each([
  ...Object.entries(STREAMS).map(([name, text]) => [name, Buffer.from(text)] as const),
  ['any bytes', ANY_BYTES] as const,
])('sent one byte at a time, %s arrives byte for byte and is recorded in full', async (name, bytes) => {
  const { learner, url, hear } = await hintless();
  const heard = await withScripts(stack.tutor, [byteByByte(bytes)], hear);
  expect(heard.equals(bytes)).toBe(true);
  await expect
    .poll(
      async () => {
        const events = await learner.events(url.split('/').at(-1) ?? '');
        return events.find((event) => event.event_type === 'tutor_interaction')?.payload;
      },
      { timeout: 10_000 },
    )
    .toMatchObject({ outcome: 'complete', bytes: bytes.byteLength });
  if (name !== 'delta') return;
  const { body } = await learner.call<HintList>(`${url}/hints`);
  expect(body.data).toMatchObject([{ text: 'An ' }]);
});

test('forty streams at once are forty streams', async () => {
  const bytes = Buffer.from('data: {"text":"word"}\n\n'.repeat(10));
  const learners = await Promise.all(Array.from({ length: 20 }, hintless));
  const heard = await withScripts(stack.tutor, [byteByByte(bytes)], () =>
    inTurns(40, 40, async (i) => learners[i % learners.length]?.hear()),
  );
  expect(heard.filter((part) => part?.equals(bytes) !== true)).toEqual([]);
});
