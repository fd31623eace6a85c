import type { ProblemInput } from './problem-input.ts';
import { scattered } from './scattered.ts';

/** Sorting and searching: problems written for this bank, part 2. */
export const sortingSearching2: ProblemInput[] = [
  {
    problem_id: 'searching-fence-painters',
    title: 'Painting the Long Fence',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'binary-search', 'answer-search', 'greedy'],
    difficulty: 3,
    expected_minutes: 30,
    languages: ['python', 'javascript'],
    entry_point: 'smallest_daily_quota',
    params: ['boards', 'days'],
    comparison: 'exact',
    statement: `A fence consists of boards; board \`i\` needs \`boards[i]\` cups of paint. The painter works **from left to right**, paints whole boards only, and is handed the same number of cups, the quota, every morning. Paint left over in the evening dries out. What is the smallest quota with which the fence is finished within \`days\` days?

**Parameters**
- \`boards\`: list of integers
- \`days\`: integer

**Returns** the smallest sufficient quota, \`0\` if there are no boards.

**Constraints**
- \`0 <= len(boards) <= 10000\`
- \`1 <= boards[i] <= 10000\`, \`1 <= days <= 10000\`
- trying one quota after another is too slow

**Example 1**

    smallest_daily_quota([4, 2, 5, 3, 6], 3)  ->  8

With 8 cups: 4 + 2, then 5 + 3, then 6. With 7 cups a fourth day would be needed.

**Example 2**

    smallest_daily_quota([9, 1], 5)  ->  9
`,
    starter_code: {
      python: `def smallest_daily_quota(boards: list[int], days: int) -> int:
    """Return the smallest daily quota of paint with which all boards are done in time."""
    pass
`,
      javascript: `/**
 * Return the smallest daily quota of paint with which all boards are done in time.
 * @param {number[]} boards
 * @param {number} days
 * @returns {number}
 */
function smallest_daily_quota(boards, days) {
}
`,
    },
    visible_tests: [
      { args: [[4, 2, 5, 3, 6], 3], expected: 8 },
      { args: [[9, 1], 5], expected: 9 },
    ],
    hidden_tests: [
      { args: [[], 3], expected: 0 },
      { args: [[7], 1], expected: 7 },
      { args: [[7], 10000], expected: 7 },
      { args: [[1, 2, 3, 4], 1], expected: 10 },
      { args: [[1, 2, 3, 4], 4], expected: 4 },
      { args: [[1, 2, 3, 4], 2], expected: 6 },
      { args: [[5, 5, 5, 5, 5], 2], expected: 15 },
      { args: [[10, 1, 1, 1, 10], 2], expected: 12 },
      { args: [[10000, 1, 1, 1, 1, 1], 2], expected: 10000 },
      { args: [Array.from({ length: 10000 }, () => 10000), 1], expected: 100000000 },
      { args: [Array.from({ length: 10000 }, () => 3), 100], expected: 300 },
      { args: [Array.from({ length: 10000 }, (_, i) => 1 + (i % 2)), 5000], expected: 3 },
      { args: [scattered(6000, 9999, 41).map((value) => value + 1), 37], expected: 814052 },
    ],
    hints: [
      'If a quota is enough, a larger one is enough too. Which kind of search does that allow?',
      'Search for the quota itself: between the largest board and the sum of all boards. For one given quota the number of days is easy to count.',
      'Binary search with low = largest board, high = sum. For the middle quota, go through the boards and start a new day whenever the next board does not fit any more; if the days suffice, continue in the lower half (middle included), else in the upper half.',
    ],
    reference_solution: {
      python: `def smallest_daily_quota(boards: list[int], days: int) -> int:
    def days_needed(quota: int) -> int:
        needed, left = 1, quota
        for cups in boards:
            if cups > left:
                needed += 1
                left = quota
            left -= cups
        return needed

    low, high = max(boards, default=0), sum(boards)
    while low < high:
        middle = (low + high) // 2
        if days_needed(middle) <= days:
            high = middle
        else:
            low = middle + 1
    return low
`,
      javascript: `function smallest_daily_quota(boards, days) {
  const daysNeeded = (quota) => {
    let needed = 1;
    let left = quota;
    for (const cups of boards) {
      if (cups > left) {
        needed++;
        left = quota;
      }
      left -= cups;
    }
    return needed;
  };
  let low = boards.reduce((most, cups) => Math.max(most, cups), 0);
  let high = boards.reduce((sum, cups) => sum + cups, 0);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (daysNeeded(middle) <= days) high = middle;
    else low = middle + 1;
  }
  return low;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'sorting-steep-drops',
    title: 'Counting Steep Drops',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'merge-sort', 'divide-and-conquer', 'counting'],
    difficulty: 4,
    expected_minutes: 40,
    languages: ['python', 'javascript'],
    entry_point: 'steep_drops',
    params: ['prices', 'gap'],
    comparison: 'exact',
    statement: `A collector wants to know how often she could have lost money: she counts all pairs of days i < j for which the price fell by **more than** \`gap\` from day i to day j, that is \`prices[i] - prices[j] > gap\`.

**Parameters**
- \`prices\`: list of integers, one per day
- \`gap\`: integer

**Returns** the number of such pairs.

**Constraints**
- \`0 <= len(prices) <= 20000\`
- every price is between 0 and 10000, \`0 <= gap <= 10000\`
- comparing all pairs is too slow; aim for O(n log n)

**Example 1**

    steep_drops([9, 5, 7, 1], 2)  ->  4

The pairs are (9, 5), (9, 1), (5, 1) and (7, 1); from 9 to 7 the price falls by 2 only.

**Example 2**

    steep_drops([1, 2, 3], 0)  ->  0
`,
    starter_code: {
      python: `def steep_drops(prices: list[int], gap: int) -> int:
    """Return how many pairs i < j have prices[i] - prices[j] > gap."""
    pass
`,
      javascript: `/**
 * Return how many pairs i < j have prices[i] - prices[j] > gap.
 * @param {number[]} prices
 * @param {number} gap
 * @returns {number}
 */
function steep_drops(prices, gap) {
}
`,
    },
    visible_tests: [
      { args: [[9, 5, 7, 1], 2], expected: 4 },
      { args: [[1, 2, 3], 0], expected: 0 },
    ],
    hidden_tests: [
      { args: [[], 0], expected: 0 },
      { args: [[5], 0], expected: 0 },
      { args: [[5, 4], 0], expected: 1 },
      { args: [[5, 4], 1], expected: 0 },
      { args: [[3, 3, 3], 0], expected: 0 },
      { args: [[4, 3, 2, 1], 0], expected: 6 },
      { args: [[4, 3, 2, 1], 1], expected: 3 },
      { args: [[10000, 0], 9999], expected: 1 },
      { args: [[10000, 0], 10000], expected: 0 },
      { args: [[6, 1, 6, 1, 6, 1], 4], expected: 6 },
      { args: [Array.from({ length: 10000 }, (_, i) => 10000 - i), 0], expected: 49995000 },
      { args: [Array.from({ length: 20000 }, (_, i) => (i < 10000 ? 8 : 2)), 5], expected: 100000000 },
      { args: [scattered(10000, 1000, 9), 250], expected: 14154931 },
    ],
    hints: [
      'Suppose the first half and the second half of the days were each sorted by price. How fast could you count the pairs with one day in each half?',
      'Divide and conquer: count inside the left half, inside the right half, and across. Merge sort delivers the sorted halves on the way.',
      'Across two sorted halves: for each price on the left in rising order, the number of prices on the right that are smaller than price - gap only grows, so one pointer moves forward. Sum the pointer positions, then merge both halves and return the count.',
    ],
    reference_solution: {
      python: `def steep_drops(prices: list[int], gap: int) -> int:
    def count_and_sort(days: list[int]) -> tuple[int, list[int]]:
        if len(days) < 2:
            return 0, days
        middle = len(days) // 2
        drops_left, left = count_and_sort(days[:middle])
        drops_right, right = count_and_sort(days[middle:])
        drops = drops_left + drops_right
        cheaper = 0
        for price in left:
            while cheaper < len(right) and price - right[cheaper] > gap:
                cheaper += 1
            drops += cheaper
        # Two sorted runs: the built-in sort merges them in linear time.
        return drops, sorted(left + right)

    return count_and_sort(prices)[0]
`,
      javascript: `function steep_drops(prices, gap) {
  let drops = 0;
  const sorted = (days) => {
    if (days.length < 2) return days;
    const middle = days.length >> 1;
    const left = sorted(days.slice(0, middle));
    const right = sorted(days.slice(middle));
    let cheaper = 0;
    for (const price of left) {
      while (cheaper < right.length && price - right[cheaper] > gap) cheaper++;
      drops += cheaper;
    }
    const merged = [];
    let l = 0;
    let r = 0;
    while (l < left.length || r < right.length) {
      if (r === right.length || (l < left.length && left[l] <= right[r])) merged.push(left[l++]);
      else merged.push(right[r++]);
    }
    return merged;
  };
  sorted(prices);
  return drops;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'searching-kth-menu',
    title: 'The k-th Cheapest Menu',
    module: 'sorting-searching',
    topic_tags: ['sorting-searching', 'binary-search', 'two-pointers', 'answer-search'],
    difficulty: 5,
    expected_minutes: 50,
    languages: ['python', 'javascript'],
    entry_point: 'kth_menu_price',
    params: ['mains', 'desserts', 'k'],
    comparison: 'exact',
    statement: `A restaurant offers every combination of one main course and one dessert as a menu; its price is the sum of both. If all menus were sorted by price, what would the **k-th cheapest** cost? Every combination counts separately, also when prices coincide.

**Parameters**
- \`mains\`: list of integers, in any order
- \`desserts\`: list of integers, in any order; a negative price is a voucher
- \`k\`: integer, counted from 1

**Returns** the price of the k-th cheapest menu.

**Constraints**
- both lists have 1 to 10000 entries between -1000000 and 1000000
- \`1 <= k <= len(mains) * len(desserts)\`
- there can be 100 million menus: building or sorting them all is too slow, and so is taking them from a heap one by one

**Example 1**

    kth_menu_price([7, 3], [1, 4, 2], 4)  ->  8

The prices in order are 4, 5, 7, 8, 9, 11.

**Example 2**

    kth_menu_price([5], [-5], 1)  ->  0
`,
    starter_code: {
      python: `def kth_menu_price(mains: list[int], desserts: list[int], k: int) -> int:
    """Return the k-th smallest sum of one main course and one dessert."""
    pass
`,
      javascript: `/**
 * Return the k-th smallest sum of one main course and one dessert.
 * @param {number[]} mains
 * @param {number[]} desserts
 * @param {number} k
 * @returns {number}
 */
function kth_menu_price(mains, desserts, k) {
}
`,
    },
    visible_tests: [
      { args: [[7, 3], [1, 4, 2], 4], expected: 8 },
      { args: [[5], [-5], 1], expected: 0 },
    ],
    hidden_tests: [
      { args: [[1], [1], 1], expected: 2 },
      { args: [[1, 2], [1, 2], 2], expected: 3 },
      { args: [[1, 2], [1, 2], 3], expected: 3 },
      { args: [[1, 2], [1, 2], 4], expected: 4 },
      { args: [[4, 4, 4], [6, 6], 6], expected: 10 },
      { args: [[-1000000, 1000000], [-1000000, 1000000], 1], expected: -2000000 },
      { args: [[-1000000, 1000000], [-1000000, 1000000], 3], expected: 0 },
      { args: [[10, -3, 5], [0, -7], 4], expected: 3 },
      { args: [[9, 1, 100], [2], 3], expected: 102 },
      {
        args: [Array.from({ length: 8000 }, () => 5), Array.from({ length: 8000 }, () => 6), 64000000],
        expected: 11,
      },
      { args: [Array.from({ length: 5000 }, (_, i) => 5000 - i), [0], 2500], expected: 2500 },
      {
        args: [
          Array.from({ length: 3000 }, (_, i) => i * 300),
          Array.from({ length: 300 }, (_, i) => 299 - i),
          123457,
        ],
        expected: 123456,
      },
      { args: [scattered(4000, 1000000, 13), scattered(4000, 1000000, 14), 8000000], expected: 991063 },
    ],
    hints: [
      'Turn the question round: for a given price p, how many menus cost at most p? Is that count easier to get?',
      'The count grows with p, so the answer can be found by binary search over prices. With both lists sorted, one count takes a single walk with two pointers.',
      'Sort both lists. Search the smallest price p between the cheapest and the dearest menu for which at least k menus cost at most p. To count: go through the mains in rising order while a pointer moves down in the desserts as long as the sum exceeds p; add the number of desserts that remain.',
    ],
    reference_solution: {
      python: `def kth_menu_price(mains: list[int], desserts: list[int], k: int) -> int:
    mains = sorted(mains)
    desserts = sorted(desserts)

    def menus_up_to(price: int) -> int:
        menus, affordable = 0, len(desserts)
        for main in mains:
            while affordable > 0 and main + desserts[affordable - 1] > price:
                affordable -= 1
            if affordable == 0:
                break
            menus += affordable
        return menus

    low, high = mains[0] + desserts[0], mains[-1] + desserts[-1]
    while low < high:
        middle = (low + high) // 2
        if menus_up_to(middle) >= k:
            high = middle
        else:
            low = middle + 1
    return low
`,
      javascript: `function kth_menu_price(mains, desserts, k) {
  const first = [...mains].sort((a, b) => a - b);
  const second = [...desserts].sort((a, b) => a - b);
  const menusUpTo = (price) => {
    let menus = 0;
    let affordable = second.length;
    for (const main of first) {
      while (affordable > 0 && main + second[affordable - 1] > price) affordable--;
      if (affordable === 0) break;
      menus += affordable;
    }
    return menus;
  };
  let low = first[0] + second[0];
  let high = first[first.length - 1] + second[second.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (menusUpTo(middle) >= k) high = middle;
    else low = middle + 1;
  }
  return low;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
