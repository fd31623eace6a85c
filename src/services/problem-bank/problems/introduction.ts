import type { ProblemInput } from './problem-input.ts';

/** First steps: problems written for this bank. */
export const introduction: ProblemInput[] = [
  {
    problem_id: 'intro-free-last-ticket',
    title: 'Every Group Rides Once for Free',
    module: 'introduction',
    topic_tags: ['introduction', 'loops', 'modulo'],
    difficulty: 1,
    expected_minutes: 8,
    languages: ['python', 'javascript'],
    entry_point: 'ticket_total',
    params: ['prices', 'group_size'],
    comparison: 'exact',
    statement: `The ferry to the lighthouse sells tickets one after another. To reward company, the clerk counts the tickets in groups of \`group_size\`, in the order of sale, and gives away **the last ticket of every full group**. A group that is not full at closing time gets nothing for free.

Work out how much money is in the till at the end of the day.

**Parameters**
- \`prices\`: list of integers, the price of each ticket in the order of sale
- \`group_size\`: integer, how many tickets make a group

**Returns** the sum of all tickets that were paid for.

**Constraints**
- \`0 <= len(prices) <= 1000\`, every price is between 0 and 500
- \`1 <= group_size <= 1000\`; with groups of one, every ticket is free

**Example 1**

    ticket_total([5, 3, 4, 6, 2], 2)  ->  11

The second and the fourth ticket (3 and 6) are free: 5 + 4 + 2 = 11.

**Example 2**

    ticket_total([5, 3], 3)  ->  8

The group of three never fills up, so everybody pays.
`,
    starter_code: {
      python: `def ticket_total(prices: list[int], group_size: int) -> int:
    """Return what the visitors pay when the last ticket of every full group is free."""
    pass
`,
      javascript: `/**
 * Return what the visitors pay when the last ticket of every full group is free.
 * @param {number[]} prices
 * @param {number} group_size
 * @returns {number}
 */
function ticket_total(prices, group_size) {
}
`,
    },
    visible_tests: [
      { args: [[5, 3, 4, 6, 2], 2], expected: 11 },
      { args: [[5, 3], 3], expected: 8 },
      { args: [[9, 9, 9], 1], expected: 0 },
    ],
    hidden_tests: [
      { args: [[], 4], expected: 0 },
      { args: [[7], 1], expected: 0 },
      { args: [[7], 2], expected: 7 },
      { args: [[1, 2, 3, 4, 5, 6], 3], expected: 12 },
      { args: [[0, 0, 0, 0], 2], expected: 0 },
      { args: [[10, 20, 30], 3], expected: 30 },
      { args: [[4, 4, 4, 4, 4, 4, 4], 2], expected: 16 },
      { args: [[100, 1, 100, 1], 1000], expected: 202 },
      { args: [Array.from({ length: 1000 }, () => 5), 10], expected: 4500 },
      { args: [Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 3 : 8)), 2], expected: 1500 },
    ],
    hints: [
      'Walk through the tickets one by one and keep a count of how many were sold so far.',
      'Ticket number n (counted from 1) is the last one of its group exactly when n is a multiple of the group size.',
      'Start a total at 0. For each ticket with number n, add its price unless n modulo group_size is 0.',
    ],
    reference_solution: {
      python: `def ticket_total(prices: list[int], group_size: int) -> int:
    return sum(price for number, price in enumerate(prices, start=1) if number % group_size != 0)
`,
      javascript: `function ticket_total(prices, group_size) {
  let total = 0;
  prices.forEach((price, index) => {
    if ((index + 1) % group_size !== 0) total += price;
  });
  return total;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'intro-day-goal-reached',
    title: 'The Day the Jar Was Full',
    module: 'introduction',
    topic_tags: ['introduction', 'loops', 'running-total'],
    difficulty: 1,
    expected_minutes: 8,
    languages: ['python', 'javascript'],
    entry_point: 'day_goal_reached',
    params: ['savings', 'goal'],
    comparison: 'exact',
    statement: `Mira puts some coins into a jar every evening and writes the amount down. She wants to know on which day the jar held **at least** \`goal\` coins for the first time.

**Parameters**
- \`savings\`: list of integers, the coins added on day 1, day 2, and so on (0 when she forgot)
- \`goal\`: integer, the number of coins she is saving for

**Returns** the number of that day, counted from 1, or \`-1\` if the jar never held enough.

**Constraints**
- \`0 <= len(savings) <= 1000\`, every amount is between 0 and 10000
- \`1 <= goal <= 10000000\`

**Example 1**

    day_goal_reached([4, 0, 3, 5], 7)  ->  3

After three days the jar holds 4 + 0 + 3 = 7 coins.

**Example 2**

    day_goal_reached([1, 1], 5)  ->  -1
`,
    starter_code: {
      python: `def day_goal_reached(savings: list[int], goal: int) -> int:
    """Return the first day (counted from 1) on which the savings reach the goal, or -1."""
    pass
`,
      javascript: `/**
 * Return the first day (counted from 1) on which the savings reach the goal, or -1.
 * @param {number[]} savings
 * @param {number} goal
 * @returns {number}
 */
function day_goal_reached(savings, goal) {
}
`,
    },
    visible_tests: [
      { args: [[4, 0, 3, 5], 7], expected: 3 },
      { args: [[1, 1], 5], expected: -1 },
    ],
    hidden_tests: [
      { args: [[], 1], expected: -1 },
      { args: [[5], 5], expected: 1 },
      { args: [[5], 6], expected: -1 },
      { args: [[0, 0, 0, 1], 1], expected: 4 },
      { args: [[2, 2, 2, 2], 8], expected: 4 },
      { args: [[2, 2, 2, 2], 9], expected: -1 },
      { args: [[10, 1, 1], 3], expected: 1 },
      { args: [[3, 0, 0, 4, 9], 7], expected: 4 },
      { args: [[0, 0, 0], 1], expected: -1 },
      { args: [Array.from({ length: 1000 }, () => 10), 9991], expected: 1000 },
      { args: [Array.from({ length: 1000 }, () => 10000), 10000000], expected: 1000 },
    ],
    hints: [
      'You do not need to store every jar level; one number that grows is enough.',
      'Keep a running total and compare it with the goal right after adding the coins of a day.',
      'For each day (numbered from 1): add its amount to the total; if the total is at least the goal, return the day. After the loop, return -1.',
    ],
    reference_solution: {
      python: `def day_goal_reached(savings: list[int], goal: int) -> int:
    total = 0
    for day, amount in enumerate(savings, start=1):
        total += amount
        if total >= goal:
            return day
    return -1
`,
      javascript: `function day_goal_reached(savings, goal) {
  let total = 0;
  for (let day = 1; day <= savings.length; day++) {
    total += savings[day - 1];
    if (total >= goal) return day;
  }
  return -1;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'intro-readable-duration',
    title: 'A Duration for the Scoreboard',
    module: 'introduction',
    topic_tags: ['introduction', 'arithmetic', 'string-formatting'],
    difficulty: 1,
    expected_minutes: 10,
    languages: ['python', 'javascript'],
    entry_point: 'readable_duration',
    params: ['seconds'],
    comparison: 'exact',
    statement: `The scoreboard of a running club receives durations as plain seconds and has to show them in a form that people can read:

- below one hour: \`M:SS\`, for example \`0:07\` or \`59:59\`
- from one hour on: \`H:MM:SS\`, for example \`1:00:00\` or \`26:03:20\`

The first part is written without leading zeros, all further parts always have two digits.

**Parameters**
- \`seconds\`: integer, the duration

**Returns** the text for the scoreboard.

**Constraints**
- \`0 <= seconds <= 1000000\`

**Example 1**

    readable_duration(187)  ->  '3:07'

**Example 2**

    readable_duration(3600)  ->  '1:00:00'
`,
    starter_code: {
      python: `def readable_duration(seconds: int) -> str:
    """Return the duration as M:SS, or as H:MM:SS from one hour on."""
    pass
`,
      javascript: `/**
 * Return the duration as M:SS, or as H:MM:SS from one hour on.
 * @param {number} seconds
 * @returns {string}
 */
function readable_duration(seconds) {
}
`,
    },
    visible_tests: [
      { args: [187], expected: '3:07' },
      { args: [3600], expected: '1:00:00' },
    ],
    hidden_tests: [
      { args: [0], expected: '0:00' },
      { args: [7], expected: '0:07' },
      { args: [59], expected: '0:59' },
      { args: [60], expected: '1:00' },
      { args: [600], expected: '10:00' },
      { args: [3599], expected: '59:59' },
      { args: [3661], expected: '1:01:01' },
      { args: [4210], expected: '1:10:10' },
      { args: [36000], expected: '10:00:00' },
      { args: [93800], expected: '26:03:20' },
      { args: [1000000], expected: '277:46:40' },
    ],
    hints: [
      'How many whole minutes fit into the seconds, and what is left over?',
      'Integer division gives the larger unit, the remainder gives the smaller one. Do it twice: seconds to minutes, minutes to hours.',
      'Split into hours, minutes, seconds. Pad the seconds to two digits; if there are hours, pad the minutes as well and put the hours in front.',
    ],
    reference_solution: {
      python: `def readable_duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours > 0:
        return f"{hours}:{minutes:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}"
`,
      javascript: `function readable_duration(seconds) {
  const twoDigits = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = twoDigits(seconds % 60);
  return hours > 0 ? hours + ':' + twoDigits(minutes) + ':' + rest : minutes + ':' + rest;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'intro-lamp-row',
    title: 'Lamps Along the Pier',
    module: 'introduction',
    topic_tags: ['introduction', 'simulation', 'nested-loops'],
    difficulty: 2,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'lamps_lit',
    params: ['count', 'presses'],
    comparison: 'exact',
    statement: `A pier has \`count\` lamps in a row, numbered from 0, and all of them are off. The control panel is odd: each press names a first and a last lamp, and **every lamp from the first to the last, both included, flips**: a dark lamp lights up, a lit lamp goes dark.

How many lamps are lit after all presses?

**Parameters**
- \`count\`: integer, the number of lamps
- \`presses\`: list of pairs \`[first, last]\`

**Returns** the number of lit lamps.

**Constraints**
- \`0 <= count <= 1000\`, at most 200 presses
- \`0 <= first <= last < count\`

**Example 1**

    lamps_lit(6, [[0, 3], [2, 5]])  ->  4

The first press lights lamps 0 to 3. The second one turns 2 and 3 off again and lights 4 and 5, so 0, 1, 4 and 5 are lit.

**Example 2**

    lamps_lit(3, [])  ->  0
`,
    starter_code: {
      python: `def lamps_lit(count: int, presses: list[list[int]]) -> int:
    """Return how many lamps are lit after all presses."""
    pass
`,
      javascript: `/**
 * Return how many lamps are lit after all presses.
 * @param {number} count
 * @param {number[][]} presses
 * @returns {number}
 */
function lamps_lit(count, presses) {
}
`,
    },
    visible_tests: [
      {
        args: [
          6,
          [
            [0, 3],
            [2, 5],
          ],
        ],
        expected: 4,
      },
      { args: [3, []], expected: 0 },
      {
        args: [
          5,
          [
            [1, 1],
            [1, 1],
            [4, 4],
          ],
        ],
        expected: 1,
      },
    ],
    hidden_tests: [
      { args: [0, []], expected: 0 },
      { args: [1, [[0, 0]]], expected: 1 },
      {
        args: [
          1,
          [
            [0, 0],
            [0, 0],
          ],
        ],
        expected: 0,
      },
      { args: [4, [[0, 3]]], expected: 4 },
      {
        args: [
          4,
          [
            [0, 3],
            [0, 3],
            [0, 3],
          ],
        ],
        expected: 4,
      },
      {
        args: [
          5,
          [
            [0, 4],
            [1, 3],
            [2, 2],
          ],
        ],
        expected: 3,
      },
      {
        args: [
          10,
          [
            [0, 4],
            [5, 9],
          ],
        ],
        expected: 10,
      },
      {
        args: [
          8,
          [
            [0, 5],
            [3, 7],
            [4, 4],
          ],
        ],
        expected: 6,
      },
      { args: [1000, Array.from({ length: 200 }, () => [0, 999])], expected: 0 },
      { args: [1000, Array.from({ length: 199 }, () => [0, 999])], expected: 1000 },
      { args: [1000, Array.from({ length: 200 }, (_, i) => [i, 999 - i])], expected: 200 },
    ],
    hints: [
      'Represent the row of lamps with a list, one entry per lamp, and replay the presses.',
      'A list of booleans that starts with all false works well: flipping is "not".',
      'For each press, loop over the positions from first to last inclusive and negate each entry. Then count the true entries.',
    ],
    reference_solution: {
      python: `def lamps_lit(count: int, presses: list[list[int]]) -> int:
    lit = [False] * count
    for first, last in presses:
        for lamp in range(first, last + 1):
            lit[lamp] = not lit[lamp]
    return sum(lit)
`,
      javascript: `function lamps_lit(count, presses) {
  const lit = new Array(count).fill(false);
  for (const [first, last] of presses) {
    for (let lamp = first; lamp <= last; lamp++) lit[lamp] = !lit[lamp];
  }
  return lit.filter(Boolean).length;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'intro-letter-rotor',
    title: 'The Rotor in the Toy Cipher',
    module: 'introduction',
    topic_tags: ['introduction', 'strings', 'modulo'],
    difficulty: 2,
    expected_minutes: 12,
    languages: ['python', 'javascript'],
    entry_point: 'rotate_letters',
    params: ['text', 'shift'],
    comparison: 'exact',
    statement: `A toy cipher machine has a rotor with the 26 letters of the English alphabet. With the rotor set to \`shift\`, every letter of a message is replaced by the letter \`shift\` places **further** on the rotor; after \`z\` comes \`a\` again. A negative shift turns the rotor the other way.

Capital letters stay capital, small letters stay small, and everything that is not an English letter is copied unchanged.

**Parameters**
- \`text\`: string of printable ASCII characters
- \`shift\`: integer

**Returns** the encoded message.

**Constraints**
- \`0 <= len(text) <= 10000\`
- \`-1000 <= shift <= 1000\`

**Example 1**

    rotate_letters('Lazy fox!', 2)  ->  'Ncba hqz!'

**Example 2**

    rotate_letters('bad', -1)  ->  'azc'
`,
    starter_code: {
      python: `def rotate_letters(text: str, shift: int) -> str:
    """Return the text with every letter moved by shift places round the alphabet."""
    pass
`,
      javascript: `/**
 * Return the text with every letter moved by shift places round the alphabet.
 * @param {string} text
 * @param {number} shift
 * @returns {string}
 */
function rotate_letters(text, shift) {
}
`,
    },
    visible_tests: [
      { args: ['Lazy fox!', 2], expected: 'Ncba hqz!' },
      { args: ['bad', -1], expected: 'azc' },
    ],
    hidden_tests: [
      { args: ['', 5], expected: '' },
      { args: ['abc', 0], expected: 'abc' },
      { args: ['xyz', 3], expected: 'abc' },
      { args: ['XYZ', 3], expected: 'ABC' },
      { args: ['AbZz', 26], expected: 'AbZz' },
      { args: ['Hello, World', -52], expected: 'Hello, World' },
      { args: ['a', -1], expected: 'z' },
      { args: ['m', 1000], expected: 'y' },
      { args: ['m', -1000], expected: 'a' },
      { args: ['@[`{ 0-9', 7], expected: '@[`{ 0-9' },
      { args: ['Tea at 5?', 13], expected: 'Grn ng 5?' },
      { args: ['az'.repeat(5000), 1], expected: 'ba'.repeat(5000) },
    ],
    hints: [
      'Treat letters as numbers from 0 to 25. What happens to 25 when you add 1?',
      'Use the remainder modulo 26. In JavaScript the remainder of a negative number is negative, so bring the shift into 0..25 first.',
      'For each character: if it is a letter, take its distance from "a" (or "A"), add the shift, reduce modulo 26, and turn it back into a letter of the same case; otherwise keep it. Join all pieces at the end.',
    ],
    reference_solution: {
      python: `def rotate_letters(text: str, shift: int) -> str:
    def rotated(char: str) -> str:
        if "a" <= char <= "z":
            first = ord("a")
        elif "A" <= char <= "Z":
            first = ord("A")
        else:
            return char
        return chr(first + (ord(char) - first + shift) % 26)

    return "".join(rotated(char) for char in text)
`,
      javascript: `function rotate_letters(text, shift) {
  const turn = ((shift % 26) + 26) % 26;
  return text.replace(/[a-z]/gi, (char) => {
    const first = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(first + ((char.charCodeAt(0) - first + turn) % 26));
  });
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
