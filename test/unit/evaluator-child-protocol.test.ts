import { describe, expect, test } from 'vitest';
import { ChildFrame, ChildOutcome } from '../../src/services/evaluator/child-protocol.ts';

const R = { k: 'R', n: 1, result: '{}', stdout: '', truncated: false, heap: 31_457_280 };
const O = { k: 'O', n: 1, text: 'x' };

describe('what a child says is believed within bounds', () => {
  test.each<[what: string, frame: unknown]>([
    ['a result', R],
    ['a result of a large heap', { ...R, heap: 600 * 1_048_576 }],
    ['a full result', { ...R, result: 'x'.repeat(1_048_576), stdout: 'x'.repeat(65_536) }],
    ['output', { ...O, text: 'x'.repeat(16_384) }],
    ['the last request of all', { ...R, n: 200 }],
    ['a last word', { k: 'FATAL', n: 0, message: 'the stack was full' }],
  ])('%s is taken', (_what, frame) => {
    expect(ChildFrame.safeParse(frame).success).toBe(true);
  });
  test.each<[what: string, frame: unknown]>([
    ['regression: a heap of 9e293 bytes', { ...R, heap: 9e293 }],
    ['a heap of infinite size', JSON.parse('{"k":"R","n":1,"result":"","stdout":"","truncated":false,"heap":1e999}')],
    ['a heap larger than any memory', { ...R, heap: 2 ** 33 }],
    ['a negative heap', { ...R, heap: -1 }],
    ['a fraction of a byte', { ...R, heap: 0.5 }],
    ['a request that there cannot be', { ...R, n: 1e9 }],
    ['a negative request', { ...O, n: -1 }],
    ['a result too long', { ...R, result: 'x'.repeat(1_048_577) }],
    ['output too long', { ...R, stdout: 'x'.repeat(65_537) }],
    ['a piece of output too long', { ...O, text: 'x'.repeat(16_385) }],
    ['a last word too long', { k: 'FATAL', n: 1, message: 'x'.repeat(2001) }],
    ['a frame of no kind', { k: 'X', n: 1 }],
  ])('%s is refused', (_what, frame) => {
    expect(ChildFrame.safeParse(frame).success).toBe(false);
  }); // biome-ignore format: one frame a row
  test('a line that no program has is none', () => {
    for (const line of [0, -1, 1e9, 1.5, 'x']) {
      const claim = { k: 'RE', type: 'ValueError', message: 'no', line };
      expect(ChildOutcome.parse(claim)).toMatchObject({ type: 'ValueError', line: null });
    }
  });
});
