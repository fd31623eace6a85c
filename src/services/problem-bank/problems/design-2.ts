import { calls, howItIsRun, javascriptDriver, nothing, pythonDriver } from './design-driver.ts';
import type { ProblemInput } from './problem-input.ts';

const priceBoard: ProblemInput = {
  problem_id: 'design-price-board',
  title: 'What Did It Cost Back Then?',
  module: 'design',
  topic_tags: ['design', 'binary search', 'hash maps'],
  difficulty: 3,
  expected_minutes: 30,
  entry_point: 'simulate',
  params: ['ctor_args', 'calls'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A grocer wants to know the price of a good on any day of the past. Write the class \`PriceBoard\`.

- \`set_price(good, day, price)\` notes that the good costs \`price\` from \`day\` on, until the next day for which a
  price is noted. Old price lists turn up late, so the days come in any order. A second price for the same good and day
  replaces the first.
- \`price_on(good, day)\` returns the price of the good on that day according to what has been noted so far, or \`-1\`
  if nothing is noted for that day or before.
- \`changes(good, first_day, last_day)\` returns on how many days from \`first_day\` to \`last_day\`, both included, a
  price is noted for the good.

${howItIsRun}

**Constraints**

- at most \`4000\` calls
- \`0 <= day <= 10^6\`, \`0 <= price <= 10^6\`, \`first_day <= last_day\`; goods are words of lowercase letters

**Example.** \`simulate([], [["set_price", "rye", 10, 320], ["set_price", "rye", 4, 300], ["price_on", "rye", 9],
["price_on", "rye", 3], ["changes", "rye", 4, 10]])\` gives \`[null, null, 300, -1, 2]\`.`,
  starter_code: {
    python: `class PriceBoard:
    """Prices of goods over time."""

    def __init__(self):
        pass

    def set_price(self, good, day, price):
        pass

    def price_on(self, good, day):
        pass

    def changes(self, good, first_day, last_day):
        pass
${pythonDriver('PriceBoard')}`,
    javascript: `/** Prices of goods over time. */
class PriceBoard {
  constructor() {
  }

  set_price(good, day, price) {
  }

  price_on(good, day) {
  }

  changes(good, first_day, last_day) {
  }
}
${javascriptDriver('PriceBoard')}`,
  },
  visible_tests: [
    {
      args: [
        [],
        [
          ['set_price', 'rye', 10, 320],
          ['set_price', 'rye', 4, 300],
          ['price_on', 'rye', 9],
          ['price_on', 'rye', 3],
          ['changes', 'rye', 4, 10],
        ],
      ],
      expected: [null, null, 300, -1, 2],
    },
    {
      args: [
        [],
        [
          ['set_price', 'oil', 5, 70],
          ['set_price', 'oil', 5, 75],
          ['price_on', 'oil', 5],
          ['changes', 'oil', 0, 99],
        ],
      ],
      expected: [null, null, 75, 1],
    },
  ],
  hidden_tests: [
    { args: [[], []], expected: [] },
    {
      args: [
        [],
        [
          ['price_on', 'figs', 8],
          ['changes', 'figs', 0, 1000000],
        ],
      ],
      expected: [-1, 0],
    },
    // A price of 0 is a price.
    {
      args: [
        [],
        [
          ['set_price', 'water', 0, 0],
          ['price_on', 'water', 0],
          ['price_on', 'water', 1000000],
        ],
      ],
      expected: [null, 0, 0],
    },
    {
      args: [
        [],
        [
          ['set_price', 'a', 3, 1],
          ['set_price', 'b', 2, 9],
          ['price_on', 'a', 2],
          ['price_on', 'b', 3],
          ['changes', 'a', 3, 3],
        ],
      ],
      expected: [null, null, -1, 9, 1],
    },
    // A late note changes the answer to a question that was asked before.
    {
      args: [
        [],
        [
          ['set_price', 'tea', 20, 5],
          ['set_price', 'tea', 10, 3],
          ['price_on', 'tea', 15],
          ['set_price', 'tea', 15, 4],
          ['price_on', 'tea', 15],
          ['price_on', 'tea', 14],
          ['price_on', 'tea', 19],
        ],
      ],
      expected: [null, null, 3, null, 4, 3, 4],
    },
    {
      args: [
        [],
        [
          ['set_price', 'nut', 1, 1],
          ['set_price', 'nut', 3, 1],
          ['set_price', 'nut', 5, 1],
          ['changes', 'nut', 1, 5],
          ['changes', 'nut', 2, 4],
          ['changes', 'nut', 4, 4],
          ['changes', 'nut', 0, 0],
          ['changes', 'nut', 6, 9],
        ],
      ],
      expected: [null, null, null, 3, 1, 0, 0, 0],
    },
    // Noted from the newest day down to the oldest; day d costs 2d until the next even day.
    {
      args: [
        [],
        [
          ...calls(1000, (i) => ['set_price', 'salt', 2 * (999 - i), 4 * (999 - i)]),
          ...calls(1000, (i) => ['price_on', 'salt', 2 * i + 1]),
        ],
      ],
      expected: [...nothing(1000), ...Array.from({ length: 1000 }, (_, i) => 4 * i)],
    },
    {
      args: [
        [],
        [
          ...calls(1000, (i) => ['set_price', 'corn', 10 * i, i]),
          ...calls(1000, (i) => ['changes', 'corn', 0, 10 * i + 9]),
        ],
      ],
      expected: [...nothing(1000), ...Array.from({ length: 1000 }, (_, i) => i + 1)],
    },
  ],
  hints: [
    'Keep the goods apart. For a single good, in which order should its notes lie so that both questions are quick?',
    'Hold the days of each good in a sorted list; binary search finds how many of them lie at or before a given day.',
    'Per good keep sorted days and a map from day to price. With upTo(d) = number of days <= d: the price is that of days[upTo(day) - 1], and changes = upTo(last_day) - upTo(first_day - 1). Insert a new day at position upTo(day), and only if it is not there yet.',
  ],
  reference_solution: {
    python: `from bisect import bisect_left, bisect_right, insort


class PriceBoard:
    def __init__(self):
        self.goods = {}

    def set_price(self, good, day, price):
        days, prices = self.goods.setdefault(good, ([], {}))
        if day not in prices:
            insort(days, day)
        prices[day] = price

    def price_on(self, good, day):
        days, prices = self.goods.get(good, ([], {}))
        at = bisect_right(days, day)
        return prices[days[at - 1]] if at else -1

    def changes(self, good, first_day, last_day):
        days, _ = self.goods.get(good, ([], {}))
        return bisect_right(days, last_day) - bisect_left(days, first_day)
${pythonDriver('PriceBoard')}`,
    javascript: `function upTo(days, day) {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

class PriceBoard {
  constructor() {
    this.goods = new Map();
  }

  set_price(good, day, price) {
    if (!this.goods.has(good)) this.goods.set(good, { days: [], prices: new Map() });
    const { days, prices } = this.goods.get(good);
    if (!prices.has(day)) days.splice(upTo(days, day), 0, day);
    prices.set(day, price);
  }

  price_on(good, day) {
    const noted = this.goods.get(good);
    const at = noted ? upTo(noted.days, day) : 0;
    return at === 0 ? -1 : noted.prices.get(noted.days[at - 1]);
  }

  changes(good, first_day, last_day) {
    const days = this.goods.get(good)?.days ?? [];
    return upTo(days, last_day) - upTo(days, first_day - 1);
  }
}
${javascriptDriver('PriceBoard')}`,
  },
};

const riverGauge: ProblemInput = {
  problem_id: 'design-river-gauge',
  title: 'The Middle Level of a River',
  module: 'design',
  topic_tags: ['design', 'heaps', 'streams', 'median'],
  difficulty: 4,
  expected_minutes: 40,
  entry_point: 'simulate',
  params: ['ctor_args', 'calls'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A gauge reports the level of a river again and again, and the harbour office asks for the middle level at any
time. Write the class \`RiverGauge\`.

- \`record(level)\` adds one reading in centimetres.
- \`middle()\` returns the median of all readings so far: the one in the middle when they are sorted, or half the sum
  of the two in the middle if their number is even. Without any reading it returns nothing (\`null\`).
- \`spread()\` returns the highest reading less the lowest one, or nothing without any reading.

Aim at \`O(log n)\` for \`record\` and constant time for the questions.

${howItIsRun}

**Constraints**

- at most \`6000\` calls
- \`-10^6 <= level <= 10^6\`, whole numbers

**Example.** \`simulate([], [["middle"], ["record", 8], ["record", 3], ["middle"], ["record", 4], ["middle"],
["spread"]])\` gives \`[null, null, null, 5.5, null, 4, 5]\`.`,
  starter_code: {
    python: `class RiverGauge:
    """Median and spread of a growing set of readings."""

    def __init__(self):
        pass

    def record(self, level):
        pass

    def middle(self):
        pass

    def spread(self):
        pass
${pythonDriver('RiverGauge')}`,
    javascript: `/** Median and spread of a growing set of readings. */
class RiverGauge {
  constructor() {
  }

  record(level) {
  }

  middle() {
  }

  spread() {
  }
}
${javascriptDriver('RiverGauge')}`,
  },
  visible_tests: [
    {
      args: [
        [],
        [['middle'], ['record', 8], ['record', 3], ['middle'], ['record', 4], ['middle'], ['spread']],
      ],
      expected: [null, null, null, 5.5, null, 4, 5],
    },
    {
      args: [[], [['record', -7], ['middle'], ['spread']]],
      expected: [null, -7, 0],
    },
  ],
  hidden_tests: [
    { args: [[], []], expected: [] },
    { args: [[], [['spread'], ['middle']]], expected: [null, null] },
    {
      args: [[], [['record', 5], ['record', 5], ['middle'], ['record', 5], ['middle'], ['spread']]],
      expected: [null, null, 5, null, 5, 0],
    },
    {
      args: [[], [['record', -3], ['record', 0], ['middle'], ['record', -8], ['middle'], ['spread']]],
      expected: [null, null, -1.5, null, -3, 8],
    },
    {
      args: [[], [['record', 1000000], ['record', -1000000], ['middle'], ['spread']]],
      expected: [null, null, 0, 2000000],
    },
    {
      args: [
        [],
        [
          ['record', 10],
          ['record', 1],
          ['record', 9],
          ['record', 2],
          ['middle'],
          ['record', 8],
          ['middle'],
          ['record', 3],
          ['middle'],
        ],
      ],
      expected: [null, null, null, null, 5.5, null, 8, null, 5.5],
    },
    // Rising: after the readings 0 to i the median is i / 2.
    {
      args: [[], calls(3000, (i) => (i % 2 === 0 ? ['record', i / 2] : ['middle']))],
      expected: Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? null : (i - 1) / 4)),
    },
    // Falling: after the readings 0 to -i the median is -i / 2.
    {
      args: [[], [...calls(2001, (i) => ['record', -i]), ['middle'], ['spread']]],
      expected: [...nothing(2001), -1000, 2000],
    },
    // 0 to 2002 each once in scattered order (2003 is a prime).
    {
      args: [[], [...calls(2003, (i) => ['record', (i * 1009) % 2003]), ['middle'], ['spread']]],
      expected: [...nothing(2003), 1001, 2002],
    },
  ],
  hints: [
    'For the median only the border between the lower and the upper half matters, not the order inside the halves.',
    'Keep the lower half in a max-heap and the upper half in a min-heap, and let their sizes differ by at most one.',
    'record: push the level to the lower heap, move its largest to the upper heap, and if the upper heap is now bigger move its smallest back. middle: the top of the lower heap if it is bigger, else half the sum of both tops. Track lowest and highest reading beside the heaps.',
  ],
  reference_solution: {
    python: `import heapq


class RiverGauge:
    def __init__(self):
        self.lower = []
        self.upper = []
        self.lowest = self.highest = None

    def record(self, level):
        heapq.heappush(self.upper, -heapq.heappushpop(self.lower, -level))
        if len(self.upper) > len(self.lower):
            heapq.heappush(self.lower, -heapq.heappop(self.upper))
        self.lowest = level if self.lowest is None else min(self.lowest, level)
        self.highest = level if self.highest is None else max(self.highest, level)

    def middle(self):
        if not self.lower:
            return None
        if len(self.lower) > len(self.upper):
            return -self.lower[0]
        return (self.upper[0] - self.lower[0]) / 2

    def spread(self):
        return None if self.lowest is None else self.highest - self.lowest
${pythonDriver('RiverGauge')}`,
    javascript: `class MinHeap {
  constructor() {
    this.items = [];
  }

  get size() {
    return this.items.length;
  }

  get top() {
    return this.items[0];
  }

  push(value) {
    const { items } = this;
    let i = items.length;
    items.push(value);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (items[parent] <= value) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = value;
  }

  pop() {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= items.length) break;
        if (child + 1 < items.length && items[child + 1] < items[child]) child += 1;
        if (items[child] >= last) break;
        items[i] = items[child];
        i = child;
      }
      items[i] = last;
    }
    return top;
  }
}

/** The lower half is stored negated, so that its largest reading is on top. */
class RiverGauge {
  constructor() {
    this.lower = new MinHeap();
    this.upper = new MinHeap();
    this.lowest = Infinity;
    this.highest = -Infinity;
  }

  record(level) {
    this.lower.push(-level);
    this.upper.push(-this.lower.pop());
    if (this.upper.size > this.lower.size) this.lower.push(-this.upper.pop());
    this.lowest = Math.min(this.lowest, level);
    this.highest = Math.max(this.highest, level);
  }

  middle() {
    if (this.lower.size === 0) return null;
    if (this.lower.size > this.upper.size) return -this.lower.top;
    return (this.upper.top - this.lower.top) / 2;
  }

  spread() {
    return this.lower.size === 0 ? null : this.highest - this.lowest;
  }
}
${javascriptDriver('RiverGauge')}`,
  },
};

/** Design: problems written for this bank, part 2. */
export const design2: ProblemInput[] = [priceBoard, riverGauge];
