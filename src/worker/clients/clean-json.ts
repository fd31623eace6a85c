import type { Json } from '#contract/problem-bank.ts';

/** Deepest nesting kept; PostgreSQL and JSON.stringify both have a limit, and no reader looks that deep. */
const MOST_LEVELS = 64;

/** A text as PostgreSQL stores it: NUL and halves of surrogate pairs, which it refuses or changes, become U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** A value with every text and key cleaned; what lies deeper than 64 levels becomes `…`. */
export function cleanJson(value: Json, level = 0): Json {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MOST_LEVELS) return '…';
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, level + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key), cleanJson(item, level + 1)]),
  );
}

/** Bytes of a value written as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).byteLength;
}

/** The longest beginning of a text that takes at most `bytes` within a JSON string; never half a character. */
export function cutText(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += bytesInJson(character);
    if (used > bytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function bytesInJson(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return 6;
  if (character === '"' || character === '\\') return 2;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** The value, or what tells that it was too large: `{"$t": "truncated", "v": <beginning of its JSON text>}`. */
export function cutJson(value: Json, bytes: number): Json {
  if (jsonBytes(value) <= bytes) return value;
  return { $t: 'truncated', v: cutText(JSON.stringify(value), Math.max(0, bytes - TAG_BYTES)) };
}

const TAG_BYTES = jsonBytes({ $t: 'truncated', v: '' });
