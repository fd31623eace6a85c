import { arraysStrings2 } from './arrays-strings-2.ts';
import { arraysStrings3 } from './arrays-strings-3.ts';
import type { ProblemInput } from './problem-input.ts';

/** Arrays and strings: problems written for this bank. */
export const arraysStrings: ProblemInput[] = [
  {
    problem_id: 'arrays-longest-plateau',
    title: 'The Longest Plateau',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'runs', 'single-pass'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'longest_plateau',
    params: ['heights'],
    comparison: 'exact',
    statement: `A hiker records the height at every step of a walk. A **plateau** is a stretch of consecutive records that are all equal. Find the length of the longest plateau; a single record counts as a plateau of length 1.

**Parameters**
- \`heights\`: list of integers

**Returns** the length of the longest plateau, or \`0\` for an empty walk.

**Constraints**
- \`0 <= len(heights) <= 20000\`
- every height is between -10000 and 10000
- aim for one pass, O(n)

**Example 1**

    longest_plateau([3, 3, 5, 5, 5, 3])  ->  3

**Example 2**

    longest_plateau([1, 2, 1, 2])  ->  1
`,
    starter_code: {
      python: `def longest_plateau(heights: list[int]) -> int:
    """Return the length of the longest run of equal neighbouring heights."""
    pass
`,
      javascript: `/**
 * Return the length of the longest run of equal neighbouring heights.
 * @param {number[]} heights
 * @returns {number}
 */
function longest_plateau(heights) {
}
`,
    },
    visible_tests: [
      { args: [[3, 3, 5, 5, 5, 3]], expected: 3 },
      { args: [[1, 2, 1, 2]], expected: 1 },
    ],
    hidden_tests: [
      { args: [[]], expected: 0 },
      { args: [[0]], expected: 1 },
      { args: [[0, 0]], expected: 2 },
      { args: [[4, 4, 4, 1]], expected: 3 },
      { args: [[1, 4, 4, 4]], expected: 3 },
      { args: [[-2, -2, 2, 2, 2, -2, -2]], expected: 3 },
      { args: [[7, 7, 1, 7, 7, 7, 7, 1, 7]], expected: 4 },
      { args: [[1, 1, 2, 2, 3, 3]], expected: 2 },
      { args: [Array.from({ length: 20000 }, () => -1)], expected: 20000 },
      { args: [Array.from({ length: 10000 }, (_, i) => i % 2)], expected: 1 },
      { args: [Array.from({ length: 15000 }, (_, i) => Math.floor(i / 137))], expected: 137 },
    ],
    hints: [
      'While you walk along the list, what do you have to remember about the stretch you are in?',
      'Keep the length of the current run: it grows when the value equals the one before and restarts at 1 otherwise.',
      'Keep two numbers, current run and best run. For each position update the current run (grow or restart at 1), then raise the best run if needed. An empty list gives 0.',
    ],
    reference_solution: {
      python: `def longest_plateau(heights: list[int]) -> int:
    best = run = 0
    previous = None
    for height in heights:
        run = run + 1 if height == previous else 1
        best = max(best, run)
        previous = height
    return best
`,
      javascript: `function longest_plateau(heights) {
  let best = 0;
  let run = 0;
  for (let i = 0; i < heights.length; i++) {
    run = i > 0 && heights[i] === heights[i - 1] ? run + 1 : 1;
    best = Math.max(best, run);
  }
  return best;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-record-days',
    title: 'Record Days',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'running-maximum', 'single-pass'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'record_days',
    params: ['readings'],
    comparison: 'exact',
    statement: `A weather station stores one temperature per day. A day sets a **record** when it is strictly warmer than *every* day before it. The first day always sets a record. Return the positions (counted from 0) of all record days, in increasing order.

**Parameters**
- \`readings\`: list of integers

**Returns** a list of positions.

**Constraints**
- \`0 <= len(readings) <= 15000\`
- every reading is between -10000 and 10000
- aim for O(n)

**Example 1**

    record_days([4, 2, 6, 6, 9])  ->  [0, 2, 4]

Day 3 only equals the record of day 2, so it does not count.

**Example 2**

    record_days([-3, -5, -1])  ->  [0, 2]
`,
    starter_code: {
      python: `def record_days(readings: list[int]) -> list[int]:
    """Return the positions of all readings that beat every earlier one."""
    pass
`,
      javascript: `/**
 * Return the positions of all readings that beat every earlier one.
 * @param {number[]} readings
 * @returns {number[]}
 */
function record_days(readings) {
}
`,
    },
    visible_tests: [
      { args: [[4, 2, 6, 6, 9]], expected: [0, 2, 4] },
      { args: [[-3, -5, -1]], expected: [0, 2] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[0]], expected: [0] },
      { args: [[-10000]], expected: [0] },
      { args: [[5, 5, 5]], expected: [0] },
      { args: [[9, 8, 7]], expected: [0] },
      { args: [[1, 2, 3, 4]], expected: [0, 1, 2, 3] },
      { args: [[-4, -4, -3, 0, -9, 1]], expected: [0, 2, 3, 5] },
      { args: [[3, 1, 4, 1, 5, 9, 2, 6]], expected: [0, 2, 4, 5] },
      { args: [Array.from({ length: 5000 }, () => -7)], expected: [0] },
      {
        args: [Array.from({ length: 6000 }, (_, i) => i)],
        expected: Array.from({ length: 6000 }, (_, i) => i),
      },
      { args: [Array.from({ length: 10000 }, (_, i) => 10000 - i)], expected: [0] },
    ],
    hints: [
      'For one day, do you really need to look at all earlier days again?',
      'The warmest temperature so far says everything about the past.',
      'Remember the highest reading so far (start with "nothing yet", not with 0). Whenever a reading is strictly higher, add its position to the answer and make it the new highest.',
    ],
    reference_solution: {
      python: `def record_days(readings: list[int]) -> list[int]:
    days = []
    highest = None
    for day, reading in enumerate(readings):
        if highest is None or reading > highest:
            days.append(day)
            highest = reading
    return days
`,
      javascript: `function record_days(readings) {
  const days = [];
  let highest = -Infinity;
  readings.forEach((reading, day) => {
    if (reading > highest) {
      days.push(day);
      highest = reading;
    }
  });
  return days;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-carousel-turn',
    title: 'Turning the Carousel',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'rotation', 'modulo'],
    difficulty: 1,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'turn_carousel',
    params: ['seats', 'steps'],
    comparison: 'exact',
    statement: `The seats of a carousel are listed from the entrance on. When the carousel turns by one step, every child moves to the **next** position of the list, and the child on the last position comes to the entrance (position 0). A negative number of steps turns it the other way.

Return the list after \`steps\` steps, without changing the list that was passed in.

**Parameters**
- \`seats\`: list of strings, the name on each position
- \`steps\`: integer, possibly much larger than the carousel

**Returns** a new list of names.

**Constraints**
- \`0 <= len(seats) <= 5000\`
- \`-1000000000 <= steps <= 1000000000\`
- turning step by step is too slow for large values

**Example 1**

    turn_carousel(['ada', 'bo', 'cy', 'di'], 1)  ->  ['di', 'ada', 'bo', 'cy']

**Example 2**

    turn_carousel(['ada', 'bo', 'cy', 'di'], -1)  ->  ['bo', 'cy', 'di', 'ada']
`,
    starter_code: {
      python: `def turn_carousel(seats: list[str], steps: int) -> list[str]:
    """Return the seats after the carousel has turned by the given steps."""
    pass
`,
      javascript: `/**
 * Return the seats after the carousel has turned by the given steps.
 * @param {string[]} seats
 * @param {number} steps
 * @returns {string[]}
 */
function turn_carousel(seats, steps) {
}
`,
    },
    visible_tests: [
      { args: [['ada', 'bo', 'cy', 'di'], 1], expected: ['di', 'ada', 'bo', 'cy'] },
      { args: [['ada', 'bo', 'cy', 'di'], -1], expected: ['bo', 'cy', 'di', 'ada'] },
    ],
    hidden_tests: [
      { args: [[], 3], expected: [] },
      { args: [['solo'], 999], expected: ['solo'] },
      { args: [['a', 'b', 'c'], 0], expected: ['a', 'b', 'c'] },
      { args: [['a', 'b', 'c'], 3], expected: ['a', 'b', 'c'] },
      { args: [['a', 'b', 'c'], -3], expected: ['a', 'b', 'c'] },
      { args: [['a', 'b', 'c'], 2], expected: ['b', 'c', 'a'] },
      { args: [['a', 'b', 'c'], -5], expected: ['c', 'a', 'b'] },
      { args: [['x', 'x', 'y'], 1], expected: ['y', 'x', 'x'] },
      {
        args: [['p', 'q', 'r', 's', 't', 'u', 'v'], 1000000000],
        expected: ['q', 'r', 's', 't', 'u', 'v', 'p'],
      },
      {
        args: [['p', 'q', 'r', 's', 't', 'u', 'v'], -1000000000],
        expected: ['v', 'p', 'q', 'r', 's', 't', 'u'],
      },
      {
        args: [Array.from({ length: 5000 }, (_, i) => (i < 4999 ? 'm' : 'last')), 1000000001],
        expected: Array.from({ length: 5000 }, (_, i) => (i === 0 ? 'last' : 'm')),
      },
    ],
    hints: [
      'After as many steps as there are seats, the carousel looks as before. What does that say about huge step counts?',
      'Only the remainder of steps divided by the number of seats matters; make sure it is not negative and that the list is not empty.',
      'With k = steps modulo n (from 0 to n - 1), the result is the last k names followed by the first n - k names. Return an empty list when there are no seats.',
    ],
    reference_solution: {
      python: `def turn_carousel(seats: list[str], steps: int) -> list[str]:
    if not seats:
        return []
    cut = -steps % len(seats)
    return seats[cut:] + seats[:cut]
`,
      javascript: `function turn_carousel(seats, steps) {
  const n = seats.length;
  if (n === 0) return [];
  const turn = ((steps % n) + n) % n;
  return [...seats.slice(n - turn), ...seats.slice(0, n - turn)];
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-mirror-banner',
    title: 'Repainting the Mirror Banner',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'strings', 'two-pointers'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'letters_to_repaint',
    params: ['banner'],
    comparison: 'exact',
    statement: `A banner hangs in a corridor and is read from both ends. The decorator wants it to show the same text forwards and backwards and may repaint single letters into any other letter. How many letters must be repainted **at least**?

**Parameters**
- \`banner\`: string of small English letters

**Returns** the smallest number of repainted letters.

**Constraints**
- \`0 <= len(banner) <= 50000\`
- aim for O(n) time and O(1) extra memory

**Example 1**

    letters_to_repaint('plate')  ->  2

For example \`plalp\`: the last two letters change, the middle letter can stay.

**Example 2**

    letters_to_repaint('noon')  ->  0
`,
    starter_code: {
      python: `def letters_to_repaint(banner: str) -> int:
    """Return the fewest letters to repaint so that the banner reads the same both ways."""
    pass
`,
      javascript: `/**
 * Return the fewest letters to repaint so that the banner reads the same both ways.
 * @param {string} banner
 * @returns {number}
 */
function letters_to_repaint(banner) {
}
`,
    },
    visible_tests: [
      { args: ['plate'], expected: 2 },
      { args: ['noon'], expected: 0 },
    ],
    hidden_tests: [
      { args: [''], expected: 0 },
      { args: ['q'], expected: 0 },
      { args: ['ab'], expected: 1 },
      { args: ['aa'], expected: 0 },
      { args: ['aba'], expected: 0 },
      { args: ['abc'], expected: 1 },
      { args: ['abcdef'], expected: 3 },
      { args: ['reviver'], expected: 0 },
      { args: ['banana'], expected: 3 },
      { args: ['aabbccbbax'], expected: 1 },
      { args: ['a'.repeat(50000)], expected: 0 },
      { args: ['ab'.repeat(25000)], expected: 25000 },
    ],
    hints: [
      'Which position has to agree with the first letter? Which one with the second?',
      'Every pair (i from the left, i from the right) is independent of the others and costs 0 or 1.',
      'Put one pointer on each end. While left is before right: if the letters differ, count one; then move both pointers inwards.',
    ],
    reference_solution: {
      python: `def letters_to_repaint(banner: str) -> int:
    repainted = 0
    left, right = 0, len(banner) - 1
    while left < right:
        if banner[left] != banner[right]:
            repainted += 1
        left += 1
        right -= 1
    return repainted
`,
      javascript: `function letters_to_repaint(banner) {
  let repainted = 0;
  for (let left = 0, right = banner.length - 1; left < right; left++, right--) {
    if (banner[left] !== banner[right]) repainted++;
  }
  return repainted;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  ...arraysStrings2,
  ...arraysStrings3,
];
