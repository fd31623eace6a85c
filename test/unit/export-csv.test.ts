import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvHeader, csvRow, csvTrailer, tagsCell } from '#worker/export/csv-rules.ts';
import { HOSTILE, unguarded } from '../support/csv.ts';

function readBack(text: string): string[][] {
  return parse(text, { record_delimiter: '\r\n' });
}

test('any text comes back from an independent parser', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE), fc.string());
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      const width = rows[0]?.length ?? 0;
      const square = rows.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ''));
      const read = readBack(square.map(csvRow).join(''));
      expect(read.map((row) => row.map(unguarded))).toEqual(square);
    }),
    { numRuns: 500 },
  );
});

test('no text begins like a formula, also behind quotes and spaces and in full width', () => {
  for (const text of HOSTILE) {
    const [[cell = ''] = []] = readBack(`${csvCell(text)}\r\n`);
    expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
    expect(cell).not.toMatch(/^[\t\r\n]/);
  }
  expect(csvCell('=1+1')).toBe(`'=1+1`);
  expect(csvCell('＝1')).toBe(`'＝1`);
  expect(csvCell(`'=1`)).toBe(`''=1`);
  expect(csvCell(`it's`)).toBe(`it's`);
});

test('numbers stay numbers, null is empty and empty text is quoted', () => {
  expect([-5, 0.1, 1e21, null, ''].map(csvCell)).toEqual(['-5', '0.1', '1e+21', '', '""']);
});

test('quotes and line ends follow RFC 4180', () => {
  expect(csvRow(['a"b', 'c,d', 'e\nf', 'g'])).toBe('"a""b","c,d","e\nf",g\r\n');
});

test('tags keep their semicolons', () => {
  expect(tagsCell(['a;b', 'c\\', 'd'])).toBe('a\\;b;c\\\\;d');
  expect(tagsCell([])).toBe('');
});

test('the trailer has as many cells as the header', () => {
  for (const shape of [
    { attempts: false, code: false },
    { attempts: true, code: true },
  ]) {
    const [row = []] = readBack(csvTrailer(7, shape));
    expect(row).toHaveLength(csvHeader(shape).length);
    expect(row.slice(0, 3)).toEqual(['row_count', '7', '']);
  }
});
