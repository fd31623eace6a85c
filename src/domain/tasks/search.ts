import type { ProblemSummary } from '#contract/problem-bank.ts';

/** Characters that look alike and that keyboards and editors put for each other. `fold_search` in SQL has the same. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  // Dashes, the minus sign, and their forms in vertical and in small writing.
  [/[\u2010-\u2015\u2043\u2212\u02D7\uFE31\uFE32\uFE58\uFE63\uFF0D]/g, '-'],
  // Apostrophes, single quotation marks, primes, and accents that stand alone.
  [
    /[`\u00B4\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE\u2018-\u201B\u2032\u2035\uA78C\uFF07\uFF40]/g,
    "'",
  ],
  [/[\u00AB\u00BB\u201C-\u201F\u2033\u2036\uFF02]/g, '"'],
  // What is not seen: soft hyphens, joiners, marks of direction, byte order marks.
  [/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, ''],
];

/** Combining accents; marks of other scripts belong to their letters. */
const ACCENTS = /[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]/g;

/** Letters that no accent explains, as they are written where they are missing. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ı: 'i',
  ς: 'σ',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ł: 'l',
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * A text by what a reader takes for the same: without case, accents, width and composition, and with one dash, one
 * apostrophe and one quotation mark.
 */
export function folded(text: string): string {
  const alike = ALIKE.reduce((part, [characters, one]) => part.replace(characters, one), text);
  return alike
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC');
}

/** The words of a search, folded; at least one of a text that is not blank. */
export function wordsOf(search: string): string[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  // Accents alone are no word of any text.
  return words.length > 0 ? words : [search.trim()];
}

/** Whether each of the words (folded) occurs in the problem's title or id. */
export function isMeant(
  { title, problem_id }: Pick<ProblemSummary, 'title' | 'problem_id'>,
  words: readonly string[],
): boolean {
  // A line end is no part of a word, so none is found across the two.
  const text = folded(`${title}\n${problem_id}`);
  return words.every((word) => text.includes(word));
}

/** Pattern of SQL's LIKE for every text that contains the word itself. */
export function containing(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
