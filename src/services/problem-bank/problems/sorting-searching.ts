import type { ProblemInput } from './problem-input.ts';
import { sortingSearching2 } from './sorting-searching-2.ts';

/** Sorting and searching: problems written for this bank. */
export const sortingSearching: ProblemInput[] = [
  {
    problem_id: 'sorting-award-order',
    title: 'Who Walks on Stage First',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'sorting', 'custom-order'],
    difficulty: 1,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'award_order',
    params: ['names', 'points'],
    comparison: 'exact',
    statement: `At the end of a pie contest the bakers are called to the stage, the one with the **most points first**. Bakers with equal points are called in alphabetical order of their names.

**Parameters**
- \`names\`: list of strings of small English letters
- \`points\`: list of integers; \`points[i]\` belongs to \`names[i]\`

**Returns** the names in the order in which they are called.

**Constraints**
- both lists have the same length, 0 to 5000
- a name has 1 to 10 letters, points are between -1000 and 1000
- two bakers may have the same name

**Example 1**

    award_order(['tom', 'ina', 'bea'], [7, 9, 7])  ->  ['ina', 'bea', 'tom']

**Example 2**

    award_order(['zoe', 'al'], [-1, -5])  ->  ['zoe', 'al']
`,
    starter_code: {
      python: `def award_order(names: list[str], points: list[int]) -> list[str]:
    """Return the names by falling points; equal points by name."""
    pass
`,
      javascript: `/**
 * Return the names by falling points; equal points by name.
 * @param {string[]} names
 * @param {number[]} points
 * @returns {string[]}
 */
function award_order(names, points) {
}
`,
    },
    visible_tests: [
      {
        args: [
          ['tom', 'ina', 'bea'],
          [7, 9, 7],
        ],
        expected: ['ina', 'bea', 'tom'],
      },
      {
        args: [
          ['zoe', 'al'],
          [-1, -5],
        ],
        expected: ['zoe', 'al'],
      },
    ],
    hidden_tests: [
      { args: [[], []], expected: [] },
      { args: [['uma'], [0]], expected: ['uma'] },
      {
        args: [
          ['b', 'a'],
          [3, 3],
        ],
        expected: ['a', 'b'],
      },
      {
        args: [
          ['a', 'b'],
          [1, 2],
        ],
        expected: ['b', 'a'],
      },
      {
        args: [
          ['ann', 'an', 'anna'],
          [5, 5, 5],
        ],
        expected: ['an', 'ann', 'anna'],
      },
      {
        args: [
          ['kim', 'kim', 'lee'],
          [2, 10, 9],
        ],
        expected: ['kim', 'lee', 'kim'],
      },
      {
        args: [
          ['d', 'c', 'b', 'a'],
          [0, -1, 0, -1],
        ],
        expected: ['b', 'd', 'a', 'c'],
      },
      {
        args: [
          ['x', 'y', 'z', 'w'],
          [9, 10, 100, 1000],
        ],
        expected: ['w', 'z', 'y', 'x'],
      },
      {
        args: [
          Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 'low' : 'high')),
          Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? -1000 : 1000)),
        ],
        expected: Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 'high' : 'low')),
      },
      {
        args: [
          Array.from({ length: 26 }, (_, i) => 'zyxwvutsrqponmlkjihgfedcba'.charAt(i)),
          Array.from({ length: 26 }, () => 4),
        ],
        expected: Array.from({ length: 26 }, (_, i) => 'abcdefghijklmnopqrstuvwxyz'.charAt(i)),
      },
    ],
    hints: [
      'Names and points belong together: how can you keep them together while sorting?',
      'Build pairs and sort them with two criteria: points falling, then name rising.',
      'Sort the positions (or pairs) with a key or comparison: first the larger points, and if they are equal the smaller name. Then take the names out.',
    ],
    reference_solution: {
      python: `def award_order(names: list[str], points: list[int]) -> list[str]:
    ranked = sorted(zip(names, points), key=lambda baker: (-baker[1], baker[0]))
    return [name for name, _ in ranked]
`,
      javascript: `function award_order(names, points) {
  const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return names
    .map((name, i) => ({ name, points: points[i] }))
    .sort((a, b) => b.points - a.points || byName(a.name, b.name))
    .map((baker) => baker.name);
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'sorting-quiet-gaps',
    title: 'Quiet Times in the Rehearsal Room',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'sorting', 'intervals'],
    difficulty: 2,
    expected_minutes: 20,
    languages: ['python', 'javascript'],
    entry_point: 'quiet_gaps',
    params: ['bookings', 'closing'],
    comparison: 'exact',
    statement: `A rehearsal room is open from minute 0 to minute \`closing\`. Several bands can book it at the same time, so bookings may overlap. A booking \`[start, end]\` occupies the room from \`start\` up to \`end\`. List all **gaps in which nobody has booked** the room.

**Parameters**
- \`bookings\`: list of pairs \`[start, end]\`, in any order
- \`closing\`: integer

**Returns** the gaps as pairs \`[start, end]\` in increasing order. A gap has a positive length; bookings that touch each other leave no gap.

**Constraints**
- 0 to 5000 bookings, \`0 <= start < end <= closing\`
- \`0 <= closing <= 1000000\`
- aim for O(n log n)

**Example 1**

    quiet_gaps([[50, 70], [10, 30], [20, 40]], 90)  ->  [[0, 10], [40, 50], [70, 90]]

**Example 2**

    quiet_gaps([[0, 60]], 60)  ->  []
`,
    starter_code: {
      python: `def quiet_gaps(bookings: list[list[int]], closing: int) -> list[list[int]]:
    """Return the gaps between 0 and closing that no booking covers."""
    pass
`,
      javascript: `/**
 * Return the gaps between 0 and closing that no booking covers.
 * @param {number[][]} bookings
 * @param {number} closing
 * @returns {number[][]}
 */
function quiet_gaps(bookings, closing) {
}
`,
    },
    visible_tests: [
      {
        args: [
          [
            [50, 70],
            [10, 30],
            [20, 40],
          ],
          90,
        ],
        expected: [
          [0, 10],
          [40, 50],
          [70, 90],
        ],
      },
      { args: [[[0, 60]], 60], expected: [] },
    ],
    hidden_tests: [
      { args: [[], 0], expected: [] },
      { args: [[], 100], expected: [[0, 100]] },
      { args: [[[0, 1]], 2], expected: [[1, 2]] },
      { args: [[[1, 2]], 2], expected: [[0, 1]] },
      {
        args: [
          [
            [0, 10],
            [10, 20],
          ],
          20,
        ],
        expected: [],
      },
      {
        args: [
          [
            [0, 100],
            [20, 30],
            [40, 50],
          ],
          120,
        ],
        expected: [[100, 120]],
      },
      {
        args: [
          [
            [5, 6],
            [5, 6],
            [5, 6],
          ],
          10,
        ],
        expected: [
          [0, 5],
          [6, 10],
        ],
      },
      {
        args: [
          [
            [9, 10],
            [100, 110],
            [20, 30],
          ],
          110,
        ],
        expected: [
          [0, 9],
          [10, 20],
          [30, 100],
        ],
      },
      {
        args: [
          [
            [30, 40],
            [0, 35],
          ],
          50,
        ],
        expected: [[40, 50]],
      },
      { args: [Array.from({ length: 4000 }, (_, i) => [3999 - i, 4000 - i]), 4000], expected: [] },
      {
        args: [Array.from({ length: 2000 }, (_, i) => [20 * i + 10, 20 * i + 20]), 40000],
        expected: Array.from({ length: 2000 }, (_, i) => [20 * i, 20 * i + 10]),
      },
    ],
    hints: [
      'In which order would you read the bookings if you wanted to walk through the day?',
      'Sort by start. While walking, one number tells everything about the past: until when the room is occupied for sure.',
      'Sort by start and keep occupied_until = 0. For each booking: if it starts later than that, the time between is a gap; then raise occupied_until to the end of the booking if that is later. After the last one, check the time until closing.',
    ],
    reference_solution: {
      python: `def quiet_gaps(bookings: list[list[int]], closing: int) -> list[list[int]]:
    gaps = []
    occupied_until = 0
    for start, end in sorted(bookings):
        if start > occupied_until:
            gaps.append([occupied_until, start])
        occupied_until = max(occupied_until, end)
    if occupied_until < closing:
        gaps.append([occupied_until, closing])
    return gaps
`,
      javascript: `function quiet_gaps(bookings, closing) {
  const gaps = [];
  let occupiedUntil = 0;
  for (const [start, end] of [...bookings].sort((a, b) => a[0] - b[0])) {
    if (start > occupiedUntil) gaps.push([occupiedUntil, start]);
    occupiedUntil = Math.max(occupiedUntil, end);
  }
  if (occupiedUntil < closing) gaps.push([occupiedUntil, closing]);
  return gaps;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'searching-seed-sizes',
    title: 'Seeds of the Right Size',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'binary-search'],
    difficulty: 2,
    expected_minutes: 20,
    languages: ['python', 'javascript'],
    entry_point: 'counts_in_ranges',
    params: ['sizes', 'orders'],
    comparison: 'exact',
    statement: `A seed shop stores the sizes of its seeds **sorted in non-decreasing order**. Every customer asks: how many of your seeds have a size from \`low\` to \`high\`, both included? Answer all of them.

**Parameters**
- \`sizes\`: sorted list of integers
- \`orders\`: list of pairs \`[low, high]\` with \`low <= high\`

**Returns** a list with one count for each order.

**Constraints**
- 0 to 10000 sizes, 0 to 5000 orders
- all numbers are between -1000000 and 1000000
- walking through all sizes for each order is too slow; aim for O(log n) per order

**Example 1**

    counts_in_ranges([2, 4, 4, 7, 9], [[4, 8], [10, 12], [1, 2]])  ->  [3, 0, 1]

**Example 2**

    counts_in_ranges([], [[0, 5]])  ->  [0]
`,
    starter_code: {
      python: `def counts_in_ranges(sizes: list[int], orders: list[list[int]]) -> list[int]:
    """Return for each order how many sizes lie between its bounds, both included."""
    pass
`,
      javascript: `/**
 * Return for each order how many sizes lie between its bounds, both included.
 * @param {number[]} sizes
 * @param {number[][]} orders
 * @returns {number[]}
 */
function counts_in_ranges(sizes, orders) {
}
`,
    },
    visible_tests: [
      {
        args: [
          [2, 4, 4, 7, 9],
          [
            [4, 8],
            [10, 12],
            [1, 2],
          ],
        ],
        expected: [3, 0, 1],
      },
      { args: [[], [[0, 5]]], expected: [0] },
    ],
    hidden_tests: [
      { args: [[1, 2, 3], []], expected: [] },
      {
        args: [
          [5],
          [
            [5, 5],
            [4, 4],
            [6, 6],
            [4, 6],
          ],
        ],
        expected: [1, 0, 0, 1],
      },
      {
        args: [
          [3, 3, 3, 3],
          [
            [3, 3],
            [2, 4],
            [4, 9],
            [-9, 2],
          ],
        ],
        expected: [4, 4, 0, 0],
      },
      {
        args: [
          [-5, -3, -1, 0, 2],
          [
            [-4, -1],
            [-5, 2],
            [1, 1],
          ],
        ],
        expected: [2, 5, 0],
      },
      {
        args: [
          [-1000000, 1000000],
          [
            [-1000000, 1000000],
            [-999999, 999999],
          ],
        ],
        expected: [2, 0],
      },
      {
        args: [
          [1, 1, 2, 2, 3, 3],
          [
            [1, 2],
            [2, 3],
            [1, 1],
          ],
        ],
        expected: [4, 4, 2],
      },
      {
        args: [
          [10, 20, 30],
          [
            [11, 19],
            [9, 31],
            [20, 30],
          ],
        ],
        expected: [0, 3, 2],
      },
      {
        args: [
          Array.from({ length: 10000 }, (_, i) => i),
          Array.from({ length: 1000 }, (_, i) => [i, 9999 - i]),
        ],
        expected: Array.from({ length: 1000 }, (_, i) => 10000 - 2 * i),
      },
      {
        args: [Array.from({ length: 10000 }, () => 8), Array.from({ length: 5000 }, () => [8, 8])],
        expected: Array.from({ length: 5000 }, () => 10000),
      },
    ],
    hints: [
      'The matching seeds form one block of the sorted list. What do you need to know about the block?',
      'The count is the number of sizes <= high minus the number of sizes < low. Both can be found by binary search.',
      'Write a function that finds the first position whose size is at least x. For an order, take that function at high + 1 and at low; the difference is the count. (Python: bisect_left and bisect_right.)',
    ],
    reference_solution: {
      python: `from bisect import bisect_left, bisect_right


def counts_in_ranges(sizes: list[int], orders: list[list[int]]) -> list[int]:
    return [bisect_right(sizes, high) - bisect_left(sizes, low) for low, high in orders]
`,
      javascript: `function counts_in_ranges(sizes, orders) {
  const firstAtLeast = (bound) => {
    let low = 0;
    let high = sizes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sizes[middle] < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return orders.map(([low, high]) => firstAtLeast(high + 1) - firstAtLeast(low));
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  ...sortingSearching2,
];
