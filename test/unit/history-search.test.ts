import { expect, test } from 'vitest';
import { ExportTasks } from '#contract/export.ts';
import { ListTasks } from '#contract/history.ts';
import { containing, isMeant, wordsOf } from '#worker/history/search-rules.ts';

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
