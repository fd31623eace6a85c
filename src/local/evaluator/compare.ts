import type { Comparison } from '#contract/problem-bank.ts';
import { decode, NotComparable, type Value, type ValueSet } from './wire-values.ts';

const TOLERANCE = 1e-6;

function isSet(value: Value | undefined): value is ValueSet {
  return typeof value === 'object' && value !== null && 'set' in value;
}

function sameInteger(big: bigint, number: number): boolean {
  if (!Number.isInteger(number)) return false;
  // Beyond 2^53 JSON itself has rounded the expected value: compare as it was rounded.
  return BigInt(number) === big || (!Number.isSafeInteger(number) && Number(big) === number);
}

function sameNumber(actual: number, expected: number, tolerant: boolean): boolean {
  if (!tolerant || (Number.isSafeInteger(actual) && Number.isSafeInteger(expected)))
    return actual === expected;
  return (
    Number.isFinite(actual) && Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
  );
}

/** Same type and value all the way down; `tolerant` allows 1e-6 on numbers that are not both integers. */
function same(actual: Value | undefined, expected: Value, tolerant: boolean): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return sameNumber(actual, expected, tolerant);
  }
  if (typeof actual === 'bigint' && typeof expected === 'number') return sameInteger(actual, expected);
  if (typeof actual === 'number' && typeof expected === 'bigint') return sameInteger(expected, actual);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false;
    return expected.every((item, i) => same(actual[i], item, tolerant));
  }
  if (expected instanceof Map) {
    if (!(actual instanceof Map) || actual.size !== expected.size) return false;
    return [...expected].every(([key, item]) => actual.has(key) && same(actual.get(key), item, tolerant));
  }
  if (isSet(expected)) return isSet(actual) && sameTexts(texts(actual.set), texts(expected.set));
  return actual === expected;
}

/** A text that two values share exactly if they are the same; `anyOrder` forgets the order at every level. */
function canonical(value: Value, anyOrder: boolean): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? `n${BigInt(value).toString(16)}`
      : String(value + 0 === 0 ? 0 : value);
  }
  if (typeof value === 'bigint') return `n${value.toString(16)}`;
  if (Array.isArray(value)) {
    const parts = value.map((item) => canonical(item, anyOrder));
    return `[${(anyOrder ? parts.sort() : parts).join()}]`;
  }
  if (value instanceof Map) {
    const parts = [...value].map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, anyOrder)}`);
    return `{${parts.sort().join()}}`;
  }
  if (isSet(value)) {
    const parts = value.set.map((item) => canonical(item, anyOrder)).sort();
    return anyOrder ? `[${parts.join()}]` : `<${parts.join()}>`;
  }
  return JSON.stringify(value);
}

function texts(values: Value[]): string[] {
  return values.map((value) => canonical(value, false)).sort();
}
function sameTexts(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((text, i) => text === right[i]);
}

function depth(value: Value): number {
  const inside = Array.isArray(value)
    ? value
    : value instanceof Map
      ? [...value.values()]
      : isSet(value)
        ? value.set
        : null;
  if (inside === null) return 0;
  return 1 + inside.reduce((deepest: number, item) => Math.max(deepest, depth(item)), 0);
}

/** Elements of a list or, where order does not count, of a set; null for anything else. */
function elements(value: Value): Value[] | null {
  if (Array.isArray(value)) return value;
  return isSet(value) ? value.set : null;
}

function matches(actual: Value, expected: Value, comparison: Comparison): boolean {
  switch (comparison) {
    case 'exact':
      return same(actual, expected, false);
    case 'approx-1e-6':
      return same(actual, expected, true);
    case 'any_of':
      return Array.isArray(expected) && expected.some((valid) => same(actual, valid, false));
    case 'unordered_deep':
      // An answer nested deeper than expected is wrong anyway and would only make the texts costly.
      return depth(actual) === depth(expected) && canonical(actual, true) === canonical(expected, true);
    case 'unordered':
    case 'set': {
      const [given, wanted] = [elements(actual), elements(expected)];
      if (given === null || wanted === null) return false;
      if (comparison === 'unordered') return sameTexts(texts(given), texts(wanted));
      return sameTexts([...new Set(texts(given))], [...new Set(texts(wanted))]);
    }
  }
}

/**
 * Whether a program's answer (tagged JSON from the sandbox) is the expected one, by the rules documented with
 * `Comparison`. Runs in this process only: expected values never enter the sandbox. NaN equals nothing.
 */
export function isAccepted(actual: unknown, expected: unknown, comparison: Comparison): boolean {
  try {
    return matches(decode(actual), decode(expected), comparison);
  } catch (error) {
    if (error instanceof NotComparable) return false;
    throw error;
  }
}
