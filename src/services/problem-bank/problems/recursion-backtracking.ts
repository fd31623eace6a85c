import type { Json } from '#contract/problem-bank.ts';
import type { ProblemInput } from './problem-input.ts';

/** A box in a box in a box, `depth` boxes in all, with one toy of 3 grams in the innermost. */
function russianDolls(depth: number): Json {
  let box: Json = [3];
  for (let i = 1; i < depth; i += 1) box = [box];
  return box;
}

/** Every string of `length` zeros and ones that has no two ones side by side, found by trying all numbers. */
function sparseCodes(length: number): string[] {
  return Array.from({ length: 2 ** length }, (_, n) => n.toString(2).padStart(length, '0')).filter(
    (code) => !code.includes('11'),
  );
}

const nestedBoxes: ProblemInput = {
  problem_id: 'recursion-backtracking-nested-boxes',
  title: 'Boxes in Boxes',
  module: 'recursion-backtracking',
  topic_tags: ['recursion-backtracking', 'recursion', 'nested lists'],
  difficulty: 1,
  expected_minutes: 12,
  entry_point: 'parcel_weight',
  params: ['box', 'cardboard'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A toy maker ships boxes that hold toys and further boxes, which again hold toys and boxes. A box is written as
a list: a number in it is a toy of that many grams, a list in it is another box.

**Task.** Every box, the outermost included, weighs \`cardboard\` grams itself. Return the weight of the whole parcel.

**Constraints**

- at most \`2000\` toys and boxes in all, nested at most \`100\` boxes deep
- a toy weighs from \`1\` to \`10^6\` grams, \`0 <= cardboard <= 1000\`

**Example 1.** \`parcel_weight([40, [10, 5], []], 2)\` gives \`61\`: toys of 55 grams and three boxes of 2 grams.

**Example 2.** \`parcel_weight([], 7)\` gives \`7\`.`,
  starter_code: {
    python: `def parcel_weight(box, cardboard):
    """Return the weight of the box with everything in it."""
    pass
`,
    javascript: `/**
 * @param {Array} box numbers are toys, arrays are boxes
 * @param {number} cardboard
 * @returns {number} the weight of the box with everything in it
 */
function parcel_weight(box, cardboard) {
}
`,
  },
  visible_tests: [
    { args: [[40, [10, 5], []], 2], expected: 61 },
    { args: [[], 7], expected: 7 },
  ],
  hidden_tests: [
    { args: [[], 0], expected: 0 },
    { args: [[9], 0], expected: 9 },
    { args: [[[[]]], 5], expected: 15 },
    { args: [[1, [2, [3, [4]]]], 10], expected: 50 },
    { args: [[[1], [1], [1], 1], 1], expected: 8 },
    { args: [[[[1000000], 1000000], [[[5]]]], 1000], expected: 2006005 },
    { args: [russianDolls(100), 4], expected: 403 },
    { args: [Array.from({ length: 1000 }, () => [1]), 2], expected: 3002 },
    { args: [Array.from({ length: 1999 }, (_, i) => i + 1), 1], expected: 1999001 },
  ],
  hints: [
    'A box inside a box is itself a parcel. What does the function that you are writing say about it?',
    'The weight of a box is its cardboard plus the weights of what lies in it; for an inner box ask the function itself.',
    'Start the sum at cardboard. Loop over the contents: add a number as it is, add parcel_weight(inner, cardboard) for a list. An empty box needs no special case.',
  ],
  reference_solution: {
    python: `def parcel_weight(box, cardboard):
    total = cardboard
    for item in box:
        total += parcel_weight(item, cardboard) if isinstance(item, list) else item
    return total
`,
    javascript: `function parcel_weight(box, cardboard) {
  let total = cardboard;
  for (const item of box) {
    total += Array.isArray(item) ? parcel_weight(item, cardboard) : item;
  }
  return total;
}
`,
  },
};

const lanternCodes: ProblemInput = {
  problem_id: 'recursion-backtracking-lantern-codes',
  title: 'Signals with Lanterns',
  module: 'recursion-backtracking',
  topic_tags: ['recursion-backtracking', 'enumeration', 'strings'],
  difficulty: 2,
  expected_minutes: 18,
  entry_point: 'lantern_codes',
  params: ['count'],
  languages: ['python', 'javascript'],
  comparison: 'unordered',
  statement: `A lighthouse keeper signals with a row of \`count\` lanterns. Two lit lanterns side by side blend into one from
afar, so a signal never has two neighbouring lit lanterns.

**Task.** Return all possible signals as strings of length \`count\`, with \`1\` for a lit and \`0\` for a dark lantern.
The order of the signals in the list does not matter, but each must occur once. All lanterns dark is a signal too, and
for no lanterns there is one signal, the empty string.

**Constraints**

- \`0 <= count <= 14\`

**Example 1.** \`lantern_codes(2)\` gives \`["00", "01", "10"]\` in any order.

**Example 2.** \`lantern_codes(3)\` gives \`["000", "001", "010", "100", "101"]\` in any order.`,
  starter_code: {
    python: `def lantern_codes(count):
    """Return all strings of count zeros and ones without two neighbouring ones."""
    pass
`,
    javascript: `/**
 * @param {number} count
 * @returns {string[]} all strings of count zeros and ones without two neighbouring ones
 */
function lantern_codes(count) {
}
`,
  },
  visible_tests: [
    { args: [2], expected: ['00', '01', '10'] },
    { args: [3], expected: ['000', '001', '010', '100', '101'] },
  ],
  hidden_tests: [
    { args: [0], expected: [''] },
    { args: [1], expected: ['0', '1'] },
    { args: [4], expected: ['0000', '0001', '0010', '0100', '0101', '1000', '1001', '1010'] },
    { args: [5], expected: sparseCodes(5) },
    { args: [6], expected: sparseCodes(6) },
    { args: [8], expected: sparseCodes(8) },
    { args: [11], expected: sparseCodes(11) },
    { args: [14], expected: sparseCodes(14) },
  ],
  hints: [
    'Decide the lanterns from left to right. When is the next one free to be lit?',
    'Extend a beginning by 0 always, and by 1 only if it does not end in 1. A beginning of full length is a signal.',
    'Write a helper extend(prefix): if its length is count, store it; otherwise call extend(prefix + "0"), and if prefix is empty or ends in "0" also extend(prefix + "1"). Start with the empty prefix.',
  ],
  reference_solution: {
    python: `def lantern_codes(count):
    codes = []

    def extend(prefix):
        if len(prefix) == count:
            codes.append(prefix)
            return
        extend(prefix + '0')
        if not prefix.endswith('1'):
            extend(prefix + '1')

    extend('')
    return codes
`,
    javascript: `function lantern_codes(count) {
  const codes = [];
  function extend(prefix) {
    if (prefix.length === count) {
      codes.push(prefix);
      return;
    }
    extend(prefix + '0');
    if (!prefix.endsWith('1')) extend(prefix + '1');
  }
  extend('');
  return codes;
}
`,
  },
};

const exactPicnic: ProblemInput = {
  problem_id: 'recursion-backtracking-exact-picnic',
  title: 'A Picnic for Exactly This Much',
  module: 'recursion-backtracking',
  topic_tags: ['recursion-backtracking', 'subsets', 'pruning'],
  difficulty: 3,
  expected_minutes: 30,
  entry_point: 'picnic_choices',
  params: ['prices', 'voucher'],
  languages: ['python', 'javascript'],
  comparison: 'unordered_deep',
  statement: `A voucher of a delicatessen is valid only if it is used up to the last cent. \`prices\` lists the price of every
single item on the shelf; several items may have the same price, and each item can be bought once.

**Task.** Return all different choices of items that cost exactly \`voucher\`. A choice is the list of its prices; two
choices with the same prices (each the same number of times) count as one, whichever items they came from. The order of
the choices and of the prices in a choice does not matter.

**Constraints**

- \`0 <= len(prices) <= 24\`, \`1 <= prices[i] <= 1000\`
- \`1 <= voucher <= 5000\`
- there are at most 300 different choices

**Example 1.** \`picnic_choices([4, 2, 2, 6, 1], 6)\` gives \`[[6], [4, 2]]\`. (2 + 2 + 1 is only 5; both ways of
taking 4 and a 2 are the same choice.)

**Example 2.** \`picnic_choices([5, 5], 7)\` gives \`[]\`.`,
  starter_code: {
    python: `def picnic_choices(prices, voucher):
    """Return all different lists of prices that add up to voucher."""
    pass
`,
    javascript: `/**
 * @param {number[]} prices
 * @param {number} voucher
 * @returns {number[][]} all different lists of prices that add up to voucher
 */
function picnic_choices(prices, voucher) {
}
`,
  },
  visible_tests: [
    { args: [[4, 2, 2, 6, 1], 6], expected: [[6], [4, 2]] },
    { args: [[5, 5], 7], expected: [] },
    { args: [[3, 3, 3], 6], expected: [[3, 3]] },
  ],
  hidden_tests: [
    { args: [[], 4], expected: [] },
    { args: [[8], 8], expected: [[8]] },
    { args: [[9, 12], 8], expected: [] },
    {
      args: [[1, 2, 3, 4, 5], 5],
      expected: [[5], [1, 4], [2, 3]],
    },
    {
      args: [[2, 1, 2, 1, 2], 5],
      expected: [[1, 2, 2]],
    },
    {
      args: [[7, 3, 2, 5, 10, 5], 10],
      expected: [[10], [5, 5], [7, 3], [5, 3, 2]],
    },
    // All items equal: without care about duplicates there would be 2704156 ways.
    { args: [Array.from({ length: 24 }, () => 1), 12], expected: [Array.from({ length: 12 }, () => 1)] },
    {
      args: [Array.from({ length: 24 }, (_, i) => i + 1), 300],
      expected: [Array.from({ length: 24 }, (_, i) => i + 1)],
    },
    // Dear items only: nothing fits, and no branch should be followed far.
    { args: [Array.from({ length: 24 }, (_, i) => 900 + i), 850], expected: [] },
    { args: [Array.from({ length: 24 }, (_, i) => 10 + 20 * (i % 12)), 20], expected: [[10, 10]] },
  ],
  hints: [
    'Sort the prices first: equal prices then stand together, and you can see early that nothing further fits.',
    'Build a choice by always going to the right in the sorted list. At one level of the recursion never start with the same price twice.',
    'search(start, left): if left is 0, store a copy of the choice. For i from start: stop if prices[i] > left; skip if i > start and prices[i] equals prices[i - 1]; otherwise take it, search(i + 1, left - prices[i]), and put it back. Also give up when everything from start on is too little.',
  ],
  reference_solution: {
    python: `def picnic_choices(prices, voucher):
    prices = sorted(prices)
    rest = [0] * (len(prices) + 1)
    for i in range(len(prices) - 1, -1, -1):
        rest[i] = rest[i + 1] + prices[i]
    found = []
    chosen = []

    def search(start, left):
        if left == 0:
            found.append(chosen[:])
            return
        for i in range(start, len(prices)):
            if prices[i] > left or rest[i] < left:
                break
            if i > start and prices[i] == prices[i - 1]:
                continue
            chosen.append(prices[i])
            search(i + 1, left - prices[i])
            chosen.pop()

    search(0, voucher)
    return found
`,
    javascript: `function picnic_choices(prices, voucher) {
  const sorted = [...prices].sort((a, b) => a - b);
  const rest = new Array(sorted.length + 1).fill(0);
  for (let i = sorted.length - 1; i >= 0; i -= 1) rest[i] = rest[i + 1] + sorted[i];
  const found = [];
  const chosen = [];
  function search(start, left) {
    if (left === 0) {
      found.push([...chosen]);
      return;
    }
    for (let i = start; i < sorted.length; i += 1) {
      if (sorted[i] > left || rest[i] < left) break;
      if (i > start && sorted[i] === sorted[i - 1]) continue;
      chosen.push(sorted[i]);
      search(i + 1, left - sorted[i]);
      chosen.pop();
    }
  }
  search(0, voucher);
  return found;
}
`,
  },
};

const gardenWalk: ProblemInput = {
  problem_id: 'recursion-backtracking-garden-walk',
  title: 'Every Flower Bed Once',
  module: 'recursion-backtracking',
  topic_tags: ['recursion-backtracking', 'grids', 'depth-first search'],
  difficulty: 4,
  expected_minutes: 35,
  entry_point: 'count_walks',
  params: ['garden'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A garden is a grid of squares, given as a list of strings of equal length: \`G\` is the gate, \`B\` the bench,
\`.\` a flower bed and \`#\` a hedge. A visitor enters at the gate, steps from square to square up, down, left or right,
and wants to see every flower bed exactly once before sitting down on the bench. Hedges cannot be entered, and gate and
bench are each used once, at the beginning and at the end.

**Task.** Return the number of different walks.

**Constraints**

- \`1\` to \`6\` rows and \`1\` to \`6\` columns, at most \`25\` squares that are not hedges
- exactly one \`G\` and exactly one \`B\`

**Example 1.** \`count_walks(["G.B", "..."])\` gives \`0\`; \`count_walks(["G.", "B."])\` gives \`1\`: right, down,
left.

**Example 2.** \`count_walks(["G..", "...", "..B"])\` gives \`2\`: to and fro along the rows, or along the
columns.`,
  starter_code: {
    python: `def count_walks(garden):
    """Return the number of walks from G to B over every flower bed exactly once."""
    pass
`,
    javascript: `/**
 * @param {string[]} garden
 * @returns {number} the number of walks from G to B over every flower bed exactly once
 */
function count_walks(garden) {
}
`,
  },
  visible_tests: [
    { args: [['G.B', '...']], expected: 0 },
    { args: [['G.', 'B.']], expected: 1 },
    { args: [['G..', '...', '..B']], expected: 2 },
  ],
  hidden_tests: [
    { args: [['GB']], expected: 1 },
    { args: [['G#B']], expected: 0 },
    { args: [['B', '.', 'G']], expected: 1 },
    // The gate is in the middle: one side would be left out.
    { args: [['.GB']], expected: 0 },
    { args: [['G.#', '..B', '###']], expected: 0 },
    { args: [['G...', '.##.', '...B']], expected: 0 },
    { args: [['G.....', 'B.....']], expected: 1 },
    { args: [['G...', '....', '....', 'B...']], expected: 8 },
    // Corner to opposite corner: none on an even board, by colouring it like a chessboard.
    { args: [['G...', '....', '....', '...B']], expected: 0 },
    { args: [['G....', '.....', '.....', '.....', '....B']], expected: 104 },
  ],
  hints: [
    'Count the squares that have to be visited before you start; then you know when a walk that reaches the bench is complete.',
    'Search depth-first from the gate and mark the squares of the present walk. When you step back, take the mark off again.',
    'walk(row, column, left): outside, hedge or marked gives 0; on the bench the answer is 1 if left is 0, else 0. Otherwise mark, add up the four neighbours with left - 1, unmark and return the sum.',
  ],
  reference_solution: {
    python: `def count_walks(garden):
    open_squares = {
        (r, c): square
        for r, row in enumerate(garden)
        for c, square in enumerate(row)
        if square != '#'
    }
    gate = next(at for at, square in open_squares.items() if square == 'G')

    def walk(at, unseen):
        if open_squares[at] == 'B':
            return 1 if not unseen else 0
        r, c = at
        total = 0
        for step in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if step in unseen:
                unseen.remove(step)
                total += walk(step, unseen)
                unseen.add(step)
        return total

    return walk(gate, set(open_squares) - {gate})
`,
    javascript: `function count_walks(garden) {
  const grid = garden.map((row) => [...row]);
  let open = 0;
  let gate = [0, 0];
  grid.forEach((row, r) => {
    row.forEach((square, c) => {
      if (square !== '#') open += 1;
      if (square === 'G') gate = [r, c];
    });
  });
  function walk(r, c, left) {
    const square = grid[r]?.[c];
    if (square === undefined || square === '#') return 0;
    if (square === 'B') return left === 1 ? 1 : 0;
    grid[r][c] = '#';
    const total =
      walk(r + 1, c, left - 1) + walk(r - 1, c, left - 1) + walk(r, c + 1, left - 1) + walk(r, c - 1, left - 1);
    grid[r][c] = square;
    return total;
  }
  return walk(gate[0], gate[1], open);
}
`,
  },
};

export const recursionBacktracking: ProblemInput[] = [nestedBoxes, lanternCodes, exactPicnic, gardenWalk];
