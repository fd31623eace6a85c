import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import { distinct, openVersions } from '#web/editor/versions.ts';
import { clockText } from '#web/pages/practice/clock-text.ts';
import { cutText, formatValue } from '#web/pages/practice/format-value.ts';
import { splitParagraphs } from '#web/pages/practice/paragraphs.ts';
import { compareTexts } from '#web/pages/practice/text-diff.ts';
import { hiddenLine } from '#web/pages/practice/verdicts.ts';

const STARTER = 'def f(): pass';
const submission = { id: 's1', code: 'submitted', at: 2000 };
const draft = (at: number, basedOn: string | null = null) => ({ code: 'draft', at, basedOn, asides: [] });

test('without anything else the starter code opens', () => {
  expect(openVersions(null, null, STARTER)).toEqual({
    shown: { code: STARTER, at: 0, from: 'starter' },
    offered: [],
  });
});

test.each([
  ['a newer draft comes before the submission', draft(3000), 'draft', ['submission']],
  ['an older draft comes after it', draft(1000), 'submission', ['draft']],
  [
    'a draft that knew the submission is newer whatever its clock says',
    draft(1000, 's1'),
    'draft',
    ['submission'],
  ],
  ['a draft that knew another one is not', draft(1000, 's0'), 'submission', ['draft']],
  ['equal texts leave nothing to choose', { ...draft(3000), code: 'submitted' }, 'submission', []],
  ['an untouched draft is not offered', { ...draft(1000), code: STARTER }, 'submission', []],
])('%s', (_, kept, shown, offered) => {
  const opened = openVersions(kept, submission, STARTER);
  expect(opened.shown.from).toBe(shown);
  expect(opened.offered.map(({ from }) => from)).toEqual(offered);
});

test('what was put aside is offered as well, each text once', () => {
  const asides = [
    { code: 'one', at: 1 },
    { code: 'submitted', at: 2 },
    { code: 'one', at: 3 },
    { code: ' \n', at: 4 },
  ];
  const { offered } = openVersions({ ...draft(3000), asides }, submission, STARTER);
  expect(offered.map(({ code, from }) => `${from} ${code}`)).toEqual(['submission submitted', 'aside one']);
  expect(distinct([{ code: 'x', at: 1, from: 'tab' }], ['x'])).toEqual([]);
});

test.each([
  ['one\n\ntwo', ['one'], 'two'],
  ['one\ntwo', [], 'one\ntwo'],
  ['', [], ''],
  ['\n\n\none\n\n\n\n', ['one'], ''],
  ['a\n\n```\ncode\n\nmore\n```\n\nb', ['a', '```\ncode\n\nmore\n```'], 'b'],
  ['```py\nopen\n\nstill', [], '```py\nopen\n\nstill'],
])('splits %j', (text, done, rest) => {
  expect(splitParagraphs(text)).toEqual({ done, rest });
});

test('a finished paragraph never changes by what follows', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\n\n', '```', ' '), { maxLength: 40 }), (pieces) => {
      let before: string[] = [];
      for (let end = 0; end <= pieces.length; end += 1) {
        const { done } = splitParagraphs(pieces.slice(0, end).join(''));
        expect(done.slice(0, before.length)).toEqual(before);
        before = done;
      }
    }),
  );
});

test('pieces of a comparison join to the texts, and what is marked as common is', () => {
  const words = fc.array(fc.constantFrom('[', '1', '22', ', ', ']', '"ab"', '\n'), { maxLength: 30 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [left, right] = compareTexts(a.join(''), b.join(''));
      expect(left.map(({ text }) => text).join('')).toBe(a.join(''));
      expect(right.map(({ text }) => text).join('')).toBe(b.join(''));
      const same = (pieces: typeof left) =>
        pieces
          .filter((piece) => piece.same)
          .map(({ text }) => text)
          .join('');
      expect(same(left)).toBe(same(right));
    }),
  );
});

test('marks only what differs', () => {
  expect(compareTexts('[1, 2, 3]', '[1, 5, 3]')).toEqual([
    [
      { text: '[1, ', same: true },
      { text: '2', same: false },
      { text: ', 3]', same: true },
    ],
    [
      { text: '[1, ', same: true },
      { text: '5', same: false },
      { text: ', 3]', same: true },
    ],
  ]);
  const long = Array.from({ length: 5000 }, (_, i) => i).join(' ');
  expect(compareTexts(`a ${long}`, `b ${long.split(' ').toReversed().join(' ')}`)[0]).toHaveLength(1);
});

const VALUES: [value: Json, language: Language, text: string][] = [
  [[true, null, 'a"b', 1.5], 'python', '[True, None, "a\\"b", 1.5]'],
  [[true, null], 'javascript', '[true, null]'],
  [{ a: [1], b: {} }, 'javascript', '{"a": [1], "b": {}}'],
  [{ $t: 'set', v: [1, 2] }, 'python', '{1, 2}'],
  [{ $t: 'int', v: '-0xffffffffffffffffff' }, 'python', '-4722366482869645213695'],
  [{ $t: 'num', v: 'Infinity' }, 'javascript', 'Infinity'],
  [[{ $t: 'undefined', v: null }, null], 'javascript', '[undefined, null]'],
  [{ $t: 'map', v: [[1, 'x']] }, 'javascript', '{1: "x"}'],
  [{ $t: 'unheard of', v: 1 }, 'python', 'unheard of(1)'],
];

test.each(VALUES)('formats %j for %s', (value, language, text) => {
  expect(formatValue(value, language)).toBe(text);
});

test('breaks long values at their brackets', () => {
  expect(formatValue([[1, 2], [3]], 'python', 8)).toBe('[\n  [1, 2],\n  [3]\n]');
  expect(formatValue([10, 20, 30, 40], 'python', 9)).toBe('[\n  10, 20,\n  30, 40\n]');
  expect(cutText('abcdef', 4)).toBe('abcd\n… 2 more characters');
});

test('a clock never rounds up', () => {
  expect([0, 59.9, 60, 3599, 3600, 3725.5].map(clockText)).toEqual([
    '0:00',
    '0:59',
    '1:00',
    '59:59',
    '1:00:00',
    '1:02:05',
  ]);
});

test('hidden tests are one line: how many passed, and the first that failed', () => {
  expect(hiddenLine({ total: 11, passed: 11, first_failed: null })).toBe('11 of 11 passed');
  expect(hiddenLine({ total: 11, passed: 4, first_failed: { number: 6, verdict: 'TLE' } })).toBe(
    '4 of 11 passed; test 6 failed first: Time limit exceeded',
  );
  expect(hiddenLine({ total: 11, passed: 0, first_failed: null })).toBe('Not run');
});
