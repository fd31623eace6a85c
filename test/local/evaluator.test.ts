import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvaluationResponse, type TestResult } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import type { RunningService } from '../../src/services/common/service.ts';
import { type EvaluatorOptions, startEvaluator } from '../../src/services/evaluator/index.ts';
import { survivors } from '../support/evaluator-arena.ts';
import { type Extra, evaluationRequest as request, type Tests } from '../support/evaluator-client.ts';

const API_KEY = 'test-key';
const AUTHORIZED = { authorization: `Bearer ${API_KEY}` };

let service: RunningService;
beforeAll(async () => {
  service = await startEvaluator({ apiKey: API_KEY, light: false, spares: { python: 1, javascript: 1 } });
});
afterAll(() => service.close());

function post(body: unknown, headers: Record<string, string> = {}, target = service, query = '') {
  return fetch(`${target.url}/v1/evaluations${query}`, {
    method: 'POST',
    headers: { ...AUTHORIZED, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function evaluate(language: Language, code: string, tests: Tests, extra: Extra = {}) {
  const response = await post(request(language, code, tests, extra));
  expect(response.status).toBe(200);
  const body: unknown = await response.json();
  return EvaluationResponse.parse(body);
}

function visible(result: TestResult | undefined) {
  if (result === undefined || result.hidden) throw new Error('expected a visible result');
  return result;
}

async function withService<T>(
  options: Omit<EvaluatorOptions, 'apiKey'>,
  use: (own: RunningService) => Promise<T>,
) {
  const own = await startEvaluator({ apiKey: API_KEY, light: false, ...options });
  try {
    return await use(own);
  } finally {
    await own.close();
  }
}

test.runIf(process.platform === 'linux')(
  'regression: a warm child sleeps on a blocking stdin, it does not poll',
  () => {
    const O_NONBLOCK = 0o4000;
    const warm = survivors();
    expect(warm.length).toBeGreaterThanOrEqual(2);
    for (const pid of warm) {
      const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/0`, 'utf8'))?.[1] ?? '';
      expect(Number.parseInt(flags, 8) & O_NONBLOCK).toBe(0);
    }
  },
);

const PROGRAMS: Record<
  Language,
  Record<'right' | 'wrong' | 'slow' | 'fat' | 'loud' | 'raises' | 'broken', string>
> = {
  python: {
    right: 'def solve(a, b):\n    return a + b\n',
    wrong: 'def solve(a, b):\n    return a - b\n',
    slow: 'def solve(a, b):\n    while True: pass\n',
    fat: 'def solve(a, b):\n    keep = []\n    while True: keep.append(bytearray(1 << 20))\n',
    loud: 'def solve(a, b):\n    while True: print("x" * 1000)\n',
    raises: 'def solve(a, b):\n    raise ValueError("no")\n',
    broken: 'def solve(a, b:\n    return a + b\n',
  },
  javascript: {
    right: 'const solve = (a, b) => a + b;',
    wrong: 'var solve = function (a, b) { return a - b; };',
    slow: 'function solve(a, b) { for (;;); }',
    fat: 'function solve(a, b) { const keep = []; for (;;) keep.push(new Uint8Array(1 << 20)); }',
    loud: 'function solve(a, b) { for (;;) console.log("x".repeat(1000)); }',
    raises: 'function solve(a, b) {\n  throw new TypeError("no");\n}',
    broken: 'function solve(a, b { return a + b; }',
  },
};
const LANGUAGES = ['python', 'javascript'] as const;
const SUMS: Tests = [
  [[1, 2], 3],
  [[5, 7], 12, 'hidden'],
  [[-4, 6], 2, 'hidden'],
];

describe.each(LANGUAGES)('verdicts in %s', (language) => {
  const programs = PROGRAMS[language];

  test('a right program is accepted', async () => {
    const result = await evaluate(language, programs.right, SUMS);
    expect(result).toMatchObject({ verdict: 'AC', passed: 3, total: 3, first_failed: null, error: null });
    expect(visible(result.tests[0])).toMatchObject({ actual: 3, expected: 3, args: [1, 2], stdout: '' });
    expect(result.tests[1]).toEqual({ number: 2, hidden: true, verdict: 'AC' });
  });
  test('a wrong answer goes on with the next test', async () => {
    const result = await evaluate(language, programs.wrong, [...SUMS, [[4, 0], 4, 'hidden']]);
    expect(result).toMatchObject({ verdict: 'WA', passed: 1, first_failed: 1 });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['WA', 'WA', 'WA', 'AC']);
  });
  test('fail_fast stops after the first failure', async () => {
    const result = await evaluate(language, programs.wrong, SUMS, { fail_fast: true });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['WA', 'SK', 'SK']);
  });
  test('an endless loop is a TLE, and nothing runs after it', async () => {
    const result = await evaluate(language, programs.slow, SUMS, { limits: { time_ms: 300 } });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['TLE', 'SK', 'SK']);
    expect(result.verdict).toBe('TLE');
  });
  test('hoarding memory is an MLE', async () => {
    const result = await evaluate(language, programs.fat, SUMS, { limits: { memory_mb: 64 } });
    expect(result).toMatchObject({ verdict: 'MLE', memory_mb: 64 });
  });
  test('flooding the output is an OLE', async () => {
    expect(await evaluate(language, programs.loud, SUMS)).toMatchObject({ verdict: 'OLE', passed: 0 });
  });
  test('an exception is an RE with its type, message and line for a visible test', async () => {
    const result = await evaluate(language, programs.raises, SUMS);
    const type = language === 'python' ? 'ValueError' : 'TypeError';
    expect(result).toMatchObject({ verdict: 'RE', error: null });
    expect(visible(result.tests[0]).error).toEqual({ type, message: 'no', line: 2 });
    expect(result.tests[1]).toEqual({ number: 2, hidden: true, verdict: 'RE' });
  });
  test('a syntax error is a CE before any test', async () => {
    const result = await evaluate(language, programs.broken, SUMS);
    expect(result).toMatchObject({ verdict: 'CE', passed: 0, first_failed: null, error: { line: 1 } });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['SK', 'SK', 'SK']);
  });
  test('a missing entry point is a CE', async () => {
    const result = await evaluate(language, programs.right, SUMS, { entry_point: 'other' });
    expect(result).toMatchObject({ verdict: 'CE', error: { type: 'MissingEntryPoint' } });
  });
  test('an exception while loading is an RE', async () => {
    const code = language === 'python' ? 'x = 1 / 0\n' : 'null.x;';
    const result = await evaluate(language, code, SUMS);
    const type = language === 'python' ? 'ZeroDivisionError' : 'TypeError';
    expect(result).toMatchObject({ verdict: 'RE', error: { type, line: 1 } });
  });
});

describe('hidden tests', () => {
  const SECRET = 'CANARY-7f3a91';
  const tests: Tests = [
    [['open'], 'open'],
    [[SECRET], `${SECRET}-answer`, 'hidden'],
  ];
  const leaks: [string, Language, string][] = [
    ['prints', 'python', 'def solve(s):\n    print(s)\n    return s\n'],
    ['raises', 'python', 'def solve(s):\n    if s != "open": raise ValueError(s)\n    return s\n'],
    ['names an exception', 'python', 'def solve(s):\n    if s != "open": raise type(s, (Exception,), {})()\n    return s\n'],
    ['exits', 'python', 'import sys\ndef solve(s):\n    if s != "open": sys.exit(s)\n    return s\n'],
    ['overflows its stack', 'python', 'import sys\nsys.setrecursionlimit(10**9)\nimport functools\n@functools.cache\ndef g(n, s): return g(n + 1, s)\ndef solve(s):\n    if s != "open": g(0, s)\n    return s\n'],
    ['prints', 'javascript', 'function solve(s) { console.log(s); return s; }'],
    ['throws', 'javascript', 'function solve(s) { if (s !== "open") throw new Error(s); return s; }'],
    ['names an error', 'javascript', 'function solve(s) { if (s !== "open") { const e = new Error(s); e.name = s; throw e; } return s; }'],
    ['keeps it for later', 'javascript', 'let last = ""; function solve(s) { console.log(last); last = s; return s; }'],
  ]; // biome-ignore format: one program a row

  test.each(leaks)('nothing of them comes out when a program %s (%s)', async (_how, language, code) => {
    const response = await post(request(language, code, tests));
    const text = await response.text();
    expect(text).toContain('"verdict":"AC"');
    expect(text).not.toContain('CANARY');
    const { tests: results } = EvaluationResponse.parse(JSON.parse(text));
    expect(Object.keys(results[1] ?? {}).toSorted()).toEqual(['hidden', 'number', 'verdict']);
  });
  test('they run after the visible ones, whatever their numbers', async () => {
    const code = 'seen = []\ndef solve(s):\n    seen.append(s)\n    return seen\n';
    const body = request('python', code, [
      [[SECRET], 0, 'hidden'],
      [['open'], ['open']],
    ]);
    const result = EvaluationResponse.parse(await (await post(body)).json());
    expect(JSON.stringify(result)).not.toContain('CANARY');
    expect(result.tests.map(({ number, verdict }) => [number, verdict])).toEqual([
      [2, 'AC'],
      [1, 'WA'],
    ]);
  });
});

describe('values', () => {
  const reverse = {
    python:
      'def solve(head):\n    back = None\n    while head:\n        head.next, back, head = back, head, head.next\n    return back\n',
    javascript:
      'function solve(h) { let b = null; while (h) { const n = h.next; h.next = b; b = h; h = n; } return b; }',
  };
  const mirror = {
    python:
      'class Solution:\n    def solve(self, t):\n        if t: t.left, t.right = self.solve(t.right), self.solve(t.left)\n        return t\n',
    javascript: 'function solve(t) { if (t) [t.left, t.right] = [solve(t.right), solve(t.left)]; return t; }',
  };
  const zeroes = {
    python: 'def solve(n, k):\n    n.sort(key=lambda x: x == 0)\n',
    javascript: 'function solve(n, k) { n.sort((a, b) => (a === 0) - (b === 0)); }',
  };

  test.each(LANGUAGES)('linked lists in %s', async (language) => {
    const signature = { arg_types: ['ListNode' as const], return_type: 'ListNode' as const };
    const tests: Tests = [
      [[[1, 2, 3]], [3, 2, 1]],
      [[[]], []],
    ];
    expect((await evaluate(language, reverse[language], tests, { signature })).verdict).toBe('AC');
  });
  test.each(LANGUAGES)('binary trees in %s', async (language) => {
    const signature = { arg_types: ['TreeNode' as const], return_type: 'TreeNode' as const };
    const tests: Tests = [
      [[[1, 2, 3, null, 4]], [1, 3, 2, null, null, 4]],
      [[[]], []],
    ];
    expect((await evaluate(language, mirror[language], tests, { signature })).verdict).toBe('AC');
  });
  test.each(LANGUAGES)('an argument changed in place in %s', async (language) => {
    const result = await evaluate(
      language,
      zeroes[language],
      [
        [
          [[0, 1, 0, 2], 0],
          [1, 2, 0, 0],
        ],
      ],
      {
        signature: { inplace: 0 },
      },
    );
    expect(result.verdict).toBe('AC');
  });
  test.each(LANGUAGES)(
    'a whole float stays a float at any depth, and is shown as a number (%s)',
    async (language) => {
      const code = {
        python: 'def solve(x, y):\n    return [type(v).__name__ for v in (x, y, *y["in"])]\n',
        javascript: 'function solve(x, y) { return [x, y, ...y.in].map((v) => typeof v); }',
      };
      const types = {
        python: ['int', 'dict', 'int', 'float', 'float'],
        javascript: ['number', 'object', 'number', 'number', 'number'],
      };
      const tag = (v: string) => ({ $t: 'float', v });
      const tests: Tests = [[[3, { in: [1, tag('-3.0'), tag('1e3')] }], types[language]]];
      const result = await evaluate(language, code[language], tests);
      expect(result.verdict).toBe('AC');
      expect(visible(result.tests[0]).args).toEqual([3, { in: [1, -3, 1000] }]);
    },
  );
  test('a float in a linked list', async () => {
    const code = 'def solve(h):\n    return type(h.val).__name__\n';
    const signature = { arg_types: ['ListNode' as const] };
    const tests: Tests = [[[[{ $t: 'float', v: '2.0' }, 1]], 'float']];
    expect((await evaluate('python', code, tests, { signature })).verdict).toBe('AC');
  });
  const LONG = 60_000;
  const ones = (n: number): number[] => Array.from({ length: n }, () => 1);
  const [given, returned] = [{ arg_types: ['ListNode' as const] }, { return_type: 'ListNode' as const }];
  const chain = 'def solve(n):\n    h = None\n    for i in range(n): h = ListNode(1, h)\n    return h\n';
  test('Python frees long chains: given, returned, dropped by the program itself', async () => {
    const walk = 'def solve(h):\n    n = 0\n    while h: h = h.next; n += 1\n    return n\n';
    const drop = [
      'class N:',
      '    __slots__ = ("next",)',
      'def solve(n):',
      '    h = None',
      '    for i in range(n): x = N(); x.next = h; h = x',
      '    x = h = None',
      '    return n',
    ].join('\n');
    const results = await Promise.all([
      evaluate('python', walk, [[[ones(LONG)], LONG]], { signature: given }),
      evaluate('python', chain, [[[LONG], ones(LONG)]], { signature: returned }),
      evaluate('python', drop, [[[LONG], LONG]]),
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['AC', 'AC', 'AC']);
  });
  test('Python frees trees as deep as a list', async () => {
    const deep = [1, ...ones(10_000).flatMap((one) => [null, one])];
    const copy =
      'def solve(t):\n    r = None\n    while t: r = TreeNode(1, None, r); t = t.right\n    return r\n';
    const signature = { arg_types: ['TreeNode' as const], return_type: 'TreeNode' as const };
    expect((await evaluate('python', copy, [[[deep], deep]], { signature })).verdict).toBe('AC');
  });
  test('a list too long to be freed is refused, and the run goes on', async () => {
    const tests: Tests = [
      [[300_000], 0],
      [[2], [1, 1]],
    ];
    const result = await evaluate('python', chain, tests, { signature: returned });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['RE', 'AC']);
    expect(visible(result.tests[0]).error?.type).toBe('BadReturn');
  });
  test('a cyclic list is an RE, not a hang', async () => {
    const code = 'function solve(h) { h.next = h; return h; }';
    const signature = { arg_types: ['ListNode' as const], return_type: 'ListNode' as const };
    const result = await evaluate('javascript', code, [[[[1]], [1]]], { signature });
    expect(result.verdict).toBe('RE');
  });
  test.each(LANGUAGES)('nothing is left of the trial run of the engine (%s)', async (language) => {
    const code = {
      python: 'def solve():\n    return [n for n in ("trial", "Counter") if n in globals()]\n',
      javascript:
        'function solve() { return [typeof trial, typeof Counter].filter((t) => t !== "undefined"); }',
    };
    const result = await evaluate(language, code[language], [[[], []]]);
    expect(result.verdict).toBe('AC');
    expect(visible(result.tests[0]).stdout).toBe('');
  });
  test('what a program prints is shown, load time included, without NUL', async () => {
    const code = 'print("loading")\ndef solve(s):\n    print(s + chr(0))\n    return {1: (s, {2})}\n';
    const result = visible((await evaluate('python', code, [[['é'], 0]])).tests[0]);
    expect(result.stdout).toBe('loading\né\u{fffd}\n');
    expect(result.actual).toEqual({ 1: ['é', { $t: 'set', v: [2] }] });
  });
  test('long output is cut and says so', async () => {
    const code = 'def solve():\n    print("x" * 100000)\n    return "y" * 100000\n';
    const result = visible((await evaluate('python', code, [[[], 'y'.repeat(100_000)]])).tests[0]);
    expect(result).toMatchObject({ verdict: 'AC', stdout_truncated: true });
    expect(result.stdout).toHaveLength(65_536);
    expect(result.actual).toBeUndefined();
  });
  test('a promise is awaited', async () => {
    const code = 'async function solve(n) { await null; return BigInt(n) ** 3n; }';
    expect((await evaluate('javascript', code, [[[3], 27]])).verdict).toBe('AC');
  });
});

describe('the HTTP interface', () => {
  const body = () => request('javascript', 'const solve = () => Math.random();', [[[], 0]]);

  async function problem(response: Response) {
    const { error } = (await response.json()) as { error: { code: string } };
    return [response.status, error.code];
  }

  test('asks for the service key before anything else', async () => {
    expect(await problem(await post('{', { authorization: 'Bearer wrong' }))).toEqual([401, 'UNAUTHORIZED']);
  });
  test('refuses what is no request', async () => {
    expect(await problem(await post('{'))).toEqual([400, 'INVALID_REQUEST']);
    expect(await problem(await post({ ...body(), tests: [] }))).toEqual([400, 'INVALID_REQUEST']);
    expect(await problem(await post({ ...body(), language: 'cobol' }))).toEqual([
      422,
      'UNSUPPORTED_LANGUAGE',
    ]);
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const nested = JSON.stringify(body()).replace('"args":[]', `"args":[${deep}]`);
    expect(await problem(await post(nested))).toEqual([400, 'INVALID_REQUEST']);
    for (const args of [
      [{ $t: 'float', v: '1_0.0' }],
      [[{ $t: 'float', v: 'nan' }]],
      [{ a: { $t: 'float', v: '2.5' } }],
      [{ $t: 'float', v: '2.0', w: 1 }],
      [{ $t: 'int', v: '0x1' }],
    ]) {
      const forged = { ...body(), tests: [{ number: 1, hidden: true, args, expected: 0 }] };
      expect(await problem(await post(forged))).toEqual([400, 'INVALID_REQUEST']);
    }
    const twice = body();
    expect(await problem(await post({ ...twice, tests: [...twice.tests, ...twice.tests] }))).toEqual([
      400,
      'INVALID_REQUEST',
    ]);
  });
  test('refuses a body beyond 8 MiB', async () => {
    expect(await problem(await post(' '.repeat(8 * 1_048_576 + 1)))).toEqual([413, 'TOO_LARGE']);
  });
  test('answers a repeated key with the same evaluation and refuses it for another body', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const both = await Promise.all([post(body(), key), post(body(), key)]);
    const [first, second] = await Promise.all(both.map((response) => response.json()));
    const third = await (await post(body(), key)).json();
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const other = await post({ ...body(), submission_id: 'sub-2' }, key);
    expect(await problem(other)).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
  test('answers at once with ?wait=false and hands out the result later', async () => {
    const accepted = await post(body(), {}, service, '?wait=false');
    expect(accepted.status).toBe(202);
    const { evaluation_id: id } = (await accepted.json()) as { evaluation_id: string };
    const get = () => fetch(`${service.url}/v1/evaluations/${id}`, { headers: AUTHORIZED });
    await expect.poll(async () => (await get()).status, { timeout: 20_000 }).toBe(200);
    expect(EvaluationResponse.parse(await (await get()).json()).evaluation_id).toBe(id);
    const unknown = await fetch(`${service.url}/v1/evaluations/none`, { headers: AUTHORIZED });
    expect(await problem(unknown)).toEqual([404, 'NOT_FOUND']);
  });
  test('says how it is', async () => {
    const health = await (await fetch(`${service.url}/health`)).json();
    expect(health).toMatchObject({
      ok: true,
      queue: { slots: 2, cap: 50 },
      versions: { pyodide: '314.0.7' },
    });
  });
  test('refuses with Retry-After when the queue is full', async () => {
    await withService({ slots: 1, queueCap: 1, spares: { python: 0, javascript: 1 } }, async (own) => {
      const slow = request('javascript', PROGRAMS.javascript.slow, SUMS, { limits: { time_ms: 300 } });
      const answers = await Promise.all([1, 2, 3].map(() => post(slow, {}, own)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429]);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    });
  });
});

describe('containment', () => {
  test('a Python program reaches no listener and no host file', async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const code = [
      'import os, socket',
      'def solve(port):',
      '    log = []',
      '    for attempt in (lambda: socket.create_connection(("127.0.0.1", port), 1).send(b"x"),',
      '                    lambda: open("/etc/hostname").read(), lambda: os.fork()):',
      '        try: log.append(repr(attempt()))',
      '        except BaseException as error: log.append("failed")',
      '    return log',
    ];
    const tests: Tests = [[[port], ['failed', 'failed', 'failed']]];
    const result = await evaluate('python', code.join('\n'), tests);
    await new Promise((resolve) => listener.close(resolve));
    expect(result.verdict).toBe('AC');
    expect(connections).toBe(0);
  });

  test.runIf(process.platform === 'linux')('no child survives its run or its service', async () => {
    // The service of all tests boots a spare after each run: its children are counted once both are there again.
    await expect.poll(() => survivors().length, { timeout: 20_000 }).toBe(2);
    const before = 2;
    await withService({ spares: { python: 1, javascript: 1 } }, async (own) => {
      const slow = request('python', PROGRAMS.python.slow, SUMS, { limits: { time_ms: 200 } });
      await post(slow, {}, own);
      await expect.poll(() => survivors().length, { timeout: 20_000 }).toBe(before + 2);
      await post({ ...slow, limits: { time_ms: 5000 } }, {}, own, '?wait=false');
    });
    expect(survivors()).toHaveLength(before);
  });
});
