import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localTime } from '#domain/calendar.ts';
import { codeCells, csvCell, csvHeader, csvRow, csvTrailer, tagsCell } from '#worker/export/csv-rules.ts';
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

const EXCEL = 32_767;

test('no cell is longer than a spreadsheet holds: code goes on in the next one, other text ends with an ellipsis', () => {
  for (const begin of ['x', '=', '🙂', '\r']) {
    const code = `${begin}${'=🙂'.repeat(21_000)}`.slice(0, 65_536);
    const cells = codeCells(code);
    const [row = []] = readBack(csvRow(cells));
    expect(row.every((cell) => cell.length <= EXCEL && cell.isWellFormed())).toBe(true);
    expect(row.map(unguarded).join('')).toBe(code);
  }
  expect(codeCells('short')).toEqual(['short', null, null]);
  expect(codeCells('')).toEqual(['', null, null]);
  expect(codeCells(null)).toEqual([null, null, null]);
  const [[cut = ''] = []] = readBack(csvRow([`=${'🙂'.repeat(40_000)}`]));
  expect(cut.length).toBeLessThanOrEqual(EXCEL);
  expect(cut).toMatch(/^'=🙂.*🙂…$/u);
  const whole = 'x'.repeat(EXCEL);
  expect(csvCell(whole)).toBe(whole);
});

test('local times are those of the clock on the wall, also when it is put back or forward', () => {
  expect(localTime('2026-11-30T21:15:00.123Z', 'UTC')).toBe('2026-11-30 21:15:00');
  expect(localTime('2026-03-29T00:59:59.999Z', 'Europe/Berlin')).toBe('2026-03-29 01:59:59');
  expect(localTime('2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-03-29 03:00:00');
  expect(localTime('2026-10-25T00:30:00.000Z', 'Europe/Berlin')).toBe('2026-10-25 02:30:00');
  expect(localTime('2026-10-25T01:30:00.000Z', 'Europe/Berlin')).toBe('2026-10-25 02:30:00');
  expect(localTime('2026-01-01T00:00:00.000Z', 'Asia/Kathmandu')).toBe('2026-01-01 05:45:00');
});
