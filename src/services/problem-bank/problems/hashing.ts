import type { ProblemInput } from './problem-input.ts';
import { scattered } from './scattered.ts';

/** Hashing: problems written for this bank. */
export const hashing: ProblemInput[] = [
  {
    problem_id: 'hashing-first-returning-badge',
    title: 'The First Badge to Come Back',
    module: 'hashing',
    topic_tags: ['hashing', 'hash-set'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'first_returning_badge',
    params: ['badges'],
    comparison: 'exact',
    statement: `A turnstile writes down the number of every badge that is scanned. Find the badge that is the **first to be scanned a second time**, in the order of the log.

**Parameters**
- \`badges\`: list of positive integers in the order of scanning

**Returns** the number of that badge, or \`-1\` if no badge was scanned twice.

**Constraints**
- \`0 <= len(badges) <= 15000\`
- every badge is between 1 and 1000000
- aim for O(n)

**Example 1**

    first_returning_badge([7, 3, 9, 3, 7])  ->  3

Badge 7 was the first in the log, but the second scan of 3 happens before the second scan of 7.

**Example 2**

    first_returning_badge([4, 5, 6])  ->  -1
`,
    starter_code: {
      python: `def first_returning_badge(badges: list[int]) -> int:
    """Return the badge whose second scan happens first, or -1."""
    pass
`,
      javascript: `/**
 * Return the badge whose second scan happens first, or -1.
 * @param {number[]} badges
 * @returns {number}
 */
function first_returning_badge(badges) {
}
`,
    },
    visible_tests: [
      { args: [[7, 3, 9, 3, 7]], expected: 3 },
      { args: [[4, 5, 6]], expected: -1 },
    ],
    hidden_tests: [
      { args: [[]], expected: -1 },
      { args: [[1]], expected: -1 },
      { args: [[1, 1]], expected: 1 },
      { args: [[2, 1, 1, 2]], expected: 1 },
      { args: [[5, 6, 7, 8, 5]], expected: 5 },
      { args: [[9, 8, 9, 8, 9]], expected: 9 },
      { args: [[1000000, 1, 1000000]], expected: 1000000 },
      { args: [[3, 3, 3, 3]], expected: 3 },
      { args: [Array.from({ length: 15000 }, (_, i) => i + 1)], expected: -1 },
      { args: [[...Array.from({ length: 9999 }, (_, i) => i + 1), 5000, 1]], expected: 5000 },
    ],
    hints: [
      'Read the log from the front. Which question do you ask about every badge?',
      '"Have I seen this number before?" can be answered in constant time by a set.',
      'For every badge: if it is in the set, return it; otherwise add it. If the loop ends, return -1.',
    ],
    reference_solution: {
      python: `def first_returning_badge(badges: list[int]) -> int:
    seen = set()
    for badge in badges:
        if badge in seen:
            return badge
        seen.add(badge)
    return -1
`,
      javascript: `function first_returning_badge(badges) {
  const seen = new Set();
  for (const badge of badges) {
    if (seen.has(badge)) return badge;
    seen.add(badge);
  }
  return -1;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'hashing-same-shape-words',
    title: 'Words of the Same Shape',
    module: 'hashing',
    topic_tags: ['hashing', 'hash-map', 'grouping', 'strings'],
    difficulty: 2,
    expected_minutes: 20,
    languages: ['python', 'javascript'],
    entry_point: 'same_shape_words',
    params: ['words'],
    comparison: 'unordered_deep',
    statement: `Two words have the same **shape** when one can be turned into the other by swapping letters consistently: equal letters stay equal, different letters stay different. \`noon\` and \`abba\` have the same shape, \`noon\` and \`book\` do not.

Put the words into groups, one group for each shape. A word that occurs several times appears as often in its group.

**Parameters**
- \`words\`: list of strings of small English letters

**Returns** a list of groups. The order of the groups and the order inside a group do not matter.

**Constraints**
- \`0 <= len(words) <= 5000\`, each word has 1 to 20 letters
- comparing all pairs of words is too slow

**Example 1**

    same_shape_words(['noon', 'tea', 'abba', 'sky', 'book'])
      ->  [['noon', 'abba'], ['tea', 'sky'], ['book']]

**Example 2**

    same_shape_words(['a', 'b', 'a'])  ->  [['a', 'b', 'a']]
`,
    starter_code: {
      python: `def same_shape_words(words: list[str]) -> list[list[str]]:
    """Return the words in groups; words of one group have the same pattern of equal letters."""
    pass
`,
      javascript: `/**
 * Return the words in groups; words of one group have the same pattern of equal letters.
 * @param {string[]} words
 * @returns {string[][]}
 */
function same_shape_words(words) {
}
`,
    },
    visible_tests: [
      {
        args: [['noon', 'tea', 'abba', 'sky', 'book']],
        expected: [['noon', 'abba'], ['tea', 'sky'], ['book']],
      },
      { args: [['a', 'b', 'a']], expected: [['a', 'b', 'a']] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [['x']], expected: [['x']] },
      { args: [['ab', 'aa']], expected: [['ab'], ['aa']] },
      {
        args: [['aab', 'abb', 'bba', 'baa', 'ccd']],
        expected: [
          ['aab', 'bba', 'ccd'],
          ['abb', 'baa'],
        ],
      },
      { args: [['a', 'aa', 'aaa']], expected: [['a'], ['aa'], ['aaa']] },
      { args: [['eel', 'oof', 'eel']], expected: [['eel', 'oof', 'eel']] },
      {
        args: [['abcdefghijklmnopqrst', 'tsrqponmlkjihgfedcba', 'abcdefghijklmnopqrsa']],
        expected: [['abcdefghijklmnopqrst', 'tsrqponmlkjihgfedcba'], ['abcdefghijklmnopqrsa']],
      },
      {
        args: [['abcabc', 'xyzxyz', 'abccba', 'mnoonm', 'abcacb']],
        expected: [['abcabc', 'xyzxyz'], ['abccba', 'mnoonm'], ['abcacb']],
      },
      {
        args: [Array.from({ length: 1000 }, () => ['abab', 'cdcd', 'abba', 'zzzz']).flat()],
        expected: [
          Array.from({ length: 1000 }, () => ['abab', 'cdcd']).flat(),
          Array.from({ length: 1000 }, () => 'abba'),
          Array.from({ length: 1000 }, () => 'zzzz'),
        ],
      },
    ],
    hints: [
      'Find something you can compute from one word alone that is equal for words of the same shape.',
      'Replace each letter by the number of its first appearance: "noon" becomes 0,1,1,0.',
      'Build that number pattern for each word, use it (as a string or tuple) as the key of a map from pattern to list of words, and return the lists.',
    ],
    reference_solution: {
      python: `from collections import defaultdict


def same_shape_words(words: list[str]) -> list[list[str]]:
    groups = defaultdict(list)
    for word in words:
        numbers: dict[str, int] = {}
        shape = tuple(numbers.setdefault(letter, len(numbers)) for letter in word)
        groups[shape].append(word)
    return list(groups.values())
`,
      javascript: `function same_shape_words(words) {
  const groups = new Map();
  for (const word of words) {
    const shape = [...word].map((letter) => word.indexOf(letter)).join();
    const group = groups.get(shape);
    if (group) group.push(word);
    else groups.set(shape, [word]);
  }
  return [...groups.values()];
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'hashing-shareable-coins',
    title: 'Two Coins, Shared Evenly',
    module: 'hashing',
    topic_tags: ['hashing', 'hash-map', 'counting', 'modulo'],
    difficulty: 2,
    expected_minutes: 20,
    languages: ['python', 'javascript'],
    entry_point: 'shareable_pairs',
    params: ['coins', 'friends'],
    comparison: 'exact',
    statement: `A treasure consists of coins with whole values, and of debt notes with negative values. A pair of pieces (two different positions of the list) is good when its total can be shared by \`friends\` people without a remainder. Count the good pairs.

**Parameters**
- \`coins\`: list of integers
- \`friends\`: integer

**Returns** the number of pairs of positions i < j for which \`coins[i] + coins[j]\` is divisible by \`friends\`.

**Constraints**
- \`0 <= len(coins) <= 20000\`
- every value is between -10000 and 10000, \`1 <= friends <= 10000\`
- checking all pairs is too slow; aim for O(n)

**Example 1**

    shareable_pairs([1, 5, 4, 2], 3)  ->  4

The pairs are 1 + 5, 1 + 2, 5 + 4 and 4 + 2.

**Example 2**

    shareable_pairs([-1, 1, 8], 7)  ->  2

The sums 0 (-1 + 1) and 7 (-1 + 8) can be shared by seven; 9 cannot.
`,
    starter_code: {
      python: `def shareable_pairs(coins: list[int], friends: int) -> int:
    """Return how many pairs of coins have a sum that is divisible by friends."""
    pass
`,
      javascript: `/**
 * Return how many pairs of coins have a sum that is divisible by friends.
 * @param {number[]} coins
 * @param {number} friends
 * @returns {number}
 */
function shareable_pairs(coins, friends) {
}
`,
    },
    visible_tests: [
      { args: [[1, 5, 4, 2], 3], expected: 4 },
      { args: [[-1, 1, 8], 7], expected: 2 },
    ],
    hidden_tests: [
      { args: [[], 2], expected: 0 },
      { args: [[6], 3], expected: 0 },
      { args: [[6, 6], 3], expected: 1 },
      { args: [[1, 2, 3, 4], 1], expected: 6 },
      { args: [[0, 0, 0], 9999], expected: 3 },
      { args: [[-3, -4, -7, 7], 7], expected: 2 },
      { args: [[5, 5, 5, 5], 10], expected: 6 },
      { args: [[1, 1, 1], 2], expected: 3 },
      { args: [[-10000, 10000, 3], 10000], expected: 1 },
      { args: [[2, 4, 6, 8], 16], expected: 0 },
      { args: [Array.from({ length: 20000 }, () => 2), 4], expected: 199990000 },
      { args: [Array.from({ length: 20000 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 100], expected: 100000000 },
      { args: [scattered(10000, 10000, 23), 97], expected: 514834 },
    ],
    hints: [
      'For the question "divisible or not", does the full value of a coin matter?',
      'Only the remainder counts. If a coin leaves the remainder r, which remainder must its partner have?',
      'Go through the coins and keep how often each remainder (0 to friends - 1) occurred so far. For a coin with remainder r, add the count of (friends - r) modulo friends, then count the coin itself. Take care that remainders of negative numbers are not negative in JavaScript.',
    ],
    reference_solution: {
      python: `from collections import Counter


def shareable_pairs(coins: list[int], friends: int) -> int:
    seen: Counter[int] = Counter()
    pairs = 0
    for coin in coins:
        pairs += seen[-coin % friends]
        seen[coin % friends] += 1
    return pairs
`,
      javascript: `function shareable_pairs(coins, friends) {
  const seen = new Map();
  let pairs = 0;
  for (const coin of coins) {
    const rest = ((coin % friends) + friends) % friends;
    pairs += seen.get((friends - rest) % friends) ?? 0;
    seen.set(rest, (seen.get(rest) ?? 0) + 1);
  }
  return pairs;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'hashing-tide-returns',
    title: 'Stretches With the Same Tide',
    module: 'hashing',
    topic_tags: ['hashing', 'prefix-sums', 'hash-map'],
    difficulty: 3,
    expected_minutes: 25,
    languages: ['python', 'javascript'],
    entry_point: 'stretches_with_total',
    params: ['changes', 'target'],
    comparison: 'exact',
    statement: `A harbour gauge reports by how many centimetres the water level changed in each quarter of an hour. The harbour master asks: how many **stretches** of consecutive reports changed the level by exactly \`target\` centimetres in total? A stretch has at least one report; stretches may overlap.

**Parameters**
- \`changes\`: list of integers, positive or negative
- \`target\`: integer

**Returns** the number of stretches whose sum is \`target\`.

**Constraints**
- \`0 <= len(changes) <= 20000\`
- every change is between -1000 and 1000, \`-1000000 <= target <= 1000000\`
- O(n * n) is too slow

**Example 1**

    stretches_with_total([2, -1, 3, -2, 1], 2)  ->  4

The stretches are \`[2]\`, \`[-1, 3]\`, \`[2, -1, 3, -2]\` and \`[3, -2, 1]\`.

**Example 2**

    stretches_with_total([0, 0], 0)  ->  3
`,
    starter_code: {
      python: `def stretches_with_total(changes: list[int], target: int) -> int:
    """Return how many contiguous stretches of changes add up to target."""
    pass
`,
      javascript: `/**
 * Return how many contiguous stretches of changes add up to target.
 * @param {number[]} changes
 * @param {number} target
 * @returns {number}
 */
function stretches_with_total(changes, target) {
}
`,
    },
    visible_tests: [
      { args: [[2, -1, 3, -2, 1], 2], expected: 4 },
      { args: [[0, 0], 0], expected: 3 },
    ],
    hidden_tests: [
      { args: [[], 0], expected: 0 },
      { args: [[5], 5], expected: 1 },
      { args: [[5], 0], expected: 0 },
      { args: [[1, 1, 1], 2], expected: 2 },
      { args: [[1, -1, 1, -1], 0], expected: 4 },
      { args: [[-2, -2, -2], -4], expected: 2 },
      { args: [[3, 4, -7, 1, 3, 3, 1, -4], 7], expected: 4 },
      { args: [[1000, -1000, 1000], 1000], expected: 3 },
      { args: [[1, 2, 3], 1000000], expected: 0 },
      { args: [Array.from({ length: 20000 }, () => 0), 0], expected: 200010000 },
      { args: [Array.from({ length: 20000 }, () => 1), 15000], expected: 5001 },
      { args: [Array.from({ length: 15000 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 1], expected: 28128750 },
      { args: [scattered(12000, 7, 3).map((value) => value - 3), 10], expected: 363140 },
    ],
    hints: [
      'Because changes can be negative, a sliding window does not work. Think of the water level after each report instead.',
      'A stretch sums to target when the level at its end minus the level before its start is target.',
      'Keep the running level and a map that counts how often each level occurred so far, starting with level 0 once. After each report add the count of (level - target), then count the new level.',
    ],
    reference_solution: {
      python: `from collections import Counter


def stretches_with_total(changes: list[int], target: int) -> int:
    levels = Counter({0: 1})
    level = stretches = 0
    for change in changes:
        level += change
        stretches += levels[level - target]
        levels[level] += 1
    return stretches
`,
      javascript: `function stretches_with_total(changes, target) {
  const levels = new Map([[0, 1]]);
  let level = 0;
  let stretches = 0;
  for (const change of changes) {
    level += change;
    stretches += levels.get(level - target) ?? 0;
    levels.set(level, (levels.get(level) ?? 0) + 1);
  }
  return stretches;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'hashing-fair-bead-mix',
    title: 'The Fair Bead Chain',
    module: 'hashing',
    topic_tags: ['hashing', 'prefix-sums', 'hash-map', 'strings'],
    difficulty: 4,
    expected_minutes: 35,
    languages: ['python', 'javascript'],
    entry_point: 'longest_fair_mix',
    params: ['beads'],
    comparison: 'exact',
    statement: `A chain is made of red (\`r\`), green (\`g\`) and blue (\`b\`) beads. A jeweller cuts out one stretch of consecutive beads that contains **equally many** beads of all three colours. How long can that stretch be?

**Parameters**
- \`beads\`: string of the letters \`r\`, \`g\` and \`b\`

**Returns** the greatest length, or \`0\` if there is no such stretch.

**Constraints**
- \`0 <= len(beads) <= 30000\`
- O(n * n) is too slow; aim for O(n)

**Example 1**

    longest_fair_mix('rrgbbgr')  ->  6

\`rgbbgr\` (from the second bead to the last) contains two beads of each colour.

**Example 2**

    longest_fair_mix('rgrg')  ->  0
`,
    starter_code: {
      python: `def longest_fair_mix(beads: str) -> int:
    """Return the longest stretch with equally many red, green and blue beads."""
    pass
`,
      javascript: `/**
 * Return the longest stretch with equally many red, green and blue beads.
 * @param {string} beads
 * @returns {number}
 */
function longest_fair_mix(beads) {
}
`,
    },
    visible_tests: [
      { args: ['rrgbbgr'], expected: 6 },
      { args: ['rgrg'], expected: 0 },
    ],
    hidden_tests: [
      { args: [''], expected: 0 },
      { args: ['r'], expected: 0 },
      { args: ['bgr'], expected: 3 },
      { args: ['rgbr'], expected: 3 },
      { args: ['rrggbb'], expected: 6 },
      { args: ['rrrrgb'], expected: 3 },
      { args: ['gggrrrbbbg'], expected: 9 },
      { args: ['bbrgrgbrrg'], expected: 6 },
      { args: ['rrgrbrgg'], expected: 3 },
      { args: ['rgb'.repeat(10000)], expected: 30000 },
      { args: ['r'.repeat(10000) + 'g'.repeat(10000) + 'b'.repeat(10000)], expected: 30000 },
      { args: ['rg'.repeat(15000)], expected: 0 },
      { args: ['r'.repeat(15000) + 'bgr'.repeat(5000)], expected: 15000 },
    ],
    hints: [
      'Solve it for two colours first: what can you say about the difference "reds minus greens" before and after a fair stretch?',
      'With three colours two differences suffice, for instance red minus green and red minus blue. Both must be the same at the two ends of a fair stretch.',
      'Walk along the chain with the pair (red - green, red - blue). Store for every pair the first position at which it occurred, beginning with (0, 0) at position 0. When a pair comes again, the distance to its first position is a candidate.',
    ],
    reference_solution: {
      python: `def longest_fair_mix(beads: str) -> int:
    first_at = {(0, 0): 0}
    red = green = blue = best = 0
    for position, bead in enumerate(beads, start=1):
        red += bead == "r"
        green += bead == "g"
        blue += bead == "b"
        start = first_at.setdefault((red - green, red - blue), position)
        best = max(best, position - start)
    return best
`,
      javascript: `function longest_fair_mix(beads) {
  const count = { r: 0, g: 0, b: 0 };
  const firstAt = new Map([['0,0', 0]]);
  let best = 0;
  for (let i = 0; i < beads.length; i++) {
    count[beads[i]]++;
    const balance = count.r - count.g + ',' + (count.r - count.b);
    const start = firstAt.get(balance);
    if (start === undefined) firstAt.set(balance, i + 1);
    else best = Math.max(best, i + 1 - start);
  }
  return best;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
