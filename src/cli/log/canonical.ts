/** A number by its digits in the source, so that none of them gets lost in a double. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Writes a number in decimal or exponent form as ECMAScript writes numbers, by its own digits. */
function canonicalNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leading).replace(/0+$/, '');
  if (digits === '') return '0';
  const point = whole.length - leading + Number(exponent);
  if (point > 21 || point < -5) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${rest}e${point > 0 ? '+' : '-'}${Math.abs(point - 1)}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function write(value: unknown): string {
  if (value instanceof Digits) return canonicalNumber(value.text);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  // Comparing strings compares UTF-16 code units, which is the order that the scheme asks for.
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(',')}}`;
}

function keepDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  return typeof value === 'number' && context !== undefined ? new Digits(context.source) : value;
}

/**
 * JSON text in the form of RFC 8785 (JSON Canonicalization Scheme), as `canonical_json` of the database makes it. Numbers
 * keep their digits: whatever JSON.stringify wrote comes out as the scheme says, and a digit that somebody added shows.
 */
export function canonicalJson(text: string): string {
  return write(JSON.parse(text, keepDigits));
}
