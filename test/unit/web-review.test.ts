import { expect, test } from 'vitest';
import { listTasks } from '#client/task-calls.ts';
import type { ListedTask } from '#contract/history.ts';
import { ListTasks } from '#contract/history.ts';
import { dayAfter, dayTitle } from '#web/pages/review/days.ts';
import { createEntries } from '#web/pages/review/entries.ts';
import { addressOf, isFiltered, queryOf, readPlace } from '#web/pages/review/filters.ts';
import { diffLines, type Line, withGaps } from '#web/pages/review/line-diff.ts';
import { startOfDay } from '#web/time/learner-days.ts';

test.each([
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-11-26', 'Asia/Kolkata', '2026-11-25T18:30:00.000Z'],
  ['2026-11-26', 'Pacific/Kiritimati', '2026-11-25T10:00:00.000Z'],
  ['2026-11-26', 'Pacific/Pago_Pago', '2026-11-26T11:00:00.000Z'],
  ['2026-11-26', 'UTC', '2026-11-26T00:00:00.000Z'],
  // Clocks go from 24:00 to 01:00: the day has no midnight.
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  // Clocks go from 24:00 back to 23:00: midnight is the second one.
  ['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
  // Clocks go from 01:00 back to 00:00: midnight is the first one.
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, instant) => {
  expect(startOfDay(day, { time_zone: zone, day_start_hour: 0 })).toBe(instant);
});

test('days are named from today', () => {
  const today = '2026-03-01';
  expect(dayTitle('2026-03-01', today)).toMatch(/^Today, /);
  expect(dayTitle('2026-02-28', today)).toMatch(/^Yesterday, /);
  expect(dayTitle('2026-03-02', today)).toMatch(/^Tomorrow, /);
  expect(dayTitle('2025-03-01', today)).toContain('2025');
  expect(dayAfter('2028-02-28')).toBe('2028-02-29');
  expect(dayAfter('2026-01-01', -1)).toBe('2025-12-31');
});

const BERLIN = { time_zone: 'Europe/Berlin', day_start_hour: 4 };
const ALL =
  '/review?module=hashing&module=heaps&status=completed&difficulty=2&difficulty=5&kind=review&topic=%22x%22&topic=a+b&path_id=3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11&from=2026-11-01&to=2026-12-01&q=two+sum&order=asc';

test('an address is read and written the same, with and without a drawer', () => {
  for (const url of ['/review', ALL]) {
    const { filters, task, tab } = readPlace(url);
    expect([addressOf(filters, task, tab), task, tab]).toEqual([url, null, 'statement']);
    expect(isFiltered(filters)).toBe(url === ALL);
  }
  const open = `${ALL}&task=abc&tab=log`;
  const place = readPlace(open);
  expect([place.task, place.tab, addressOf(place.filters, place.task, place.tab)]).toEqual([
    'abc',
    'log',
    open,
  ]);
  expect(isFiltered(readPlace('/review?order=asc').filters)).toBe(false);
});

test('what an address says wrongly is left out, and what is left the API takes', () => {
  const bad = [
    'module=nothing&module=heaps&status=done&difficulty=9&difficulty=01&kind=&topic=',
    `topic=${'x'.repeat(61)}&topic=%00&path_id=1&from=2026-02-30&to=yesterday&order=up`,
    'from=2026-03-02&to=2026-03-02',
    `q=${'%20'.repeat(3)}`,
    `q=${'x'.repeat(99)}%F0%9F%98%80`,
    'q=a%00b&tab=none&unknown=1',
    'from=1999-01-01&to=2200-01-01',
    Array.from({ length: 50 }, (_, n) => `topic=t${n}`).join('&'),
  ];
  for (const query of [...bad, ALL.slice('/review?'.length)]) {
    const { filters } = readPlace(`/review?${query}`);
    const params = new URL(listTasks(queryOf(filters, BERLIN)).path, 'http://api.invalid').searchParams;
    const asked = Object.fromEntries([...new Set(params.keys())].map((key) => [key, params.getAll(key)]));
    const single = (key: string, values: string[]) =>
      ['module', 'status', 'difficulty', 'kind', 'topic'].includes(key) ? values : values[0];
    const parsed = ListTasks.safeParse(
      Object.fromEntries(Object.entries(asked).map(([key, values]) => [key, single(key, values)])),
    );
    expect([query, parsed.error?.issues]).toEqual([query, undefined]);
  }
  expect(queryOf(readPlace(ALL).filters, BERLIN).from).toBe('2026-11-01T03:00:00.000Z');
  expect(readPlace('/review?module=nothing&module=heaps').filters.module).toEqual(['heaps']);
});

const task = (id: string, scheduled_at: string) => ({ id, scheduled_at }) as ListedTask;

test('a list that grows keeps its entries, and a day that goes on over two pages has one heading', () => {
  const build = createEntries(
    { time_zone: 'Asia/Kolkata', day_start_hour: 0 },
    Date.parse('2026-03-02T12:00:00Z'),
  );
  const first = [task('a', '2026-03-02T10:00:00Z'), task('b', '2026-03-01T19:00:00Z')];
  const one = build(first);
  expect(one.map(({ key }) => key)).toEqual(['day-2026-03-02', 'a', 'b']);
  const two = build([...first, task('c', '2026-03-01T18:30:00Z'), task('d', '2026-03-01T18:29:59Z')]);
  expect(two.map(({ key }) => key)).toEqual(['day-2026-03-02', 'a', 'b', 'c', 'day-2026-03-01', 'd']);
  expect(two.slice(0, 3)).toEqual(one);
  expect(two.flatMap((entry) => (entry.task === null ? [] : [entry.position]))).toEqual([1, 2, 3, 4]);
});

/** Length of the longest common subsequence, by the textbook's table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const left of a) {
    const next: number[] = [];
    for (const [j, right] of b.entries()) {
      next.push(left === right ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const side = (lines: readonly Line[], without: Line['kind']) =>
  lines.filter(({ kind }) => kind !== without).map(({ text }) => text);

test('a difference holds both texts and is as short as can be', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const lines = () => Array.from({ length: random(14) }, () => 'abcd'[random(4)] ?? '');
  for (let round = 0; round < 500; round += 1) {
    const [a, b] = [lines(), lines()].map((text) => (text.length === 0 ? [''] : text)) as [
      string[],
      string[],
    ];
    const difference = diffLines(a.join('\n'), b.join('\n'));
    expect(side(difference, 'added')).toEqual(a);
    expect(side(difference, 'removed')).toEqual(b);
    expect(difference.filter(({ kind }) => kind === 'same').length).toBe(commonLength(a, b));
    expect(difference.flatMap(({ before }) => before ?? [])).toEqual(a.map((_, index) => index + 1));
    expect(difference.flatMap(({ after }) => after ?? [])).toEqual(b.map((_, index) => index + 1));
  }
});

test('texts that have nothing in common are taken whole, and quickly, however long they are', () => {
  const long = (name: string) => Array.from({ length: 20_000 }, (_, n) => `${name}${n}`).join('\n');
  const difference = diffLines(`same\n${long('a')}\nend`, `same\n${long('b')}\nend`);
  expect(difference).toHaveLength(40_002);
  expect(difference.filter(({ kind }) => kind === 'same').map(({ text }) => text)).toEqual(['same', 'end']);
  expect(diffLines('a\r\nb\r', 'a\nb\n').every(({ kind }) => kind === 'same')).toBe(true);
});

test('unchanged lines far from every change are counted instead of shown', () => {
  const before = Array.from({ length: 30 }, (_, n) => `line ${n}`);
  const after = before.with(10, 'changed').with(20, 'changed too');
  const parts = withGaps(diffLines(before.join('\n'), after.join('\n')));
  expect(parts.filter(({ kind }) => kind === 'gap')).toEqual([
    { kind: 'gap', lines: 7 },
    { kind: 'gap', lines: 3 },
    { kind: 'gap', lines: 6 },
  ]);
  expect(withGaps(diffLines('a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\ne\nF'), 4)[0]).toMatchObject({
    kind: 'same',
    text: 'a',
  });
  expect(withGaps(diffLines('a\nb', 'a\nb'))).toEqual([{ kind: 'gap', lines: 2 }]);
});
