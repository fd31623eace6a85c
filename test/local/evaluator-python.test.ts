import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningService } from '../../src/services/common/service.ts';
import { startEvaluator } from '../../src/services/evaluator/index.ts';
import { judgePython, type Tests, visible } from '../support/evaluator-client.ts';

const API_KEY = 'test-key';

let service: RunningService;
beforeAll(async () => {
  service = await startEvaluator({ apiKey: API_KEY, spares: { python: 2, javascript: 1 } });
});
afterAll(() => service.close());

const judge = (code: string, tests: Tests, extra = {}) => judgePython(service, API_KEY, code, tests, extra);

/** What a program answers to one visible test without arguments. */
async function answer(code: string): Promise<unknown> {
  const { tests } = await judge(code, [[[], null]]);
  const { error, actual } = visible(tests[0]);
  if (error !== null) throw new Error(`${error.type}: ${error.message}`);
  return actual;
}
async function failure(code: string, extra = {}) {
  const { tests, error } = await judge(code, [[[], null]], extra);
  return error ?? visible(tests[0]).error;
}
async function printed(code: string) {
  return visible((await judge(code, [[[], null]])).tests[0]).stdout;
}
const body = (...lines: string[]) => ['def solve():', ...lines.map((line) => `    ${line}`)].join('\n');

describe('names that need no import', () => {
  test('those of practice sites are there', async () => {
    const code = body(
      'heap = [3, 1, 2]',
      'heapify(heap); heappush(heap, 0)',
      'insort(heap, 9)',
      'groups = defaultdict(list); groups["a"].append(1)',
      'Point = namedtuple("Point", "x y")',
      'fib = cache(lambda n: n if n < 2 else fib(n - 1) + fib(n - 2))',
      'order: List[Optional[int]] = sorted([3, 1], key=cmp_to_key(lambda a, b: a - b))',
      'return [Counter("aab")["a"], heappop(heap), deque([1]), OrderedDict(a=1), groups, Point(1, 2).y, fib(50),',
      '    list(accumulate([1, 2, 3])), list(combinations([1, 2], 2)), list(permutations([1, 2])), list(pairwise("ab")),',
      '    [k for k, _ in groupby("aab")], list(chain([1], [2])), list(product([0, 1], repeat=1)), reduce(add, [1, 2]),',
      '    gcd(4, 6), lcm(4, 6), sqrt(4), floor(1.5), ceil(1.5), comb(4, 2), isqrt(9), bisect_left([1, 2], 2), order,',
      '    inf > 1, ascii_lowercase[:2], string.digits[:2], re.sub("a", "b", "a"), math.log2(8), copy.deepcopy([1]),',
      '    collections.deque([1]).pop(), heapq.nlargest(1, [1, 2]), itertools.count(3).__next__(), functools.reduce(max, [1, 2]),',
      '    bisect.bisect([1], 1), operator.itemgetter(0)([7]), datetime.date(2020, 1, 2).day, statistics.median([1, 3]),',
      '    random.randint(1, 1), json.dumps([1]), sys.maxsize == maxsize, pow(2, 5, 3), sum([1])]',
    );
    expect(await answer(code)).toEqual([
      ...[2, 0, [1], { a: 1 }, { a: [1] }, 2, 12_586_269_025],
      ...[[1, 3, 6], [[1, 2]], [[1, 2], [2, 1]], [['a', 'b']], ['a', 'b'], [1, 2], [[0], [1]], 3],
      ...[2, 12, 2, 1, 2, 6, 3, 1, [1, 3], true, 'ab', '01', 'b', 3, [1]],
      ...[1, [2], 3, 2, 1, 7, 2, 2, 1, '[1]', true, 2, 1],
    ]); // biome-ignore format: in the order of the program
  });
  test('what a program defines or imports itself comes first', async () => {
    const code = 'from math import gcd as inf\ndef Counter(x): return "mine"\ndeque = 5\n';
    expect(await answer(`${code}${body('return [Counter(1), deque, inf(4, 6)]')}`)).toEqual(['mine', 5, 2]);
  });
  test('they are not the program of the learner', async () => {
    const result = await judge('x = 1', [[[], 0]], { entry_point: 'combinations' });
    expect(result).toMatchObject({ verdict: 'CE', error: { type: 'MissingEntryPoint' } });
  });
  test('changed built-ins are seen, as in one program', async () => {
    expect(await answer(`import builtins\nbuiltins.mine = 4\n${body('return mine')}`)).toBe(4);
  });
});

describe('how the entry point is found', () => {
  const solution = 'class Solution:\n    def combinations(self, n): return n + 1\n';
  test.each([
    ['a star import', 'from itertools import *\n'],
    ['another module', 'from itertools import combinations\n'],
  ])('regression: %s of the same name does not hide a method of Solution', async (_what, head) => {
    const extra = { entry_point: 'combinations' };
    expect((await judge(`${head}${solution}`, [[[1], 2]], extra)).verdict).toBe('AC');
  });
  test('a function of the program comes before Solution, an alias counts where there is nothing else', async () => {
    expect((await judge(`${solution}def solve(n): return n`, [[[1], 1]])).verdict).toBe('AC');
    expect((await judge('from math import factorial as solve', [[[4], 24]])).verdict).toBe('AC');
  });
  test('what is missing is said', async () => {
    expect(await failure('solve = 5')).toEqual({
      type: 'MissingEntryPoint',
      message: "solve is not a function: it is of type 'int'",
      line: null,
    });
    expect(await failure('class Solution:\n    def other(self): pass')).toMatchObject({
      message: 'solve is not defined: neither a function nor a method of Solution has this name',
    });
  });
  test('regression: a byte order mark begins no program, and is no error', async () => {
    expect((await judge('\u{feff}def solve(): return 1', [[[], 1]])).verdict).toBe('AC');
  });
});

describe('numbers', () => {
  test('sys.maxsize is more than anything a problem counts', async () => {
    const code = body(
      'import sys',
      'best = sys.maxsize',
      'for n in [3_000_000_000, 5_000_000_000]: best = min(best, n)',
      'return [best, sys.maxsize == 2**63 - 1, -sys.maxsize - 1 == -2**63, max(-sys.maxsize, -3_000_000_000)]',
    );
    expect(await answer(code)).toEqual([3_000_000_000, true, true, -3_000_000_000]);
  });
  test.each([
    ['the length of a range', 'return len(range(2**33))', 'OverflowError'],
    ['a step of islice', 'return list(islice([1], maxsize))', 'ValueError'],
    ['the size of a deque', 'return deque([1], maxlen=maxsize)', 'OverflowError'],
  ])('%s ends at 2**31 - 1, and the message says so', async (_what, line, type) => {
    const message = expect.stringContaining('lengths, indexes and counts end at 2**31 - 1 here');
    expect(await failure(body(line))).toEqual({ type, message, line: 2 });
  });
  test('a loop over a longer range runs', async () => {
    expect(await answer(body('for i in range(2**40):', '    if i == 7: return i'))).toBe(7);
  });
  test('numbers beyond 4,300 digits are printed, read and returned', async () => {
    const code =
      'def solve(n):\n    print(len(str(n ** 5000)))\n    return n ** 5000 + int("9" * 5000) * 0\n';
    const [result] = (await judge(code, [[[10], 0]])).tests;
    expect(visible(result).stdout).toBe('5001\n');
    expect(visible(result).actual).toEqual({ $t: 'int', v: `0x${(10n ** 5000n).toString(16)}` });
  });
  test('the processor limit ends what writes numbers without end', async () => {
    const code = body('while True: str(7 ** 200_000)');
    expect((await judge(code, [[[], 0]], { limits: { time_ms: 300 } })).verdict).toBe('TLE');
  });
});

describe('recursion', () => {
  const deep = (depth: number, head = '') =>
    `${head}def solve():\n    def f(n): return 0 if n == 0 else 1 + f(n - 1)\n    return f(${depth})\n`;
  test('as deep as problems ask for, without a raised limit', async () => {
    expect(await answer(deep(15_000))).toBe(15_000);
  });
  test('deeper under a raised limit', async () => {
    expect(await answer(deep(80_000, 'import sys\nsys.setrecursionlimit(10**6)\n'))).toBe(80_000);
    expect(await answer(body('setrecursionlimit(10**6)', 'return sys.getrecursionlimit()'))).toBe(1_000_000);
  });
  const through: [what: string, lines: string[]][] = [
    ['functions', ['def f(n): return f(n + 1)', 'f(0)']],
    ['a cache', ['@cache', 'def f(n): return f(n + 1)', 'f(0)']],
    ['a sort', ['def f(n): return sorted([1], key=lambda _: f(n + 1))', 'f(0)']],
    ['methods', ['class A:', '    def __init__(self): A()', 'A()']],
    ['generators', ['def f(n):', '    yield from f(n + 1)', 'list(f(0))']],
    ['properties', ['class A:', '    @property', '    def x(self): return self.x', 'A().x']],
  ];
  test.each(through)(
    'regression: endless through %s it is an error with its line, and the next test runs',
    async (_what, lines) => {
      const code = body('import sys', 'sys.setrecursionlimit(10**9)', ...lines);
      const { tests } = await judge(code, [[[], 0], [[], 0]]); // biome-ignore format: two tests
      for (const result of tests) {
        const { error } = visible(result);
        expect(error).toMatchObject({ type: 'RecursionError', message: 'maximum recursion depth exceeded' });
        expect(error?.line).toBeGreaterThan(3);
      }
    },
  );
  test('regression: a deep recursion through generators does not take seconds when it ends', async () => {
    const lines = ['def h(n): yield from f(n + 1)', 'def f(n): return list(h(n))', 'for _ in range(6):'];
    const tries = ['    try: f(0)', '    except RecursionError: pass', 'return 1'];
    expect(await answer(body('setrecursionlimit(10**6)', ...lines, ...tries))).toBe(1);
  });
  test('a chain too long to be freed ends the run plainly: what follows is skipped', async () => {
    const code =
      'def solve():\n    head = None\n    for i in range(700_000): head = (i, head)\n    head = None\n';
    const result = await judge(code, [[[], null], [[], null]], { limits: { time_ms: 5000 } }); // biome-ignore format: two tests
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['RE', 'SK']);
    expect(visible(result.tests[0]).error?.message).toContain('The stack was full');
  });
});

describe('errors', () => {
  test.each([
    ['a syntax error', 'def solve():\n    x = = 1', 'SyntaxError', 'invalid syntax', 2],
    ['a mistyped keyword', 'deff solve(): pass', 'SyntaxError', "invalid syntax. Did you mean 'def'?", 1],
    ['no block', 'def solve():\nreturn 1', 'IndentationError', 'expected an indented block after function definition on line 1', 2],
    ['an unknown name', body('return Countr([1])'), 'NameError', "name 'Countr' is not defined. Did you mean: 'Counter'?", 2],
    ['a forgotten import', body('return decimal.Decimal(1)'), 'NameError', "name 'decimal' is not defined. Did you forget to import 'decimal'?", 2],
    ['an unknown attribute', body('return [].apend(1)'), 'AttributeError', "'list' object has no attribute 'apend'. Did you mean: 'append'?", 2],
    ['a package', body('import numpy'), 'ModuleNotFoundError', 'numpy is not available here: only the standard library of Python is', 2],
    ['a key', body('return {}["a"]'), 'KeyError', "'a'", 2],
  ])('%s is said once, with the advice of CPython', async (_what, code, type, message, line) => {
    expect(await failure(code)).toEqual({ type, message, line });
  }); // biome-ignore format: one error a row
  test.each([
    'from sortedcontainers import SortedList\ndef solve(): return 1',
    body('return SortedList([1])'),
  ])('sortedcontainers is said to be unavailable: %s', async (code) => {
    expect((await failure(code))?.message).toContain('sortedcontainers is not available here');
  });
  test.each([
    ['generator', 'return (n for n in [1])'],
    ['range', 'return range(3)'],
    ['map', 'return map(str, [1])'],
    ['filter', 'return filter(None, [1])'],
    ['zip', 'return zip([1], [2])'],
    ['dict_keys', 'return {1: 2}.keys()'],
    ['dict_values', 'return {1: 2}.values()'],
    ['dict_items', 'return {1: 2}.items()'],
    ['list_iterator', 'return iter([1])'],
    ['reversed', 'return [reversed((1, 2))]'],
  ])('a %s as answer is refused with advice', async (type, line) => {
    const message = `an answer of type '${type}' cannot be compared: return list(...) of it`;
    expect(await failure(body(line))).toEqual({ type: 'BadReturn', message, line: null });
  });
  test.each([
    ['ListNode', 'list', [1, 2]],
    ['TreeNode', 'list', [1, 2]],
    ['TreeNode', 'int', 42],
  ])('a wrong type where a %s is due is named: %s', async (kind, type, value) => {
    const signature = { return_type: kind };
    expect(await failure(body(`return ${JSON.stringify(value)}`), { signature })).toMatchObject({
      message: `expected a ${kind} or None, got ${type}`,
    });
  });
});

describe('answers of subclasses', () => {
  const EVIL = `
import enum, collections
def lie(*_): raise ValueError("asked the subclass")
hooks = ["eq", "ne", "lt", "le", "gt", "ge", "len", "iter", "repr", "str", "int", "index", "float", "bool", "getitem",
    "contains", "add", "sub", "neg", "pos", "abs", "trunc", "round", "format", "reversed", "reduce_ex", "sizeof", "mul"]
names = {f"__{hook}__": lie for hook in hooks} | {"__class__": property(lie), "items": lie, "keys": lie}
class Meta(type):
    __name__ = property(lie)
    __mro__ = property(lie)
    def __eq__(self, other): raise ValueError("asked the metaclass")
    def __instancecheck__(self, other): raise ValueError("asked the metaclass")
    __subclasscheck__ = __instancecheck__
    __hash__ = type.__hash__
def evil(base):
    return Meta("Evil", (base,), names | {"__hash__": base.__hash__})
`;
  test.each([
    ['int', '-3', -3],
    ['int', '2 ** 70', { $t: 'int', v: `0x${(2n ** 70n).toString(16)}` }],
    ['float', '1.5', 1.5],
    ['float', '"inf"', { $t: 'num', v: 'Infinity' }],
    ['str', '"text"', 'text'],
    ['list', '[1, 2]', [1, 2]],
    ['tuple', '[1, 2]', [1, 2]],
    ['dict', '{"a": 1}', { a: 1 }],
    ['set', '[7]', { $t: 'set', v: [7] }],
    ['frozenset', '[7]', { $t: 'set', v: [7] }],
    ['collections.deque', '[1, 2]', [1, 2]],
  ])('regression: a subclass of %s is its value %s, and has no say in it', async (base, value, expected) => {
    expect(await answer(`${EVIL}def solve(): return evil(${base})(${value})`)).toEqual(expected);
    expect(await answer(`${EVIL}def solve(): return [evil(${base})(${value})]`)).toEqual([expected]);
  });
  test('enums that are numbers or texts are those, also as keys', async () => {
    const classes = 'import enum\nclass N(enum.IntEnum): A = 4\nclass T(enum.StrEnum): A = "a"\n';
    const flags = 'class F(enum.IntFlag): A = 1; B = 2\n';
    const code = `${classes}${flags}${body('return [N.A, T.A, F.A | F.B, {N.A: T.A}, {T.A: N.A}]')}`;
    expect(await answer(code)).toEqual([4, 'a', 3, { 4: 'a' }, { a: 4 }]);
    expect((await judge(`${classes}${body('return [N.A, T.A]')}`, [[[], [4, 'a']]])).verdict).toBe('AC');
  });
  test.each([
    ['Decimal', 'import decimal; return decimal.Decimal(1)', 'return float(x) of it, or int(x)'],
    ['Fraction', 'import fractions; return [fractions.Fraction(1)]', 'return float(x) of it, or int(x)'],
    ['complex', 'return 1j', 'return [x.real, x.imag] of it'],
    ['bytes', 'return b"a"', 'return list(x) of it for numbers, or x.decode() for text'],
    ['bytearray', 'return bytearray(1)', 'return list(x) of it for numbers, or x.decode() for text'],
    ['array', 'import array; return array.array("i")', 'return list(x) of it'],
    ['Color', 'import enum; return enum.Enum("Color", "RED").RED', 'return x.value of it'],
    ['date', 'return datetime.date(2020, 1, 2)', 'return x.isoformat() of it'],
    ['UserList', 'return collections.UserList()', 'return list(...) of it'],
    ['ChainMap', 'return collections.ChainMap()', 'return dict(...) of it'],
    ['function', 'return solve', 'was it meant to be called?'],
  ])('a %s is refused with its conversion', async (type, line, advice) => {
    const message = `an answer of type '${type}' cannot be compared: ${advice}`;
    expect(await failure(body(line))).toEqual({ type: 'BadReturn', message, line: null });
  });
  test('an answer or an error whose class lies about its name is still a verdict', async () => {
    expect(await failure(`${EVIL}def solve(): return evil(object)()`)).toMatchObject({ type: 'BadReturn' });
    const named = 'class Named(type): __name__ = property(lie)\n';
    const raised = `${EVIL}${named}def solve(): raise Named("Odd", (Exception,), {})()`;
    expect(await failure(raised)).toMatchObject({ type: 'Odd' });
  });
});

describe('asyncio', () => {
  const head = 'import asyncio\nasync def g(n):\n    await asyncio.sleep(n / 1000)\n    return n\n';
  test.each([
    ['asyncio.run in a function', 'def solve(): return asyncio.run(g(1))', 1],
    ['twice, and before the call', 'x = asyncio.run(g(1))\ndef solve(): return x + asyncio.run(g(2))', 3],
    ['an entry that is async def', 'async def solve(): return await g(2)', 2],
    ['a method that is', 'class Solution:\n    async def solve(self): return await g(3)', 3],
    ['tasks that wait for one another', 'async def solve(): return await asyncio.gather(g(3), g(1))', [3, 1]],
    ['a loop of its own', 'def solve(): return asyncio.new_event_loop().run_until_complete(g(4))', 4],
  ])('regression: %s runs, and nothing is warned of', async (_what, code, expected) => {
    const { tests, verdict } = await judge(head + code, [[[], expected]]);
    expect([verdict, visible(tests[0]).error, visible(tests[0]).stdout]).toEqual(['AC', null, '']);
  });
  test('an error keeps its line', async () => {
    const code =
      'import asyncio\nasync def solve():\n    await asyncio.sleep(0)\n    raise ValueError("no")\n';
    expect(await failure(code)).toEqual({ type: 'ValueError', message: 'no', line: 4 });
  });
  test('what can never happen is not waited for', async () => {
    const code = 'import asyncio\nasync def solve(): await asyncio.Event().wait()';
    expect(await failure(code)).toMatchObject({
      type: 'RuntimeError',
      message: 'the program waits for something that can never happen',
    });
  });
  test('a coroutine in an answer is named, without a warning', async () => {
    const [result] = (await judge(`${head}def solve(): return [g(1)]`, [[[], null]])).tests;
    expect(visible(result)).toMatchObject({
      error: { message: "an answer of type 'coroutine' cannot be compared: was an await forgotten?" },
      stdout: '',
    });
  });
});

test("a program that changes the classes of json, or math's functions, changes no answer", async () => {
  const code =
    'import json, math, sys\n' +
    'def lie(*_, **__): raise ValueError("asked the program")\n' +
    'for name in ("encode", "iterencode", "default"): setattr(json.JSONEncoder, name, lie)\n' +
    'for name in ("decode", "raw_decode"): setattr(json.JSONDecoder, name, lie)\n' +
    'math.isfinite = json.loads = json.dumps = lie\n' +
    'known = [name for name in sys.modules if name.startswith("_nodes") or name.startswith("_harness")]\n' +
    'def solve(head): return [head.val, 1.5, known]\n';
  const signature = { arg_types: ['ListNode'] };
  expect((await judge(code, [[[[1, 2]], [1, 1.5, []]]], { signature })).verdict).toBe('AC');
});

describe('what is printed', () => {
  test('lists and trees show their values', async () => {
    const code = body(
      'head = ListNode(1, ListNode(2, ListNode(3)))',
      'ring = ListNode("a"); ring.next = ListNode("b", ring)',
      'tree = TreeNode(1, TreeNode(2), TreeNode(3, None, TreeNode(4)))',
      'print(head, [head.next], f"{tree}", ring)',
      'head.val = head',
      'print(head, ListNode([tree]))',
    );
    expect(await printed(code)).toBe(
      "ListNode{1->2->3} [ListNode{2->3}] TreeNode{1, 2, 3, None, None, None, 4} ListNode{'a'->'b'->(cycle to 'a')}\n" +
        'ListNode{ListNode{...}->2->3} ListNode{[TreeNode{...}]}\n',
    );
  });
  test('long ones are cut, deep ones recurse nowhere', async () => {
    const lines = [
      'head = tree = None',
      'for i in range(50_000): head, tree = ListNode(i, head), TreeNode(i, tree)',
    ];
    const text = await printed(body(...lines, 'print(head)', 'print(tree)'));
    expect(text).toMatch(
      /^ListNode\{49999->49998->.*->\.\.\.\}\nTreeNode\{49999, 49998, None, .*, \.\.\.\}\n$/,
    );
    expect(text.length).toBeLessThan(2000);
  });
  test('assertions show them', async () => {
    expect((await failure(body('assert False, ListNode(1)')))?.message).toBe('ListNode{1}');
  });

  const lines = ['print("one")', 'print("two", end="")'];
  const kept: [verdict: string, last: string[]][] = [
    ['TLE', ['while True: pass']],
    ['TLE', ['10 ** 10 ** 8']],
    ['RE', ['raise ValueError']],
    ['RE', ['import os', 'os._exit(0)']],
    ['MLE', ['x = []', 'while True: x.append(bytearray(1 << 20))']],
    ['OLE', ['return "x" * 3_000_000']],
  ];
  const limits = { time_ms: 1000, memory_mb: 64 };
  test.each(kept)('is kept for %s: %j', async (verdict, last) => {
    const { tests } = await judge(body(...lines, ...last), [[[], 0]], { limits });
    expect(visible(tests[0])).toMatchObject({ verdict, stdout: 'one\ntwo' });
  });
  test('is kept of a program that does not load', async () => {
    const endless = await judge([...lines, 'while True: pass'].join('\n'), [[[], 0]]);
    expect([endless.verdict, visible(endless.tests[0]).stdout]).toEqual(['TLE', 'one\ntwo']);
    const raising = await judge([...lines, '1 / 0'].join('\n'), [[[], 0]]);
    expect([raising.verdict, visible(raising.tests[0]).stdout]).toEqual(['RE', 'one\ntwo']);
  });
  test('a loop that prints much is kept up to its last line before it hangs', async () => {
    const code = body('for i in range(2000): print(i)', 'while True: pass');
    const { stdout } = visible((await judge(code, [[[], 0]], { limits })).tests[0]);
    expect(stdout).toBe(Array.from({ length: 2000 }, (_, i) => `${i}\n`).join(''));
  });
  test('a flood is kept at its beginning', async () => {
    const { tests } = await judge(body('while True: print("é" * 1000)'), [[[], 0]], { limits });
    const { verdict, stdout, stdout_truncated } = visible(tests[0]);
    expect([verdict, stdout.length, stdout_truncated]).toEqual(['OLE', 65_536, true]);
    expect(stdout.startsWith(`${'é'.repeat(1000)}\né`)).toBe(true);
  });
  test('characters cut between two writes stay whole', async () => {
    const code = body(
      'import sys',
      'for b in "é😀x".encode(): sys.stdout.buffer.write(bytes([b]))',
      'print("z")',
    );
    expect(await printed(code)).toBe('é😀xz\n');
  });
});
