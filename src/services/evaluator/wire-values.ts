import type { Json } from '#contract/problem-bank.ts';

/** A Python or JavaScript set. */
export class ValueSet {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/**
 * A value as it is compared. Linked lists, trees, tuples are arrays; dictionaries, objects and maps are `Map` with
 * text keys as JSON would write them.
 */
export type Value = null | boolean | number | bigint | string | Value[] | Map<string, Value> | ValueSet;

/** Levels of a value that is still worth comparing: expected values have 400 at most. */
const COMPARED_LEVELS = 500;
/** Levels of a value that are shown to a reader; what is deeper becomes `DEEPER`. */
const SHOWN_LEVELS = 64;
const DEEPER = '…';
/** Hexadecimal digits of an integer that is still worth comparing: far beyond any problem of the bank. */
const INTEGER_DIGITS = 300_000;
/** The same for an integer that is a key, which is written in decimal. */
const KEY_DIGITS = 1000;

/** Inside this module only: the value equals nothing (NaN, a tag no harness writes, a depth no problem asks for). */
class NotComparable extends Error {}

type Tagged = { $t: string; v: unknown };

function isObject(wire: unknown): wire is Record<string, unknown> {
  return typeof wire === 'object' && wire !== null && !Array.isArray(wire);
}
function isTagged(wire: unknown): wire is Tagged {
  return isObject(wire) && typeof wire.$t === 'string' && Object.hasOwn(wire, 'v');
}
function items(wire: unknown): unknown[] {
  if (!Array.isArray(wire)) throw new NotComparable('a tag without its list');
  return wire;
}

function readInteger(text: unknown): number | bigint {
  const match = typeof text === 'string' ? /^(-?)(0x[0-9a-f]+)$/i.exec(text) : null;
  if (match?.[2] === undefined || match[2].length > INTEGER_DIGITS) throw new NotComparable('not an integer');
  const value = match[1] === '-' ? -BigInt(match[2]) : BigInt(match[2]);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A key as JSON would write it: a text is itself, a number its digits, a tuple its JSON. */
function readKey(wire: unknown, levels: number): string {
  if (typeof wire === 'string') return wire;
  return keyText(read(wire, levels));
}

function keyText(key: Value): string {
  if (typeof key === 'bigint') {
    if (key.toString(16).length > KEY_DIGITS) throw new NotComparable('a key too long');
    return key.toString();
  }
  if (Array.isArray(key)) return `[${key.map(keyText).join()}]`;
  if (key instanceof Map || key instanceof ValueSet) throw new NotComparable('a key that JSON has not');
  return typeof key === 'number' ? String(key) : JSON.stringify(key);
}

function readMap(pairs: unknown, levels: number): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const pair of items(pairs)) {
    const [key, value, ...more] = items(pair);
    const text = readKey(key, levels);
    if (more.length > 0 || map.has(text)) throw new NotComparable('no map that JSON could hold');
    map.set(text, read(value, levels));
  }
  return map;
}

function readTag({ $t, v }: Tagged, levels: number): Value {
  switch ($t) {
    case 'int':
      return readInteger(v);
    case 'num':
      if (v === 'Infinity') return Number.POSITIVE_INFINITY;
      if (v === '-Infinity') return Number.NEGATIVE_INFINITY;
      throw new NotComparable('NaN equals nothing');
    case 'list':
    case 'tree':
      return items(v).map((item) => read(item, levels));
    case 'set':
      return new ValueSet(items(v).map((item) => read(item, levels)));
    case 'map':
      return readMap(v, levels);
    case 'undefined':
      return null;
    default:
      throw new NotComparable('an unknown tag');
  }
}

function read(wire: unknown, levels: number): Value {
  if (levels === 0) throw new NotComparable('nested too deep');
  if (Array.isArray(wire)) return wire.map((item) => read(item, levels - 1));
  if (isTagged(wire)) return readTag(wire, levels - 1);
  if (isObject(wire)) {
    return new Map(Object.entries(wire).map(([key, value]) => [key, read(value, levels - 1)]));
  }
  if (wire === null || typeof wire === 'boolean' || typeof wire === 'number' || typeof wire === 'string') {
    return wire;
  }
  throw new NotComparable('not a JSON value');
}

/**
 * Reads tagged JSON: `{"$t": "int" | "num" | "list" | "tree" | "set" | "map" | "undefined", "v": ...}` for what JSON
 * lacks; `undefined` equals null. Total: null for whatever equals nothing, whether a program computed it (NaN) or forged it; never throws.
 */
export function decode(wire: unknown): { value: Value } | null {
  try {
    return { value: read(wire, COMPARED_LEVELS) };
  } catch (error) {
    if (error instanceof NotComparable) return null;
    throw error;
  }
}

/** Text that every reader can store: well-formed UTF-16 without NUL (PostgreSQL refuses it). */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}

/** The first `length` UTF-16 units as clean text; a pair that the cut splits is replaced. */
export function clip(text: string, length: number): string {
  return cleanText(text.slice(0, length));
}

/** The pairs of a map that plain JSON can show: keys are texts or numbers, all different, none looks like a tag. */
function plainPairs(wire: unknown): [key: string, value: unknown][] | null {
  if (!Array.isArray(wire)) return null;
  const pairs: [string, unknown][] = [];
  for (const pair of wire) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const [key, value]: unknown[] = pair;
    if ((typeof key !== 'string' && typeof key !== 'number') || key === '$t') return null;
    pairs.push([cleanText(String(key)), value]);
  }
  return new Set(pairs.map(([key]) => key)).size === pairs.length ? pairs : null;
}

function presentObject(entries: [string, unknown][], levels: number): Json {
  return Object.fromEntries(entries.map(([key, value]) => [cleanText(key), show(value, levels)]));
}

function presentTag({ $t, v }: Tagged, levels: number): Json {
  if (($t === 'list' || $t === 'tree') && Array.isArray(v)) return v.map((item) => show(item, levels));
  const pairs = $t === 'map' ? plainPairs(v) : null;
  return pairs === null ? { $t: cleanText($t), v: show(v, levels) } : presentObject(pairs, levels);
}

function show(wire: unknown, levels: number): Json {
  if (typeof wire === 'string') return cleanText(wire);
  if (typeof wire === 'boolean') return wire;
  // JSON has no infinity, yet its readers make one of 1e999.
  if (typeof wire === 'number') return Number.isFinite(wire) ? wire : { $t: 'num', v: String(wire) };
  if (typeof wire !== 'object' || wire === null) return null;
  if (levels === 0) return DEEPER;
  if (Array.isArray(wire)) return wire.map((item) => show(item, levels - 1));
  return isTagged(wire) ? presentTag(wire, levels - 1) : presentObject(Object.entries(wire), levels - 1);
}

/**
 * A result for reading: plain JSON where that says it all (objects, lists, trees), tags for the rest, and `…` for what
 * lies deeper than 64 levels. Total: a forged tag is shown as it is; never throws.
 */
export function present(wire: unknown): Json {
  return show(wire, SHOWN_LEVELS);
}
