import { parse } from 'csv-parse/sync';

/** Texts that break careless CSV and JSON: quotes, line ends, wide characters, both directions, formulas. */
export const HOSTILE = [
  'plain',
  'say "hi", twice',
  '"',
  'line one\nline two\r\nline three',
  ',;\t|',
  '  kept  ',
  '=1+1',
  '+SUM(A1:A9)',
  '-2',
  '@cmd',
  '\t=tab',
  '\r=return',
  '\n=newline',
  ' =after space',
  `"=HYPERLINK("http://x","y")`,
  `'=quoted already`,
  `'plain apostrophe`,
  '＝1+1',
  '＋x',
  '－x',
  '＠x',
  '﻿=after a byte order mark',
  '👩‍👩‍👧‍👦 ½ Ω 漢字 Ａ',
  'שלום =1 مرحبا',
  '\u202Eright to left\u202C',
  '{"json": "text", "n": 1}',
  '\\"\\u0000 \\n',
  '</script><!-- ]]>',
  '0001',
  '1e5',
  'NULL',
  'null',
  'row_count',
];

/** What a spreadsheet takes for the beginning of a formula. */
const TRIGGER = /^[=+\-@\t\r\n＝＋－＠]/;

/** Takes off the apostrophe that the documented rule of the CSV export has put in front. */
export function unguarded(cell: string): string {
  return /^'(?:[\t\r\n]|[\s'"]*[=+\-@＝＋－＠﹦﹢﹣﹫])/.test(cell) ? cell.slice(1) : cell;
}

/** Reads CSV by an independent parser; each row by the names of the header, and no text cell is a formula. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: Record<string, string>[] = parse(text, { columns: true, record_delimiter: '\r\n' });
  for (const row of rows) {
    for (const cell of Object.values(row)) {
      if (TRIGGER.test(cell) && Number.isNaN(Number(cell))) throw new Error(`a formula: ${cell}`);
    }
  }
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, unguarded(cell)])),
  );
}
