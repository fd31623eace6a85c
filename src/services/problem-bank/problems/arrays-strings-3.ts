import type { ProblemInput } from './problem-input.ts';
import { scattered } from './scattered.ts';

/** Arrays and strings: problems written for this bank, part 3. */
export const arraysStrings3: ProblemInput[] = [
  {
    problem_id: 'arrays-smooth-readings',
    title: 'Calming the Wind Gauge',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'sliding-window', 'averages'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'smooth_readings',
    params: ['readings', 'width'],
    comparison: 'approx-1e-6',
    statement: `The display of a wind gauge jumps about too much. Instead of the reading itself it shall show the **mean of the last \`width\` readings**, the current one included. At the beginning, when fewer readings exist, it shows the mean of those that exist.

**Parameters**
- \`readings\`: list of integers
- \`width\`: integer, how many readings are averaged

**Returns** a list with one number for each reading. Answers within 1e-6 of the exact value are accepted.

**Constraints**
- \`0 <= len(readings) <= 10000\`
- every reading is between -10000 and 10000, \`1 <= width <= 10000\`
- aim for O(n), whatever the width

**Example 1**

    smooth_readings([4, 8, 3, 1], 2)  ->  [4.0, 6.0, 5.5, 2.0]

**Example 2**

    smooth_readings([3, 0, 0], 5)  ->  [3.0, 1.5, 1.0]
`,
    starter_code: {
      python: `def smooth_readings(readings: list[int], width: int) -> list[float]:
    """Return for each position the mean of the last width readings up to it."""
    pass
`,
      javascript: `/**
 * Return for each position the mean of the last width readings up to it.
 * @param {number[]} readings
 * @param {number} width
 * @returns {number[]}
 */
function smooth_readings(readings, width) {
}
`,
    },
    visible_tests: [
      { args: [[4, 8, 3, 1], 2], expected: [4, 6, 5.5, 2] },
      { args: [[3, 0, 0], 5], expected: [3, 1.5, 1] },
    ],
    hidden_tests: [
      { args: [[], 3], expected: [] },
      { args: [[7], 1], expected: [7] },
      { args: [[7], 10000], expected: [7] },
      { args: [[5, 6, 7], 1], expected: [5, 6, 7] },
      { args: [[1, 2, 4], 3], expected: [1, 1.5, 7 / 3] },
      { args: [[-3, 3, -3, 3], 2], expected: [-3, 0, 0, 0] },
      { args: [[10, 0, 0, 0, 0], 3], expected: [10, 5, 10 / 3, 0, 0] },
      { args: [[-1, -2, -2], 3], expected: [-1, -1.5, -5 / 3] },
      { args: [[10000, -10000, 10000], 2], expected: [10000, 0, 0] },
      {
        args: [Array.from({ length: 8000 }, () => 42), 5000],
        expected: Array.from({ length: 8000 }, () => 42),
      },
      {
        args: [Array.from({ length: 8000 }, (_, i) => i), 10000],
        expected: Array.from({ length: 8000 }, (_, i) => i / 2),
      },
    ],
    hints: [
      'Write down the windows for two neighbouring positions: what enters, what leaves?',
      'Keep a running sum of at most width readings, and divide it by how many readings it holds.',
      'For each position: add the reading; if the position is at least width, subtract the reading width places back; the divisor is the smaller of width and position + 1.',
    ],
    reference_solution: {
      python: `def smooth_readings(readings: list[int], width: int) -> list[float]:
    smooth = []
    total = 0
    for i, reading in enumerate(readings):
        total += reading
        if i >= width:
            total -= readings[i - width]
        smooth.append(total / min(i + 1, width))
    return smooth
`,
      javascript: `function smooth_readings(readings, width) {
  let total = 0;
  return readings.map((reading, i) => {
    total += reading;
    if (i >= width) total -= readings[i - width];
    return total / Math.min(i + 1, width);
  });
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-broken-crates',
    title: 'Broken Crates to the Back',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'two-pointers', 'in-place'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'sort_out_crates',
    params: ['crates'],
    signature: { inplace: 0 },
    comparison: 'exact',
    statement: `A conveyor belt carries numbered crates; the scanner reports a broken crate with a **negative** number. Rearrange the list **in place** so that all sound crates (zero or positive) come first and all broken ones last. Within both groups the crates keep the order in which they arrived.

The list that was passed in is judged after the call; the return value is ignored.

**Parameters**
- \`crates\`: list of integers, to be changed

**Constraints**
- \`0 <= len(crates) <= 20000\`
- every number is between -10000 and 10000
- aim for O(n); a second list for the broken crates is fine

**Example 1**

    crates = [4, -1, 0, -7, 2]
    sort_out_crates(crates)
    crates  ->  [4, 0, 2, -1, -7]

**Example 2**

    crates = [-2, -1]
    sort_out_crates(crates)
    crates  ->  [-2, -1]
`,
    starter_code: {
      python: `def sort_out_crates(crates: list[int]) -> None:
    """Move all negative numbers to the end, in place, and keep the order within both groups."""
    pass
`,
      javascript: `/**
 * Move all negative numbers to the end, in place, and keep the order within both groups.
 * @param {number[]} crates
 * @returns {void}
 */
function sort_out_crates(crates) {
}
`,
    },
    visible_tests: [
      { args: [[4, -1, 0, -7, 2]], expected: [4, 0, 2, -1, -7] },
      { args: [[-2, -1]], expected: [-2, -1] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[0]], expected: [0] },
      { args: [[-3]], expected: [-3] },
      { args: [[1, 2, 3]], expected: [1, 2, 3] },
      { args: [[-1, 1]], expected: [1, -1] },
      { args: [[-5, -5, 5, 5]], expected: [5, 5, -5, -5] },
      { args: [[3, -9, 3, -9, 0]], expected: [3, 3, 0, -9, -9] },
      { args: [[-1, 8, -2, 7, -3, 6]], expected: [8, 7, 6, -1, -2, -3] },
      { args: [[10000, -10000, 10000, -10000]], expected: [10000, 10000, -10000, -10000] },
      {
        args: [Array.from({ length: 15000 }, (_, i) => (i < 7500 ? -1 : 1))],
        expected: Array.from({ length: 15000 }, (_, i) => (i < 7500 ? 1 : -1)),
      },
      {
        args: [Array.from({ length: 8000 }, (_, i) => (i % 2 === 0 ? -4 : 3))],
        expected: Array.from({ length: 8000 }, (_, i) => (i < 4000 ? 3 : -4)),
      },
    ],
    hints: [
      'Where does the first sound crate have to go? And the second?',
      'Use a write position: every sound crate is copied there and the position moves on. Set the broken ones aside meanwhile.',
      'Walk through the list; copy a sound crate to crates[write] and advance write, append a broken one to a helper list. At the end, write the helper list behind the sound crates. Assigning a new list to the parameter does not change the list of the caller.',
    ],
    reference_solution: {
      python: `def sort_out_crates(crates: list[int]) -> None:
    broken = []
    write = 0
    for crate in crates:
        if crate < 0:
            broken.append(crate)
        else:
            crates[write] = crate
            write += 1
    crates[write:] = broken
`,
      javascript: `function sort_out_crates(crates) {
  const broken = [];
  let write = 0;
  for (const crate of crates) {
    if (crate < 0) broken.push(crate);
    else crates[write++] = crate;
  }
  for (const crate of broken) crates[write++] = crate;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-road-repairs',
    title: 'A Smooth Road on a Small Budget',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'sliding-window', 'strings'],
    difficulty: 3,
    expected_minutes: 25,
    languages: ['python', 'javascript'],
    entry_point: 'longest_smooth_road',
    params: ['road', 'repairs'],
    comparison: 'exact',
    statement: `A road is drawn as a string: \`.\` is a metre of smooth surface, \`o\` is a metre with a pothole. The town can fill at most \`repairs\` potholes. Choose them so that the longest stretch of consecutive smooth metres becomes as long as possible, and return its length.

**Parameters**
- \`road\`: string that contains only \`.\` and \`o\`
- \`repairs\`: integer

**Returns** the greatest possible length.

**Constraints**
- \`0 <= len(road) <= 50000\`
- \`0 <= repairs <= 50000\`
- trying every start separately is too slow; aim for O(n)

**Example 1**

    longest_smooth_road('..o.o..o', 1)  ->  4

Filling the first pothole gives \`....o..o\`, filling the second one gives \`..o....o\`; both have 4 smooth metres in a row.

**Example 2**

    longest_smooth_road('ooo', 2)  ->  2
`,
    starter_code: {
      python: `def longest_smooth_road(road: str, repairs: int) -> int:
    """Return the longest stretch that is smooth after filling at most repairs potholes."""
    pass
`,
      javascript: `/**
 * Return the longest stretch that is smooth after filling at most repairs potholes.
 * @param {string} road
 * @param {number} repairs
 * @returns {number}
 */
function longest_smooth_road(road, repairs) {
}
`,
    },
    visible_tests: [
      { args: ['..o.o..o', 1], expected: 4 },
      { args: ['ooo', 2], expected: 2 },
    ],
    hidden_tests: [
      { args: ['', 3], expected: 0 },
      { args: ['.', 0], expected: 1 },
      { args: ['o', 0], expected: 0 },
      { args: ['o', 1], expected: 1 },
      { args: ['....', 0], expected: 4 },
      { args: ['o.o.o', 0], expected: 1 },
      { args: ['o.o.o', 2], expected: 4 },
      { args: ['o.o.o', 9], expected: 5 },
      { args: ['..oo...o.', 1], expected: 5 },
      { args: ['..oo...o.', 2], expected: 7 },
      { args: ['.'.repeat(50000), 0], expected: 50000 },
      { args: ['o'.repeat(30000), 15000], expected: 15000 },
      { args: ['.o'.repeat(15000), 7500], expected: 15001 },
    ],
    hints: [
      'Say it in other words: which stretches of the road contain few enough potholes?',
      'You look for the longest window with at most `repairs` potholes. When the window is extended by one metre on the right and becomes too bad, what has to happen on the left?',
      'Keep left and a count of potholes in the window. For each right end: count its pothole; while the count is above repairs, remove the metre at left from the count and advance left. The window length right - left + 1 is a candidate.',
    ],
    reference_solution: {
      python: `def longest_smooth_road(road: str, repairs: int) -> int:
    best = left = holes = 0
    for right, metre in enumerate(road):
        holes += metre == "o"
        while holes > repairs:
            holes -= road[left] == "o"
            left += 1
        best = max(best, right - left + 1)
    return best
`,
      javascript: `function longest_smooth_road(road, repairs) {
  let best = 0;
  let left = 0;
  let holes = 0;
  for (let right = 0; right < road.length; right++) {
    if (road[right] === 'o') holes++;
    while (holes > repairs) {
      if (road[left] === 'o') holes--;
      left++;
    }
    best = Math.max(best, right - left + 1);
  }
  return best;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'arrays-calm-stretches',
    title: 'Calm Stretches in the Cellar',
    module: 'arrays-strings',
    topic_tags: ['arrays-strings', 'sliding-window', 'monotonic-deque'],
    difficulty: 4,
    expected_minutes: 40,
    languages: ['python', 'javascript'],
    entry_point: 'calm_stretches',
    params: ['degrees', 'swing'],
    comparison: 'exact',
    statement: `A cheese cellar logs its temperature every minute. A **stretch** is any non-empty block of consecutive log entries. It is calm when its highest and its lowest temperature differ by at most \`swing\`. How many calm stretches does the log contain?

**Parameters**
- \`degrees\`: list of integers
- \`swing\`: integer

**Returns** the number of calm stretches.

**Constraints**
- \`0 <= len(degrees) <= 20000\`
- every entry is between -1000 and 1000, \`0 <= swing <= 2000\`
- aim for O(n) or O(n log n)

**Example 1**

    calm_stretches([5, 7, 8, 4], 2)  ->  6

The four single entries, \`[5, 7]\` and \`[7, 8]\`; \`[5, 7, 8]\` already spans 3 degrees.

**Example 2**

    calm_stretches([3, 3, 3], 0)  ->  6
`,
    starter_code: {
      python: `def calm_stretches(degrees: list[int], swing: int) -> int:
    """Return how many contiguous stretches have a maximum and a minimum at most swing apart."""
    pass
`,
      javascript: `/**
 * Return how many contiguous stretches have a maximum and a minimum at most swing apart.
 * @param {number[]} degrees
 * @param {number} swing
 * @returns {number}
 */
function calm_stretches(degrees, swing) {
}
`,
    },
    visible_tests: [
      { args: [[5, 7, 8, 4], 2], expected: 6 },
      { args: [[3, 3, 3], 0], expected: 6 },
    ],
    hidden_tests: [
      { args: [[], 5], expected: 0 },
      { args: [[9], 0], expected: 1 },
      { args: [[1, 2], 0], expected: 2 },
      { args: [[1, 2], 1], expected: 3 },
      { args: [[-1000, 1000], 2000], expected: 3 },
      { args: [[-1000, 1000], 1999], expected: 2 },
      { args: [[1, 5, 1, 5], 3], expected: 4 },
      { args: [[4, 2, 3, 6, 5, 5], 2], expected: 12 },
      { args: [[10, 1, 2, 4, 7, 2], 5], expected: 14 },
      { args: [Array.from({ length: 20000 }, () => 0), 0], expected: 200010000 },
      { args: [Array.from({ length: 12000 }, (_, i) => i % 2), 0], expected: 12000 },
      { args: [scattered(10000, 1000, 5), 950], expected: 391828 },
      { args: [Array.from({ length: 10000 }, (_, i) => Math.floor(i / 10) - 500), 499], expected: 37480000 },
    ],
    hints: [
      'If a stretch is calm, what do you know about every stretch inside it?',
      'For each right end there is a leftmost calm start, and it never moves back: a sliding window. What you need is the maximum and the minimum of the window, cheaply.',
      'Keep two deques of positions, one with falling and one with rising values, so that their fronts are the maximum and the minimum. Push each new position after dropping the values it beats; while the fronts differ by more than swing, advance left and drop fronts that fell out. Each right end adds right - left + 1.',
    ],
    reference_solution: {
      python: `from collections import deque


def calm_stretches(degrees: list[int], swing: int) -> int:
    highs: deque[int] = deque()
    lows: deque[int] = deque()
    stretches = left = 0
    for right, degree in enumerate(degrees):
        while highs and degrees[highs[-1]] <= degree:
            highs.pop()
        while lows and degrees[lows[-1]] >= degree:
            lows.pop()
        highs.append(right)
        lows.append(right)
        while degrees[highs[0]] - degrees[lows[0]] > swing:
            left += 1
            if highs[0] < left:
                highs.popleft()
            if lows[0] < left:
                lows.popleft()
        stretches += right - left + 1
    return stretches
`,
      javascript: `function calm_stretches(degrees, swing) {
  // The fronts move by index: shifting an array would cost O(n) each time.
  const highs = [];
  const lows = [];
  let highFront = 0;
  let lowFront = 0;
  let left = 0;
  let stretches = 0;
  for (let right = 0; right < degrees.length; right++) {
    while (highs.length > highFront && degrees[highs[highs.length - 1]] <= degrees[right]) highs.pop();
    while (lows.length > lowFront && degrees[lows[lows.length - 1]] >= degrees[right]) lows.pop();
    highs.push(right);
    lows.push(right);
    while (degrees[highs[highFront]] - degrees[lows[lowFront]] > swing) {
      left++;
      if (highs[highFront] < left) highFront++;
      if (lows[lowFront] < left) lowFront++;
    }
    stretches += right - left + 1;
  }
  return stretches;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
