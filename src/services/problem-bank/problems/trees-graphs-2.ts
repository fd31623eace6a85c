import type { ProblemInput } from './problem-input.ts';

/** Trees and graphs: problems written for this bank, part 2. */
export const treesGraphs2: ProblemInput[] = [
  {
    problem_id: 'graphs-festival-setup',
    title: 'Setting Up the Festival',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'topological-sort', 'longest-path', 'cycle-detection'],
    difficulty: 4,
    expected_minutes: 40,
    languages: ['python', 'javascript'],
    entry_point: 'earliest_finish',
    params: ['durations', 'needs'],
    comparison: 'exact',
    statement: `Setting up a festival consists of jobs numbered from 0; job \`i\` takes \`durations[i]\` hours. A pair \`[job, before]\` in \`needs\` says that \`job\` can start only when \`before\` is done. There are enough hands: any number of jobs can run **at the same time**, and each job starts as early as it can.

After how many hours is everything done?

**Parameters**
- \`durations\`: list of integers
- \`needs\`: list of pairs \`[job, before]\`; the same pair may appear more than once

**Returns** the number of hours, \`0\` when there are no jobs, or \`-1\` if some jobs wait for each other in a circle.

**Constraints**
- 0 to 5000 jobs, 0 to 9000 pairs
- \`1 <= durations[i] <= 1000\`
- chains can be thousands of jobs long, so mind deep recursion; aim for O(jobs + pairs)

**Example 1**

    earliest_finish([3, 2, 4, 1], [[2, 0], [2, 1], [3, 1]])  ->  7

Job 2 starts when 0 and 1 are done, after 3 hours, and ends after 7. Job 3 is done after 3.

**Example 2**

    earliest_finish([1, 1], [[0, 1], [1, 0]])  ->  -1
`,
    starter_code: {
      python: `def earliest_finish(durations: list[int], needs: list[list[int]]) -> int:
    """Return the earliest time at which all jobs can be done, or -1 when jobs wait for each other."""
    pass
`,
      javascript: `/**
 * Return the earliest time at which all jobs can be done, or -1 when jobs wait for each other.
 * @param {number[]} durations
 * @param {number[][]} needs
 * @returns {number}
 */
function earliest_finish(durations, needs) {
}
`,
    },
    visible_tests: [
      {
        args: [
          [3, 2, 4, 1],
          [
            [2, 0],
            [2, 1],
            [3, 1],
          ],
        ],
        expected: 7,
      },
      {
        args: [
          [1, 1],
          [
            [0, 1],
            [1, 0],
          ],
        ],
        expected: -1,
      },
    ],
    hidden_tests: [
      { args: [[], []], expected: 0 },
      { args: [[9], []], expected: 9 },
      { args: [[9], [[0, 0]]], expected: -1 },
      { args: [[5, 6, 7], []], expected: 7 },
      {
        args: [
          [1, 2, 3],
          [
            [0, 1],
            [1, 2],
          ],
        ],
        expected: 6,
      },
      {
        args: [
          [1, 2, 3],
          [
            [0, 1],
            [0, 1],
            [0, 1],
          ],
        ],
        expected: 3,
      },
      {
        args: [
          [2, 2, 2, 2],
          [
            [1, 0],
            [2, 0],
            [3, 1],
            [3, 2],
          ],
        ],
        expected: 6,
      },
      {
        args: [
          [1, 10, 1, 1],
          [
            [3, 2],
            [2, 0],
            [3, 1],
          ],
        ],
        expected: 11,
      },
      {
        args: [
          [4, 1, 1, 1],
          [
            [1, 2],
            [2, 3],
            [3, 1],
          ],
        ],
        expected: -1,
      },
      {
        args: [Array.from({ length: 5000 }, () => 1000), Array.from({ length: 4999 }, (_, i) => [i + 1, i])],
        expected: 5000000,
      },
      {
        args: [Array.from({ length: 3000 }, () => 2), Array.from({ length: 2999 }, (_, i) => [i, i + 1])],
        expected: 6000,
      },
      {
        args: [
          Array.from({ length: 2000 }, () => 1),
          Array.from({ length: 2000 }, (_, i) => [i, (i + 1) % 2000]),
        ],
        expected: -1,
      },
    ],
    hints: [
      'Which jobs can start right away? And what changes when one of them is done?',
      'Go through the jobs in an order in which every job comes after those it needs: count for each job how many needs are still open, and take jobs whose count reaches 0.',
      'Keep for each job its earliest start (0 at first). Take a job from the queue: its finish is start + duration; raise the start of every job that waits for it to at least this finish and lower their open counts. The largest finish is the answer; if fewer jobs were taken than exist, return -1.',
    ],
    reference_solution: {
      python: `def earliest_finish(durations: list[int], needs: list[list[int]]) -> int:
    waiting: list[list[int]] = [[] for _ in durations]
    open_needs = [0] * len(durations)
    for job, before in needs:
        waiting[before].append(job)
        open_needs[job] += 1

    start = [0] * len(durations)
    ready = [job for job, count in enumerate(open_needs) if count == 0]
    finish = done = 0
    while ready:
        before = ready.pop()
        done += 1
        end = start[before] + durations[before]
        finish = max(finish, end)
        for job in waiting[before]:
            start[job] = max(start[job], end)
            open_needs[job] -= 1
            if open_needs[job] == 0:
                ready.append(job)
    return finish if done == len(durations) else -1
`,
      javascript: `function earliest_finish(durations, needs) {
  const waiting = durations.map(() => []);
  const openNeeds = durations.map(() => 0);
  for (const [job, before] of needs) {
    waiting[before].push(job);
    openNeeds[job]++;
  }

  const start = durations.map(() => 0);
  const ready = [...durations.keys()].filter((job) => openNeeds[job] === 0);
  let finish = 0;
  let done = 0;
  while (ready.length > 0) {
    const before = ready.pop();
    done++;
    const end = start[before] + durations[before];
    finish = Math.max(finish, end);
    for (const job of waiting[before]) {
      start[job] = Math.max(start[job], end);
      openNeeds[job]--;
      if (openNeeds[job] === 0) ready.push(job);
    }
  }
  return done === durations.length ? finish : -1;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'trees-gentle-trail',
    title: 'The Gentlest Trail',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'binary-tree', 'post-order'],
    difficulty: 4,
    expected_minutes: 40,
    languages: ['python', 'javascript'],
    entry_point: 'longest_gentle_trail',
    params: ['root'],
    signature: { arg_types: ['TreeNode'], return_type: null },
    comparison: 'exact',
    statement: `The nodes of a binary tree are huts in the mountains, their values are heights. A **trail** is a path along the edges of the tree that visits no hut twice; it may start and end anywhere and may go up towards the root and down again. It is gentle when the heights of any two neighbouring huts on it differ by **exactly 1**.

How many huts are on the longest gentle trail?

The class is predefined: a \`TreeNode\` has the fields \`val\`, \`left\` and \`right\`; a missing child is \`None\` (Python) or \`null\` (JavaScript). In the examples trees are written level by level, with null for a missing child.

**Parameters**
- \`root\`: root of the tree

**Returns** the number of nodes on the longest gentle trail; a single hut is a trail of length 1, an empty tree gives 0.

**Constraints**
- the tree has 0 to 10000 nodes and at most 300 levels
- values are between -10000 and 10000
- aim for O(n)

**Example 1**

    longest_gentle_trail([5, 4, 6, 3, 9, 8])  ->  4

The trail 3 - 4 - 5 - 6 goes over the root.

**Example 2**

    longest_gentle_trail([1, 3, 5])  ->  1
`,
    starter_code: {
      python: `def longest_gentle_trail(root: TreeNode | None) -> int:
    """Return the number of nodes on the longest trail whose neighbours differ by exactly 1."""
    pass
`,
      javascript: `/**
 * Return the number of nodes on the longest trail whose neighbours differ by exactly 1.
 * @param {TreeNode | null} root
 * @returns {number}
 */
function longest_gentle_trail(root) {
}
`,
    },
    visible_tests: [
      { args: [[5, 4, 6, 3, 9, 8]], expected: 4 },
      { args: [[1, 3, 5]], expected: 1 },
    ],
    hidden_tests: [
      { args: [[]], expected: 0 },
      { args: [[3]], expected: 1 },
      { args: [[3, 4]], expected: 2 },
      { args: [[3, 3, 3]], expected: 1 },
      { args: [[3, 2, 2]], expected: 3 },
      { args: [[0, -1, 1, 0, null, 2, 0]], expected: 5 },
      { args: [[9, 1, null, 2, 0, 3, null, -1]], expected: 5 },
      { args: [[1, 2, 9, 3, 1, 8, 10, 4, null, 0]], expected: 5 },
      { args: [[4, 7, 8, 6, 8, 7, 9, 5, 1, 7, 9]], expected: 5 },
      { args: [Array.from({ length: 8191 }, (_, i) => Math.floor(Math.log2(i + 1)) % 2)], expected: 25 },
      { args: [Array.from({ length: 8191 }, () => 4)], expected: 1 },
      { args: [Array.from({ length: 599 }, (_, i) => (i % 2 === 0 ? i / 2 : null))], expected: 300 },
    ],
    hints: [
      'Every trail has one topmost hut. If you stand on it, what do you need to know about both sides?',
      'For each node compute the longest gentle trail that starts there and only goes down. A trail with this node on top joins the downward trails of both children.',
      'Walk in post-order. For a node, the left arm is the downward length of the left child if its value differs by exactly 1, else 0; the same for the right. left + right + 1 is a candidate for the answer; the node passes 1 + max(left, right) on to its parent.',
    ],
    reference_solution: {
      python: `def longest_gentle_trail(root: TreeNode | None) -> int:
    best = 0

    def down(node: TreeNode) -> int:
        nonlocal best
        arms = [0, 0]
        for side, child in enumerate((node.left, node.right)):
            if child is not None:
                length = down(child)
                if abs(child.val - node.val) == 1:
                    arms[side] = length
        best = max(best, sum(arms) + 1)
        return max(arms) + 1

    if root is not None:
        down(root)
    return best
`,
      javascript: `function longest_gentle_trail(root) {
  let best = 0;
  const down = (node) => {
    const [left, right] = [node.left, node.right].map((child) => {
      if (child === null) return 0;
      const length = down(child);
      return Math.abs(child.val - node.val) === 1 ? length : 0;
    });
    best = Math.max(best, left + right + 1);
    return Math.max(left, right) + 1;
  };
  if (root !== null) down(root);
  return best;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'graphs-critical-cables',
    title: 'Cables That Must Not Fail',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'depth-first-search', 'bridges'],
    difficulty: 5,
    expected_minutes: 60,
    languages: ['python', 'javascript'],
    entry_point: 'critical_cables',
    params: ['stations', 'cables'],
    comparison: 'unordered',
    statement: `Mountain stations, numbered from 0, are connected by telephone cables. A cable is **critical** when, after it alone fails, its two end stations can no longer reach each other over the remaining cables. Find all critical cables.

The network need not be connected to begin with. There is at most one cable between two stations, and none from a station to itself.

**Parameters**
- \`stations\`: integer, the number of stations
- \`cables\`: list of pairs \`[a, b]\`

**Returns** the critical cables, each pair written **exactly as in the input**; their order does not matter.

**Constraints**
- \`1 <= stations <= 3000\`, 0 to 6000 cables
- the network can be one long line, so mind deep recursion
- testing each cable with a search of its own is too slow; aim for O(stations + cables)

**Example 1**

    critical_cables(5, [[0, 1], [1, 2], [2, 0], [3, 1], [3, 4]])  ->  [[3, 1], [3, 4]]

The stations 0, 1 and 2 form a ring, so any one of its cables can fail.

**Example 2**

    critical_cables(3, [[2, 1]])  ->  [[2, 1]]
`,
    starter_code: {
      python: `def critical_cables(stations: int, cables: list[list[int]]) -> list[list[int]]:
    """Return the cables whose failure would separate the two stations they connect."""
    pass
`,
      javascript: `/**
 * Return the cables whose failure would separate the two stations they connect.
 * @param {number} stations
 * @param {number[][]} cables
 * @returns {number[][]}
 */
function critical_cables(stations, cables) {
}
`,
    },
    visible_tests: [
      {
        args: [
          5,
          [
            [0, 1],
            [1, 2],
            [2, 0],
            [3, 1],
            [3, 4],
          ],
        ],
        expected: [
          [3, 1],
          [3, 4],
        ],
      },
      { args: [3, [[2, 1]]], expected: [[2, 1]] },
    ],
    hidden_tests: [
      { args: [1, []], expected: [] },
      { args: [4, []], expected: [] },
      { args: [2, [[1, 0]]], expected: [[1, 0]] },
      {
        args: [
          4,
          [
            [0, 1],
            [1, 2],
            [2, 3],
            [3, 0],
          ],
        ],
        expected: [],
      },
      {
        args: [
          4,
          [
            [0, 1],
            [0, 2],
            [0, 3],
          ],
        ],
        expected: [
          [0, 1],
          [0, 2],
          [0, 3],
        ],
      },
      {
        args: [
          6,
          [
            [0, 1],
            [1, 2],
            [2, 0],
            [3, 4],
            [4, 5],
            [5, 3],
          ],
        ],
        expected: [],
      },
      {
        args: [
          6,
          [
            [0, 1],
            [1, 2],
            [2, 0],
            [3, 4],
            [4, 5],
            [5, 3],
            [5, 0],
          ],
        ],
        expected: [[5, 0]],
      },
      {
        args: [
          7,
          [
            [6, 5],
            [5, 4],
            [4, 6],
            [4, 3],
            [3, 2],
            [2, 1],
            [1, 3],
            [0, 1],
          ],
        ],
        expected: [
          [4, 3],
          [0, 1],
        ],
      },
      {
        args: [
          5,
          [
            [0, 1],
            [1, 2],
            [2, 3],
            [3, 1],
            [2, 4],
            [4, 3],
          ],
        ],
        expected: [[0, 1]],
      },
      { args: [3000, Array.from({ length: 3000 }, (_, i) => [i, (i + 1) % 3000])], expected: [] },
      {
        args: [2500, Array.from({ length: 2499 }, (_, i) => [i + 1, i])],
        expected: Array.from({ length: 2499 }, (_, i) => [i + 1, i]),
      },
      {
        args: [
          1501,
          Array.from({ length: 1500 }, (_, i) => [[i, i + 1], ...(i % 3 === 0 ? [[i + 2, i]] : [])]).flat(),
        ],
        expected: Array.from({ length: 500 }, (_, i) => [3 * i + 2, 3 * i + 3]),
      },
    ],
    hints: [
      'A cable is critical exactly when it lies on no ring. How does a depth-first search notice rings?',
      'Number the stations in the order of discovery. For each station find the smallest number that its subtree can reach with one cable that is not a tree edge. If a child cannot reach its parent or anything before it, the cable to that child is critical.',
      'Depth-first search with an explicit stack. low[v] starts as order[v]; a cable to a visited station lowers low[v] to that order (skip the very cable you came by); when a child is finished, its low lowers that of the parent, and if low[child] > order[parent] the cable is critical.',
    ],
    reference_solution: {
      python: `def critical_cables(stations: int, cables: list[list[int]]) -> list[list[int]]:
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(stations)]
    for number, (a, b) in enumerate(cables):
        neighbours[a].append((b, number))
        neighbours[b].append((a, number))

    order = [-1] * stations
    low = [0] * stations
    found = 0
    critical = []
    for root in range(stations):
        if order[root] != -1:
            continue
        order[root] = low[root] = found
        found += 1
        # An explicit stack of (station, cable it was reached by, its remaining neighbours).
        stack = [(root, -1, iter(neighbours[root]))]
        while stack:
            station, arrived_by, rest = stack[-1]
            for other, number in rest:
                if number == arrived_by:
                    continue
                if order[other] == -1:
                    order[other] = low[other] = found
                    found += 1
                    stack.append((other, number, iter(neighbours[other])))
                    break
                low[station] = min(low[station], order[other])
            else:
                stack.pop()
                if stack:
                    parent = stack[-1][0]
                    low[parent] = min(low[parent], low[station])
                    if low[station] > order[parent]:
                        critical.append(cables[arrived_by])
    return critical
`,
      javascript: `function critical_cables(stations, cables) {
  const neighbours = Array.from({ length: stations }, () => []);
  cables.forEach(([a, b], number) => {
    neighbours[a].push([b, number]);
    neighbours[b].push([a, number]);
  });

  const order = new Array(stations).fill(-1);
  const low = new Array(stations).fill(0);
  const critical = [];
  let found = 0;
  const visit = (station, arrivedBy) => {
    order[station] = low[station] = found++;
    return { station, arrivedBy, next: 0 };
  };

  for (let root = 0; root < stations; root++) {
    if (order[root] !== -1) continue;
    const stack = [visit(root, -1)];
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      const { station, arrivedBy } = frame;
      if (frame.next < neighbours[station].length) {
        const [other, number] = neighbours[station][frame.next++];
        if (number === arrivedBy) continue;
        if (order[other] === -1) stack.push(visit(other, number));
        else low[station] = Math.min(low[station], order[other]);
        continue;
      }
      stack.pop();
      if (stack.length === 0) continue;
      const parent = stack[stack.length - 1].station;
      low[parent] = Math.min(low[parent], low[station]);
      if (low[station] > order[parent]) critical.push(cables[arrivedBy]);
    }
  }
  return critical;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
