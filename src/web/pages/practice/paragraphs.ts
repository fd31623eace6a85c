const FENCE = /^ {0,3}(```|~~~)/;

/**
 * Splits a text that is still being written into finished paragraphs and the rest. A paragraph ends at an empty line
 * outside of a code fence; what is finished never changes by what follows.
 */
export function splitParagraphs(text: string): { done: string[]; rest: string } {
  const done: string[] = [];
  let begun: string[] = [];
  let fenced = false;
  const lines = text.split('\n');
  // The last line has no end yet.
  const last = lines.pop() ?? '';
  for (const line of lines) {
    if (FENCE.test(line)) fenced = !fenced;
    if (line.trim() === '' && !fenced) {
      if (begun.length > 0) done.push(begun.join('\n'));
      begun = [];
    } else begun.push(line);
  }
  return { done, rest: [...begun, last].join('\n') };
}
