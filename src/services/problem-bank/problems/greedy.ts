import type { ProblemInput } from './problem-input.ts';

const giftBudget: ProblemInput = {
  problem_id: 'greedy-gift-budget',
  title: 'As Many Gifts as Possible',
  module: 'greedy',
  topic_tags: ['greedy', 'sorting'],
  difficulty: 1,
  expected_minutes: 10,
  entry_point: 'most_gifts',
  params: ['prices', 'budget'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A teacher buys small gifts for a raffle. Every item of the shop is there once, and more gifts are always
better than dearer ones.

**Task.** Given the \`prices\` of the items in cents and the \`budget\` in cents, return the largest number of items
that can be bought together without spending more than the budget.

**Constraints**

- \`0 <= len(prices) <= 20000\`
- \`0 <= prices[i] <= 10^6\`
- \`0 <= budget <= 10^12\`

**Example 1.** \`most_gifts([400, 150, 250, 90], 500)\` gives \`3\`: 90 + 150 + 250 = 490.

**Example 2.** \`most_gifts([80, 60], 50)\` gives \`0\`.`,
  starter_code: {
    python: `def most_gifts(prices, budget):
    """Return how many items can be bought with the budget."""
    pass
`,
    javascript: `/**
 * @param {number[]} prices
 * @param {number} budget
 * @returns {number} how many items can be bought with the budget
 */
function most_gifts(prices, budget) {
}
`,
  },
  visible_tests: [
    { args: [[400, 150, 250, 90], 500], expected: 3 },
    { args: [[80, 60], 50], expected: 0 },
  ],
  hidden_tests: [
    { args: [[], 1000], expected: 0 },
    { args: [[5], 5], expected: 1 },
    { args: [[5], 4], expected: 0 },
    { args: [[0, 0, 0], 0], expected: 3 },
    { args: [[10, 10, 10, 10], 35], expected: 3 },
    { args: [[9, 1, 8, 2, 7, 3], 6], expected: 3 },
    { args: [[1000000, 1000000, 1000000], 1000000000000], expected: 3 },
    // 1 + 2 + ... + 100 = 5050 buys exactly one hundred of the items priced 5000 to 1.
    { args: [Array.from({ length: 5000 }, (_, i) => 5000 - i), 5050], expected: 100 },
    { args: [Array.from({ length: 8000 }, () => 7), 7 * 6000 + 6], expected: 6000 },
  ],
  hints: [
    'Suppose you could buy only one item: which one leaves you the most freedom?',
    'Swapping an item you bought for a cheaper one never makes the rest harder to afford, so buy the cheapest items.',
    'Sort the prices. Walk through them, subtracting each from the budget, and stop at the first one you cannot pay; the count so far is the answer.',
  ],
  reference_solution: {
    python: `def most_gifts(prices, budget):
    bought = 0
    for price in sorted(prices):
        if price > budget:
            break
        budget -= price
        bought += 1
    return bought
`,
    javascript: `function most_gifts(prices, budget) {
  const ascending = [...prices].sort((a, b) => a - b);
  let left = budget;
  let bought = 0;
  while (bought < ascending.length && ascending[bought] <= left) {
    left -= ascending[bought];
    bought += 1;
  }
  return bought;
}
`,
  },
};

const streetLamps: ProblemInput = {
  problem_id: 'greedy-street-lamps',
  title: 'Lamps for a Long Street',
  module: 'greedy',
  topic_tags: ['greedy', 'intervals', 'sorting'],
  difficulty: 2,
  expected_minutes: 18,
  entry_point: 'fewest_lamps',
  params: ['doors', 'reach'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `Every door of a straight street should be lit at night. A lamp may be put at any point of the street and
lights every door at a distance of at most \`reach\` metres to its left and to its right.

**Task.** \`doors\` holds the positions of the doors in metres, in no order; some positions may occur twice. Return
the smallest number of lamps that light all doors.

**Constraints**

- \`0 <= len(doors) <= 20000\`
- \`0 <= doors[i] <= 10^9\`
- \`0 <= reach <= 10^9\`

**Example 1.** \`fewest_lamps([1, 9, 5, 2], 2)\` gives \`2\`: a lamp at 3 lights 1, 2 and 5, a lamp at 9 lights 9.

**Example 2.** \`fewest_lamps([4, 4, 6], 0)\` gives \`2\`.`,
  starter_code: {
    python: `def fewest_lamps(doors, reach):
    """Return the smallest number of lamps that light every door."""
    pass
`,
    javascript: `/**
 * @param {number[]} doors
 * @param {number} reach
 * @returns {number} the smallest number of lamps that light every door
 */
function fewest_lamps(doors, reach) {
}
`,
  },
  visible_tests: [
    { args: [[1, 9, 5, 2], 2], expected: 2 },
    { args: [[4, 4, 6], 0], expected: 2 },
  ],
  hidden_tests: [
    { args: [[], 3], expected: 0 },
    { args: [[12], 0], expected: 1 },
    { args: [[0, 10], 5], expected: 1 },
    { args: [[0, 11], 5], expected: 2 },
    { args: [[1000000000, 0], 1000000000], expected: 1 },
    { args: [[3, 1, 4, 1, 5, 9, 2, 6], 1], expected: 3 },
    { args: [[0, 4, 5, 8, 12, 13, 20], 2], expected: 4 },
    // A lamp of reach 2 lights five neighbouring doors.
    { args: [Array.from({ length: 10000 }, (_, i) => 9999 - i), 2], expected: 2000 },
    { args: [Array.from({ length: 8000 }, (_, i) => (i % 4000) * 100), 49], expected: 4000 },
  ],
  hints: [
    'Think of the leftmost door. Some lamp must light it: where should that lamp stand to be of most use elsewhere?',
    'Put the lamp exactly reach metres to the right of the leftmost dark door; everything up to 2 * reach from that door is then lit.',
    'Sort the doors and remember up to where the street is lit. At each door beyond that point count a new lamp and set the lit end to door + 2 * reach.',
  ],
  reference_solution: {
    python: `def fewest_lamps(doors, reach):
    lamps = 0
    lit_until = -1
    for door in sorted(doors):
        if door > lit_until:
            lamps += 1
            lit_until = door + 2 * reach
    return lamps
`,
    javascript: `function fewest_lamps(doors, reach) {
  let lamps = 0;
  let litUntil = -1;
  for (const door of [...doors].sort((a, b) => a - b)) {
    if (door > litUntil) {
      lamps += 1;
      litUntil = door + 2 * reach;
    }
  }
  return lamps;
}
`,
  },
};

const beadString: ProblemInput = {
  problem_id: 'greedy-bead-string',
  title: 'Cutting a String of Beads',
  module: 'greedy',
  topic_tags: ['greedy', 'strings', 'intervals'],
  difficulty: 3,
  expected_minutes: 22,
  entry_point: 'cut_beads',
  params: ['beads'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A jeweller has a string of glass beads; \`beads\` names the colour of each by a lowercase letter. She cuts the
string into pieces and sells them separately. To keep colours rare, all beads of one colour must end up in the same
piece.

**Task.** Cut the string into as many pieces as possible under that rule and return the lengths of the pieces from
left to right. (There is only one way to get the largest number of pieces.)

**Constraints**

- \`0 <= len(beads) <= 50000\`
- \`beads\` holds only the letters \`a\` to \`z\`

**Example 1.** \`cut_beads("rgrbbw")\` gives \`[3, 2, 1]\`: the pieces are \`rgr\`, \`bb\` and \`w\`.

**Example 2.** \`cut_beads("abcab")\` gives \`[5]\`: no cut is allowed.`,
  starter_code: {
    python: `def cut_beads(beads):
    """Return the lengths of the pieces, from left to right."""
    pass
`,
    javascript: `/**
 * @param {string} beads
 * @returns {number[]} the lengths of the pieces, from left to right
 */
function cut_beads(beads) {
}
`,
  },
  visible_tests: [
    { args: ['rgrbbw'], expected: [3, 2, 1] },
    { args: ['abcab'], expected: [5] },
  ],
  hidden_tests: [
    { args: [''], expected: [] },
    { args: ['q'], expected: [1] },
    { args: ['zzzz'], expected: [4] },
    { args: ['abcdef'], expected: [1, 1, 1, 1, 1, 1] },
    { args: ['abacdcefe'], expected: [3, 3, 3] },
    { args: ['abcbddcaef'], expected: [8, 1, 1] },
    { args: ['ab'.repeat(10000)], expected: [20000] },
    {
      args: [[...'abcdefghijklmnopqrstuvwxyz'].map((letter) => letter.repeat(800)).join('')],
      expected: Array.from({ length: 26 }, () => 800),
    },
    { args: [`x${'yz'.repeat(5000)}xw`], expected: [10002, 1] },
  ],
  hints: [
    'The first piece must hold every bead of the first colour. Which other colours does it swallow on the way?',
    'Find the last position of each colour beforehand. A piece may end only where no colour in it occurs again later.',
    'Walk from left to right keeping the furthest last position of any colour in the current piece. When the walk reaches exactly that position, close the piece and start a new one.',
  ],
  reference_solution: {
    python: `def cut_beads(beads):
    last = {colour: i for i, colour in enumerate(beads)}
    lengths = []
    start = end = 0
    for i, colour in enumerate(beads):
        end = max(end, last[colour])
        if i == end:
            lengths.append(i - start + 1)
            start = i + 1
    return lengths
`,
    javascript: `function cut_beads(beads) {
  const last = new Map();
  for (let i = 0; i < beads.length; i += 1) last.set(beads[i], i);
  const lengths = [];
  let start = 0;
  let end = 0;
  for (let i = 0; i < beads.length; i += 1) {
    end = Math.max(end, last.get(beads[i]));
    if (i === end) {
      lengths.push(i - start + 1);
      start = i + 1;
    }
  }
  return lengths;
}
`,
  },
};

const deadlineOrders: ProblemInput = {
  problem_id: 'greedy-deadline-orders',
  title: 'Orders of a Small Bakery',
  module: 'greedy',
  topic_tags: ['greedy', 'heaps', 'scheduling'],
  difficulty: 4,
  expected_minutes: 35,
  entry_point: 'most_orders',
  params: ['orders'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A bakery with a single oven has received orders for cakes. Order \`i\` is \`[minutes, due]\`: it occupies the oven
for \`minutes\` minutes without a break and must leave it at minute \`due\` at the latest. The oven is free from minute
0 and bakes one order at a time. Orders that cannot be done in time are turned down.

**Task.** Return the largest number of orders that the bakery can accept and finish in time.

**Constraints**

- \`0 <= len(orders) <= 10000\`
- \`1 <= minutes <= 10^6\`, \`1 <= due <= 10^9\`

**Example 1.** \`most_orders([[3, 4], [2, 5], [2, 4]])\` gives \`2\`: bake the last order (minutes 0 to 2), then the
second one (2 to 4).

**Example 2.** \`most_orders([[5, 4]])\` gives \`0\`.`,
  starter_code: {
    python: `def most_orders(orders):
    """Return how many orders [minutes, due] can be finished in time."""
    pass
`,
    javascript: `/**
 * @param {number[][]} orders pairs [minutes, due]
 * @returns {number} how many orders can be finished in time
 */
function most_orders(orders) {
}
`,
  },
  visible_tests: [
    {
      args: [
        [
          [3, 4],
          [2, 5],
          [2, 4],
        ],
      ],
      expected: 2,
    },
    { args: [[[5, 4]]], expected: 0 },
  ],
  hidden_tests: [
    { args: [[]], expected: 0 },
    { args: [[[4, 4]]], expected: 1 },
    {
      args: [
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      ],
      expected: 1,
    },
    {
      args: [
        [
          [5, 5],
          [4, 6],
          [2, 6],
        ],
      ],
      expected: 2,
    },
    // Dropping one long order makes room for two short ones.
    {
      args: [
        [
          [10, 10],
          [3, 11],
          [4, 12],
          [4, 12],
        ],
      ],
      expected: 3,
    },
    {
      args: [
        [
          [7, 15],
          [2, 3],
          [8, 20],
          [4, 8],
          [6, 12],
          [1, 19],
        ],
      ],
      expected: 4,
    },
    { args: [Array.from({ length: 5000 }, (_, i) => [1, 5000 - i])], expected: 5000 },
    // k orders of 2 minutes need 2k minutes: of dues 1 to 4000 every second one can be kept.
    { args: [Array.from({ length: 4000 }, (_, i) => [2, i + 1])], expected: 2000 },
    { args: [[[5000, 5000], ...Array.from({ length: 3000 }, () => [1, 5000])]], expected: 3000 },
  ],
  hints: [
    'For a fixed set of accepted orders, in which sequence should they be baked so that none is late if that is possible at all?',
    'Take the orders by due time. If the accepted ones no longer fit, one must go, and the one that takes longest frees the most time.',
    'Sort by due. Add each order to the running total of minutes and to a max-heap by minutes; if the total exceeds its due, pop the longest and subtract it. The size of the heap is the answer.',
  ],
  reference_solution: {
    python: `import heapq


def most_orders(orders):
    accepted = []
    total = 0
    for minutes, due in sorted(orders, key=lambda order: order[1]):
        heapq.heappush(accepted, -minutes)
        total += minutes
        if total > due:
            total += heapq.heappop(accepted)
    return len(accepted)
`,
    javascript: `function most_orders(orders) {
  const heap = [];
  function push(value) {
    let i = heap.length;
    heap.push(value);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent] >= value) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = value;
  }
  function popLongest() {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1] > heap[child]) child += 1;
        if (heap[child] <= last) break;
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = last;
    }
    return top;
  }
  let total = 0;
  for (const [minutes, due] of [...orders].sort((a, b) => a[1] - b[1])) {
    push(minutes);
    total += minutes;
    if (total > due) total -= popLongest();
  }
  return heap.length;
}
`,
  },
};

export const greedy: ProblemInput[] = [giftBudget, streetLamps, beadString, deadlineOrders];
