/** Longest text that is formatted, in UTF-16 units: several times the longest statement. */
const LONGEST = 32_768;
/**
 * Most that the blocks of a text may cost together: length times signs of each, as the parser looks at the rest of a
 * block for each sign. This many take it about 150 ms; a statement has some 100,000.
 */
const MOST = 12_000_000;
/** Levels of quotes and lists: the parser calls itself for each. */
const DEEPEST = 40;

const NESTED = new RegExp(
  `^(?:[ \\t]*(?:>|[-*+][ \\t]|\\d{1,9}[.)][ \\t])){${DEEPEST}}|^ {${2 * DEEPEST},}[-*+\\d>]`,
  'm',
);

function signsIn(block: string): number {
  return block.match(/[^\p{L}\p{N}\s]/gu)?.length ?? 0;
}

/** Whether a text can be formatted without holding the page up; in linear time. */
export function isFormattable(text: string): boolean {
  if (text.length > LONGEST || NESTED.test(text)) return false;
  let cost = 0;
  for (const block of text.split(/\n[ \t]*\n/)) cost += block.length * signsIn(block);
  return cost <= MOST;
}
