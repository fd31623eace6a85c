import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Comparison, Json } from '#contract/problem-bank.ts';
import { isAccepted } from '../../src/services/evaluator/compare.ts';
import { cleanText, clip, decode, present } from '../../src/services/evaluator/wire-values.ts';

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
  // A dictionary or an object where a collection is due (`'set' in map` once threw).
  ['unordered', tag('map', [['a', 1]]), ['a'], false],
  ['set', tag('map', [['a', 1]]), ['a'], false],
  ['unordered', { a: 1 }, ['a'], false],
  ['exact', tag('map', [['a', 1]]), tag('set', ['a']), false],
  ['exact', tag('set', ['a']), tag('map', [['a', 1]]), false],
  ['unordered', tag('generator', 1), [1], false],
  // Forged or strange tags.
  ['exact', tag('map', 5), 5, false],
  ['exact', tag('map', [5]), {}, false],
  ['exact', tag('map', [['a']]), { a: 1 }, false],
  ['exact', tag('map', [['a', 1], ['a', 1]]), { a: 1 }, false], // biome-ignore format: one row
  ['exact', tag('map', [[1, 'x'], ['1', 'x']]), { 1: 'x' }, false], // biome-ignore format: one row
  ['exact', tag('map', [[[1, 2], 'x']]), { '[1,2]': 'x' }, true],
  ['exact', tag('map', [[tag('int', '0x40000000000001'), 'x']]), { '18014398509481985': 'x' }, true],
  ['exact', tag('map', [[tag('set', []), 'x']]), {}, false],
  ['exact', { hasOwnProperty: 1, constructor: 2 }, { hasOwnProperty: 1, constructor: 2 }, true],
  // Long integers, which JSON has rounded in the expected value, at every level and in any order.
  ['unordered', [tag('int', '0x20000000000001'), 1], [1, 9007199254740992], true],
  ['unordered_deep', [[tag('int', '0x20000000000001')], 1], [1, [9007199254740992]], true],
  ['unordered', [tag('int', '0x20000000000001')], [tag('int', '0x20000000000000')], false],
  ['unordered', [tag('int', `0x1${'0'.repeat(300)}`)], [9007199254740992], false],
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

/** Values as JSON has them, with tags of every kind, rightly made and forged, at every level. */
const { wire } = fc.letrec<{ wire: unknown }>((tie) => {
  const hex = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((n) => `${n < 0n ? '-' : ''}0x${(n < 0n ? -n : n).toString(16)}`); // biome-ignore format: one value
  const list = fc.array(tie('wire'), { maxLength: 4 });
  return {
    wire: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.integer({ min: -3, max: 3 }),
        fc.double(),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      list,
      fc.dictionary(fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('$t', 'v', '__proto__', 'set')), tie('wire'), { maxKeys: 3, noNullPrototype: false }), // biome-ignore format: one value
      hex.map((v) => tag('int', v)),
      list.map((v) => tag('set', v)),
      list.map((v) => tag('list', v)),
      fc.array(fc.tuple(tie('wire'), tie('wire')), { maxLength: 3 }).map((v) => tag('map', v)),
      fc.record({ $t: fc.constantFrom('map', 'set', 'int', 'num', 'tree', 'list', 'none'), v: tie('wire') }),
    ),
  };
});
/** What arrives is what JSON can carry: no NaN, no infinity but by 1e999. */
const arriving = wire.map((value): unknown =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/(?<=[[:,])3(?=[\]},])/g, '1e999')),
);
const RUNS = { numRuns: 3000 };

describe('whatever a program answers', () => {
  test.each(Comparison.options)('%s gives a verdict and never throws', (comparison) => {
    fc.assert(
      fc.property(arriving, arriving, (actual, expected) => {
        expect(typeof isAccepted(actual, expected, comparison)).toBe('boolean');
      }),
      RUNS,
    );
  });
  test.each(['exact', 'unordered', 'unordered_deep', 'set'] as const)('%s is symmetric', (comparison) => {
    fc.assert(
      fc.property(arriving, arriving, (a, b) => {
        expect(isAccepted(a, b, comparison)).toBe(isAccepted(b, a, comparison));
      }),
      RUNS,
    );
  });
  test.each(['exact', 'approx-1e-6', 'unordered_deep'] as const)(
    '%s accepts a value that can be compared for itself',
    (comparison) => {
      fc.assert(
        fc.property(arriving, (value) => {
          const finite = !JSON.stringify(present(value)).includes('Infinity');
          if (finite) expect(isAccepted(value, value, comparison)).toBe(decode(value) !== null);
        }),
        RUNS,
      );
    },
  );
  test('it can be shown, as JSON that any reader can store', () => {
    fc.assert(
      fc.property(arriving, (value) => {
        const shown = present(value);
        expect(Json.safeParse(shown).success).toBe(true);
        const text = JSON.stringify(shown);
        expect(text).toBe(text.toWellFormed());
        expect(/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(text)).toBe(false);
      }),
      RUNS,
    );
  });
  test.each([500, 5000, 200_000])('a value %d levels deep is wrong and is shown cut', (levels) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"$t":"map","v":[["a",', ']]}'],
      ['{"$t":"map","v":[[', ',1]]}'],
      ['{"$t":"set","v":[', ']}'],
      ['{"$t":"none","v":', '}'],
    ] as const) {
      const deep: unknown = JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
      for (const comparison of Comparison.options) {
        expect(isAccepted(deep, [[1]], comparison)).toBe(false);
        if (levels > 500) expect(isAccepted(deep, deep, comparison)).toBe(false);
      }
      expect(JSON.stringify(present(deep)).length).toBeLessThan(3000);
    }
  });
  test('an endless integer equals nothing', () => {
    const endless = tag('int', `0x${'f'.repeat(300_001)}`);
    expect([decode(endless), decode([tag('map', [[endless, 1]])])]).toEqual([null, null]);
  });
  test('a text that is cut stays well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(20), (text, length) => {
        const cut = clip(text, length);
        expect([cut.isWellFormed(), cut.includes('\0')]).toEqual([true, false]);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(cleanText(text).startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });
});
