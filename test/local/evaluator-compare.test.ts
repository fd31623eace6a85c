import { expect, test } from 'vitest';
import type { Comparison } from '#contract/problem-bank.ts';
import { isAccepted } from '../../src/local/evaluator/compare.ts';
import { present } from '../../src/local/evaluator/wire-values.ts';

const tag = ($t: string, v: unknown) => ({ $t, v });

type Case = [Comparison, actual: unknown, expected: unknown, accepted: boolean];
const CASES: Case[] = [
  ['exact', 2, 2.0, true],
  ['exact', true, 1, false],
  ['exact', '1', 1, false],
  ['exact', -0, 0, true],
  ['exact', null, null, true],
  ['exact', null, 0, false],
  ['exact', [1, [2]], [1, [2]], true],
  ['exact', [1, 2], [1, 2, 3], false],
  ['exact', [1, 2, 3], [1, 2], false],
  ['exact', 1.0000001, 1, false],
  ['exact', tag('num', 'NaN'), tag('num', 'NaN'), false],
  ['exact', [tag('num', 'NaN')], [null], false],
  ['exact', tag('int', '0x40000000000001'), tag('int', '0x40000000000001'), true],
  ['exact', tag('int', '0x40000000000001'), tag('int', '0x40000000000002'), false],
  ['exact', tag('int', '0xa'), 10, true],
  ['exact', tag('int', '-0xde0b6b3a7640000'), -1e18, true],
  ['exact', tag('int', 'ten'), 10, false],
  ['exact', tag('map', [['a', 1]]), { a: 1 }, true],
  ['exact', tag('map', [[1, 'x']]), { 1: 'x' }, true],
  ['exact', tag('map', [[true, 'x']]), { true: 'x' }, true],
  ['exact', tag('map', [['a', 1]]), { a: 1, b: 2 }, false],
  ['exact', tag('map', [['__proto__', 1]]), JSON.parse('{"__proto__":1}'), true],
  ['exact', tag('set', [1, 2]), [1, 2], false],
  ['exact', tag('list', [1, 2]), [1, 2], true],
  ['exact', tag('tree', [1, null, 2]), [1, null, 2], true],
  ['exact', tag('AC', 3), 3, false],
  ['exact', tag('map', 3), {}, false],
  ['approx-1e-6', 0.1 + 0.2, 0.3, true],
  ['approx-1e-6', 1000000.5, 1000000.9, true],
  ['approx-1e-6', 1.00001, 1, false],
  ['approx-1e-6', 1000001, 1000000, false],
  ['approx-1e-6', [[1.0000001], tag('map', [['a', 2.0000001]])], [[1], { a: 2 }], true],
  ['approx-1e-6', tag('num', 'Infinity'), 1, false],
  ['approx-1e-6', true, 1, false],
  ['unordered', [3, 1, 2], [1, 2, 3], true],
  ['unordered', [1, 1, 2], [1, 2, 2], false],
  ['unordered', tag('set', [2, 1]), [1, 2], true],
  [
    'unordered',
    [
      [2, 1],
      [3, 4],
    ],
    [
      [3, 4],
      [1, 2],
    ],
    false,
  ],
  [
    'unordered_deep',
    [
      [2, 1],
      [3, 4],
    ],
    [
      [4, 3],
      [1, 2],
    ],
    true,
  ],
  ['unordered_deep', [[1]], [1], false],
  ['unordered_deep', [['1']], [[1]], false],
  ['unordered', 'ab', ['a', 'b'], false],
  ['set', [1, 1, 2], [2, 1], true],
  ['set', tag('set', [1, 2]), [2, 1, 1], true],
  ['set', [1, 2, 3], [1, 2], false],
  ['any_of', [0, 1], [[1, 0], [0, 1]], true], // biome-ignore format: one row
  ['any_of', 2, [1, 3], false],
];

test.each(CASES)('%s: %j against %j is %s', (comparison, actual, expected, accepted) => {
  expect(isAccepted(actual, expected, comparison)).toBe(accepted);
});

test('a deep answer to a shallow question is refused without comparing it', () => {
  let deep: unknown = 'x'.repeat(100_000);
  for (let i = 0; i < 390; i++) deep = [deep, 'y'];
  const begin = performance.now();
  expect(isAccepted(deep, ['y', ['y']], 'unordered_deep')).toBe(false);
  expect(performance.now() - begin).toBeLessThan(200);
});

test('results are shown as plain JSON where that says it all', () => {
  expect(present(tag('map', [[1, tag('list', [1, 2])]]))).toEqual({ 1: [1, 2] });
  expect(present(tag('map', [['$t', 'int']]))).toEqual(tag('map', [['$t', 'int']]));
  expect(present(tag('map', [[[1, 2], 3]]))).toEqual(tag('map', [[[1, 2], 3]]));
  expect(present(tag('set', ['a\0']))).toEqual(tag('set', ['a\u{fffd}']));
  expect(present('\ud800')).toBe('\u{fffd}');
});
