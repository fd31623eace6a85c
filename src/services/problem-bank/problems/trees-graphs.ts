import type { ProblemInput } from './problem-input.ts';
import { treesGraphs2 } from './trees-graphs-2.ts';

/** Trees and graphs: problems written for this bank. */
export const treesGraphs: ProblemInput[] = [
  {
    problem_id: 'trees-single-branch-nodes',
    title: 'Forks Without a Choice',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'binary-tree', 'traversal'],
    difficulty: 1,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'single_branch_nodes',
    params: ['root'],
    signature: { arg_types: ['TreeNode'], return_type: null },
    comparison: 'exact',
    statement: `A cave is mapped as a binary tree: every chamber leads to at most two deeper chambers. Count the chambers with **exactly one** way down.

The class is predefined: a \`TreeNode\` has the fields \`val\`, \`left\` and \`right\`; a missing child is \`None\` (Python) or \`null\` (JavaScript). In the examples trees are written level by level, with null for a missing child.

**Parameters**
- \`root\`: root of the tree

**Returns** the number of nodes with exactly one child.

**Constraints**
- the tree has 0 to 10000 nodes and at most 300 levels
- the values do not matter

**Example 1**

    single_branch_nodes([1, 2, 3, 4, null, null, 5])  ->  2

Chamber 2 leads to 4 only, chamber 3 leads to 5 only.

**Example 2**

    single_branch_nodes([1, 2, 3])  ->  0
`,
    starter_code: {
      python: `def single_branch_nodes(root: TreeNode | None) -> int:
    """Return how many nodes of the tree have exactly one child."""
    pass
`,
      javascript: `/**
 * Return how many nodes of the tree have exactly one child.
 * @param {TreeNode | null} root
 * @returns {number}
 */
function single_branch_nodes(root) {
}
`,
    },
    visible_tests: [
      { args: [[1, 2, 3, 4, null, null, 5]], expected: 2 },
      { args: [[1, 2, 3]], expected: 0 },
    ],
    hidden_tests: [
      { args: [[]], expected: 0 },
      { args: [[7]], expected: 0 },
      { args: [[7, 8]], expected: 1 },
      { args: [[7, null, 8]], expected: 1 },
      { args: [[1, 2, null, 3, null, 4]], expected: 3 },
      { args: [[1, null, 2, 3, null, null, 4]], expected: 3 },
      { args: [[5, 5, 5, 5, 5, 5, 5]], expected: 0 },
      { args: [[0, 1, 2, 3, null, 4, 5, null, 6]], expected: 2 },
      { args: [Array.from({ length: 10000 }, (_, i) => i % 10)], expected: 1 },
      { args: [Array.from({ length: 8191 }, () => 1)], expected: 0 },
      { args: [Array.from({ length: 599 }, (_, i) => (i % 2 === 0 ? 1 : null))], expected: 299 },
    ],
    hints: [
      'If you knew the answers for the left and the right part of the tree, how would you get the answer for the whole?',
      'The answer of a tree is the sum of the answers of its two subtrees, plus one if exactly one subtree is missing.',
      'Write a recursive function: an empty tree gives 0; otherwise add the results of left and right, plus 1 when exactly one of the children is empty.',
    ],
    reference_solution: {
      python: `def single_branch_nodes(root: TreeNode | None) -> int:
    if root is None:
        return 0
    here = 1 if (root.left is None) != (root.right is None) else 0
    return here + single_branch_nodes(root.left) + single_branch_nodes(root.right)
`,
      javascript: `function single_branch_nodes(root) {
  if (root === null) return 0;
  const here = (root.left === null) !== (root.right === null) ? 1 : 0;
  return here + single_branch_nodes(root.left) + single_branch_nodes(root.right);
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'trees-shake-off-leaves',
    title: 'Shaking the Apple Tree',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'binary-tree', 'post-order'],
    difficulty: 2,
    expected_minutes: 20,
    languages: ['python', 'javascript'],
    entry_point: 'shake_off',
    params: ['root', 'limit'],
    signature: { arg_types: ['TreeNode', null], return_type: 'TreeNode' },
    comparison: 'exact',
    statement: `When an apple tree is shaken, every leaf (a node without children) whose value is **less than** \`limit\` falls off. Removing leaves can turn their parents into leaves, and these fall off as well if they are below the limit, until nothing changes any more.

Return the root of what remains, or an empty tree.

The class is predefined: a \`TreeNode\` has the fields \`val\`, \`left\` and \`right\`; a missing child is \`None\` (Python) or \`null\` (JavaScript). In the examples trees are written level by level, with null for a missing child.

**Parameters**
- \`root\`: root of the tree
- \`limit\`: integer

**Returns** the root of the remaining tree.

**Constraints**
- the tree has 0 to 10000 nodes and at most 300 levels
- values and limit are between -10000 and 10000
- aim for O(n)

**Example 1**

    shake_off([8, 3, 9, 1, 2, null, 7], 5)  ->  [8, null, 9, null, 7]

The leaves 1 and 2 fall, then 3 is a leaf below 5 and falls too. 7 stays.

**Example 2**

    shake_off([2, 1], 3)  ->  []
`,
    starter_code: {
      python: `def shake_off(root: TreeNode | None, limit: int) -> TreeNode | None:
    """Return the tree after repeatedly removing leaves whose value is below limit."""
    pass
`,
      javascript: `/**
 * Return the tree after repeatedly removing leaves whose value is below limit.
 * @param {TreeNode | null} root
 * @param {number} limit
 * @returns {TreeNode | null}
 */
function shake_off(root, limit) {
}
`,
    },
    visible_tests: [
      { args: [[8, 3, 9, 1, 2, null, 7], 5], expected: [8, null, 9, null, 7] },
      { args: [[2, 1], 3], expected: [] },
    ],
    hidden_tests: [
      { args: [[], 4], expected: [] },
      { args: [[4], 4], expected: [4] },
      { args: [[3], 4], expected: [] },
      { args: [[1, 5, 5], 5], expected: [1, 5, 5] },
      { args: [[5, 1, 1], 5], expected: [5] },
      { args: [[1, 1, 1, 1, 1, 1, 9], 2], expected: [1, null, 1, null, 9] },
      { args: [[-1, -2, -3], -2], expected: [-1, -2] },
      { args: [[0, 0, null, 0, null, 0], 1], expected: [] },
      { args: [[6, 2, 8, 7, 1, null, 3, null, 2], 4], expected: [6, 2, 8, 7] },
      { args: [Array.from({ length: 8191 }, () => 0), 1], expected: [] },
      { args: [Array.from({ length: 10000 }, () => 1), 1], expected: Array.from({ length: 10000 }, () => 1) },
      {
        args: [Array.from({ length: 8191 }, (_, i) => (i < 4095 ? 9 : 0)), 5],
        expected: Array.from({ length: 4095 }, () => 9),
      },
    ],
    hints: [
      'Whether a node becomes a leaf depends on what happens below it. In which order should the nodes be treated?',
      'Treat the children before the parent: then one walk is enough, no repeating.',
      'Recursive function: for an empty tree return nothing; replace left and right by the results of the call on them; if both are empty now and the value is below limit, return nothing, else return the node.',
    ],
    reference_solution: {
      python: `def shake_off(root: TreeNode | None, limit: int) -> TreeNode | None:
    if root is None:
        return None
    root.left = shake_off(root.left, limit)
    root.right = shake_off(root.right, limit)
    is_leaf = root.left is None and root.right is None
    return None if is_leaf and root.val < limit else root
`,
      javascript: `function shake_off(root, limit) {
  if (root === null) return null;
  root.left = shake_off(root.left, limit);
  root.right = shake_off(root.right, limit);
  const isLeaf = root.left === null && root.right === null;
  return isLeaf && root.val < limit ? null : root;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'graphs-rising-water',
    title: 'Rising Water in the Old Town',
    module: 'trees-graphs',
    topic_tags: ['trees-graphs', 'grid', 'breadth-first-search'],
    difficulty: 3,
    expected_minutes: 30,
    languages: ['python', 'javascript'],
    entry_point: 'minutes_until_flooded',
    params: ['town'],
    comparison: 'exact',
    statement: `A town map is a list of strings of equal length: \`.\` is an open cell, \`#\` is a wall, \`w\` is a cell that is under water already. Every minute the water spreads from each flooded cell to the open cells **above, below, left and right** of it. Walls never give way.

After how many minutes is the last open cell under water?

**Parameters**
- \`town\`: list of strings of equal length

**Returns** the number of minutes, \`0\` if no cell is open at the beginning, or \`-1\` if some open cell stays dry for ever.

**Constraints**
- 0 to 120 rows, 1 to 120 columns
- aim for O(rows * columns)

**Example 1**

    minutes_until_flooded(['w..', '.#.', '..w'])  ->  2

**Example 2**

    minutes_until_flooded(['w#.'])  ->  -1
`,
    starter_code: {
      python: `def minutes_until_flooded(town: list[str]) -> int:
    """Return after how many minutes the last open cell is under water, or -1."""
    pass
`,
      javascript: `/**
 * Return after how many minutes the last open cell is under water, or -1.
 * @param {string[]} town
 * @returns {number}
 */
function minutes_until_flooded(town) {
}
`,
    },
    visible_tests: [
      { args: [['w..', '.#.', '..w']], expected: 2 },
      { args: [['w#.']], expected: -1 },
    ],
    hidden_tests: [
      { args: [[]], expected: 0 },
      { args: [['#']], expected: 0 },
      { args: [['w']], expected: 0 },
      { args: [['.']], expected: -1 },
      { args: [['w.']], expected: 1 },
      { args: [['...', '...']], expected: -1 },
      { args: [['#w#', 'w#w', '#w#']], expected: 0 },
      { args: [['w....', '####.', '.....', '.####', '.....']], expected: 16 },
      { args: [['..w..', '.....', '#####', '..w..']], expected: 3 },
      { args: [['w.#', '.#.', '#.w']], expected: 1 },
      {
        args: [[`${'.'.repeat(119)}w`, ...Array.from({ length: 119 }, () => '.'.repeat(120))]],
        expected: 238,
      },
      {
        args: [
          Array.from(
            { length: 119 },
            (_, r) =>
              (r === 0 ? 'w' : '.') +
              (r % 2 === 0 ? '.'.repeat(99) : r % 4 === 1 ? `${'#'.repeat(98)}.` : '#'.repeat(99)),
          ),
        ],
        expected: 217,
      },
      {
        args: [
          Array.from({ length: 100 }, (_, r) =>
            r === 50 ? '#'.repeat(100) : r === 0 ? 'w'.repeat(100) : '.'.repeat(100),
          ),
        ],
        expected: -1,
      },
    ],
    hints: [
      'All flooded cells spread at the same time. Which search visits cells in order of their distance?',
      'Breadth-first search with several starting cells: put all `w` cells into the queue first.',
      'Count the open cells. Work through the queue minute by minute: flood the open neighbours of the current front, reduce the count, collect them as the next front. Stop when the front is empty; if open cells remain return -1, else the number of minutes that flooded something.',
    ],
    reference_solution: {
      python: `def minutes_until_flooded(town: list[str]) -> int:
    dry = {(r, c) for r, row in enumerate(town) for c, cell in enumerate(row) if cell == "."}
    front = [(r, c) for r, row in enumerate(town) for c, cell in enumerate(row) if cell == "w"]
    minutes = 0
    while dry and front:
        reached = []
        for r, c in front:
            for cell in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if cell in dry:
                    dry.remove(cell)
                    reached.append(cell)
        minutes += 1
        front = reached
    return -1 if dry else minutes
`,
      javascript: `function minutes_until_flooded(town) {
  const cells = town.map((row) => [...row]);
  let front = [];
  let dry = 0;
  cells.forEach((row, r) => {
    row.forEach((cell, c) => {
      if (cell === 'w') front.push([r, c]);
      if (cell === '.') dry++;
    });
  });
  let minutes = 0;
  while (dry > 0 && front.length > 0) {
    const reached = [];
    for (const [r, c] of front) {
      for (const [nr, nc] of [[r - 1, c], [r + 1, c], [r, c - 1], [r, c + 1]]) {
        if (cells[nr]?.[nc] !== '.') continue;
        cells[nr][nc] = 'w';
        dry--;
        reached.push([nr, nc]);
      }
    }
    minutes++;
    front = reached;
  }
  return dry > 0 ? -1 : minutes;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  ...treesGraphs2,
];
