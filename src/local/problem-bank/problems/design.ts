import type { Json } from '#contract/problem-bank.ts';
import type { ProblemInput } from './problem-input.ts';

/** One call of a design test: the method, then its arguments. */
type Call = [method: string, ...args: Json[]];

/** `count` calls, one for each number from 0. */
function calls(count: number, call: (i: number) => Call): Call[] {
  return Array.from({ length: count }, (_, i) => call(i));
}

/** `count` nulls: the results of that many calls that return nothing. */
function nothing(count: number): null[] {
  return Array.from({ length: count }, () => null);
}

/** Explains, in every statement of this module, how a class is judged by one function call. */
const howItIsRun = `**How it is run.** The function \`simulate(ctor_args, calls)\` is given beneath the class: it makes one object with
the constructor arguments \`ctor_args\`, performs the calls \`[method, ...arguments]\` in turn and returns the list of
their results, \`null\` for a method that returns nothing. Only the class has to be written.`;

/** The driver of a Python solution for the class `name`. */
function pythonDriver(name: string): string {
  return `

def simulate(ctor_args, calls):
    target = ${name}(*ctor_args)
    return [getattr(target, method)(*args) for method, *args in calls]
`;
}

/** The driver of a JavaScript solution for the class `name`. */
function javascriptDriver(name: string): string {
  return `
function simulate(ctor_args, calls) {
  const target = new ${name}(...ctor_args);
  return calls.map(([method, ...args]) => target[method](...args) ?? null);
}
`;
}

const undoPad: ProblemInput = {
  problem_id: 'design-undo-pad',
  title: 'A Notepad That Can Undo',
  module: 'design',
  topic_tags: ['design', 'stacks', 'strings'],
  difficulty: 2,
  expected_minutes: 22,
  entry_point: 'simulate',
  params: ['ctor_args', 'calls'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `Write the class \`UndoPad\`, a notepad whose cursor always stands at the end of the text. A new pad is empty.

- \`type(text)\` appends \`text\`.
- \`erase(count)\` removes the last \`count\` letters, or all of them if there are fewer.
- \`undo()\` takes back the latest \`type\` or \`erase\` that has not been taken back yet and returns \`true\`; with
  nothing left to take back it returns \`false\`. An \`erase\` on an empty pad or a \`type\` of the empty text can be
  taken back like any other.
- \`tail(count)\` returns the last \`count\` letters, or the whole text if it is shorter.

${howItIsRun}

**Constraints**

- at most \`4000\` calls; \`0 <= count <= 10^6\`
- all typed texts together have at most \`20000\` lowercase letters

**Example.** \`simulate([], [["type", "salt"], ["erase", 2], ["tail", 9], ["undo"], ["tail", 3]])\` gives
\`[null, null, "sa", true, "alt"]\`.`,
  starter_code: {
    python: `class UndoPad:
    """A notepad with type, erase, undo and tail."""

    def __init__(self):
        pass

    def type(self, text):
        pass

    def erase(self, count):
        pass

    def undo(self):
        pass

    def tail(self, count):
        pass
${pythonDriver('UndoPad')}`,
    javascript: `/** A notepad with type, erase, undo and tail. */
class UndoPad {
  constructor() {
  }

  type(text) {
  }

  erase(count) {
  }

  undo() {
  }

  tail(count) {
  }
}
${javascriptDriver('UndoPad')}`,
  },
  visible_tests: [
    {
      args: [[], [['type', 'salt'], ['erase', 2], ['tail', 9], ['undo'], ['tail', 3]]],
      expected: [null, null, 'sa', true, 'alt'],
    },
    { args: [[], [['undo'], ['tail', 1]]], expected: [false, ''] },
  ],
  hidden_tests: [
    { args: [[], []], expected: [] },
    {
      args: [
        [],
        [
          ['type', 'abc'],
          ['tail', 0],
          ['tail', 3],
        ],
      ],
      expected: [null, '', 'abc'],
    },
    {
      args: [[], [['erase', 5], ['type', 'x'], ['undo'], ['undo'], ['undo']]],
      expected: [null, null, true, true, false],
    },
    {
      args: [[], [['type', 'ab'], ['erase', 10], ['tail', 2], ['undo'], ['tail', 2], ['undo'], ['tail', 2]]],
      expected: [null, null, '', true, 'ab', true, ''],
    },
    {
      args: [[], [['type', ''], ['type', 'k'], ['undo'], ['undo'], ['undo'], ['tail', 1]]],
      expected: [null, null, true, true, false, ''],
    },
    // After an undo the next undo takes back what lies before it, not the undo itself.
    {
      args: [
        [],
        [
          ['type', 'one'],
          ['type', 'two'],
          ['undo'],
          ['type', 'six'],
          ['tail', 6],
          ['undo'],
          ['undo'],
          ['tail', 6],
        ],
      ],
      expected: [null, null, true, null, 'onesix', true, true, ''],
    },
    {
      args: [[], [['type', 'plum'], ['erase', 0], ['undo'], ['tail', 4], ['erase', 1], ['tail', 4]]],
      expected: [null, null, true, 'plum', null, 'plu'],
    },
    {
      args: [
        [],
        [...calls(1500, () => ['type', 'ab']), ...calls(1500, () => ['undo']), ['undo'], ['tail', 5]],
      ],
      expected: [...nothing(1500), ...Array.from({ length: 1500 }, () => true), false, ''],
    },
    {
      args: [
        [],
        [
          ['type', 'pq'.repeat(5000)],
          ...calls(1000, () => ['erase', 10]),
          ['tail', 1],
          ['undo'],
          ['tail', 11],
        ],
      ],
      expected: [...nothing(1001), '', true, 'pqpqpqpqpq'],
    },
  ],
  hints: [
    'To take a step back you must know what the step changed. How little do you have to remember of each?',
    'Keep a stack of steps. A typed text is taken back by its length, an erased text by the letters that were removed.',
    'Hold the text as a list of letters (or a string) and push ("type", length) or ("erase", removed letters) for each step. undo pops one entry and cuts or appends accordingly. Take care with the last 0 letters: text[-0:] is the whole text.',
  ],
  reference_solution: {
    python: `class UndoPad:
    def __init__(self):
        self.letters = []
        self.steps = []

    def type(self, text):
        self.letters.extend(text)
        self.steps.append((len(text), []))

    def erase(self, count):
        keep = max(0, len(self.letters) - count)
        self.steps.append((0, self.letters[keep:]))
        del self.letters[keep:]

    def undo(self):
        if not self.steps:
            return False
        typed, erased = self.steps.pop()
        del self.letters[len(self.letters) - typed:]
        self.letters.extend(erased)
        return True

    def tail(self, count):
        return ''.join(self.letters[max(0, len(self.letters) - count):])
${pythonDriver('UndoPad')}`,
    javascript: `class UndoPad {
  constructor() {
    this.text = '';
    this.steps = [];
  }

  type(text) {
    this.text += text;
    this.steps.push([text.length, '']);
  }

  erase(count) {
    const keep = Math.max(0, this.text.length - count);
    this.steps.push([0, this.text.slice(keep)]);
    this.text = this.text.slice(0, keep);
  }

  undo() {
    if (this.steps.length === 0) return false;
    const [typed, erased] = this.steps.pop();
    this.text = this.text.slice(0, this.text.length - typed) + erased;
    return true;
  }

  tail(count) {
    return this.text.slice(Math.max(0, this.text.length - count));
  }
}
${javascriptDriver('UndoPad')}`,
  },
};

const toolCrib: ProblemInput = {
  problem_id: 'design-tool-crib',
  title: 'The Crowded Tool Crib',
  module: 'design',
  topic_tags: ['design', 'caches', 'linked lists', 'hash maps'],
  difficulty: 3,
  expected_minutes: 30,
  entry_point: 'simulate',
  params: ['ctor_args', 'calls'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `The tool crib of a workshop has only a few hooks; everything else lies in the cellar. Write the class
\`ToolCrib(hooks)\`. A tool is known by a name and hangs with a note saying who sharpened it last.

- \`hang(tool, note)\` hangs a tool up. If it hangs there already only its note is replaced, and nothing is returned.
  If all hooks are taken, the tool whose latest use lies furthest back goes to the cellar first, and its name is
  returned; otherwise nothing is returned.
- \`look(tool)\` returns the note of the tool, or \`""\` if it does not hang in the crib.

Hanging a tool up, replacing its note and a successful \`look\` are uses of the tool. Aim at constant time for each
call.

${howItIsRun}

**Constraints**

- \`1 <= hooks <= 1000\`, at most \`4000\` calls
- names and notes are not empty and have at most 20 letters or digits

**Example.** \`simulate([2], [["hang", "saw", "Ida"], ["hang", "file", "Bo"], ["look", "saw"], ["hang", "plane", "Ida"],
["look", "file"]])\` gives \`[null, null, "Ida", "file", ""]\`: the saw was used later than the file.`,
  starter_code: {
    python: `class ToolCrib:
    """Keeps the most recently used tools on a limited number of hooks."""

    def __init__(self, hooks):
        pass

    def hang(self, tool, note):
        pass

    def look(self, tool):
        pass
${pythonDriver('ToolCrib')}`,
    javascript: `/** Keeps the most recently used tools on a limited number of hooks. */
class ToolCrib {
  constructor(hooks) {
  }

  hang(tool, note) {
  }

  look(tool) {
  }
}
${javascriptDriver('ToolCrib')}`,
  },
  visible_tests: [
    {
      args: [
        [2],
        [
          ['hang', 'saw', 'Ida'],
          ['hang', 'file', 'Bo'],
          ['look', 'saw'],
          ['hang', 'plane', 'Ida'],
          ['look', 'file'],
        ],
      ],
      expected: [null, null, 'Ida', 'file', ''],
    },
    {
      args: [
        [1],
        [
          ['look', 'axe'],
          ['hang', 'axe', 'Lu'],
          ['hang', 'awl', 'Lu'],
          ['look', 'awl'],
        ],
      ],
      expected: ['', null, 'axe', 'Lu'],
    },
  ],
  hidden_tests: [
    { args: [[3], []], expected: [] },
    {
      args: [
        [1],
        [
          ['hang', 'a', 'x'],
          ['hang', 'a', 'y'],
          ['look', 'a'],
        ],
      ],
      expected: [null, null, 'y'],
    },
    // Replacing a note is a use: b leaves, not a.
    {
      args: [
        [2],
        [
          ['hang', 'a', 'x'],
          ['hang', 'b', 'x'],
          ['hang', 'a', 'z'],
          ['hang', 'c', 'x'],
          ['look', 'a'],
        ],
      ],
      expected: [null, null, null, 'b', 'z'],
    },
    // A look that fails is no use and brings nothing back.
    {
      args: [
        [2],
        [
          ['hang', 'a', 'x'],
          ['hang', 'b', 'x'],
          ['hang', 'c', 'x'],
          ['look', 'a'],
          ['hang', 'd', 'x'],
          ['look', 'c'],
        ],
      ],
      expected: [null, null, 'a', '', 'b', 'x'],
    },
    {
      args: [
        [3],
        [
          ['hang', 'a', '1'],
          ['hang', 'b', '2'],
          ['hang', 'c', '3'],
          ['look', 'a'],
          ['look', 'b'],
          ['hang', 'd', '4'],
          ['hang', 'e', '5'],
          ['hang', 'f', '6'],
        ],
      ],
      expected: [null, null, null, '1', '2', 'c', 'a', 'b'],
    },
    {
      args: [
        [2],
        [
          ['hang', 'a', '1'],
          ['hang', 'b', '2'],
          ['hang', 'c', '3'],
          ['hang', 'a', '4'],
          ['look', 'a'],
          ['look', 'b'],
        ],
      ],
      expected: [null, null, 'a', 'b', '4', ''],
    },
    // Tools that are never used again leave in the order in which they came.
    {
      args: [[100], calls(2000, (i) => ['hang', `t${i}`, 'n'])],
      expected: [...nothing(100), ...Array.from({ length: 1900 }, (_, i) => `t${i}`)],
    },
    // Everything fits, so nothing ever leaves.
    {
      args: [
        [1000],
        [...calls(1000, (i) => ['hang', `t${i}`, `n${i}`]), ...calls(1000, (i) => ['look', `t${i}`])],
      ],
      expected: [...nothing(1000), ...Array.from({ length: 1000 }, (_, i) => `n${i}`)],
    },
  ],
  hints: [
    'Two things must be quick: finding a tool by its name, and knowing which one was used least recently.',
    'A hash map finds the tool; an order of use from old to new, in which a tool can be moved to the end in constant time, tells who leaves.',
    'Use a doubly linked list with the map pointing at its nodes, or a map that keeps insertion order: on every use delete the entry and insert it again, so that the first entry is the one that leaves when all hooks are taken.',
  ],
  reference_solution: {
    python: `from collections import OrderedDict


class ToolCrib:
    def __init__(self, hooks):
        self.hooks = hooks
        self.notes = OrderedDict()

    def hang(self, tool, note):
        leaving = None
        if tool in self.notes:
            self.notes.move_to_end(tool)
        elif len(self.notes) == self.hooks:
            leaving, _ = self.notes.popitem(last=False)
        self.notes[tool] = note
        return leaving

    def look(self, tool):
        if tool not in self.notes:
            return ''
        self.notes.move_to_end(tool)
        return self.notes[tool]
${pythonDriver('ToolCrib')}`,
    javascript: `class ToolCrib {
  constructor(hooks) {
    this.hooks = hooks;
    this.notes = new Map();
  }

  hang(tool, note) {
    let leaving = null;
    if (!this.notes.delete(tool) && this.notes.size === this.hooks) {
      leaving = this.notes.keys().next().value;
      this.notes.delete(leaving);
    }
    this.notes.set(tool, note);
    return leaving;
  }

  look(tool) {
    const note = this.notes.get(tool);
    if (note === undefined) return '';
    this.notes.delete(tool);
    this.notes.set(tool, note);
    return note;
  }
}
${javascriptDriver('ToolCrib')}`,
  },
};

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

export const design: ProblemInput[] = [undoPad, toolCrib, priceBoard, riverGauge];
