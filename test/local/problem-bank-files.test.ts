import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Problem, ProblemBundle, ProblemPage } from '#contract/problem-bank.ts';
import { canonicalJson } from '#services/problem-bank/canonical.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { bankFilePaths, loadProblems } from '#services/problem-bank/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'bank-'));
afterAll(() => rmSync(folder, { recursive: true }));

function record(problem_id: string, fields: Record<string, unknown> = {}) {
  return {
    problem_id,
    title: problem_id,
    statement: 'Say yes.',
    module: 'introduction',
    topic_tags: ['introduction'],
    difficulty: 1,
    entry_point: 'yes',
    params: [],
    languages: ['python'],
    starter_code: { python: 'def yes():\n    pass\n' },
    visible_tests: [{ args: [], expected: true }],
    hidden_tests: [],
    comparison: 'exact',
    ...fields,
  };
}

function file(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

test('serves the problems of several files beside its own', async () => {
  const one = file(
    'one.jsonl',
    `\u{feff}${JSON.stringify(record('p1'))}\r`,
    '',
    JSON.stringify(record('p2')),
  );
  const two = file('two.jsonl', JSON.stringify(record('p3')), '');
  const bank = await startProblemBank({ apiKey: 'k', problems: [record('own')], files: [one, two] });
  const page = ProblemPage.parse(await (await fetch(`${bank.url}/v1/problems`)).json());
  await bank.close();
  expect(page.data.map(({ problem_id }) => problem_id)).toEqual(['own', 'p1', 'p2', 'p3']);
});

test.each([
  ['not JSON', '{"half":', /bad\.jsonl:3: not JSON/],
  ['another shape', '{"problem_id":"x"}', /bad\.jsonl:3: not a problem record[\s\S]*at title/],
  ['a bad value', JSON.stringify(record('x', { difficulty: 9 })), /bad\.jsonl:3: [\s\S]*at difficulty/],
])('names file and line of a line that is %s', async (_, line, message) => {
  const path = file('bad.jsonl', JSON.stringify(record('p1')), '', line);
  await expect(startProblemBank({ apiKey: 'k', problems: [], files: [path] })).rejects.toThrow(message);
});

test('remembers which whole numbers in arguments were written as floats, and shows them plain', async () => {
  const plain = JSON.stringify(record('p1', { visible_tests: '$', hidden_tests: '$' }));
  const tests = '[{"args":[3.0,3,-0.0,2.5,{"a":[1E3]},"1.0"],"expected":3.0}]';
  const path = file(
    'floats.jsonl',
    plain.replaceAll('"$"', tests).replace('"difficulty":1', '"difficulty":1.0'),
  );
  const bank = await startProblemBank({ apiKey: 'k', problems: [], files: [path] });
  const shown = Problem.parse(await (await fetch(`${bank.url}/v1/problems/p1`)).json());
  const headers = { authorization: 'Bearer k' };
  const internal = await fetch(`${bank.url}/internal/v1/problems/p1/bundle`, { headers });
  const bundle = ProblemBundle.parse(await internal.json());
  await bank.close();
  expect(shown.visible_tests).toEqual([{ args: [3, 3, 0, 2.5, { a: [1000] }, '1.0'], expected: 3 }]);
  const float = (v: string) => ({ $t: 'float', v });
  const args = [float('3.0'), 3, float('-0.0'), 2.5, { a: [float('1E3')] }, '1.0'];
  expect(bundle.tests).toEqual([
    { number: 1, hidden: false, args, expected: 3 },
    { number: 2, hidden: true, args, expected: 3 },
  ]);
});

test.each([{ $t: 'int', v: '0x1' }, { $t: 'float', v: '2.5' }, [[{ $t: 1 }]]])(
  'refuses the tag %j in an argument, naming file and line',
  async (arg) => {
    const one = record('p1', { hidden_tests: [{ args: [arg], expected: 1 }] });
    const path = file('tags.jsonl', JSON.stringify(one));
    await expect(loadProblems([], [path])).rejects.toThrow(/tags\.jsonl:1: an argument of p1 .* "\$t"/);
  },
);

test('refuses an id that is taken, naming both places', async () => {
  const one = file('first.jsonl', JSON.stringify(record('p1')));
  const two = file('second.jsonl', JSON.stringify(record('p2')), JSON.stringify(record('p1')));
  await expect(loadProblems([], [one, two])).rejects.toThrow(
    /second\.jsonl:2: problem p1 is already at .*first\.jsonl:1$/,
  );
  await expect(loadProblems([record('p1')], [one])).rejects.toThrow(
    /first\.jsonl:1: problem p1 is already at own problem 1$/,
  );
});

test('names a file that cannot be read or is not UTF-8', async () => {
  await expect(loadProblems([], [join(folder, 'none.jsonl')])).rejects.toThrow(/none\.jsonl: cannot be read/);
  const path = join(folder, 'latin.jsonl');
  writeFileSync(path, Buffer.from([0x22, 0xe9, 0x22]));
  await expect(loadProblems([], [path])).rejects.toThrow(/latin\.jsonl: cannot be read/);
});

test.each([
  [undefined, []],
  ['', []],
  ['a.jsonl', ['a.jsonl']],
  [' a.jsonl , b c.jsonl,', ['a.jsonl', 'b c.jsonl']],
])('reads PROBLEM_BANK_FILES=%s', (variable, paths) => {
  expect(bankFilePaths(variable)).toEqual(paths);
});

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [1, 'é', null], a: { d: true, c: -0.5 } })).toBe(
    '{"a":{"c":-0.5,"d":true},"b":[1,"é",null]}',
  );
});
