import type { Json } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';

/** Characters after which a text is cut: more than anybody reads, and less than a browser minds. */
const LONGEST = 20_000;

const WORDS: Record<Language, { null: string; true: string; false: string }> = {
  python: { null: 'None', true: 'True', false: 'False' },
  javascript: { null: 'null', true: 'true', false: 'false' },
};

/** What JSON cannot hold comes as `{"$t": ..., "v": ...}`. */
function tagged(value: Json): { tag: string; inner: Json } | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { $t, v } = value;
  return typeof $t === 'string' && v !== undefined ? { tag: $t, inner: v } : null;
}

function integerText(hex: Json): string {
  const match = typeof hex === 'string' ? /^(-?)(0x[0-9a-f]+)$/i.exec(hex) : null;
  if (match?.[2] === undefined || match[2].length > 4000) return String(hex);
  return `${match[1]}${BigInt(match[2])}`;
}

/** A node of the text to be: a leaf, or brackets around items. */
type Part = string | { open: string; items: Part[]; close: string };

function list(open: string, items: Json, close: string, language: Language): Part {
  const values = Array.isArray(items) ? items : [items];
  return { open, items: values.map((item) => toPart(item, language)), close };
}

function pairText([key, value]: [Json, Json], language: Language): Part {
  const name = oneLine(toPart(key, language));
  const part = toPart(value, language);
  return typeof part === 'string' ? `${name}: ${part}` : { ...part, open: `${name}: ${part.open}` };
}

function tagPart(tag: string, inner: Json, language: Language): Part {
  switch (tag) {
    case 'int':
      return integerText(inner);
    case 'undefined':
      return 'undefined';
    case 'num':
    case 'float':
      return String(inner);
    case 'set':
      return language === 'python' ? list('{', inner, '}', language) : list('Set {', inner, '}', language);
    case 'map': {
      const pairs = Array.isArray(inner) ? inner.filter((pair) => Array.isArray(pair)) : [];
      const items = pairs.map(([key = null, value = null]) => pairText([key, value], language));
      return { open: '{', items, close: '}' };
    }
    default:
      return list(`${tag}(`, inner, ')', language);
  }
}

function toPart(value: Json, language: Language): Part {
  if (value === null) return WORDS[language].null;
  if (typeof value === 'boolean') return WORDS[language][value ? 'true' : 'false'];
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return list('[', value, ']', language);
  const special = tagged(value);
  if (special !== null) return tagPart(special.tag, special.inner, language);
  const items = Object.entries(value).map((entry) => pairText(entry, language));
  return { open: '{', items, close: '}' };
}

function oneLine(part: Part): string {
  if (typeof part === 'string') return part;
  return `${part.open}${part.items.map(oneLine).join(', ')}${part.close}`;
}

function lines(part: Part, width: number, indent: string): string {
  const short = oneLine(part);
  if (typeof part === 'string' || indent.length + short.length <= width) return short;
  const inner = `${indent}  `;
  if (part.items.every((item) => typeof item === 'string')) {
    return `${part.open}\n${filled(part.items.map(oneLine), width, inner)}\n${indent}${part.close}`;
  }
  const items = part.items.map((item) => `${inner}${lines(item, width, inner)}`);
  return `${part.open}\n${items.join(',\n')}\n${indent}${part.close}`;
}

/** As many items on a line as there is room for. */
function filled(items: string[], width: number, indent: string): string {
  const rows: string[] = [];
  let row = '';
  for (const [index, item] of items.entries()) {
    const piece = index === items.length - 1 ? item : `${item},`;
    if (row !== '' && indent.length + row.length + 1 + piece.length > width) {
      rows.push(indent + row);
      row = piece;
    } else row = row === '' ? piece : `${row} ${piece}`;
  }
  return [...rows, indent + row].join('\n');
}

/** Shortens a long text, and says by how much. */
export function cutText(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}\n… ${text.length - longest} more characters`;
}

/**
 * A value as the learner's language writes it: on one line if it fits into `width` characters, else broken at its
 * brackets. Very long texts are cut.
 */
export function formatValue(value: Json, language: Language, width = 60): string {
  return cutText(lines(toPart(value, language), width, ''));
}
