import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ProblemRecord, type ProblemTest } from '#contract/problem-bank.ts';

export const CANARY_PROBLEM = 'canary-mirror';

const mirrored = (text: string) => [...text].toReversed().join('');

/** A test that no other text of the product holds a piece of: an own word, and a number of 15 digits. */
function uniqueTest(name: string): ProblemTest {
  const word = `${name}-${randomUUID()}`;
  const number = Number(`1${randomBytes(6).readUIntBE(0, 6).toString().padStart(15, '7').slice(-14)}`);
  return { args: [word, number], expected: [mirrored(word), number + 1] };
}

/** Writes a bank file with one problem, whose tests are all canaries. */
export async function writeCanaryProblem(folder: string): Promise<string> {
  const record = ProblemRecord.parse({
    problem_id: CANARY_PROBLEM,
    title: 'Mirror',
    statement: 'Return the mirrored word and the next number.',
    module: 'design',
    topic_tags: ['canary'],
    difficulty: 5,
    entry_point: 'mirror',
    params: ['word', 'number'],
    languages: ['python', 'javascript'],
    starter_code: {},
    visible_tests: [uniqueTest('visible'), uniqueTest('visible')],
    hidden_tests: Array.from({ length: 4 }, () => uniqueTest('hidden')),
    comparison: 'exact',
    hints: ['Think of a mirror.', 'Read the word from its end.', 'Count on by one.'],
  });
  const file = path.join(folder, 'canary-problems.jsonl');
  await writeFile(file, `${JSON.stringify(record)}\n`);
  return file;
}

/** Every text that a test of the problem holds. */
function textsOf(tests: readonly ProblemTest[]): string[] {
  return tests.flatMap(({ args, expected }) => [args, expected].flat().map(String));
}

export async function readCanaryProblem(file: string) {
  const record = ProblemRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  return { record, visible: textsOf(record.visible_tests), hidden: textsOf(record.hidden_tests) };
}
