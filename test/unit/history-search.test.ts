import { expect, test } from 'vitest';
import { ExportTasks } from '#contract/export.ts';
import { ListTasks } from '#contract/history.ts';
import { containing, isMeant, wordsOf } from '#domain/tasks/search.ts';

const PLATEAU = { title: 'Longest Plateau', problem_id: 'arrays-longest-plateau' };

test.each([
  ['plateau', true],
  ['PLATEAU longest', true],
  ['  longest\tplateau  ', true],
  ['arrays plateau', true],
  ['longest-plateau', true],
  ['plateaus', false],
  ['longest valley', false],
  ['plateau arrays-longest', true],
  ['plateauarrays', false],
])('%j means the problem: %s', (search, meant) => {
  expect(isMeant(PLATEAU, wordsOf(search))).toBe(meant);
});

test('what LIKE has a meaning for is looked for as it stands', () => {
  expect(['two', '100%', 'a_b', 'c\\d'].map(containing)).toEqual([
    '%two%',
    '%100\\%%',
    '%a\\_b%',
    '%c\\\\d%',
  ]);
});

test('a search has 1 to 100 characters that are not all blank, and stands once', () => {
  for (const q of ['a', ' a ', 'x'.repeat(100), '%_\\']) {
    expect(ListTasks.parse({ q })).toMatchObject({ q });
    expect(ExportTasks.parse({ q, format: 'csv' })).toMatchObject({ q });
  }
  for (const q of ['', '   ', 'x'.repeat(101), 'a\0', '\uD800', ['a', 'b']]) {
    expect([q, ListTasks.safeParse({ q }).error?.issues[0]?.path]).toEqual([q, ['q']]);
  }
});

/** Spellings of one thing; each must find each. */
const SAME: readonly (readonly string[])[] = [
  ['caf\u00E9', 'cafe\u0301', 'CAFE', 'CAF\u00C9', 'ｃａｆｅ\u0301'],
  [
    'two-sum',
    'two\u2013sum',
    'two\u2014sum',
    'two\u2010sum',
    'two\u2011sum',
    'two\u2212sum',
    'two\uFF0Dsum',
    'two\uFE58sum',
  ],
  [
    "pascal's",
    'pascal\u2019s',
    'pascal\u2018s',
    'pascal\u02BCs',
    'pascal\uFF07s',
    'pascal`s',
    'PASCAL\u00B4S',
  ],
  ['"x"', '\u201Cx\u201D', '\u00ABx\u00BB', '\u201Ex\u201F', '\uFF02x\uFF02'],
  ['istanbul', '\u0130STANBUL', 'Istanbul', '\u0131stanbul', 'i\u0307stanbul'],
  ['strasse', 'stra\u00DFe', 'STRA\u1E9EE', 'STRASSE'],
  ['łódź', 'lodz', 'ŁÓDŹ'],
  ['œuvre', 'OEUVRE', 'Œuvre'],
  ['οδος', 'ΟΔΟΣ', 'οδοσ', 'ὁδός'],
  ['ﬁnd', 'find', 'FIND', 'fi\u00ADnd', 'fi\u200Bnd'],
  ['한글', '\u1112\u1161\u11AB\u1100\u1173\u11AF'],
  ['ガ', 'ｶﾞ', 'カ\u3099'],
];

test.each(SAME)('%s is found however it is written', (...spellings) => {
  for (const title of spellings)
    for (const search of spellings)
      expect([title, search, isMeant({ title, problem_id: 'p' }, wordsOf(search))]).toEqual([
        title,
        search,
        true,
      ]);
});

test('marks that make another letter are no accents, and an accent alone means nothing', () => {
  expect(isMeant({ title: 'ガ', problem_id: 'p' }, wordsOf('カ'))).toBe(false);
  for (const search of ['\u0301', '\u200B'])
    expect(isMeant({ title: 'anything', problem_id: 'p' }, wordsOf(search))).toBe(false);
});
