import type { ProblemInput } from './problem-input.ts';
import { scattered } from './scattered.ts';

/** Stacks and queues: problems written for this bank. */
export const stacksQueues: ProblemInput[] = [
  {
    problem_id: 'stacks-typewriter',
    title: 'The Forgiving Typewriter',
    module: 'stacks-queues',
    topic_tags: ['stacks-queues', 'stack', 'strings'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'typed_text',
    params: ['keys'],
    comparison: 'exact',
    statement: `A typewriter has keys for small letters and the space, and two special keys:

- \`<\` takes back the last character that is still on the paper (nothing happens on an empty sheet)
- \`^\` throws the sheet away: everything typed so far is gone

Given the keys in the order in which they were pressed, return the text that is on the paper at the end.

**Parameters**
- \`keys\`: string of small English letters, spaces, \`<\` and \`^\`

**Returns** the remaining text.

**Constraints**
- \`0 <= len(keys) <= 50000\`
- aim for O(n)

**Example 1**

    typed_text('helo<lo')  ->  'hello'

**Example 2**

    typed_text('draft^<ok')  ->  'ok'
`,
    starter_code: {
      python: `def typed_text(keys: str) -> str:
    """Return the text on the paper after all keys were pressed."""
    pass
`,
      javascript: `/**
 * Return the text on the paper after all keys were pressed.
 * @param {string} keys
 * @returns {string}
 */
function typed_text(keys) {
}
`,
    },
    visible_tests: [
      { args: ['helo<lo'], expected: 'hello' },
      { args: ['draft^<ok'], expected: 'ok' },
    ],
    hidden_tests: [
      { args: [''], expected: '' },
      { args: ['<'], expected: '' },
      { args: ['^'], expected: '' },
      { args: ['a'], expected: 'a' },
      { args: ['a<<<b'], expected: 'b' },
      { args: ['abc^'], expected: '' },
      { args: ['a b<c'], expected: 'a c' },
      { args: ['<<^<z^y'], expected: 'y' },
      { args: ['one <<two< '], expected: 'ontw ' },
      { args: ['x'.repeat(25000) + '<'.repeat(24999)], expected: 'x' },
      { args: ['ab<'.repeat(16000)], expected: 'a'.repeat(16000) },
    ],
    hints: [
      'Which character does the back key affect? The one that was added last.',
      '"Last in, first out" is a stack: push letters, pop for the back key, empty it for a new sheet.',
      'Use a list as a stack. For "<" pop if the list is not empty, for "^" clear the list, otherwise push the character. Join the list at the end.',
    ],
    reference_solution: {
      python: `def typed_text(keys: str) -> str:
    paper = []
    for key in keys:
        if key == "^":
            paper.clear()
        elif key != "<":
            paper.append(key)
        elif paper:
            paper.pop()
    return "".join(paper)
`,
      javascript: `function typed_text(keys) {
  const paper = [];
  for (const key of keys) {
    if (key === '<') paper.pop();
    else if (key === '^') paper.length = 0;
    else paper.push(key);
  }
  return paper.join('');
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'stacks-first-bracket-fault',
    title: 'Where the Brackets Break',
    module: 'stacks-queues',
    topic_tags: ['stacks-queues', 'stack', 'strings', 'parsing'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'first_bracket_fault',
    params: ['text'],
    comparison: 'exact',
    statement: `An editor shall point at the place where the brackets of a text stop making sense. The brackets are \`()\`, \`[]\` and \`{}\`; all other characters are ignored. Reading from the left, a fault occurs

- at a closing bracket that does not match the innermost bracket still open (or when none is open), or
- behind the end of the text, if brackets are still open there.

**Parameters**
- \`text\`: string of printable ASCII characters

**Returns** the position of the first fault, counted from 1. Still open brackets at the end give \`len(text) + 1\`; a text without a fault gives \`0\`.

**Constraints**
- \`0 <= len(text) <= 50000\`
- aim for O(n)

**Example 1**

    first_bracket_fault('f(a[1)]')  ->  6

The \`)\` at position 6 meets the open \`[\`.

**Example 2**

    first_bracket_fault('{x')  ->  3
`,
    starter_code: {
      python: `def first_bracket_fault(text: str) -> int:
    """Return the position (from 1) of the first bracket fault, or 0 when there is none."""
    pass
`,
      javascript: `/**
 * Return the position (from 1) of the first bracket fault, or 0 when there is none.
 * @param {string} text
 * @returns {number}
 */
function first_bracket_fault(text) {
}
`,
    },
    visible_tests: [
      { args: ['f(a[1)]'], expected: 6 },
      { args: ['{x'], expected: 3 },
      { args: ['(ok)'], expected: 0 },
    ],
    hidden_tests: [
      { args: [''], expected: 0 },
      { args: ['no brackets'], expected: 0 },
      { args: ['('], expected: 2 },
      { args: [')'], expected: 1 },
      { args: ['()[]{}'], expected: 0 },
      { args: ['{[()]}'], expected: 0 },
      { args: ['(]'], expected: 2 },
      { args: ['(()'], expected: 4 },
      { args: ['())('], expected: 3 },
      { args: ['a{b(c)d}e]'], expected: 10 },
      { args: ['([)]'], expected: 3 },
      { args: ['('.repeat(20000) + ')'.repeat(20000)], expected: 0 },
      { args: ['['.repeat(20000) + ']'.repeat(19999)], expected: 40000 },
      { args: [`${'{}'.repeat(20000)})`], expected: 40001 },
    ],
    hints: [
      'When a closing bracket comes along, which of the open brackets must it match?',
      'The innermost open bracket is the one opened last: keep the open ones on a stack.',
      'Push every opening bracket. At a closing one, return its position if the stack is empty or its top is not the partner; otherwise pop. After the text, return len(text) + 1 if the stack is not empty, else 0.',
    ],
    reference_solution: {
      python: `def first_bracket_fault(text: str) -> int:
    partner = {")": "(", "]": "[", "}": "{"}
    open_brackets = []
    for position, char in enumerate(text, start=1):
        if char in "([{":
            open_brackets.append(char)
        elif char in partner:
            if not open_brackets or open_brackets.pop() != partner[char]:
                return position
    return len(text) + 1 if open_brackets else 0
`,
      javascript: `function first_bracket_fault(text) {
  const partner = new Map([
    [')', '('],
    [']', '['],
    ['}', '{'],
  ]);
  const open = [];
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i])) open.push(text[i]);
    else if (partner.has(text[i]) && open.pop() !== partner.get(text[i])) return i + 1;
  }
  return open.length > 0 ? text.length + 1 : 0;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'queues-kiln-turns',
    title: 'Taking Turns at the Kiln',
    module: 'stacks-queues',
    topic_tags: ['stacks-queues', 'queue', 'simulation'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'finish_order',
    params: ['minutes', 'turn'],
    comparison: 'exact',
    statement: `Potters share one kiln. Potter \`i\` needs \`minutes[i]\` minutes of firing in total. They line up by number. Whoever is first uses the kiln for at most \`turn\` minutes. If the work is done by then, the potter leaves at once and the next one starts; otherwise the potter goes to the **end of the line** with what remains to be fired.

In which order do the potters finish?

**Parameters**
- \`minutes\`: list of integers
- \`turn\`: integer

**Returns** the numbers of the potters (from 0) in the order of finishing.

**Constraints**
- \`0 <= len(minutes) <= 2000\`
- \`1 <= minutes[i] <= 10000\`, \`1 <= turn <= 10000\`
- the potters take at most 30000 turns in total

**Example 1**

    finish_order([5, 2, 7], 3)  ->  [1, 0, 2]

Potter 0 fires 3 of 5 minutes, potter 1 finishes, potter 2 fires 3 of 7, potter 0 finishes, potter 2 goes on alone.

**Example 2**

    finish_order([4, 4], 4)  ->  [0, 1]
`,
    starter_code: {
      python: `def finish_order(minutes: list[int], turn: int) -> list[int]:
    """Return the potters in the order in which their work is done."""
    pass
`,
      javascript: `/**
 * Return the potters in the order in which their work is done.
 * @param {number[]} minutes
 * @param {number} turn
 * @returns {number[]}
 */
function finish_order(minutes, turn) {
}
`,
    },
    visible_tests: [
      { args: [[5, 2, 7], 3], expected: [1, 0, 2] },
      { args: [[4, 4], 4], expected: [0, 1] },
    ],
    hidden_tests: [
      { args: [[], 3], expected: [] },
      { args: [[9], 2], expected: [0] },
      { args: [[1, 1, 1], 1], expected: [0, 1, 2] },
      { args: [[3, 2, 1], 1], expected: [2, 1, 0] },
      { args: [[3, 2, 1], 5], expected: [0, 1, 2] },
      { args: [[6, 6, 6], 2], expected: [0, 1, 2] },
      { args: [[10, 1, 10, 1], 4], expected: [1, 3, 0, 2] },
      { args: [[7, 8, 9, 6], 3], expected: [3, 0, 1, 2] },
      {
        args: [Array.from({ length: 1500 }, () => 10000), 10000],
        expected: Array.from({ length: 1500 }, (_, i) => i),
      },
      {
        args: [Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 20 : 1)), 2],
        expected: Array.from({ length: 2000 }, (_, i) => (i + 1000) % 2000),
      },
      {
        args: [Array.from({ length: 200 }, (_, i) => 200 - i), 1],
        expected: Array.from({ length: 200 }, (_, i) => 199 - i),
      },
    ],
    hints: [
      'The line is a queue: people leave at the front and come back at the end.',
      'Store the pair (potter, minutes left) in the queue and replay turn by turn. Removing from the front should be cheap.',
      'While the queue is not empty: take the front pair; if its minutes are at most turn, add the potter to the answer, otherwise append the pair with turn minutes less. In Python use collections.deque; in JavaScript an index that moves forward avoids shift().',
    ],
    reference_solution: {
      python: `from collections import deque


def finish_order(minutes: list[int], turn: int) -> list[int]:
    line = deque(enumerate(minutes))
    finished = []
    while line:
        potter, left = line.popleft()
        if left <= turn:
            finished.append(potter)
        else:
            line.append((potter, left - turn))
    return finished
`,
      javascript: `function finish_order(minutes, turn) {
  const line = minutes.map((left, potter) => ({ potter, left }));
  const finished = [];
  // The array grows while it is read: its tail is the end of the line.
  for (let front = 0; front < line.length; front++) {
    const { potter, left } = line[front];
    if (left <= turn) finished.push(potter);
    else line.push({ potter, left: left - turn });
  }
  return finished;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'stacks-taller-to-the-left',
    title: 'Shade From the Left',
    module: 'stacks-queues',
    topic_tags: ['stacks-queues', 'monotonic-stack'],
    difficulty: 3,
    expected_minutes: 25,
    languages: ['python', 'javascript'],
    entry_point: 'distance_to_taller',
    params: ['heights'],
    comparison: 'exact',
    statement: `Trees stand in a row from west to east, one metre apart, and the evening sun shines from the west (the left). For each tree, find how far away the **nearest strictly taller tree to its left** is; this is the tree that shades it. A tree that is shaded by no other gets \`0\`.

**Parameters**
- \`heights\`: list of integers from west to east

**Returns** a list with one distance for each tree.

**Constraints**
- \`0 <= len(heights) <= 20000\`
- every height is between 1 and 10000
- looking left from every tree again is too slow; aim for O(n)

**Example 1**

    distance_to_taller([6, 3, 5, 5, 7])  ->  [0, 1, 2, 3, 0]

Both trees of height 5 are shaded by the tree of height 6.

**Example 2**

    distance_to_taller([1, 2, 3])  ->  [0, 0, 0]
`,
    starter_code: {
      python: `def distance_to_taller(heights: list[int]) -> list[int]:
    """Return for each tree the distance to the nearest strictly taller tree on its left, or 0."""
    pass
`,
      javascript: `/**
 * Return for each tree the distance to the nearest strictly taller tree on its left, or 0.
 * @param {number[]} heights
 * @returns {number[]}
 */
function distance_to_taller(heights) {
}
`,
    },
    visible_tests: [
      { args: [[6, 3, 5, 5, 7]], expected: [0, 1, 2, 3, 0] },
      { args: [[1, 2, 3]], expected: [0, 0, 0] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[4]], expected: [0] },
      { args: [[4, 4]], expected: [0, 0] },
      { args: [[4, 3]], expected: [0, 1] },
      { args: [[5, 4, 3, 2]], expected: [0, 1, 1, 1] },
      { args: [[9, 1, 2, 3, 4]], expected: [0, 1, 2, 3, 4] },
      { args: [[3, 1, 2, 1, 3, 2]], expected: [0, 1, 2, 1, 0, 1] },
      { args: [[2, 8, 2, 8, 2]], expected: [0, 0, 1, 0, 1] },
      { args: [[10000, 1, 9999, 10000, 1]], expected: [0, 1, 2, 0, 1] },
      { args: [Array.from({ length: 20000 }, () => 7)], expected: Array.from({ length: 20000 }, () => 0) },
      {
        args: [Array.from({ length: 8000 }, (_, i) => (i === 0 ? 9 : 7))],
        expected: Array.from({ length: 8000 }, (_, i) => i),
      },
    ],
    hints: [
      'After a tall tree appears, which earlier trees can never shade anything to the right of it?',
      'Keep only the trees that can still give shade: their heights are falling from left to right. That is a stack with the nearest one on top.',
      'For each tree: pop all positions whose height is not greater than its own; if a position remains on top, the answer is the distance to it, otherwise 0; then push the own position.',
    ],
    reference_solution: {
      python: `def distance_to_taller(heights: list[int]) -> list[int]:
    shading: list[int] = []
    distances = []
    for position, height in enumerate(heights):
        while shading and heights[shading[-1]] <= height:
            shading.pop()
        distances.append(position - shading[-1] if shading else 0)
        shading.append(position)
    return distances
`,
      javascript: `function distance_to_taller(heights) {
  const shading = [];
  return heights.map((height, position) => {
    while (shading.length > 0 && heights[shading[shading.length - 1]] <= height) shading.pop();
    const distance = shading.length > 0 ? position - shading[shading.length - 1] : 0;
    shading.push(position);
    return distance;
  });
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'stacks-skyline-billboard',
    title: 'A Billboard on the Skyline',
    module: 'stacks-queues',
    topic_tags: ['stacks-queues', 'monotonic-stack'],
    difficulty: 4,
    expected_minutes: 45,
    languages: ['python', 'javascript'],
    entry_point: 'largest_billboard',
    params: ['heights', 'min_width'],
    comparison: 'exact',
    statement: `Houses one metre wide stand wall to wall; \`heights\` lists how high each of them is. An advertising company wants to paint one **rectangle** on the front of neighbouring houses. It stands on the ground, may not rise above any of the houses it covers, and must cover at least \`min_width\` houses. How large can its area be?

**Parameters**
- \`heights\`: list of integers
- \`min_width\`: integer

**Returns** the largest area, or \`0\` if there are fewer than \`min_width\` houses.

**Constraints**
- \`0 <= len(heights) <= 20000\`
- every height is between 0 and 10000, \`1 <= min_width <= 20000\`
- O(n * n) is too slow; aim for O(n)

**Example 1**

    largest_billboard([2, 9, 4, 5, 1], 1)  ->  12

The houses 9, 4 and 5 carry a rectangle of height 4 and width 3.

**Example 2**

    largest_billboard([2, 9, 4, 5, 1], 4)  ->  8

Now four houses are needed: height 2 on the first four gives 8, one more house would allow height 1 only.
`,
    starter_code: {
      python: `def largest_billboard(heights: list[int], min_width: int) -> int:
    """Return the area of the largest rectangle on the skyline that is at least min_width wide."""
    pass
`,
      javascript: `/**
 * Return the area of the largest rectangle on the skyline that is at least min_width wide.
 * @param {number[]} heights
 * @param {number} min_width
 * @returns {number}
 */
function largest_billboard(heights, min_width) {
}
`,
    },
    visible_tests: [
      { args: [[2, 9, 4, 5, 1], 1], expected: 12 },
      { args: [[2, 9, 4, 5, 1], 4], expected: 8 },
    ],
    hidden_tests: [
      { args: [[], 1], expected: 0 },
      { args: [[6], 1], expected: 6 },
      { args: [[6], 2], expected: 0 },
      { args: [[0, 0, 0], 1], expected: 0 },
      { args: [[3, 3, 3], 3], expected: 9 },
      { args: [[1, 2, 3, 4, 5], 1], expected: 9 },
      { args: [[5, 4, 3, 2, 1], 4], expected: 8 },
      { args: [[4, 0, 4, 4], 3], expected: 0 },
      { args: [[10000, 1, 10000], 2], expected: 3 },
      { args: [[3, 1, 3, 2, 2, 3], 1], expected: 8 },
      { args: [Array.from({ length: 20000 }, () => 7), 1], expected: 140000 },
      { args: [Array.from({ length: 8000 }, (_, i) => i + 1), 1], expected: 16004000 },
      { args: [Array.from({ length: 6000 }, (_, i) => i), 4500], expected: 6750000 },
      { args: [scattered(5000, 10000, 77), 30], expected: 80685 },
    ],
    hints: [
      'The best rectangle is exactly as high as the lowest house it covers. So try every house as the lowest one: how far can its rectangle extend?',
      'It extends to the nearest lower house on each side. A stack of positions with rising heights finds both borders in one pass.',
      'Push positions while heights rise. When a house is lower than the top (or the row ends, as if a house of height -1 followed), pop: the popped house is the lowest between the new top (exclusive) and the current position (exclusive). Its area counts if that width is at least min_width.',
    ],
    reference_solution: {
      python: `def largest_billboard(heights: list[int], min_width: int) -> int:
    best = 0
    rising: list[int] = []
    for right, height in enumerate([*heights, -1]):
        while rising and heights[rising[-1]] >= height:
            lowest = heights[rising.pop()]
            left = rising[-1] if rising else -1
            width = right - left - 1
            if width >= min_width:
                best = max(best, lowest * width)
        rising.append(right)
    return best
`,
      javascript: `function largest_billboard(heights, min_width) {
  const rising = [];
  let best = 0;
  for (let right = 0; right <= heights.length; right++) {
    const height = right < heights.length ? heights[right] : -1;
    while (rising.length > 0 && heights[rising[rising.length - 1]] >= height) {
      const lowest = heights[rising.pop()];
      const left = rising.length > 0 ? rising[rising.length - 1] : -1;
      const width = right - left - 1;
      if (width >= min_width) best = Math.max(best, lowest * width);
    }
    rising.push(right);
  }
  return best;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
