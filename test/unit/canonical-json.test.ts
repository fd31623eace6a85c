import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '#worker/http/canonical-json.ts';

/** Input and output of RFC 8785, section 3.2.2 and 3.2.3. */
it('writes the examples of its specification', () => {
  const numbers = '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]}';
  expect(canonicalJson(JSON.parse(numbers))).toBe('{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}');
  const sorted = '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}';
  expect(Object.keys(JSON.parse(sorted))[0]).toBe('1');
  expect(canonicalJson(JSON.parse(sorted))).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
  );
});

it.each([
  ['{"a":1,"b":[true,null]}', '{ "b" : [ true , null ] , "a" : 1.0 }'],
  ['{"2":1,"10":2}', '{"10":2,"2":1e0}'],
  ['{"é":"é"}', '{"\\u00e9":"\\u00E9"}'],
  ['-0', '0'],
])('%s means the same as %s', (one, other) => {
  expect(canonicalJson(JSON.parse(one))).toBe(canonicalJson(JSON.parse(other)));
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, shuffled(member)]);
  return Object.fromEntries(members.toReversed());
}

it('does not depend on the order of keys, and says nothing else than the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(shuffled(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
