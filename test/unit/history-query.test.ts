import { expect, test } from 'vitest';
import { ListPaths, ListTasks } from '#contract/history.ts';

const fieldsOf = (query: object) =>
  ListTasks.safeParse(query).error?.issues.map((issue) => issue.path.join('.'));

test('filters are sorted and said once, bounds are instants in UTC, and the rest has defaults', () => {
  expect(ListTasks.parse({})).toEqual({ limit: 50, order: 'desc' });
  const query = {
    module: ['hashing', 'arrays-strings', 'hashing'],
    difficulty: ['5', '1'],
    topic: ['b', 'a', 'b'],
    from: '2026-03-01',
    to: '2026-03-02T01:00:00+02:00',
    limit: '200',
    order: 'asc',
  };
  expect(ListTasks.parse(query)).toEqual({
    module: ['arrays-strings', 'hashing'],
    difficulty: [1, 5],
    topic: ['a', 'b'],
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-01T23:00:00.000Z',
    limit: 200,
    order: 'asc',
  });
});

test.each([
  ['module', ['', 'Hashing', 'no-such', ['hashing', 'x']]],
  ['status', ['', 'done', ['completed', 'COMPLETED']]],
  ['difficulty', ['', '0', '6', '01', '1.0', '1e0', '0x1', ' 1', ['1', '9']]],
  ['kind', ['', 'quiz']],
  ['topic', ['', 'x'.repeat(61), 'a\0b', Array.from({ length: 41 }, (_, i) => `t${i}`)]],
  ['path_id', ['', '1', 'A'.repeat(36), [crypto.randomUUID(), crypto.randomUUID()]]],
  ['track_id', ['', 'Track', ['a', 'b']]],
  ['from', ['', 'yesterday', '2026', '2026-02-30', '2026-3-1', '1999-12-31', '2200-01-01', '1e9']],
  ['to', ['', '2026-01-01T00:00', '2026-01-01T00:00:00 02:00', '٢٠٢٦-01-01', ['2026-01-01', '2026-01-01']]],
  ['limit', ['', '0', '201', '-1', '1e2', '0x10', '10.0', ' 10', '١', ['1', '2']]],
  ['order', ['', 'DESC', 'random', ['asc', 'asc']]],
  ['cursor', ['', ['a', 'b']]],
] as const)('every bad value of %s is refused by name', (field, values) => {
  for (const value of values) expect([value, fieldsOf({ [field]: value })?.[0]]).toEqual([value, field]);
});

test('a range must have an inside, and unknown parameters are refused', () => {
  expect(fieldsOf({ from: '2026-03-01', to: '2026-03-01T00:00:00Z' })).toEqual(['to']);
  expect(fieldsOf({ from: '2026-03-02', to: '2026-03-01' })).toEqual(['to']);
  expect(fieldsOf({ modul: 'hashing' })).toHaveLength(1);
  expect(ListPaths.safeParse({ module: 'hashing' }).success).toBe(false);
});
