import { expect, test } from 'vitest';
import { PathConfig } from '#contract/paths.ts';
import { NUMBER_FIELDS, parseText, textOf } from '../../src/web/pages/settings/path-fields.ts';

const defaults = PathConfig.parse({});

test.each(NUMBER_FIELDS.map((field) => [field.key, field] as const))(
  'the form and the contract agree on %s',
  (key, field) => {
    const accepts = (value: number | null) => PathConfig.safeParse({ [key]: value }).success;
    const { min, max, scale = 1 } = field;
    expect([accepts(min / scale), accepts(max / scale)]).toEqual([true, true]);
    expect([accepts((min - 1) / scale), accepts((max + 1) / scale)]).toEqual([false, false]);
    expect(accepts(null)).toBe(field.optional === true);
    expect(parseText(field, textOf(field, defaults[key]))).toEqual({ value: defaults[key] });
  },
);

test('a text that is no number of the range is refused with the range', () => {
  const [field] = NUMBER_FIELDS;
  if (field === undefined) throw new Error('no field');
  for (const text of ['', ' ', 'many', '0', '21', '2.5', '1e99', 'NaN']) {
    expect(parseText(field, text)).toEqual({ error: expect.stringContaining('from 1 to 20') });
  }
});
