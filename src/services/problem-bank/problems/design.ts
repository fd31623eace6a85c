import { design2 } from './design-2.ts';
import { calls, howItIsRun, javascriptDriver, nothing, pythonDriver } from './design-driver.ts';
import type { ProblemInput } from './problem-input.ts';

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

/** Design: problems written for this bank. */
export const design: ProblemInput[] = [undoPad, toolCrib, ...design2];
