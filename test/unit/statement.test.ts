import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { param, statement } from '#worker/db/statement.ts';

test('a parameter has its type and one place, however often it is named', () => {
  const found = statement<{ a: string; b: number | null }, object>(
    'twice',
    'read',
    sql`select ${param('b', 'integer')}, ${param('a', 'text')} where ${param('b', 'integer')} is null`,
  );
  expect(found.text).toBe('select $1::integer, $2::text where $1::integer is null');
  expect(found.bind({ a: 'x', b: null })).toEqual([null, 'x']);
  expect([found.name, found.effect, found.text]).toEqual(['twice', 'read', found.text]);
});

test('values are bound before anybody has asked for the text', () => {
  const found = statement<{ a: string }, object>('bound', 'write', sql`select ${param('a', 'text')}`);
  expect(found.bind({ a: 'x' })).toEqual(['x']);
});

test('a copy keeps its own text and binds the same values', () => {
  const found = statement<{ a: string }, object>('copied', 'write', sql`select ${param('a', 'text')}`);
  const copy = { ...found, text: `${found.text} -- altered` };
  expect([copy.text, copy.bind({ a: 'x' })]).toEqual(['select $1::text -- altered', ['x']]);
  expect(found.text).toBe('select $1::text');
});

test('what is missing, and a constant in the place of a parameter, are told by name', () => {
  const found = statement<{ a?: string }, object>('short', 'read', sql`select ${param('a', 'text')}`);
  expect(() => found.bind({})).toThrow('statement short: parameter a is missing');
  const constant = statement<Record<string, never>, object>('constant', 'read', sql`select ${'text'}`);
  expect(() => constant.text).toThrow('statement constant: write constants into the text');
});
