/**
 * The canonical text of a parsed JSON value (RFC 8785): keys in the order of their UTF-16 code units, no white space,
 * numbers and strings as ECMAScript writes them. Two texts that mean the same value have the same one.
 * @param value at most 32 levels deep, as `jsonBody()` lets in.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
