import type { Json } from '#contract/problem-bank.ts';

/**
 * A value as it is compared. Linked lists, trees, tuples are arrays; dictionaries, objects and maps are `Map` with
 * text keys as JSON would write them; a set is what a Python or JavaScript set was.
 */
export type Value = null | boolean | number | bigint | string | Value[] | Map<string, Value> | ValueSet;
export type ValueSet = { set: Value[] };

/** Thrown by `decode` for what equals nothing: NaN, a tag no harness writes. */
export class NotComparable extends Error {}

/** Hexadecimal digits of an integer that is still worth comparing: far beyond any problem of the bank. */
const INTEGER_DIGITS = 300_000;

type Tagged = { $t: string; v: unknown };

function isObject(wire: unknown): wire is Record<string, unknown> {
  return typeof wire === 'object' && wire !== null && !Array.isArray(wire);
}
function isTagged(wire: unknown): wire is Tagged {
  return isObject(wire) && typeof wire.$t === 'string' && 'v' in wire;
}
function items(wire: unknown): unknown[] {
  if (!Array.isArray(wire)) throw new NotComparable('a tag without its list');
  return wire;
}

function decodeInteger(text: unknown): number | bigint {
  const match = typeof text === 'string' ? /^(-?)(0x[0-9a-f]+)$/i.exec(text) : null;
  if (match?.[2] === undefined || match[2].length > INTEGER_DIGITS) throw new NotComparable('not an integer');
  const value = match[1] === '-' ? -BigInt(match[2]) : BigInt(match[2]);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decodeKey(wire: unknown): string {
  if (typeof wire === 'string') return wire;
  return JSON.stringify(wire) ?? 'null';
}

function decodeTag({ $t, v }: Tagged): Value {
  switch ($t) {
    case 'int':
      return decodeInteger(v);
    case 'num':
      if (v === 'Infinity') return Number.POSITIVE_INFINITY;
      if (v === '-Infinity') return Number.NEGATIVE_INFINITY;
      throw new NotComparable('NaN equals nothing');
    case 'list':
    case 'tree':
      return items(v).map(decode);
    case 'set':
      return { set: items(v).map(decode) };
    case 'map':
      return new Map(
        items(v).map((pair) => {
          const [key, value] = items(pair);
          return [decodeKey(key), decode(value)];
        }),
      );
    default:
      throw new NotComparable(`unknown tag ${$t}`);
  }
}

/**
 * Reads tagged JSON: `{"$t": "int" | "num" | "list" | "tree" | "set" | "map", "v": ...}` for what JSON lacks.
 * @throws NotComparable
 */
export function decode(wire: unknown): Value {
  if (Array.isArray(wire)) return wire.map(decode);
  if (isTagged(wire)) return decodeTag(wire);
  if (isObject(wire)) return new Map(Object.entries(wire).map(([key, value]) => [key, decode(value)]));
  if (wire === null || typeof wire === 'boolean' || typeof wire === 'number' || typeof wire === 'string') {
    return wire;
  }
  throw new NotComparable('not a JSON value');
}

/** Text that every reader can store: well-formed UTF-16 without NUL (PostgreSQL refuses it). */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}

function presentMap(wire: unknown): Json {
  const pairs = items(wire).map((pair) => items(pair));
  const keys = pairs.map(([key]) => key);
  const plain = keys.every((key) => (typeof key === 'string' && key !== '$t') || typeof key === 'number');
  if (!plain || new Set(keys.map(String)).size < keys.length) {
    return { $t: 'map', v: pairs.map((pair) => pair.map(present)) };
  }
  return Object.fromEntries(pairs.map(([key, value]) => [cleanText(String(key)), present(value)]));
}

/** A result for reading: plain JSON where that says it all (objects, lists, trees), tags for the rest. */
export function present(wire: unknown): Json {
  if (Array.isArray(wire)) return wire.map(present);
  if (isTagged(wire)) {
    if (wire.$t === 'list' || wire.$t === 'tree') return items(wire.v).map(present);
    if (wire.$t === 'map') return presentMap(wire.v);
    return { $t: cleanText(wire.$t), v: present(wire.v) };
  }
  if (isObject(wire)) {
    return Object.fromEntries(Object.entries(wire).map(([key, value]) => [cleanText(key), present(value)]));
  }
  if (typeof wire === 'string') return cleanText(wire);
  return typeof wire === 'number' || typeof wire === 'boolean' ? wire : null;
}
