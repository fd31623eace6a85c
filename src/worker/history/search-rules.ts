import type { ProblemSummary } from '#contract/problem-bank.ts';

/** The words of a search in lower case; at least one of a text that is not blank. */
export function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether each of the words (lower case) stands in the problem's title or id. */
export function isMeant(
  { title, problem_id }: Pick<ProblemSummary, 'title' | 'problem_id'>,
  words: readonly string[],
): boolean {
  // A line end is no part of a word, so none is found across the two.
  const text = `${title}\n${problem_id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Pattern of SQL's LIKE for every text that contains the word itself. */
export function containing(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
