import type { Comparison } from '#contract/problem-bank.ts';
import { decode, type Value, ValueSet } from './wire-values.ts';

const TOLERANCE = 1e-6;

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
  if (expected instanceof ValueSet) {
    return actual instanceof ValueSet && sameMembers(actual, expected, false);
  }
  return actual === expected;
}

function integerText(value: bigint, rounded: boolean): string {
  const number = Number(value);
  return `n${(rounded && Number.isFinite(number) ? BigInt(number) : value).toString(16)}`;
}

/**
 * A text that two values share exactly if they are the same. `anyOrder` forgets the order at every level; `rounded`
 * takes long integers as JSON's readers round them.
 */
function textOf(value: Value, anyOrder: boolean, rounded: boolean): string {
  const inner = (item: Value) => textOf(item, anyOrder, rounded);
  if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return integerText(BigInt(value), rounded);
    return String(value + 0 === 0 ? 0 : value);
  }
  if (typeof value === 'bigint') return integerText(value, rounded);
  if (Array.isArray(value)) {
    const parts = value.map(inner);
    return `[${(anyOrder ? parts.sort() : parts).join()}]`;
  }
  if (value instanceof Map) {
    const parts = [...value].map(([key, item]) => `${JSON.stringify(key)}:${inner(item)}`);
    return `{${parts.sort().join()}}`;
  }
  if (value instanceof ValueSet) {
    const parts = value.items.map(inner).sort();
    return anyOrder ? `[${parts.join()}]` : `<${parts.join()}>`;
  }
  return JSON.stringify(value);
}

/** What lies directly inside a value; null for one that holds nothing. */
function inside(value: Value): Iterable<Value> | null {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return value.values();
  return value instanceof ValueSet ? value.items : null;
}

function depth(value: Value): number {
  const parts = inside(value);
  if (parts === null) return 0;
  let deepest = 0;
  for (const part of parts) deepest = Math.max(deepest, depth(part));
  return 1 + deepest;
}

/** Whether a value holds a number that stands for a longer integer: JSON's readers have rounded it. */
function holdsRounded(value: Value): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  for (const part of inside(value) ?? []) if (holdsRounded(part)) return true;
  return false;
}

/** Whether two values have the same text. Values of different depth never do, and a deep one's text would be costly. */
function sameText(left: Value, right: Value, anyOrder: boolean): boolean {
  if (depth(left) !== depth(right)) return false;
  const rounded = holdsRounded(left) || holdsRounded(right);
  return textOf(left, anyOrder, rounded) === textOf(right, anyOrder, rounded);
}

/** Whether two collections have the same members, in any order; `once` counts repeated members once. */
function sameMembers(left: Value, right: Value, once: boolean): boolean {
  const [ours, theirs] = [elements(left), elements(right)];
  if (ours === null || theirs === null || depth(left) !== depth(right)) return false;
  const rounded = holdsRounded(left) || holdsRounded(right);
  const texts = (members: readonly Value[]) => {
    const all = members.map((member) => textOf(member, false, rounded));
    return (once ? [...new Set(all)] : all).sort();
  };
  const [one, other] = [texts(ours), texts(theirs)];
  return one.length === other.length && one.every((text, i) => text === other[i]);
}

/** Elements of a list or, where order does not count, of a set; null for anything else. */
function elements(value: Value): readonly Value[] | null {
  if (Array.isArray(value)) return value;
  return value instanceof ValueSet ? value.items : null;
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
      return sameText(actual, expected, true);
    case 'unordered':
      return sameMembers(actual, expected, false);
    case 'set':
      return sameMembers(actual, expected, true);
  }
}

/**
 * Whether a program's answer (tagged JSON from the sandbox) is the expected one, by the rules documented with
 * `Comparison`. Runs in this process only: expected values never enter the sandbox. NaN equals nothing. Total: an
 * answer that cannot be read is not accepted; never throws.
 */
export function isAccepted(actual: unknown, expected: unknown, comparison: Comparison): boolean {
  const [given, wanted] = [decode(actual), decode(expected)];
  return given !== null && wanted !== null && matches(given.value, wanted.value, comparison);
}
