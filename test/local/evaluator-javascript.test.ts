import { format } from 'node:util';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { RunningService } from '../../src/services/common/service.ts';
import { startEvaluator } from '../../src/services/evaluator/index.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startEvaluator({ apiKey: 'k', spares: { python: 1, javascript: 2 } });
});
afterAll(() => service.close());

type Extra = Partial<Omit<EvaluationRequest, 'tests'>>;
type Tests = [args: unknown[], expected: unknown][];

async function evaluate(code: string, tests: Tests = [[[], 1]], extra: Extra = {}) {
  const request = EvaluationRequest.parse({
    ...{ submission_id: 's', language: 'javascript', entry_point: 'f', code, comparison: 'exact' },
    signature: null,
    tests: tests.map(([args, expected], i) => ({ number: i + 1, hidden: false, args, expected })),
    ...extra,
  });
  const headers = { authorization: 'Bearer k' };
  const url = `${service.url}/v1/evaluations`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  return EvaluationResponse.parse(await response.json());
}
/** The visible results of a run. */
async function results(code: string, tests?: Tests, extra?: Extra) {
  const all = (await evaluate(code, tests, extra)).tests;
  return all.map((result) => {
    if (result.hidden) throw new Error('expected a visible result');
    return result;
  });
}
/** What a program answers to one call; its failure where there is none. */
async function answer(code: string, args: unknown[] = [], extra: Extra = {}) {
  const evaluation = await evaluate(code, [[args, null]], extra);
  const [only] = evaluation.tests;
  if (only === undefined || only.hidden) throw new Error('expected a visible result');
  return evaluation.error ?? only.error ?? only.actual;
}

describe('shapes of a submission', () => {
  const SHAPES: [what: string, code: string][] = [
    ['a function', 'function f() { return 1; }'],
    ['an arrow function', 'const f = () => 1;'],
    ['an async function', 'async function f() { await null; return 1; }'],
    ['export function', 'export function f() { return 1; }'],
    ['export const', 'export const f = () => 1;'],
    ['export default function', 'export default function f() { return 1; }'],
    ['export default of a nameless function', 'export default () => 1;'],
    ['export default of an object', 'export default { f() { return 1; } };'],
    ['export { f }', 'function f() { return 1; }\nexport { f };'],
    ['export { g as f }', 'function g() { return 1; }\nexport { g as f };'],
    ['export { f as default }', 'function f() { return 1; }\nexport { f as default };'],
    ['a module that does not export it', 'const one = await 1;\nfunction f() { return one; }'],
    ['module.exports = f', 'module.exports = () => 1;'],
    ['module.exports = { f }', 'const f = () => 1;\nmodule.exports = { f };'],
    ['exports.f', 'exports.f = () => 1;'],
    ['class Solution', 'class Solution { f() { return 1; } }'],
    ['a static method of class Solution', 'class Solution { static f() { return 1; } }'],
    ['export class Solution', 'export class Solution { f() { return 1; } }'],
    ['export default class Solution', 'export default class Solution { f() { return 1; } }'],
    ['a nameless default class', 'export default class { f() { return 1; } }'],
    ['module.exports = Solution', 'class Solution { f() { return 1; } }\nmodule.exports = Solution;'],
    ['module.exports = { Solution }', 'class Solution { f() { return 1; } }\nmodule.exports = { Solution };'],
    ['a field of class Solution', 'class Solution { one = 1; f = () => this.one; }'],
    ['a field of an exported class', 'export default class { f = function () { return 1; }; }'],
    ['a field of a constructor', 'function Solution() { this.f = () => 1; }'],
    ['an object Solution', 'const Solution = { one: 1, f() { return this.one; } };'],
    ['TypeScript', 'type N = number;\nfunction f(a?: N, ...rest: string[]): N { return 1 as N; }'],
    ['TypeScript in a module', 'interface A { a: number }\nexport const f = <T,>(x?: T): number => 1;'],
    [
      'TypeScript with a class',
      'class Solution { private one: number = 1; f(): number { return this.one; } }',
    ],
    ['a byte order mark', '\ufefffunction f() { return 1; }'],
    ['a byte order mark before an export', '\ufeffexport function f() { return 1; }'],
  ];
  test.each(SHAPES)('%s', async (_what, code) => {
    expect(await evaluate(code)).toMatchObject({ verdict: 'AC', error: null });
  });
  test('class Solution is made for every call', async () => {
    const code = 'class Solution { calls = 0; f() { return ++this.calls; } }';
    expect((await evaluate(code, [[[], 1], [[], 1]])).verdict).toBe('AC'); // biome-ignore format: one line
  });
  const MISSING: [code: string, message: string][] = [
    ['function g() {}', 'f is not defined'],
    [
      'class Solution { g() {} }',
      'f is not defined: neither a function nor a method of Solution has this name',
    ],
    [
      'export class Solution { f = 1; }',
      'f is not defined: neither a function nor a method of Solution has this name',
    ],
    [
      'class Solution { constructor(a) { a.x; } }',
      'f is not defined: neither a function nor a method of Solution has this name',
    ],
    ['const f = 42;', 'f is a number (42), not a function'],
    ['let f = "x";', "f is a string ('x'), not a function"],
    ['class f {}', 'f is a class, not a function'],
    ['const f = [1];', 'f is an Array, not a function'],
    ['export const f = null;', 'f is null, not a function'],
    ['export default 3;', 'f is not defined'],
    ['const f = Symbol("x".repeat(9000));', `f is a symbol (Symbol(${'x'.repeat(1978)}`],
  ];
  test.each(MISSING)('%s: says what the name is', async (code, message) => {
    const { verdict, error } = await evaluate(code);
    expect([verdict, error]).toEqual(['CE', { type: 'MissingEntryPoint', message, line: null }]);
  });
  test('regression: the error of a constructor is said where its class has the function in a field', async () => {
    const { verdict, error } = await evaluate(
      'class Solution {\n  f = () => 1;\n  constructor(a) {\n    a.x;\n  }\n}',
    );
    expect([verdict, error]).toEqual([
      'RE',
      { type: 'TypeError', message: "Cannot read properties of undefined (reading 'x')", line: 4 },
    ]);
  });
  const IMPORTS: [code: string, verdict: string, line: number][] = [
    ['import fs from "fs";\nexport function f() {}', 'CE', 1],
    ["\nimport 'node:fs';\nfunction f() {}", 'CE', 2],
    [`\nimport '${'x'.repeat(3000)}';`, 'CE', 2],
    ['export * from "./x.js";\nexport const f = () => 1;', 'CE', 1],
    ['\nconst fs = require("fs");\nfunction f() {}', 'RE', 2],
    ['async function f() {\n  return (await import("fs")).constants;\n}', 'RE', 2],
  ];
  test.each(IMPORTS)('%s: modules are refused in plain words', async (code, verdict, line) => {
    const evaluation = await evaluate(code);
    const [only] = evaluation.tests;
    const error = evaluation.error ?? (only?.hidden === false ? only.error : null);
    expect(evaluation.verdict).toBe(verdict);
    expect(error).toMatchObject({
      line,
      message: expect.stringContaining('a submission cannot load modules'),
    });
  });
});

describe('errors', () => {
  const THROWN: [what: string, code: string, error: object][] = [
    ['a class of its own', 'class MyError extends Error {}\nfunction g() {\n  throw new MyError("no");\n}\nfunction f() {\n  g();\n}', { type: 'MyError', message: 'no', line: 3 }],
    ['a class below its own', 'class A extends RangeError { constructor(m) { super(m); } }\nclass B extends A {}\nfunction f() {\n\n  throw new B("no");\n}', { type: 'B', message: 'no', line: 5 }],
    ['a name of its own', 'function f() {\n  const e = new Error("no"); e.name = "Odd"; throw e;\n}', { type: 'Odd', message: 'no', line: 2 }],
    ['a cause', 'function f() {\n  try { null.x; } catch (cause) {\n    throw new Error("no", { cause });\n  }\n}', { type: 'Error', message: "no (cause: TypeError: Cannot read properties of null (reading 'x'))", line: 3 }],
    ['a text', 'function f() {\n  if (1) throw "no";\n  throw "other";\n}', { type: 'string', message: 'no', line: 2 }],
    ['an object', 'function f() {\n\n  throw { code: 1 };\n}', { type: 'Object', message: '{ code: 1 }', line: 3 }],
    ['null', '// throw "this is a comment"\nconst text = `throw "1"`;\nfunction f() {\n  throw null;\n}', { type: 'null', message: 'null', line: 4 }],
    ['a built-in one', 'function f() {\n  return [1].map((x) => {\n    return x.y.z;\n  });\n}', { type: 'TypeError', message: "Cannot read properties of undefined (reading 'z')", line: 3 }],
    ['one in a timer', 'function f() {\n  return new Promise(() => setTimeout(() => {\n    throw new Error("late");\n  }));\n}', { type: 'Error', message: 'late', line: 3 }],
    ['endless recursion', 'function f() {\n  return f() + 1;\n}', { type: 'RangeError', message: 'Maximum call stack size exceeded', line: 2 }],
    ['code from text', 'function f() {\n  return eval("1");\n}', { type: 'EvalError', message: 'Code generation from strings disallowed for this context', line: 2 }],
  ]; // biome-ignore format: one program a row
  test.each(THROWN)('%s is named with its line', async (_what, code, error) => {
    expect(await answer(code)).toEqual(error);
  });
  const SYNTAX: [what: string, code: string, error: object][] = [
    ['in a script', 'function f() {\n  let a = 1\n  return a +;\n}', { message: "Unexpected token ';'", line: 3 }],
    ['in a module', 'export function f() {\n  return (1;\n}', { message: "Unexpected token ';'", line: 2 }],
    ['in TypeScript', 'function f(a: number): number {\n  const b: string = "";\n  return a +;\n}', { message: 'Expression expected', line: 3 }],
    ['at the end', 'const f = 1 +', { message: 'Unexpected end of input', line: 1 }],
    ['types that do more', '\nenum A { x }\nfunction f() {}', { message: expect.stringContaining('enum'), line: 2 }],
  ]; // biome-ignore format: one program a row
  test.each(SYNTAX)('a syntax error %s names its line once', async (_what, code, error) => {
    const { verdict, error: told } = await evaluate(code);
    expect([verdict, told]).toEqual(['CE', { type: 'SyntaxError', ...error }]);
    expect(told?.message).not.toMatch(/line|submission/);
  });
  const PAIR = 'const pair = ["\u2028", "\u2029"];';
  test.each([
    ['a thrown error', `${PAIR}\nfunction f() {\n  throw new Error("no");\n}`, 3],
    ['a built-in one', `${PAIR}\r\nfunction f() {\r\n  null.x;\r\n}`, 3],
    ['a thrown text', `${PAIR}\nfunction f() {\n  throw "no";\n}`, 3],
    ['an error before the separators', `function f() {\n  null.x;\n}\n${PAIR}`, 2],
    ['an error between them', `${PAIR}\nfunction f() {\n  null.x;\n}\n'\u2028';`, 3],
    ['a module', `${PAIR}\nexport function f() {\n  null.x;\n}`, 3],
    ['TypeScript', `${PAIR}\nfunction f(a: number) {\n  null.x;\n}`, 3],
    ['a syntax error', `${PAIR}\nfunction f() {\n  return 1 +;\n}`, 3],
    ['an import', `${PAIR}\nimport "fs";`, 2],
  ])('regression: line separators in a text are no lines for %s', async (_what, code, line) => {
    const { error, tests } = await evaluate(code);
    const [only] = tests;
    expect((error ?? (only?.hidden === false ? only.error : null))?.line).toBe(line);
  });
  test('a printed stack has the same lines', async () => {
    const code = `${PAIR}\nfunction f() {\n  return new Error("x").stack.match(/js:(\\d+)/)[1];\n}`;
    expect(await answer(code)).toBe('3');
  });
  test('after endless recursion the next test runs', async () => {
    const code = 'function f(n) { return n === 0 ? f(0) + 1 : n; }';
    expect((await results(code, [[[0], 0], [[7], 7]])).map(({ verdict }) => verdict)).toEqual(['RE', 'AC']); // biome-ignore format: one line
  });
  test('50,000 plain frames fit on the stack', async () => {
    const code = `function depth(node, a, b, c) {
      const x = a + 1, y = b + 2, z = c + 3;
      return node === null ? x + y + z : depth(node.next, x, y, z);
    }
    function f(n) {
      let head = null;
      for (let i = 0; i < n; i++) head = new ListNode(i, head);
      return depth(head, 0, 0, 0);
    }`;
    expect(await answer(code, [50_000])).toBe(6 * 50_001);
  });
});

describe('answers', () => {
  const STRANGE: [what: string, code: string, message: string][] = [
    ['a generator', 'function* f() { yield 1; }', 'the answer is a generator; return an array of its values, such as [...values]'],
    ['an iterator', 'const f = () => [1].values();', 'the answer is an iterator; return an array of its values, such as [...values]'],
    ['a function', 'const f = () => () => 1;', 'the answer is a function; was a call of it forgotten?'],
    ['a promise in a list', 'const f = () => [Promise.resolve(1)];', 'the answer holds a Promise; await it, or use Promise.all for a list of them'],
  ]; // biome-ignore format: one program a row
  test.each(STRANGE)('%s gets advice', async (_what, code, message) => {
    expect(await answer(code)).toEqual({ type: 'BadReturn', message, line: null });
  });
  const NODES: [type: 'ListNode' | 'TreeNode', value: string, message: string][] = [
    ['TreeNode', '42', 'expected a TreeNode or null, got a number'],
    ['TreeNode', '[1, 2]', 'expected a TreeNode or null, got an Array'],
    ['TreeNode', 'false', 'expected a TreeNode or null, got a boolean'],
    ['ListNode', '0', 'expected a ListNode or null, got a number'],
    ['ListNode', '""', 'expected a ListNode or null, got a string'],
    ['ListNode', 'new Map()', 'expected a ListNode or null, got a Map'],
    ['ListNode', 'new ListNode(1, 7)', 'expected a ListNode as next, got a number'],
  ];
  test.each(NODES)('where a %s is due, %s is refused by its type', async (type, value, message) => {
    const extra: Extra = { signature: { return_type: type } };
    const result = await answer(`const f = () => ${value};`, [], extra);
    expect(result).toEqual({ type: 'BadReturn', message, line: null });
  });
  test('null and the nodes of a class of its own are lists and trees', async () => {
    const own =
      'class ListNode { constructor(v) { this.val = v; } }\nconst f = () => { const n = new ListNode(1); n.next = new ListNode(2); return n; };';
    const list: Extra = { signature: { return_type: 'ListNode' } };
    expect(await answer(own, [], list)).toEqual([1, 2]);
    expect(await answer('const f = () => null;', [], list)).toEqual([]);
    expect(await answer('function f() {}', [], { signature: { return_type: 'TreeNode' } })).toEqual([]);
  });
  const PUT = (names: object) => `Object.assign(Object.prototype, ${JSON.stringify(names)});\n`;
  test.each([
    ['the kind of an answer', { return_type: 'ListNode' }, 'const f = () => 1;', [], 1],
    ['the kind of arguments', { arg_types: ['ListNode'] }, 'const f = (x) => x;', [[1, 2]], [1, 2]],
    ['the place of an answer', { inplace: 0 }, 'const f = (x) => 7;', [[1, 2]], 7],
    ['all of them', { arg_types: ['TreeNode'], inplace: 0, return_type: 'TreeNode' }, 'const f = (x) => 7;', [[1]], 7],
    ['what values of properties are', { get: 1, value: 2, v: 3 }, 'const f = (x) => { console.log({ a: x }); return { a: x }; };', [1], { a: 1 }],
  ])('regression: Object.prototype of the program does not say %s', async (_what, names, code, args, expected) => {
    expect(await answer(PUT(names) + code, args)).toEqual(expected);
  }); // biome-ignore format: one program a row
  test('regression: nor does Array.prototype, and what is printed is the value', async () => {
    const inplace: Extra = { signature: { arg_types: ['ListNode'], inplace: 1 } };
    const code = 'Array.prototype[1] = "ListNode";\nfunction f(head, list) { list.push(head.val); }';
    expect(await answer(code, [[5], [4]], inplace)).toEqual([4, 5]);
    const [only] = await results(`${PUT({ get: 1, value: 2 })}const f = (x) => console.log({ a: x });`, [
      [[1], null],
    ]);
    expect(only?.stdout).toBe('{ a: 1 }\n');
  });
  test('undefined is shown as undefined, and equals null', async () => {
    const undefinedTag = { $t: 'undefined', v: null };
    const [one, two] = await results('const f = (x) => (x ? [undefined, 1] : undefined);', [
      [[false], null],
      [[true], [null, 1]],
    ]);
    expect([one?.actual, two?.actual]).toEqual([undefinedTag, [undefinedTag, 1]]);
    expect([one?.verdict, two?.verdict]).toEqual(['AC', 'AC']);
  });
  test('Intl, long integers and locales work as in Node', async () => {
    const code = `function f() {
      return [
        BigInt.asUintN(64, -1n) === 2n ** 64n - 1n,
        new Intl.NumberFormat('de-DE').format(1234567.891),
        ['z', 'ä', 'a'].sort((a, b) => a.localeCompare(b, 'sv')).join(''),
        'a'.localeCompare('A', undefined, { sensitivity: 'base' }),
        [..."añb"].length,
      ];
    }`;
    expect(await answer(code)).toEqual([true, '1.234.567,891', 'azä', 0, 3]);
  });
  test('globals a learner expects, and none that block or share', async () => {
    const code = `async function f() {
      const log = [];
      setTimeout(() => log.push('late'), 1000);
      setImmediate(() => log.push('immediate'));
      queueMicrotask(() => log.push('micro'));
      const timer = setInterval(() => { log.push('tick'); if (log.length > 5) clearInterval(timer); }, 400);
      const copy = structuredClone({ when: new Date(0), list: [new Map([[1, new Set([2])]])], error: new TypeError('x') });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const there = ['Atomics', 'SharedArrayBuffer', 'WebAssembly', 'process', 'require', 'fetch', 'Buffer'].filter((name) => name in globalThis);
      return [log, copy.when.getTime(), copy.list[0].get(1).has(2), copy.error instanceof TypeError, there];
    }`;
    expect(await answer(code)).toEqual([
      ['micro', 'immediate', 'tick', 'tick', 'late', 'tick'],
      ...[0, true, true, []],
    ]);
  });
});

describe('what is printed', () => {
  /** Values whose text must be Node's own, character for character. */
  const VALUES = [
    '{ a: 1, b: [1, 2, { c: { d: { e: 1 } } }] }',
    '[undefined, null, NaN, -0, 0, 1n, true]',
    'new Map([[1, { x: 1 }], ["k", [1]]])',
    '[new Map(), new Set(), new Set([1, "a", { b: 2 }])]',
    `["x", "it's", 'say "hi"', "\\n\\t\\u0001", "\\ud800", "a\\\\b"]`,
    'Array.from({ length: 120 }, (_, i) => i)',
    'Array.from({ length: 30 }, (_, i) => "word".repeat((i % 4) + 1))',
    '[1, , 3, , ,]',
    'new Array(5)',
    'Object.assign([1, 2], { foo: 3 })',
    'new (class Foo { constructor() { this.x = 1; this.y = { z: [1, 2] }; } })()',
    'new (class Bar extends Array {})(1, 2, 3)',
    '[function named() {}, () => {}, async () => {}, function* g() {}, class {}, class B extends Array {}]',
    '{ [Symbol("k")]: 1, "a-b": 2, 1: 3 }',
    '[new Date(0), new Date(NaN), /a[b]c/gi]',
    '[Object.create(null), Object.assign(Object.create(null), { a: 1 })]',
    '[new Number(3), new String("abc"), Object(1n), Object(Symbol("q"))]',
    '[new Uint8Array([1, 2, 3]), new Float64Array(8), new ArrayBuffer(4)]',
    '{ get a() { return 1; }, set b(v) {}, get c() { return 1; }, set c(v) {} }',
    '(() => { const a = { b: {} }; a.b.a = a; a.b.b = a.b; return a; })()',
    '{ name: "a long name that is quite long", value: "another value that is long", third: "and a third" }',
    'Array.from({ length: 10 }, (_, i) => ({ id: i, name: "n" + i }))',
    'Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => i * j))',
    'new Map(Array.from({ length: 10 }, (_, i) => ["key" + i, { count: i }]))',
    '["a".repeat(200)]',
    '["日本語", "漢字", "かな", "x", "yy", "zzz", "w", "v"]',
    'new Set([new Set([1, 2]), new Map([["a", new Set()]])])',
    '{ a: { b: { c: new Map([[1, 2]]) } }, d: [[[[1]]]] }',
    '"%s is %d years and %i, %f %j %O %c.", "Bob", 42.5, 42.9, "1.5", { a: 1 }, { b: { c: {} } }, "css"',
    '"100%", 1',
    '"%s %s", "a"',
    '"%s", [1, [2, [3]]]',
    '"%d", "42"',
    '"a", "b", { c: 1 }',
  ];
  test('values look as Node prints them', async () => {
    const cases = VALUES.map((value, i) => `case ${i}: return console.log(${value});`).join('\n');
    const shown = await results(
      `function f(i) { switch (i) { ${cases} } }`,
      VALUES.map((_, i) => [[i], null]),
    );
    const wanted = VALUES.map((value) => format(...(vm.runInThisContext(`[${value}]`) as unknown[])));
    expect(shown.map(({ stdout }) => stdout)).toEqual(wanted.map((text) => `${text}\n`));
  });
  test('an error is shown with its stack, of lines of the submission only', async () => {
    const code =
      'class MyError extends Error {}\nfunction f() {\n  console.log(new MyError("no", { cause: 3 }), [new RangeError("x")].length);\n}';
    const [only] = await results(code);
    expect(only?.stdout).toBe('MyError: no\n    at f (submission.js:3:15) {\n  [cause]: 3\n} 1\n');
  });
  test('lists and trees are shown by their values, circles end', async () => {
    const code = `function f() {
      const list = new ListNode(1, new ListNode(2, new ListNode(3)));
      const tree = new TreeNode(1, null, new TreeNode(2, new TreeNode(3)));
      console.log(list, { tree });
      list.next.next.next = list;
      console.log(list);
    }`;
    const [only] = await results(code);
    expect(only?.stdout).toBe(
      'ListNode [ 1, 2, 3 ] { tree: TreeNode [ 1, null, 2, 3 ] }\nListNode [ 1, 2, 3, [Circular] ]\n',
    );
  });
  test('console is complete: no method of it is missing', async () => {
    const missing = Object.keys(console).filter(
      (name) => !['Console', '_times'].includes(name) && !/^_/.test(name),
    );
    const code = `const f = (names) => names.filter((name) => typeof console[name] !== 'function' && name !== 'context' && name !== 'createTask');`;
    expect(await answer(code, [missing])).toEqual([]);
    const used = `function f() {
      console.group('one'); console.error('two'); console.group(); console.warn('three'); console.groupEnd(); console.groupEnd();
      console.assert(1 > 2, 'really %d', 1); console.assert(true); console.count(); console.count('x'); console.count();
      console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
      console.table([{ a: 1, b: 'x' }, { a: 2 }]); console.table(new Map([['k', 1]])); console.time('t'); console.timeEnd('t');
    }`;
    const [only] = await results(used);
    expect(only?.stdout.replace(/t: \d+ms/, 't: 0ms').split('\n')).toEqual([
      ...['one', '  two', '    three', 'Assertion failed: really 1', 'default: 1', 'x: 1', 'default: 2'],
      '{ a: [Object] }',
      ...['┌─────────┬───┬─────┐', '│ (index) │ a │ b   │', '├─────────┼───┼─────┤'],
      ...["│ 0       │ 1 │ 'x' │", '│ 1       │ 2 │     │', '└─────────┴───┴─────┘'],
      ...['┌───────────────────┬─────┬────────┐', '│ (iteration index) │ Key │ Values │'],
      ...['├───────────────────┼─────┼────────┤', "│ 0                 │ 'k' │ 1      │"],
      ...['└───────────────────┴─────┴────────┘', 't: 0ms', ''],
    ]);
  });
  test('memory is that of the peak, also when the run ends by a limit', async () => {
    const spin = 'function f() { const kept = new Uint8Array(60 << 20).fill(1); for (;;) kept[0]++; }';
    const { verdict, memory_mb } = await evaluate(spin);
    expect(verdict).toBe('TLE');
    expect(memory_mb).toBeGreaterThanOrEqual(60);
    expect(memory_mb).toBeLessThan(120);
  });
  test('it is kept when the run ends by a limit', async () => {
    const spin = 'function f() { console.log("before"); for (;;); }';
    expect(await results(spin)).toMatchObject([{ verdict: 'TLE', stdout: 'before\n' }]);
    const loud = 'function f() { for (let i = 0; ; i++) console.log("line", i, "x".repeat(500)); }';
    const [flooded] = await results(loud);
    expect(flooded).toMatchObject({ verdict: 'OLE', stdout_truncated: true });
    expect(flooded?.stdout).toMatch(/^line 0 x{500}\nline 1 x{500}\n/);
    const jobs = 'async function f() { console.log("before"); for (;;) await null; }';
    expect(await results(jobs)).toMatchObject([{ verdict: 'TLE', stdout: 'before\n' }]);
  });
});
