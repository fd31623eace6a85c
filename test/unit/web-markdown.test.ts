import { Marked } from 'marked';
import { expect, test } from 'vitest';
import { ownProblems } from '#services/problem-bank/problems/index.ts';
import { isFormattable } from '#web/ui/markdown-budget.ts';

const SEEDS = [
  ...[
    '_a_',
    '*a **a ',
    '**a',
    '***',
    '~~a~~ ',
    '_ a',
    '[',
    '[a](',
    '![',
    '[^a]: b\n',
    '[a]: b\n',
    '`',
    '`a``',
  ],
  ...['>', '> ', '\n> a\n>', '- ', '1. ', '* a\n  * b\n', '|a', '|a|\n|-|\n', '<a ', '<b><i>', '&amp;'],
  ...['http://a.b ', 'www.a', 'a@b.c ', 'a_b*c ', 'a', '字', '\\'],
];
/** Nested lists, which grow to the right. */
const STAIRS = Array.from({ length: 400 }, (_, level) => `${' '.repeat(2 * level)}- a`).join('\n');

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const marked = new Marked({ gfm: true });

test.each([...SEEDS.map((seed) => seed.repeat(65_536)), STAIRS, '_a_'.repeat(21_845)])(
  'no text of 65,536 characters holds the page up: %.12j',
  (whole) => {
    // Also the longest beginning that is still formatted, which is what somebody would look for.
    let [low, high] = [0, 65_536];
    while (high - low > 64) {
      const middle = (low + high) >> 1;
      if (isFormattable(whole.slice(0, middle))) low = middle;
      else high = middle;
    }
    const text = whole.slice(0, low);
    expect(cpuMs(() => isFormattable(whole.slice(0, 65_536)))).toBeLessThan(200);
    expect(cpuMs(() => marked.parse(text, { async: false }))).toBeLessThan(1000);
  },
);

test('what 7 seconds went into is shown as plain text', () => {
  expect(isFormattable('_a_'.repeat(21_845))).toBe(false);
});

test('every statement of the bank is formatted, and so is a text ten times as long', () => {
  const statements = ownProblems.map(({ statement }) => statement);
  expect(statements.length).toBeGreaterThan(50);
  for (const statement of statements) {
    expect(isFormattable(statement)).toBe(true);
    expect(isFormattable(Array.from({ length: 10 }, () => statement).join('\n\n'))).toBe(true);
  }
});
