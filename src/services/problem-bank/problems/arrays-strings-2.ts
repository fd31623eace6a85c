import type { ProblemInput } from './problem-input.ts';
import { scattered } from './scattered.ts';

/** Arrays and strings: problems written for this bank, part 2. */
export const arraysStrings2: ProblemInput[] = [
  {
    problem_id: 'arrays-pack-runs',
    title: 'Packing the Telegram',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'strings', 'runs'],
    difficulty: 1,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'pack_runs',
    params: ['text'],
    comparison: 'exact',
    statement: `Telegrams cost money per character. The clerk therefore packs runs of the same letter: a run of **two or more** equal letters becomes the letter followed by the length of the run, a single letter stays as it is.

**Parameters**
- \`text\`: string of small English letters

**Returns** the packed text.

**Constraints**
- \`0 <= len(text) <= 50000\`
- aim for O(n); mind that a run can be longer than 9

**Example 1**

    pack_runs('aaabccd')  ->  'a3bc2d'

**Example 2**

    pack_runs('zzzzzzzzzzzz')  ->  'z12'
`,
    starter_code: {
      python: `def pack_runs(text: str) -> str:
    """Return the text with every run of two or more equal letters written as letter and count."""
    pass
`,
      javascript: `/**
 * Return the text with every run of two or more equal letters written as letter and count.
 * @param {string} text
 * @returns {string}
 */
function pack_runs(text) {
}
`,
    },
    visible_tests: [
      { args: ['aaabccd'], expected: 'a3bc2d' },
      { args: ['zzzzzzzzzzzz'], expected: 'z12' },
    ],
    hidden_tests: [
      { args: [''], expected: '' },
      { args: ['k'], expected: 'k' },
      { args: ['kk'], expected: 'k2' },
      { args: ['abc'], expected: 'abc' },
      { args: ['abab'], expected: 'abab' },
      { args: ['aabbaa'], expected: 'a2b2a2' },
      { args: ['xyyyyyyyyyyx'], expected: 'xy10x' },
      { args: ['mississippi'], expected: 'mis2is2ip2i' },
      { args: ['w'.repeat(50000)], expected: 'w50000' },
      { args: ['ab'.repeat(10000)], expected: 'ab'.repeat(10000) },
      { args: ['ccd'.repeat(8000)], expected: 'c2d'.repeat(8000) },
    ],
    hints: [
      'When do you know how long a run is? Only when the next letter differs or the text ends.',
      'Move from run to run: from the start of a run, advance until the letter changes; the distance is its length.',
      'Loop with a start index. Find the first index end where the letter differs; append the letter, and the number end - start if it is above 1; continue at end. Collect the pieces in a list and join them once.',
    ],
    reference_solution: {
      python: `from itertools import groupby


def pack_runs(text: str) -> str:
    pieces = []
    for letter, run in groupby(text):
        length = sum(1 for _ in run)
        pieces.append(letter if length == 1 else f"{letter}{length}")
    return "".join(pieces)
`,
      javascript: `function pack_runs(text) {
  const pieces = [];
  let start = 0;
  while (start < text.length) {
    let end = start + 1;
    while (end < text.length && text[end] === text[start]) end++;
    pieces.push(text[start] + (end - start > 1 ? end - start : ''));
    start = end;
  }
  return pieces.join('');
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-pairs-within-reach',
    title: 'Beacons Within Reach',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'two-pointers', 'sliding-window'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'pairs_within_reach',
    params: ['positions', 'reach'],
    comparison: 'exact',
    statement: `Beacons stand along a straight coast road; \`positions\` lists their kilometre marks **in non-decreasing order**. Two beacons can talk to each other when their distance is at most \`reach\`. Count the pairs of beacons that can talk. Several beacons may stand at the same mark; each of them counts.

**Parameters**
- \`positions\`: sorted list of integers
- \`reach\`: integer

**Returns** the number of pairs.

**Constraints**
- \`0 <= len(positions) <= 20000\`
- every position is between -1000000 and 1000000, \`0 <= reach <= 2000000\`
- comparing all pairs is too slow; aim for O(n)

**Example 1**

    pairs_within_reach([1, 3, 4, 8], 3)  ->  3

The pairs are (1, 3), (1, 4) and (3, 4); 4 and 8 are too far apart.

**Example 2**

    pairs_within_reach([5, 5, 5], 0)  ->  3
`,
    starter_code: {
      python: `def pairs_within_reach(positions: list[int], reach: int) -> int:
    """Return how many pairs of beacons are at most reach apart."""
    pass
`,
      javascript: `/**
 * Return how many pairs of beacons are at most reach apart.
 * @param {number[]} positions
 * @param {number} reach
 * @returns {number}
 */
function pairs_within_reach(positions, reach) {
}
`,
    },
    visible_tests: [
      { args: [[1, 3, 4, 8], 3], expected: 3 },
      { args: [[5, 5, 5], 0], expected: 3 },
    ],
    hidden_tests: [
      { args: [[], 4], expected: 0 },
      { args: [[9], 4], expected: 0 },
      { args: [[1, 5], 4], expected: 1 },
      { args: [[1, 6], 4], expected: 0 },
      { args: [[-5, -3, 0, 2, 2], 2], expected: 4 },
      { args: [[-1000000, 1000000], 2000000], expected: 1 },
      { args: [[1, 2, 3, 4, 5], 10], expected: 10 },
      { args: [[1, 2, 3, 4, 5], 0], expected: 0 },
      { args: [[0, 10, 20, 30], 9], expected: 0 },
      { args: [Array.from({ length: 20000 }, () => 6), 0], expected: 199990000 },
      { args: [Array.from({ length: 20000 }, (_, i) => i - 5000), 1], expected: 19999 },
    ],
    hints: [
      'Fix the right beacon of a pair. Which beacons to its left are close enough, and do they form a block?',
      'When the right beacon moves on, the leftmost beacon that is still in reach can only move to the right too.',
      'Keep an index left. For every right: advance left while positions[right] - positions[left] > reach; then right - left beacons form a pair with it. Add that to the answer.',
    ],
    reference_solution: {
      python: `def pairs_within_reach(positions: list[int], reach: int) -> int:
    pairs = left = 0
    for right, position in enumerate(positions):
        while position - positions[left] > reach:
            left += 1
        pairs += right - left
    return pairs
`,
      javascript: `function pairs_within_reach(positions, reach) {
  let pairs = 0;
  let left = 0;
  for (let right = 0; right < positions.length; right++) {
    while (positions[right] - positions[left] > reach) left++;
    pairs += right - left;
  }
  return pairs;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-busiest-window',
    title: 'The Busiest Hours of the Bakery',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'sliding-window'],
    difficulty: 2,
    expected_minutes: 15,
    languages: ['python', 'javascript'],
    entry_point: 'busiest_start',
    params: ['customers', 'hours'],
    comparison: 'exact',
    statement: `A bakery noted for every hour how the number of customers differed from the plan, so the numbers can be negative. The owner wants help for \`hours\` consecutive hours and picks the window with the **largest sum**. If several windows share that sum, the earliest one wins.

**Parameters**
- \`customers\`: list of integers, one per hour
- \`hours\`: integer, the length of the window

**Returns** the position (from 0) of the first hour of the window, or \`-1\` when the list is shorter than the window.

**Constraints**
- \`0 <= len(customers) <= 20000\`
- every number is between -1000 and 1000, \`1 <= hours <= 20000\`
- aim for O(n), whatever the length of the window

**Example 1**

    busiest_start([2, 6, 1, 8, -3, 4], 2)  ->  2

The window \`[1, 8]\` starts at position 2 and has the sum 9; no other pair of hours reaches that.

**Example 2**

    busiest_start([1, 2], 3)  ->  -1
`,
    starter_code: {
      python: `def busiest_start(customers: list[int], hours: int) -> int:
    """Return the first hour of the earliest busiest window, or -1 when no window fits."""
    pass
`,
      javascript: `/**
 * Return the first hour of the earliest busiest window, or -1 when no window fits.
 * @param {number[]} customers
 * @param {number} hours
 * @returns {number}
 */
function busiest_start(customers, hours) {
}
`,
    },
    visible_tests: [
      { args: [[2, 6, 1, 8, -3, 4], 2], expected: 2 },
      { args: [[1, 2], 3], expected: -1 },
      { args: [[4, 1, 4, 1], 2], expected: 0 },
    ],
    hidden_tests: [
      { args: [[], 1], expected: -1 },
      { args: [[-5], 1], expected: 0 },
      { args: [[3, 9, 9, 2], 1], expected: 1 },
      { args: [[3, 9, 9, 2], 4], expected: 0 },
      { args: [[-4, -2, -9, -1], 1], expected: 3 },
      { args: [[-4, -2, -9, -1], 2], expected: 0 },
      { args: [[0, 0, 0, 0], 2], expected: 0 },
      { args: [[5, -10, 5, 5, -10, 5, 5], 2], expected: 2 },
      { args: [[1, 2, 3, 4, 5], 3], expected: 2 },
      { args: [Array.from({ length: 20000 }, (_, i) => i % 10), 10000], expected: 0 },
      { args: [Array.from({ length: 20000 }, (_, i) => (i === 14999 ? 1 : 0)), 10000], expected: 5000 },
      { args: [scattered(15000, 1000, 11), 7000], expected: 517 },
    ],
    hints: [
      'Two neighbouring windows share almost all of their hours. Which two numbers make the difference?',
      'Keep the sum of the window: add the hour that enters, subtract the hour that leaves.',
      'Compute the first sum directly and remember it as best at start 0. Then slide: update the sum, and replace the best only when the new sum is strictly larger, so that the earliest window wins.',
    ],
    reference_solution: {
      python: `def busiest_start(customers: list[int], hours: int) -> int:
    if len(customers) < hours:
        return -1
    total = best = sum(customers[:hours])
    best_start = 0
    for end in range(hours, len(customers)):
        total += customers[end] - customers[end - hours]
        if total > best:
            best = total
            best_start = end - hours + 1
    return best_start
`,
      javascript: `function busiest_start(customers, hours) {
  let total = 0;
  let best = -Infinity;
  let bestStart = -1;
  for (let end = 0; end < customers.length; end++) {
    total += customers[end];
    if (end >= hours) total -= customers[end - hours];
    if (end >= hours - 1 && total > best) {
      best = total;
      bestStart = end - hours + 1;
    }
  }
  return bestStart;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-fair-cuts',
    title: 'Cutting the Gem String',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'prefix-sums'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'fair_cuts',
    params: ['gems', 'slack'],
    comparison: 'exact',
    statement: `Two sisters inherit a string of gems and will cut it once, between two neighbouring gems, so that each gets a **non-empty** part. A cut is fair when the total values of both parts differ by at most \`slack\`. Glass beads have a negative value: nobody wants them. How many cuts are fair?

**Parameters**
- \`gems\`: list of integers, the value of each gem from left to right
- \`slack\`: integer

**Returns** the number of fair cuts.

**Constraints**
- \`0 <= len(gems) <= 20000\`
- every value is between -1000 and 1000, \`0 <= slack <= 20000000\`
- adding up both parts anew for each cut is too slow; aim for O(n)

**Example 1**

    fair_cuts([3, 1, 2, 4], 2)  ->  2

The cuts give 3 | 7, 4 | 6 and 6 | 4; the last two differ by 2.

**Example 2**

    fair_cuts([8], 100)  ->  0

One gem cannot be cut into two parts.
`,
    starter_code: {
      python: `def fair_cuts(gems: list[int], slack: int) -> int:
    """Return at how many places the gems can be cut so that both sides differ by at most slack."""
    pass
`,
      javascript: `/**
 * Return at how many places the gems can be cut so that both sides differ by at most slack.
 * @param {number[]} gems
 * @param {number} slack
 * @returns {number}
 */
function fair_cuts(gems, slack) {
}
`,
    },
    visible_tests: [
      { args: [[3, 1, 2, 4], 2], expected: 2 },
      { args: [[8], 100], expected: 0 },
    ],
    hidden_tests: [
      { args: [[], 5], expected: 0 },
      { args: [[2, 2], 0], expected: 1 },
      { args: [[2, 3], 0], expected: 0 },
      { args: [[2, 3], 1], expected: 1 },
      { args: [[0, 0, 0, 0], 0], expected: 3 },
      { args: [[5, -5, 5, -5], 0], expected: 1 },
      { args: [[-1, -2, -3], 0], expected: 1 },
      { args: [[10, 1, 1, 1], 7], expected: 1 },
      { args: [[1, 2, 3, 4, 5], 100], expected: 4 },
      { args: [Array.from({ length: 20000 }, () => 1), 0], expected: 1 },
      { args: [Array.from({ length: 10000 }, () => 1000), 20000000], expected: 9999 },
      { args: [Array.from({ length: 20000 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 0], expected: 9999 },
    ],
    hints: [
      'If you know the value of the left part and of the whole string, what is the value of the right part?',
      'Compute the total once. While the cut moves to the right, the left sum grows by one gem.',
      'Let total be the sum of all gems and left = 0. For every gem but the last: add it to left, and count the cut when |left - (total - left)| <= slack.',
    ],
    reference_solution: {
      python: `def fair_cuts(gems: list[int], slack: int) -> int:
    total = sum(gems)
    left = fair = 0
    for gem in gems[:-1]:
        left += gem
        if abs(total - 2 * left) <= slack:
            fair += 1
    return fair
`,
      javascript: `function fair_cuts(gems, slack) {
  const total = gems.reduce((sum, gem) => sum + gem, 0);
  let left = 0;
  let fair = 0;
  for (let i = 0; i < gems.length - 1; i++) {
    left += gems[i];
    if (Math.abs(total - 2 * left) <= slack) fair++;
  }
  return fair;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
