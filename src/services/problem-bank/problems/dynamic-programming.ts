import type { ProblemInput } from './problem-input.ts';

/** Travel times between `count` places that stand one minute apart along a straight road. */
function alongRoad(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => Math.abs(i - j)));
}

const steppingStones: ProblemInput = {
  problem_id: 'dynamic-programming-stepping-stones',
  title: 'Across the Stepping Stones',
  module: 'dynamic-programming',
  topic_tags: ['dynamic-programming', 'counting', 'linear dp'],
  difficulty: 2,
  expected_minutes: 18,
  entry_point: 'count_crossings',
  params: ['stones'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A row of stepping stones leads through a brook, one step apart. In the string \`stones\` a firm stone is \`o\`
and a loose one is \`x\`. A child starts on the near bank, one step before the first stone, and wants to reach the far
bank, one step behind the last stone. Each hop goes forward by one or by two steps and never ends on a loose stone.

**Task.** Return the number of different hop sequences that lead from the near bank to the far bank.

**Constraints**

- \`0 <= len(stones) <= 70\`
- the answer fits into 53 bits

**Example 1.** \`count_crossings("oo")\` gives \`3\`: hops 1+1+1, 1+2 and 2+1.

**Example 2.** \`count_crossings("oxo")\` gives \`1\`: the loose stone has to be skipped, so 1+2+1 is the only way.

**Example 3.** \`count_crossings("oxx")\` gives \`0\`.`,
  starter_code: {
    python: `def count_crossings(stones):
    """Return the number of hop sequences from bank to bank."""
    pass
`,
    javascript: `/**
 * @param {string} stones 'o' is firm, 'x' is loose
 * @returns {number} the number of hop sequences from bank to bank
 */
function count_crossings(stones) {
}
`,
  },
  visible_tests: [
    { args: ['oo'], expected: 3 },
    { args: ['oxo'], expected: 1 },
    { args: ['oxx'], expected: 0 },
  ],
  hidden_tests: [
    { args: [''], expected: 1 },
    { args: ['o'], expected: 2 },
    { args: ['x'], expected: 1 },
    { args: ['xx'], expected: 0 },
    { args: ['ooooo'], expected: 13 },
    { args: ['xooxoo'], expected: 2 },
    { args: ['xoxoxoxox'], expected: 1 },
    // 70 firm stones: the Fibonacci number F(72).
    { args: ['o'.repeat(70)], expected: 498454011879264 },
    { args: [`${'o'.repeat(40)}xx${'o'.repeat(28)}`], expected: 0 },
    // Three ways to the end of the first group, two through each of the 14 in the middle, three out of the last.
    { args: [Array.from({ length: 16 }, () => 'ooo').join('x')], expected: 9 * 2 ** 14 },
  ],
  hints: [
    'Look at the last hop: from which places can it have come?',
    'The number of ways to stand at a place is the sum of the ways for the one or two places before it, and zero on a loose stone.',
    'Number the near bank 0, the stones 1 to n and the far bank n + 1. Start with ways(0) = 1, walk upward keeping only the last two counts, and return the count of n + 1.',
  ],
  reference_solution: {
    python: `def count_crossings(stones):
    before, here = 0, 1
    for place in stones + 'o':
        before, here = here, (before + here if place == 'o' else 0)
    return here
`,
    javascript: `function count_crossings(stones) {
  let before = 0;
  let here = 1;
  for (const place of stones + 'o') {
    [before, here] = [here, place === 'o' ? before + here : 0];
  }
  return here;
}
`,
  },
};

const exactPostage: ProblemInput = {
  problem_id: 'dynamic-programming-exact-postage',
  title: 'Exact Postage',
  module: 'dynamic-programming',
  topic_tags: ['dynamic-programming', 'unbounded knapsack'],
  difficulty: 3,
  expected_minutes: 25,
  entry_point: 'fewest_stamps',
  params: ['values', 'postage'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A collector sends parcels with old stamps. She has more than enough stamps of every kind, but the post office
accepts a parcel only if the stamps add up to the postage exactly, and she likes to use as few as she can.

**Task.** Given the \`values\` of the kinds of stamps and the \`postage\` in cents, return the smallest number of
stamps whose values add up to \`postage\`, or \`-1\` if no choice of stamps does.

**Constraints**

- \`0 <= len(values) <= 20\`, \`1 <= values[i] <= 10^6\`, all different
- \`0 <= postage <= 10000\`

**Example 1.** \`fewest_stamps([1, 15, 25], 30)\` gives \`2\`: 15 + 15. (Starting with the dearest stamp would take 6.)

**Example 2.** \`fewest_stamps([6, 10], 13)\` gives \`-1\`.`,
  starter_code: {
    python: `def fewest_stamps(values, postage):
    """Return the least number of stamps that add up to postage, or -1."""
    pass
`,
    javascript: `/**
 * @param {number[]} values
 * @param {number} postage
 * @returns {number} the least number of stamps that add up to postage, or -1
 */
function fewest_stamps(values, postage) {
}
`,
  },
  visible_tests: [
    { args: [[1, 15, 25], 30], expected: 2 },
    { args: [[6, 10], 13], expected: -1 },
  ],
  hidden_tests: [
    { args: [[4, 9], 0], expected: 0 },
    { args: [[], 0], expected: 0 },
    { args: [[], 5], expected: -1 },
    { args: [[7], 7], expected: 1 },
    { args: [[1000000], 10000], expected: -1 },
    { args: [[9, 6, 1], 13], expected: 3 },
    { args: [[5, 8], 27], expected: -1 },
    { args: [[3, 7, 40], 83], expected: 3 },
    { args: [Array.from({ length: 20 }, (_, i) => 2 * i + 2), 9999], expected: -1 },
    // 9999 = 1428 * 7 + 3.
    { args: [[1, 7], 9999], expected: 1431 },
  ],
  hints: [
    'Taking the dearest stamp that fits can go wrong. What can you say for certain about the last stamp that is stuck on?',
    'If the last stamp is worth v, the others are a best answer for postage - v. So solve all smaller postages first.',
    'Keep a table best[0..postage] with best[0] = 0 and infinity elsewhere. For each amount take 1 + the smallest best[amount - v] over all values v not above it.',
  ],
  reference_solution: {
    python: `def fewest_stamps(values, postage):
    best = [0] + [postage + 1] * postage
    for value in values:
        for amount in range(value, postage + 1):
            candidate = best[amount - value] + 1
            if candidate < best[amount]:
                best[amount] = candidate
    return best[postage] if best[postage] <= postage else -1
`,
    javascript: `function fewest_stamps(values, postage) {
  const best = new Array(postage + 1).fill(Infinity);
  best[0] = 0;
  for (const value of values) {
    for (let amount = value; amount <= postage; amount += 1) {
      const candidate = best[amount - value] + 1;
      if (candidate < best[amount]) best[amount] = candidate;
    }
  }
  return best[postage] === Infinity ? -1 : best[postage];
}
`,
  },
};

const labelRepair: ProblemInput = {
  problem_id: 'dynamic-programming-label-repair',
  title: 'Repairing an Engraved Label',
  module: 'dynamic-programming',
  topic_tags: ['dynamic-programming', 'strings', 'two-dimensional dp'],
  difficulty: 4,
  expected_minutes: 35,
  entry_point: 'repair_cost',
  params: ['label', 'wanted', 'prices'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `An engraver corrects brass labels. He can insert one letter anywhere, remove one letter, or turn one letter
into another. The three kinds of work have different prices.

**Task.** Given the present \`label\`, the \`wanted\` text and \`prices = [insert, remove, replace]\`, return the
lowest total price of turning the label into the wanted text. Letters that stay as they are cost nothing.

**Constraints**

- \`0 <= len(label), len(wanted) <= 400\`, lowercase letters
- each price is a whole number from \`0\` to \`1000\`

**Example 1.** \`repair_cost("stone", "tones", [2, 3, 4])\` gives \`5\`: remove the leading \`s\` (3) and insert an \`s\`
at the end (2).

**Example 2.** \`repair_cost("cat", "cut", [1, 1, 5])\` gives \`2\`: removing \`a\` and inserting \`u\` is cheaper than
replacing.`,
  starter_code: {
    python: `def repair_cost(label, wanted, prices):
    """Return the lowest price of turning label into wanted; prices = [insert, remove, replace]."""
    pass
`,
    javascript: `/**
 * @param {string} label
 * @param {string} wanted
 * @param {number[]} prices [insert, remove, replace]
 * @returns {number} the lowest price of turning label into wanted
 */
function repair_cost(label, wanted, prices) {
}
`,
  },
  visible_tests: [
    { args: ['stone', 'tones', [2, 3, 4]], expected: 5 },
    { args: ['cat', 'cut', [1, 1, 5]], expected: 2 },
  ],
  hidden_tests: [
    { args: ['', '', [3, 3, 3]], expected: 0 },
    { args: ['', 'oak', [4, 1, 1]], expected: 12 },
    { args: ['oak', '', [4, 7, 1]], expected: 21 },
    { args: ['same', 'same', [9, 9, 9]], expected: 0 },
    { args: ['kitchen', 'chicken', [1, 1, 1]], expected: 4 },
    { args: ['abcde', 'vwxyz', [0, 10, 3]], expected: 15 },
    { args: ['aaab', 'baaa', [5, 4, 6]], expected: 9 },
    { args: ['a'.repeat(400), 'b'.repeat(400), [1, 1, 5]], expected: 800 },
    { args: ['a'.repeat(400), 'b'.repeat(400), [3, 3, 5]], expected: 2000 },
    // One letter too many at the front, one missing at the end.
    { args: [`q${'uv'.repeat(199)}`, `${'uv'.repeat(199)}w`, [7, 8, 1000]], expected: 15 },
  ],
  hints: [
    'Compare only the beginnings of both texts. What can happen to the last letter of each beginning?',
    'Let cost(i, j) be the price of turning the first i letters of the label into the first j letters of the wanted text. Three smaller subproblems decide it.',
    'cost(i, 0) = i * remove, cost(0, j) = j * insert; otherwise the minimum of cost(i-1, j) + remove, cost(i, j-1) + insert, and cost(i-1, j-1) plus 0 for equal letters or replace. Two rows of the table are enough.',
  ],
  reference_solution: {
    python: `def repair_cost(label, wanted, prices):
    insert, remove, replace = prices
    above = [j * insert for j in range(len(wanted) + 1)]
    for i, have in enumerate(label, 1):
        row = [i * remove]
        for j, want in enumerate(wanted, 1):
            row.append(min(
                above[j] + remove,
                row[j - 1] + insert,
                above[j - 1] + (0 if have == want else replace),
            ))
        above = row
    return above[-1]
`,
    javascript: `function repair_cost(label, wanted, prices) {
  const [insert, remove, replace] = prices;
  let above = Array.from({ length: wanted.length + 1 }, (_, j) => j * insert);
  for (let i = 1; i <= label.length; i += 1) {
    const row = [i * remove];
    for (let j = 1; j <= wanted.length; j += 1) {
      const kept = above[j - 1] + (label[i - 1] === wanted[j - 1] ? 0 : replace);
      row.push(Math.min(above[j] + remove, row[j - 1] + insert, kept));
    }
    above = row;
  }
  return above[wanted.length];
}
`,
  },
};

const courierOrder: ProblemInput = {
  problem_id: 'dynamic-programming-courier-order',
  title: "The Courier's Promise",
  module: 'dynamic-programming',
  topic_tags: ['dynamic-programming', 'bitmask dp', 'routes'],
  difficulty: 5,
  expected_minutes: 50,
  entry_point: 'shortest_route',
  params: ['minutes', 'promises'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A bicycle courier starts at place \`0\` and has to stop at every other place exactly once; the ride ends at the
last stop. \`minutes[i][j]\` is the time of riding directly from \`i\` to \`j\`; it may differ from \`minutes[j][i]\`,
and a direct ride may be slower than a detour, but a place is never passed through without stopping there. Each promise
\`[a, b]\` says that the stop at \`a\` must come earlier than the stop at \`b\` (the start counts as the stop at 0).

**Task.** Return the smallest total time in minutes of a ride that keeps every promise, or \`-1\` if no order does.

**Constraints**

- \`1 <= len(minutes) <= 12\`, the table is square, \`minutes[i][i] = 0\`
- \`0 <= minutes[i][j] <= 10^6\`
- \`0 <= len(promises) <= 60\`, \`a != b\`; a promise may be repeated

**Example 1.** With \`minutes = [[0, 1, 9], [1, 0, 2], [4, 8, 0]]\` and no promises the answer is \`3\`: 0, 1, 2.

**Example 2.** With the same table and the promise \`[2, 1]\` the answer is \`17\`: 0, 2, 1 takes 9 + 8.

**Example 3.** With the promises \`[1, 2]\` and \`[2, 1]\` the answer is \`-1\`.`,
  starter_code: {
    python: `def shortest_route(minutes, promises):
    """Return the least total time of a ride that keeps all promises [a, b], or -1."""
    pass
`,
    javascript: `/**
 * @param {number[][]} minutes
 * @param {number[][]} promises pairs [a, b]: stop at a earlier than at b
 * @returns {number} the least total time, or -1
 */
function shortest_route(minutes, promises) {
}
`,
  },
  visible_tests: [
    {
      args: [
        [
          [0, 1, 9],
          [1, 0, 2],
          [4, 8, 0],
        ],
        [],
      ],
      expected: 3,
    },
    {
      args: [
        [
          [0, 1, 9],
          [1, 0, 2],
          [4, 8, 0],
        ],
        [[2, 1]],
      ],
      expected: 17,
    },
    {
      args: [
        [
          [0, 1, 9],
          [1, 0, 2],
          [4, 8, 0],
        ],
        [
          [1, 2],
          [2, 1],
        ],
      ],
      expected: -1,
    },
  ],
  hidden_tests: [
    { args: [[[0]], []], expected: 0 },
    {
      args: [
        [
          [0, 6],
          [3, 0],
        ],
        [[0, 1]],
      ],
      expected: 6,
    },
    // Nothing can come before the start.
    {
      args: [
        [
          [0, 6],
          [3, 0],
        ],
        [[1, 0]],
      ],
      expected: -1,
    },
    {
      args: [
        [
          [0, 5, 1, 7],
          [2, 0, 6, 1],
          [9, 2, 0, 3],
          [4, 8, 2, 0],
        ],
        [],
      ],
      expected: 4,
    },
    {
      args: [
        [
          [0, 5, 1, 7],
          [2, 0, 6, 1],
          [9, 2, 0, 3],
          [4, 8, 2, 0],
        ],
        [
          [3, 1],
          [3, 1],
        ],
      ],
      expected: 11,
    },
    {
      args: [
        alongRoad(6),
        [
          [1, 3],
          [3, 5],
          [5, 1],
        ],
      ],
      expected: -1,
    },
    { args: [alongRoad(12), []], expected: 11 },
    // The far end first, then all the way back to place 1.
    { args: [alongRoad(12), Array.from({ length: 10 }, (_, i) => [i + 2, i + 1])], expected: 11 + 10 },
    // Only the step from i to i + 1 is quick.
    {
      args: [
        Array.from({ length: 12 }, (_, i) =>
          Array.from({ length: 12 }, (_, j) => (i === j ? 0 : j === i + 1 ? 1 : 1000)),
        ),
        [[3, 9]],
      ],
      expected: 11,
    },
  ],
  hints: [
    'Twelve places have far too many orders, but much of what an order remembers does not matter for the rest of the ride. What does?',
    'Only the set of places already visited and the place where the courier is now matter. A set fits into the bits of one number.',
    'best[set][last] is the least time; begin with the set {0}. From each state ride to every place that is not in the set and whose required predecessors all are. The answer is the least value over all last places for the full set, or -1.',
  ],
  reference_solution: {
    python: `def shortest_route(minutes, promises):
    n = len(minutes)
    needed = [0] * n
    for earlier, later in promises:
        needed[later] |= 1 << earlier
    if needed[0]:
        return -1
    full = (1 << n) - 1
    unreached = float('inf')
    best = [[unreached] * n for _ in range(full + 1)]
    best[1][0] = 0
    for visited in range(1, full + 1, 2):
        options = [j for j in range(n) if not visited >> j & 1 and needed[j] & ~visited == 0]
        for here, spent in enumerate(best[visited]):
            if spent == unreached:
                continue
            for there in options:
                row = best[visited | 1 << there]
                if spent + minutes[here][there] < row[there]:
                    row[there] = spent + minutes[here][there]
    least = min(best[full])
    return -1 if least == unreached else least
`,
    javascript: `function shortest_route(minutes, promises) {
  const n = minutes.length;
  const needed = new Array(n).fill(0);
  for (const [earlier, later] of promises) needed[later] |= 1 << earlier;
  if (needed[0] !== 0) return -1;
  const full = (1 << n) - 1;
  const best = Array.from({ length: full + 1 }, () => new Array(n).fill(Infinity));
  best[1][0] = 0;
  for (let visited = 1; visited <= full; visited += 2) {
    for (let there = 1; there < n; there += 1) {
      if ((visited >> there) & 1 || (needed[there] & ~visited) !== 0) continue;
      let least = Infinity;
      for (let here = 0; here < n; here += 1) {
        least = Math.min(least, best[visited][here] + minutes[here][there]);
      }
      best[visited | (1 << there)][there] = least;
    }
  }
  const least = Math.min(...best[full]);
  return least === Infinity ? -1 : least;
}
`,
  },
};

export const dynamicProgramming: ProblemInput[] = [steppingStones, exactPostage, labelRepair, courierOrder];
