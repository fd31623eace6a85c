import { expect, test } from 'vitest';
import { spokenText } from '#domain/hints/spoken-text.ts';

const delta = (text: string) => `event: delta\ndata: ${JSON.stringify({ text })}\n\n`;

test('the texts of all deltas, in their order', () => {
  const stream = `${delta('Look at ')}${delta('the "ends" \n of it 🙂')}event: done\ndata: {"level":1}\n\n`;
  expect(spokenText(stream)).toBe('Look at the "ends" \n of it 🙂');
});

test('line ends, comments, missing spaces, split data and a byte order mark as the standard has them', () => {
  const stream =
    '\uFEFF: hello\r\nevent:delta\r\ndata:{"text":\r\ndata:"a"}\r\nid: 7\r\n\r\nevent: delta\rdata: {"text":"b"}\r\r';
  expect(spokenText(stream)).toBe('ab');
});

test('the type does not outlive its event', () => {
  expect(spokenText(`${delta('a')}data: {"text":"not a delta"}\n\n`)).toBe('a');
});

test.each([
  ['cut within an event', `${delta('a')}event: delta\ndata: {"text":"b"}`],
  ['cut before the blank line', `${delta('a')}event: delta\ndata: {"text":"b"}\n`],
  ['not JSON', `${delta('a')}event: delta\ndata: {"text":\n\n`],
  ['another shape', `${delta('a')}event: delta\ndata: {"text":7}\n\n`],
  ['an error', `${delta('a')}event: error\ndata: {"code":"x","message":"m"}\n\n`],
])('an event that is %s adds nothing', (_, stream) => {
  expect(spokenText(stream)).toBe('a');
});

test('no stream, no text', () => {
  expect(spokenText('')).toBe('');
});
