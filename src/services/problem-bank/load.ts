import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type FloatTag, isArgument } from '#contract/float-tags.ts';
import { ProblemRecord, type ProblemTest } from '#contract/problem-bank.ts';

/** A problem and where it was read, for messages. */
type Sourced = { record: ProblemRecord; at: string };

const Tests = ProblemRecord.pick({ visible_tests: true, hidden_tests: true });
/** Nesting of an argument; as deep as the evaluator takes it. */
const ARGUMENT_LEVELS = 400;

/** Reviver for JSON.parse that keeps what JavaScript forgets: that 3.0 was written as a float. */
function tagWholeFloat(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (!Number.isInteger(value) || source === undefined || !/[.eE]/.test(source)) return value;
  return { $t: 'float', v: source } satisfies FloatTag;
}

/** Tests whose arguments carry float tags; nothing but arguments does, hence the second reading of the line. */
function withFloatTags({ visible_tests, hidden_tests }: ProblemRecord, line: string) {
  const tagged = Tests.parse(JSON.parse(line, tagWholeFloat));
  const take = (tests: ProblemTest[], from: ProblemTest[]) =>
    tests.map((test, i) => ({ ...test, args: from[i]?.args ?? test.args }));
  return {
    visible_tests: take(visible_tests, tagged.visible_tests),
    hidden_tests: take(hidden_tests, tagged.hidden_tests),
  };
}

function refuseForeignTags({ problem_id, visible_tests, hidden_tests }: ProblemRecord, at: string): void {
  for (const { args } of [...visible_tests, ...hidden_tests]) {
    if (args.every((arg) => isArgument(arg, ARGUMENT_LEVELS))) continue;
    throw new Error(`${at}: an argument of ${problem_id} is nested too deep or has the key "$t"`);
  }
}

function parseLine(line: string, at: string): Sourced {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${at}: not JSON (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
  const parsed = ProblemRecord.safeParse(json);
  if (!parsed.success) throw new Error(`${at}: not a problem record\n${z.prettifyError(parsed.error)}`);
  const floats = /\d(\.\d|e)/i.test(line);
  const record = floats ? { ...parsed.data, ...withFloatTags(parsed.data, line) } : parsed.data;
  return { record, at };
}

async function readLines(path: string): Promise<string[]> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)).split('\n');
  } catch (cause) {
    throw new Error(`${path}: cannot be read (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
}

/**
 * Reads a bank file: JSONL in UTF-8, one problem record a line, blank lines skipped.
 * @throws Error that begins with `file:line` at the first line that is no problem record
 */
async function readBankFile(path: string): Promise<Sourced[]> {
  const lines = await readLines(path);
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseLine(line, `${path}:${index + 1}`)],
  );
}

/** Paths in PROBLEM_BANK_FILES: comma-separated, blanks around them ignored, none when it is not set. */
export function bankFilePaths(variable: string | undefined): string[] {
  return (variable ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

/**
 * Joins the given problems with those of the bank files, in that order.
 * @throws Error naming both places when two problems share an id
 */
export async function loadProblems(
  own: readonly unknown[],
  files: readonly string[],
): Promise<ProblemRecord[]> {
  const sourced = own.map((problem, index) => ({
    record: ProblemRecord.parse(problem),
    at: `own problem ${index + 1}`,
  }));
  for (const file of files) sourced.push(...(await readBankFile(file)));

  const places = new Map<string, string>();
  for (const { record, at } of sourced) {
    refuseForeignTags(record, at);
    const earlier = places.get(record.problem_id);
    if (earlier !== undefined)
      throw new Error(`${at}: problem ${record.problem_id} is already at ${earlier}`);
    places.set(record.problem_id, at);
  }
  return sourced.map(({ record }) => record);
}
