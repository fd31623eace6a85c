/** A line of one of two texts or of both, with its number in each, from 1. */
export type Line = {
  kind: 'same' | 'removed' | 'added';
  text: string;
  before: number | null;
  after: number | null;
};
/** Unchanged lines that are left out. */
export type Gap = { kind: 'gap'; lines: number };

/** Edits after which the search ends: what differs in more lines is another text, shown as removed and added whole. */
const MOST_EDITS = 1000;

type Step = { kind: Line['kind']; count: number };

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}

/** Walks back from the end through the furthest points of each number of edits. */
function stepsBack(trace: readonly Int32Array[], a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reached = trace[edits] ?? new Int32Array();
    const at = (diagonal: number) => reached[diagonal + edits] ?? -1;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const from = edits === 0 ? 0 : at(down ? diagonal + 1 : diagonal - 1);
    const start = edits === 0 ? 0 : down ? from : from + 1;
    if (x > start) steps.push({ kind: 'same', count: x - start });
    if (edits > 0) steps.push({ kind: down ? 'added' : 'removed', count: 1 });
    x = from;
    y = from - (down ? diagonal + 1 : diagonal - 1);
  }
  return steps.toReversed();
}

/**
 * The fewest removals and additions that make `b` of `a` (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986), null when there are more than `MOST_EDITS`.
 */
function shortestSteps(a: readonly string[], b: readonly string[]): Step[] | null {
  const trace: Int32Array[] = [];
  // Furthest x on each diagonal x - y, at the index `diagonal + offset`.
  const offset = MOST_EDITS + 1;
  const furthest = new Int32Array(2 * offset + 1);
  for (let edits = 0; edits <= MOST_EDITS; edits += 1) {
    trace.push(furthest.slice(offset - edits, offset + edits + 1));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const above = furthest[offset + diagonal + 1] ?? 0;
      const left = furthest[offset + diagonal - 1] ?? 0;
      const down = diagonal === -edits || (diagonal !== edits && left < above);
      let x = down ? above : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest[offset + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return stepsBack(trace, a, b);
    }
  }
  return null;
}

function stepsOf(a: readonly string[], b: readonly string[]): Step[] {
  const start = commonPrefix(a, b);
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const end = commonPrefix(restA.toReversed(), restB.toReversed());
  const [midA, midB] = [restA.slice(0, restA.length - end), restB.slice(0, restB.length - end)];
  const middle = shortestSteps(midA, midB) ?? [
    { kind: 'removed' as const, count: midA.length },
    { kind: 'added' as const, count: midB.length },
  ];
  return [{ kind: 'same', count: start }, ...middle, { kind: 'same', count: end }];
}

/** What has to be done to the lines of `before` to get those of `after`: as few removals and additions as possible. */
export function diffLines(before: string, after: string): Line[] {
  const [a, b] = [before, after].map((text) => text.split(/\r\n|\n|\r/));
  if (a === undefined || b === undefined) return [];
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  for (const { kind, count } of stepsOf(a, b)) {
    for (let n = 0; n < count; n += 1) {
      if (kind === 'added') {
        lines.push({ kind, text: b[j] ?? '', before: null, after: j + 1 });
        j += 1;
        continue;
      }
      const number = kind === 'same' ? j + 1 : null;
      lines.push({ kind, text: a[i] ?? '', before: i + 1, after: number });
      i += 1;
      if (kind === 'same') j += 1;
    }
  }
  return lines;
}

/** Leaves out unchanged lines that are more than `context` lines away from every change; a lone one stays. */
export function withGaps(lines: readonly Line[], context = 3): (Line | Gap)[] {
  const shown = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') shown.fill(1, Math.max(0, index - context), index + context + 1);
  }
  const parts: (Line | Gap)[] = [];
  for (let index = 0; index < lines.length; ) {
    let end = index;
    while (end < lines.length && shown[end] === 0) end += 1;
    if (end - index > 1) parts.push({ kind: 'gap', lines: end - index });
    else parts.push(...lines.slice(index, end));
    while (end < lines.length && shown[end] === 1) {
      const line = lines[end];
      if (line !== undefined) parts.push(line);
      end += 1;
    }
    index = end;
  }
  return parts;
}
