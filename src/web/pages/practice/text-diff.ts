/** A stretch of one of two texts, and whether the other has it too. */
export type Piece = { text: string; same: boolean };

/** Cells of the table of common subsequences; above that the differing middle is marked as a whole. */
const MOST_CELLS = 250_000;

function tokens(text: string): string[] {
  return text.match(/[\p{L}\p{N}_.+-]+|\s+|[^\p{L}\p{N}_.+-]/gu) ?? [];
}

/** Lengths of the longest common subsequences of all suffixes, row by row. */
function table(left: readonly string[], right: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const row = rows[i];
      if (row === undefined) continue;
      const below = rows[i + 1];
      row[j] = left[i] === right[j] ? (below?.[j + 1] ?? 0) + 1 : Math.max(below?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

function commonPrefix(left: readonly string[], right: readonly string[]): number {
  const end = Math.min(left.length, right.length);
  let length = 0;
  while (length < end && left[length] === right[length]) length += 1;
  return length;
}

function append(pieces: Piece[], text: string, same: boolean): void {
  const last = pieces.at(-1);
  if (text === '') return;
  if (last?.same === same) last.text += text;
  else pieces.push({ text, same });
}

function compareMiddle(left: readonly string[], right: readonly string[], sides: [Piece[], Piece[]]): void {
  const [mine, theirs] = sides;
  if (left.length * right.length > MOST_CELLS) {
    append(mine, left.join(''), false);
    append(theirs, right.join(''), false);
    return;
  }
  const rows = table(left, right);
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (a !== undefined && a === b) {
      append(mine, a, true);
      append(theirs, a, true);
      i += 1;
      j += 1;
    } else if (b === undefined || (a !== undefined && (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) {
      append(mine, a ?? '', false);
      i += 1;
    } else {
      append(theirs, b, false);
      j += 1;
    }
  }
}

/** What two texts share and where they differ, by words and signs: the pieces of each, which join to it again. */
export function compareTexts(left: string, right: string): [left: Piece[], right: Piece[]] {
  const [a, b] = [tokens(left), tokens(right)];
  const start = commonPrefix(a, b);
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const end = commonPrefix(restA.toReversed(), restB.toReversed());
  const sides: [Piece[], Piece[]] = [[], []];
  for (const side of sides) append(side, a.slice(0, start).join(''), true);
  compareMiddle(restA.slice(0, restA.length - end), restB.slice(0, restB.length - end), sides);
  for (const side of sides) append(side, a.slice(a.length - end).join(''), true);
  return sides;
}
