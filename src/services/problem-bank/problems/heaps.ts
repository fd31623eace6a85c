import type { ProblemInput } from './problem-input.ts';

/** `count` distinct whole numbers (up to 10007 of them) below the prime 10007, the same on every run. */
function scattered(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i * 7919) % 10007);
}

const heaviestParcels: ProblemInput = {
  problem_id: 'heaps-heaviest-parcels',
  title: 'Heaviest Parcels First',
  module: 'heaps',
  topic_tags: ['heaps', 'selection', 'sorting'],
  difficulty: 1,
  expected_minutes: 12,
  entry_point: 'heaviest_parcels',
  params: ['weights', 'k'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A courier's van has one strong shelf with room for \`k\` parcels. The heaviest parcels of the day go there.

**Task.** Given the list \`weights\` (grams, in order of delivery) and \`k\`, return the weights of the \`k\` heaviest
parcels, heaviest first. Parcels of equal weight each count on their own. If there are fewer than \`k\` parcels,
return all of them, heaviest first.

**Constraints**

- \`0 <= len(weights) <= 20000\`
- \`0 <= weights[i] <= 10^9\`
- \`0 <= k <= 20000\`

**Example 1.** \`heaviest_parcels([300, 120, 900, 450], 2)\` gives \`[900, 450]\`.

**Example 2.** \`heaviest_parcels([70, 70, 20], 5)\` gives \`[70, 70, 20]\`: the shelf is not full.`,
  starter_code: {
    python: `def heaviest_parcels(weights, k):
    """Return the k largest weights in descending order."""
    pass
`,
    javascript: `/**
 * @param {number[]} weights
 * @param {number} k
 * @returns {number[]} the k largest weights in descending order
 */
function heaviest_parcels(weights, k) {
}
`,
  },
  visible_tests: [
    { args: [[300, 120, 900, 450], 2], expected: [900, 450] },
    { args: [[70, 70, 20], 5], expected: [70, 70, 20] },
  ],
  hidden_tests: [
    { args: [[], 3], expected: [] },
    { args: [[5, 6, 7], 0], expected: [] },
    { args: [[42], 1], expected: [42] },
    { args: [[8, 8, 8, 8], 3], expected: [8, 8, 8] },
    { args: [[1, 2, 3, 4, 5], 5], expected: [5, 4, 3, 2, 1] },
    { args: [[9, 100, 10, 99, 1000], 3], expected: [1000, 100, 99] },
    { args: [[0, 1000000000, 0], 2], expected: [1000000000, 0] },
    {
      args: [scattered(8000), 5],
      expected: scattered(8000)
        .sort((a, b) => b - a)
        .slice(0, 5),
    },
    { args: [Array.from({ length: 6000 }, (_, i) => i), 3], expected: [5999, 5998, 5997] },
  ],
  hints: [
    'You never need the full order of all parcels, only of those that earn a place on the shelf.',
    'Keep a min-heap of at most k weights: its root is the lightest parcel that still holds a place.',
    'Push each weight; when the heap has more than k entries, pop the smallest. At the end empty the heap and reverse what came out. Mind k = 0.',
  ],
  reference_solution: {
    python: `import heapq


def heaviest_parcels(weights, k):
    return heapq.nlargest(k, weights)
`,
    javascript: `function heaviest_parcels(weights, k) {
  return [...weights].sort((a, b) => b - a).slice(0, k);
}
`,
  },
};

const fuseCandleStubs: ProblemInput = {
  problem_id: 'heaps-fuse-candle-stubs',
  title: 'Fusing Candle Stubs',
  module: 'heaps',
  topic_tags: ['heaps', 'greedy'],
  difficulty: 2,
  expected_minutes: 18,
  entry_point: 'fusing_cost',
  params: ['stubs'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A chandler melts left-over stubs into one big candle. She always fuses exactly two pieces of wax at a time;
the gas for it costs as many cents as the two pieces weigh together, and the result is one piece with their summed
weight.

**Task.** Given the weights \`stubs\`, return the smallest total cost of ending with a single piece. With no stub or
one stub nothing has to be fused and the cost is \`0\`.

**Constraints**

- \`0 <= len(stubs) <= 10000\`
- \`1 <= stubs[i] <= 10^6\`

**Example 1.** \`fusing_cost([4, 1, 3])\` gives \`12\`: fuse 1 and 3 (cost 4), then 4 and 4 (cost 8).

**Example 2.** \`fusing_cost([2, 2, 2, 2])\` gives \`16\`: 2+2 = 4, again 2+2 = 4, then 4+4 = 8.`,
  starter_code: {
    python: `def fusing_cost(stubs):
    """Return the least total cost of fusing all stubs into one piece."""
    pass
`,
    javascript: `/**
 * @param {number[]} stubs
 * @returns {number} least total cost of fusing all stubs into one piece
 */
function fusing_cost(stubs) {
}
`,
  },
  visible_tests: [
    { args: [[4, 1, 3]], expected: 12 },
    { args: [[2, 2, 2, 2]], expected: 16 },
    { args: [[7]], expected: 0 },
  ],
  hidden_tests: [
    { args: [[]], expected: 0 },
    { args: [[5, 9]], expected: 14 },
    { args: [[1, 1, 1]], expected: 5 },
    { args: [[10, 1, 1, 1]], expected: 18 },
    { args: [[6, 5, 4, 3, 2, 1]], expected: 51 },
    { args: [[1000000, 1000000, 1000000]], expected: 5000000 },
    // 1, 1, 2, 4, ..., 2^19 fuse along a chain: 2 + 4 + ... + 2^20.
    { args: [[1, ...Array.from({ length: 20 }, (_, i) => 2 ** i)]], expected: 2 ** 21 - 2 },
    // 2^13 equal stubs pair up in 13 rounds that cost 2^13 each.
    { args: [Array.from({ length: 8192 }, () => 1)], expected: 8192 * 13 },
    { args: [Array.from({ length: 4096 }, () => 1000000)], expected: 4096 * 12 * 1000000 },
  ],
  hints: [
    'Wax that is fused early is paid for again in every later step. Which pieces should be paid for most often?',
    'Always fuse the two lightest pieces there are now, freshly fused ones included.',
    'Put all weights into a min-heap. While it holds two or more, pop two, add their sum to the cost and push the sum back.',
  ],
  reference_solution: {
    python: `import heapq


def fusing_cost(stubs):
    heap = list(stubs)
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        fused = heapq.heappop(heap) + heap[0]
        heapq.heapreplace(heap, fused)
        total += fused
    return total
`,
    javascript: `function fusing_cost(stubs) {
  const heap = [];
  function push(value) {
    let i = heap.length;
    heap.push(value);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent] <= value) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = value;
  }
  function pop() {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1] < heap[child]) child += 1;
        if (heap[child] >= last) break;
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = last;
    }
    return top;
  }
  for (const stub of stubs) push(stub);
  let total = 0;
  while (heap.length > 1) {
    const fused = pop() + pop();
    total += fused;
    push(fused);
  }
  return total;
}
`,
  },
};

const mergeShiftLogs: ProblemInput = {
  problem_id: 'heaps-merge-shift-logs',
  title: 'One Log for Every Shift',
  module: 'heaps',
  topic_tags: ['heaps', 'merging', 'k-way merge'],
  difficulty: 3,
  expected_minutes: 25,
  entry_point: 'merge_logs',
  params: ['logs'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `Every guard of a museum keeps a log of the minutes at which a door was opened. Each guard writes the minutes
down in non-decreasing order. The insurer wants one log of the whole night.

**Task.** \`logs[g]\` is the list of minutes of guard \`g\` (guards are numbered from 0). Return a list of pairs
\`[minute, g]\` with every entry of every log, ordered by minute; entries of the same minute are ordered by guard
number. A minute that one guard wrote down twice appears twice.

With \`n\` entries and \`k\` guards aim at \`O(n log k)\` steps.

**Constraints**

- \`0 <= len(logs) <= 1000\`, at most \`10000\` entries in all
- \`0 <= minute <= 10^6\`; a log may be empty

**Example 1.** \`merge_logs([[5, 20], [7], [5, 6]])\` gives \`[[5, 0], [5, 2], [6, 2], [7, 1], [20, 0]]\`.

**Example 2.** \`merge_logs([[], [3, 3]])\` gives \`[[3, 1], [3, 1]]\`.`,
  starter_code: {
    python: `def merge_logs(logs):
    """Return all [minute, guard] pairs ordered by minute, then by guard."""
    pass
`,
    javascript: `/**
 * @param {number[][]} logs
 * @returns {number[][]} all [minute, guard] pairs ordered by minute, then by guard
 */
function merge_logs(logs) {
}
`,
  },
  visible_tests: [
    {
      args: [[[5, 20], [7], [5, 6]]],
      expected: [
        [5, 0],
        [5, 2],
        [6, 2],
        [7, 1],
        [20, 0],
      ],
    },
    {
      args: [[[], [3, 3]]],
      expected: [
        [3, 1],
        [3, 1],
      ],
    },
  ],
  hidden_tests: [
    { args: [[]], expected: [] },
    { args: [[[], [], []]], expected: [] },
    {
      args: [[[1, 2, 3]]],
      expected: [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    },
    {
      args: [[[9], [8], [7]]],
      expected: [
        [7, 2],
        [8, 1],
        [9, 0],
      ],
    },
    {
      args: [
        [
          [4, 4],
          [4, 4],
        ],
      ],
      expected: [
        [4, 0],
        [4, 0],
        [4, 1],
        [4, 1],
      ],
    },
    {
      args: [[[100], [], [20, 3000]]],
      expected: [
        [20, 2],
        [100, 0],
        [3000, 2],
      ],
    },
    // Guard g holds g, g + 10, g + 20, ...: minute m belongs to guard m mod 10.
    {
      args: [Array.from({ length: 10 }, (_, g) => Array.from({ length: 400 }, (_, i) => g + 10 * i))],
      expected: Array.from({ length: 4000 }, (_, m) => [m, m % 10]),
    },
    {
      args: [Array.from({ length: 1000 }, (_, g) => [1000 - g])],
      expected: Array.from({ length: 1000 }, (_, i) => [i + 1, 999 - i]),
    },
    {
      args: [[Array.from({ length: 1500 }, () => 6), [5, 7]]],
      expected: [[5, 1], ...Array.from({ length: 1500 }, () => [6, 0]), [7, 1]],
    },
  ],
  hints: [
    'Only one entry of each log can be the next one of the merged log.',
    'Keep the current entry of every unfinished log in a min-heap, compared by minute and then by guard.',
    'Heap items are (minute, guard, position). Pop the smallest, append [minute, guard] to the answer, and push the entry at position + 1 of the same log if there is one.',
  ],
  reference_solution: {
    python: `import heapq


def merge_logs(logs):
    heap = [(log[0], guard, 0) for guard, log in enumerate(logs) if log]
    heapq.heapify(heap)
    merged = []
    while heap:
        minute, guard, at = heap[0]
        merged.append([minute, guard])
        if at + 1 < len(logs[guard]):
            heapq.heapreplace(heap, (logs[guard][at + 1], guard, at + 1))
        else:
            heapq.heappop(heap)
    return merged
`,
    javascript: `function merge_logs(logs) {
  const heap = [];
  const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
  function sink(start) {
    let i = start;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && before(heap[child], heap[least])) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  }
  logs.forEach((log, guard) => {
    if (log.length > 0) heap.push([log[0], guard, 0]);
  });
  for (let i = (heap.length >> 1) - 1; i >= 0; i -= 1) sink(i);
  const merged = [];
  while (heap.length > 0) {
    const [minute, guard, at] = heap[0];
    merged.push([minute, guard]);
    const log = logs[guard];
    if (at + 1 < log.length) {
      heap[0] = [log[at + 1], guard, at + 1];
    } else {
      const last = heap.pop();
      if (heap.length > 0) heap[0] = last;
    }
    sink(0);
  }
  return merged;
}
`,
  },
};

const ferryBerths: ProblemInput = {
  problem_id: 'heaps-ferry-berths',
  title: 'Berths of the Harbour',
  module: 'heaps',
  topic_tags: ['heaps', 'simulation', 'two heaps'],
  difficulty: 4,
  expected_minutes: 35,
  entry_point: 'assign_berths',
  params: ['berths', 'ships'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A harbour has berths numbered \`1\` to \`berths\`. Ships come one after another; ship \`i\` is \`[arrival, stay]\`
in minutes and the arrivals are strictly increasing.

- An arriving ship takes the free berth with the lowest number.
- If no berth is free it waits in line. Waiting ships are served in order of arrival; each takes the first berth
  that becomes free (the lowest number if several become free in the same minute).
- A ship occupies its berth for \`stay\` minutes from the moment it docks. A berth left at minute \`t\` can be taken
  at minute \`t\`.

**Task.** Return the list of berth numbers, one for each ship, in the order of \`ships\`.

**Constraints**

- \`1 <= berths <= 5000\`
- \`0 <= len(ships) <= 5000\`
- \`0 <= arrival <= 10^6\`, \`1 <= stay <= 10^6\`

**Example 1.** \`assign_berths(2, [[0, 10], [1, 2], [4, 5]])\` gives \`[1, 2, 2]\`: berth 2 is left at minute 3.

**Example 2.** \`assign_berths(1, [[0, 4], [1, 4], [9, 1]])\` gives \`[1, 1, 1]\`: the second ship waits until minute 4
and leaves at 8, so the third one need not wait.`,
  starter_code: {
    python: `def assign_berths(berths, ships):
    """Return the berth number of every ship; ships are [arrival, stay]."""
    pass
`,
    javascript: `/**
 * @param {number} berths
 * @param {number[][]} ships pairs [arrival, stay]
 * @returns {number[]} the berth number of every ship
 */
function assign_berths(berths, ships) {
}
`,
  },
  visible_tests: [
    {
      args: [
        2,
        [
          [0, 10],
          [1, 2],
          [4, 5],
        ],
      ],
      expected: [1, 2, 2],
    },
    {
      args: [
        1,
        [
          [0, 4],
          [1, 4],
          [9, 1],
        ],
      ],
      expected: [1, 1, 1],
    },
  ],
  hidden_tests: [
    { args: [3, []], expected: [] },
    { args: [5, [[7, 1]]], expected: [1] },
    {
      args: [
        2,
        [
          [0, 5],
          [5, 5],
          [10, 5],
        ],
      ],
      expected: [1, 1, 1],
    },
    // Two berths fall free in minute 6: the lower number goes to the ship that came first.
    {
      args: [
        3,
        [
          [0, 9],
          [1, 5],
          [2, 4],
          [3, 1],
          [4, 1],
        ],
      ],
      expected: [1, 2, 3, 2, 3],
    },
    {
      args: [
        2,
        [
          [0, 10],
          [1, 100],
          [2, 10],
          [3, 10],
          [50, 1],
        ],
      ],
      expected: [1, 2, 1, 1, 1],
    },
    {
      args: [
        4,
        [
          [0, 3],
          [1, 9],
          [2, 2],
          [3, 8],
          [4, 8],
          [5, 1],
        ],
      ],
      expected: [1, 2, 3, 1, 3, 4],
    },
    // Every berth is left in the very minute in which its next ship arrives.
    {
      args: [3, Array.from({ length: 3000 }, (_, i) => [i, 3])],
      expected: Array.from({ length: 3000 }, (_, i) => (i % 3) + 1),
    },
    // The line only grows: the two berths take turns.
    {
      args: [2, Array.from({ length: 3000 }, (_, i) => [i, 10])],
      expected: Array.from({ length: 3000 }, (_, i) => (i % 2) + 1),
    },
    {
      args: [2000, Array.from({ length: 2000 }, (_, i) => [i, 100000])],
      expected: Array.from({ length: 2000 }, (_, i) => i + 1),
    },
  ],
  hints: [
    'Two questions come up for each ship: which free berth has the lowest number, and which busy berth is left first?',
    'Use two heaps: free berths by number, and busy berths by (minute of leaving, number).',
    'For each ship move every busy berth left at or before its arrival to the free heap. If one is free, dock now; otherwise pop the busy heap and dock at that minute. Push (docking minute + stay, number) back.',
  ],
  reference_solution: {
    python: `import heapq


def assign_berths(berths, ships):
    free = list(range(1, berths + 1))
    busy = []
    taken = []
    for arrival, stay in ships:
        while busy and busy[0][0] <= arrival:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            start, berth = arrival, heapq.heappop(free)
        else:
            start, berth = heapq.heappop(busy)
        heapq.heappush(busy, (start + stay, berth))
        taken.append(berth)
    return taken
`,
    javascript: `class Heap {
  constructor(before) {
    this.before = before;
    this.items = [];
  }
  get size() {
    return this.items.length;
  }
  peek() {
    return this.items[0];
  }
  push(item) {
    const { items, before } = this;
    let i = items.length;
    items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(item, items[parent])) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = item;
  }
  pop() {
    const { items, before } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= items.length) break;
        if (child + 1 < items.length && before(items[child + 1], items[child])) child += 1;
        if (!before(items[child], last)) break;
        items[i] = items[child];
        i = child;
      }
      items[i] = last;
    }
    return top;
  }
}

function assign_berths(berths, ships) {
  const free = new Heap((a, b) => a < b);
  for (let number = 1; number <= berths; number += 1) free.push(number);
  const busy = new Heap((a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]));
  return ships.map(([arrival, stay]) => {
    while (busy.size > 0 && busy.peek()[0] <= arrival) free.push(busy.pop()[1]);
    const [start, berth] = free.size > 0 ? [arrival, free.pop()] : busy.pop();
    busy.push([start + stay, berth]);
    return berth;
  });
}
`,
  },
};

export const heaps: ProblemInput[] = [heaviestParcels, fuseCandleStubs, mergeShiftLogs, ferryBerths];
