import type { ProblemInput } from './problem-input.ts';

const loneGlove: ProblemInput = {
  problem_id: 'bit-manipulation-lone-glove',
  title: 'The Lone Glove',
  module: 'bit-manipulation',
  topic_tags: ['bit-manipulation', 'xor'],
  difficulty: 1,
  expected_minutes: 10,
  entry_point: 'lone_glove',
  params: ['gloves'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A lost-property office stamps both gloves of a pair with the same number. Today exactly one glove came in without
its partner; all the others are there in pairs, though anywhere in the crate.

**Task.** Given the list of numbers \`gloves\`, return the number of the glove without a partner. A number may belong to
several pairs, so it can occur 2, 4, 6, ... times; the number you look for occurs an odd number of times. Try to do with
one pass and without a table of counts.

**Constraints**

- \`1 <= len(gloves) <= 20001\`, the length is odd
- \`0 <= gloves[i] <= 10^9\`

**Example 1.** \`lone_glove([12, 7, 12])\` gives \`7\`.

**Example 2.** \`lone_glove([5, 5, 5, 8, 8])\` gives \`5\`.`,
  starter_code: {
    python: `def lone_glove(gloves):
    """Return the only number that occurs an odd number of times."""
    pass
`,
    javascript: `/**
 * @param {number[]} gloves
 * @returns {number} the only number that occurs an odd number of times
 */
function lone_glove(gloves) {
}
`,
  },
  visible_tests: [
    { args: [[12, 7, 12]], expected: 7 },
    { args: [[5, 5, 5, 8, 8]], expected: 5 },
  ],
  hidden_tests: [
    { args: [[31]], expected: 31 },
    { args: [[0]], expected: 0 },
    { args: [[4, 0, 4]], expected: 0 },
    { args: [[9, 9, 2, 6, 2]], expected: 6 },
    { args: [[1000000000, 999999999, 1000000000]], expected: 999999999 },
    { args: [[1, 2, 3, 3, 2]], expected: 1 },
    { args: [[6, 6, 6, 6, 6]], expected: 6 },
    { args: [Array.from({ length: 8001 }, (_, i) => i % 4000)], expected: 0 },
    // 0 to 3999, then down again from 3999 to 0, and one more 2718.
    {
      args: [[...Array.from({ length: 8000 }, (_, i) => (i < 4000 ? i : 7999 - i)), 2718]],
      expected: 2718,
    },
  ],
  hints: [
    'Is there an operation that cancels a number against its twin, wherever the two stand?',
    'x XOR x is 0 and x XOR 0 is x, and XOR does not care about order.',
    'Start with 0 and XOR every number of the list into it. Pairs vanish; what is left is the answer.',
  ],
  reference_solution: {
    python: `def lone_glove(gloves):
    lone = 0
    for number in gloves:
        lone ^= number
    return lone
`,
    javascript: `function lone_glove(gloves) {
  return gloves.reduce((lone, number) => lone ^ number, 0);
}
`,
  },
};

const mirroredPanel: ProblemInput = {
  problem_id: 'bit-manipulation-mirrored-panel',
  title: 'A Panel Seen From Behind',
  module: 'bit-manipulation',
  topic_tags: ['bit-manipulation', 'shifts'],
  difficulty: 2,
  expected_minutes: 15,
  entry_point: 'from_behind',
  params: ['panel', 'width'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A glass panel has a row of \`width\` lamps. Read from the front, the row is a binary number: lit lamps are ones
and the rightmost lamp is the lowest bit. Somebody behind the glass sees the same row from right to left.

**Task.** Given the number \`panel\` that is read from the front, return the number that is read from behind. Dark lamps
at the edges count: the row always has \`width\` lamps.

**Constraints**

- \`1 <= width <= 30\`
- \`0 <= panel < 2^width\`

**Example 1.** \`from_behind(6, 4)\` gives \`6\`: \`0110\` looks the same from both sides.

**Example 2.** \`from_behind(3, 5)\` gives \`24\`: \`00011\` becomes \`11000\`.`,
  starter_code: {
    python: `def from_behind(panel, width):
    """Return panel with its lowest width bits in reverse order."""
    pass
`,
    javascript: `/**
 * @param {number} panel
 * @param {number} width
 * @returns {number} panel with its lowest width bits in reverse order
 */
function from_behind(panel, width) {
}
`,
  },
  visible_tests: [
    { args: [6, 4], expected: 6 },
    { args: [3, 5], expected: 24 },
  ],
  hidden_tests: [
    { args: [0, 1], expected: 0 },
    { args: [1, 1], expected: 1 },
    { args: [0, 30], expected: 0 },
    { args: [1, 30], expected: 2 ** 29 },
    { args: [2 ** 29, 30], expected: 1 },
    { args: [2 ** 30 - 1, 30], expected: 2 ** 30 - 1 },
    { args: [0b10110, 5], expected: 0b01101 },
    { args: [0b10110, 8], expected: 0b01101000 },
    { args: [0b101010101010101010101010101010, 30], expected: 0b010101010101010101010101010101 },
    { args: [0b110010, 7], expected: 0b0100110 },
  ],
  hints: [
    'Which lamp does somebody behind the glass read first, and how do you get at it with bit operations?',
    'Take the lowest bit of panel with & 1 and append it to the result from the right; then drop it from panel.',
    'Repeat exactly width times: result = (result << 1) | (panel & 1), then panel >>= 1. Stopping when panel is 0 would forget the dark lamps.',
  ],
  reference_solution: {
    python: `def from_behind(panel, width):
    seen = 0
    for _ in range(width):
        seen = seen << 1 | panel & 1
        panel >>= 1
    return seen
`,
    javascript: `function from_behind(panel, width) {
  let front = panel;
  let seen = 0;
  for (let i = 0; i < width; i += 1) {
    seen = (seen << 1) | (front & 1);
    front >>= 1;
  }
  return seen;
}
`,
  },
};

const twoMissingKeys: ProblemInput = {
  problem_id: 'bit-manipulation-two-missing-keys',
  title: 'Two Keys Are Missing',
  module: 'bit-manipulation',
  topic_tags: ['bit-manipulation', 'xor', 'partitioning'],
  difficulty: 3,
  expected_minutes: 28,
  entry_point: 'missing_keys',
  params: ['keys'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A swimming pool has \`n\` lockers with the numbers \`1\` to \`n\`, one key each. In the evening exactly two keys
have not been handed back.

**Task.** \`keys\` lists the \`n - 2\` keys that are there, in no order (so \`n\` is \`len(keys) + 2\`). Return the
numbers of the missing keys as \`[smaller, larger]\`.

Try to use \`O(n)\` time and only a few extra variables: no set, no sorting, no change to the list.

**Constraints**

- \`0 <= len(keys) <= 20000\`
- the keys are different numbers from \`1\` to \`len(keys) + 2\`

**Example 1.** \`missing_keys([4, 1, 3])\` gives \`[2, 5]\`.

**Example 2.** \`missing_keys([])\` gives \`[1, 2]\`.`,
  starter_code: {
    python: `def missing_keys(keys):
    """Return the two missing numbers of 1..len(keys)+2 as [smaller, larger]."""
    pass
`,
    javascript: `/**
 * @param {number[]} keys
 * @returns {number[]} the two missing numbers of 1..keys.length+2 as [smaller, larger]
 */
function missing_keys(keys) {
}
`,
  },
  visible_tests: [
    { args: [[4, 1, 3]], expected: [2, 5] },
    { args: [[]], expected: [1, 2] },
  ],
  hidden_tests: [
    { args: [[1]], expected: [2, 3] },
    { args: [[2]], expected: [1, 3] },
    { args: [[3]], expected: [1, 2] },
    { args: [[6, 5, 4, 3]], expected: [1, 2] },
    { args: [[1, 2, 3, 4, 5, 6]], expected: [7, 8] },
    { args: [[8, 2, 6, 7, 1, 3, 10, 5]], expected: [4, 9] },
    { args: [Array.from({ length: 10000 }, (_, i) => i + 2)], expected: [1, 10002] },
    {
      args: [
        Array.from({ length: 8000 }, (_, i) => 8002 - i)
          .filter((key) => key !== 4096)
          .concat([2]),
      ],
      expected: [1, 4096],
    },
    {
      args: [Array.from({ length: 9002 }, (_, i) => i + 1).filter((key) => key !== 777 && key !== 778)],
      expected: [777, 778],
    },
  ],
  hints: [
    'For a single missing key, XOR of all numbers 1 to n and of all keys would give it. What do you get with two missing keys?',
    'You get a XOR b, which is not 0. Any bit set in it tells a and b apart, and it divides all other numbers into two groups as well.',
    'Let low be the lowest set bit of a XOR b. XOR together only those numbers of 1..n and of keys that have this bit: that is one missing key; XOR it with a XOR b for the other. Return them in ascending order.',
  ],
  reference_solution: {
    python: `def missing_keys(keys):
    n = len(keys) + 2
    both = 0
    for number in range(1, n + 1):
        both ^= number
    for key in keys:
        both ^= key
    low = both & -both
    first = 0
    for number in range(1, n + 1):
        if number & low:
            first ^= number
    for key in keys:
        if key & low:
            first ^= key
    second = first ^ both
    return [min(first, second), max(first, second)]
`,
    javascript: `function missing_keys(keys) {
  const n = keys.length + 2;
  let both = 0;
  for (let number = 1; number <= n; number += 1) both ^= number;
  for (const key of keys) both ^= key;
  const low = both & -both;
  let first = 0;
  for (let number = 1; number <= n; number += 1) if (number & low) first ^= number;
  for (const key of keys) if (key & low) first ^= key;
  const second = first ^ both;
  return [Math.min(first, second), Math.max(first, second)];
}
`,
  },
};

const disjointCrews: ProblemInput = {
  problem_id: 'bit-manipulation-disjoint-crews',
  title: 'Pairs That Share Nothing',
  module: 'bit-manipulation',
  topic_tags: ['bit-manipulation', 'bitmasks', 'subset sums'],
  difficulty: 4,
  expected_minutes: 40,
  entry_point: 'disjoint_pairs',
  params: ['badges'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A science camp hands out badges for up to 12 skills. The badges of a child are stored as a number from 0 to 4095:
bit \`s\` is set if the child has skill \`s\`. For a workshop two children should work together who have no skill in
common, so that each can teach the other.

**Task.** Given the list \`badges\`, return the number of pairs of positions \`i < j\` with no common skill. Children
without any skill share nothing with anybody.

Comparing all pairs is too slow for the largest camps.

**Constraints**

- \`0 <= len(badges) <= 20000\`
- \`0 <= badges[i] <= 4095\`

**Example 1.** \`disjoint_pairs([1, 2, 3, 4])\` gives \`4\`: 1 with 2, 1 with 4, 2 with 4, 3 with 4.

**Example 2.** \`disjoint_pairs([0, 0, 5])\` gives \`3\`.`,
  starter_code: {
    python: `def disjoint_pairs(badges):
    """Return the number of pairs i < j whose numbers have no common bit."""
    pass
`,
    javascript: `/**
 * @param {number[]} badges
 * @returns {number} the number of pairs i < j whose numbers have no common bit
 */
function disjoint_pairs(badges) {
}
`,
  },
  visible_tests: [
    { args: [[1, 2, 3, 4]], expected: 4 },
    { args: [[0, 0, 5]], expected: 3 },
  ],
  hidden_tests: [
    { args: [[]], expected: 0 },
    { args: [[0]], expected: 0 },
    { args: [[4095, 4095, 0]], expected: 2 },
    { args: [[7, 7, 7]], expected: 0 },
    { args: [[8, 16, 8, 24, 7]], expected: 6 },
    { args: [Array.from({ length: 12 }, (_, s) => 2 ** s)], expected: 66 },
    { args: [Array.from({ length: 5000 }, () => 0)], expected: (5000 * 4999) / 2 },
    { args: [Array.from({ length: 6000 }, (_, i) => (i % 2 === 0 ? 2048 : 2047))], expected: 3000 * 3000 },
    // Every mask three times: 3^12 ordered pairs of disjoint masks, 9 ways each, less a zero paired with itself.
    { args: [Array.from({ length: 3 * 4096 }, (_, i) => i % 4096)], expected: (9 * 3 ** 12 - 3) / 2 },
  ],
  hints: [
    'Twenty thousand children have only 4096 different numbers among them. What is worth counting?',
    'The partners of a mask m are exactly the children whose mask is a subset of the skills that m lacks. Can you count, for every mask, how many children have a subset of it?',
    'Let subsets[m] begin as the count of m. For each bit s and each m with bit s set, add subsets[m without s] to subsets[m]. Sum subsets[4095 - b] over all children b, take away one for each child with 0 (paired with itself), and halve.',
  ],
  reference_solution: {
    python: `def disjoint_pairs(badges):
    full = 4095
    subsets = [0] * (full + 1)
    for mask in badges:
        subsets[mask] += 1
    without_skill = subsets[0]
    for s in range(12):
        bit = 1 << s
        for mask in range(full + 1):
            if mask & bit:
                subsets[mask] += subsets[mask ^ bit]
    ordered = sum(subsets[full ^ mask] for mask in badges)
    return (ordered - without_skill) // 2
`,
    javascript: `function disjoint_pairs(badges) {
  const full = 4095;
  const subsets = new Array(full + 1).fill(0);
  for (const mask of badges) subsets[mask] += 1;
  const withoutSkill = subsets[0];
  for (let bit = 1; bit <= full; bit <<= 1) {
    for (let mask = 0; mask <= full; mask += 1) {
      if (mask & bit) subsets[mask] += subsets[mask ^ bit];
    }
  }
  let ordered = 0;
  for (const mask of badges) ordered += subsets[full ^ mask];
  return (ordered - withoutSkill) / 2;
}
`,
  },
};

export const bitManipulation: ProblemInput[] = [loneGlove, mirroredPanel, twoMissingKeys, disjointCrews];
