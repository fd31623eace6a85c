import type { Json } from './problem-bank.ts';

/**
 * A whole number that is a float: JSON.parse makes 3.0 the same as 3, but in Python they are of different types. `v` is
 * the number as JSON writes it.
 */
export type FloatTag = { $t: 'float'; v: string };

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Longest number text that a tag may hold. */
const LONGEST = 400;

function isFloatTag(value: object): value is FloatTag {
  const { $t, v, ...rest } = value as Record<string, unknown>;
  if ($t !== 'float' || typeof v !== 'string' || Object.keys(rest).length > 0) return false;
  return v.length <= LONGEST && JSON_NUMBER.test(v) && Number.isInteger(Number(v));
}

/**
 * Whether a JSON value nests at most `levels` deep and uses the key `$t` for float tags alone: no other tag has a
 * meaning in an argument.
 */
export function isArgument(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (levels === 0) return false;
  if (Object.hasOwn(value, '$t')) return isFloatTag(value);
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && !isArgument(item, levels - 1)) return false;
  }
  return true;
}

/** Arguments for reading: every float tag becomes its number. */
export function plainArguments(args: readonly Json[]): Json[] {
  return args.map(plain);
}

function plain(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isFloatTag(value)) return Number(value.v);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
