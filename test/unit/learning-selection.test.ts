import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DifficultyState, type MasteryState, SelectionReason } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { calendarOf } from '#domain/calendar.ts';
import {
  type ModuleFacts,
  SelectionConfig,
  type SelectionInput,
  selectTasks,
} from '#worker/learning/selection-rules.ts';

const NOW = '2026-03-10T09:00:00.000Z';

function problem(
  problem_id: string,
  module: Module,
  difficulty: Difficulty,
  ...tags: string[]
): ProblemSummary {
  return {
    problem_id,
    title: problem_id,
    module,
    topic_tags: [module, ...tags],
    difficulty,
    languages: ['python'],
    expected_minutes: null,
    content_hash: 'c',
  };
}
/** Problems of one module and difficulty: `hashing-2-0`, `hashing-2-1`, ... */
function shelf(module: Module, difficulty: Difficulty, count: number, ...tags: string[]): ProblemSummary[] {
  return Array.from({ length: count }, (_, n) =>
    problem(`${module}-${difficulty}-${n}`, module, difficulty, ...tags),
  );
}
function level(difficulty: Difficulty, reason: DifficultyState['reason'] = 'held'): DifficultyState {
  return { difficulty, successes: 0, version: 1, reason };
}
function mastery(rating: number, n = 5): MasteryState {
  return { n, rating, version: 1, reason: 'solved-expected' };
}
function facts(entries: Partial<Record<Module, ModuleFacts>>): Map<Module, ModuleFacts> {
  return new Map(Module.options.flatMap((module) => (entries[module] ? [[module, entries[module]]] : [])));
}

type Wish = Partial<Omit<SelectionInput, 'config'>> & { config?: object; zone?: string };
function select({ config = {}, zone = 'UTC', ...wish }: Wish) {
  return selectTasks({
    now: NOW,
    calendar: calendarOf(zone),
    catalogue: [],
    seen: new Set(),
    modules: new Map(),
    mastery: new Map(),
    planned: [],
    reviewsDue: [],
    wanted: 1,
    ...wish,
    config: SelectionConfig.parse(config),
  });
}
const ids = (tasks: readonly { problem_id: string }[]) => tasks.map(({ problem_id }) => problem_id);

const arraysAndHashing = [...shelf('arrays-strings', 1, 8), ...shelf('hashing', 1, 8)];

test('a path begins with the modules up to arrays-strings, by turns', () => {
  const catalogue = [...shelf('introduction', 1, 5), ...arraysAndHashing];
  const modules = select({ catalogue, wanted: 4 }).map((task) => task.module);
  expect(modules).toEqual(['introduction', 'arrays-strings', 'introduction', 'arrays-strings']);
});

test.each([
  [5, ['arrays-strings', 'arrays-strings']],
  [6, ['arrays-strings', 'hashing']],
])('with %d of 8 arrays problems completed the next come from %j', (completed, expected) => {
  const modules = facts({ 'arrays-strings': { completed, difficulty: level(1) } });
  const chosen = select({ catalogue: arraysAndHashing, modules, wanted: 2 });
  expect(chosen.map((task) => task.module)).toEqual(expected);
});

test('config opens modules, orders them, weighs them and leaves them out', () => {
  const catalogue = [...arraysAndHashing, ...shelf('heaps', 1, 8)];
  const first = (config: object, wanted = 3) =>
    select({ catalogue, config, wanted }).map((task) => task.module);
  expect(first({ unlocked_modules: ['heaps'] })).toEqual(['arrays-strings', 'heaps', 'arrays-strings']);
  expect(first({ modules: ['heaps', 'hashing'] })).toEqual(['heaps', 'heaps', 'heaps']);
  expect(first({ module_weights: { 'arrays-strings': 0, introduction: 0 } })).toEqual([
    'hashing',
    'hashing',
    'hashing',
  ]);
  expect(first({ unlocked_modules: ['heaps'], module_weights: { heaps: 3 } }, 4)).toEqual([
    'heaps',
    'heaps',
    'arrays-strings',
    'heaps',
  ]);
});

test('difficulty is that of the module, and the step is explained', () => {
  const catalogue = [1, 2, 3].flatMap((d) => shelf('arrays-strings', d as Difficulty, 3));
  const reasonAt = (state: DifficultyState) => {
    const [task] = select({
      catalogue,
      modules: facts({ 'arrays-strings': { completed: 2, difficulty: state } }),
    });
    return [task?.difficulty, task?.reason.code, task?.reason.text];
  };
  expect(reasonAt(level(3, 'stepped-up'))).toEqual([
    3,
    'stepped-up',
    'You solved two in a row in arrays and strings, so this one is harder.',
  ]);
  expect(reasonAt(level(1, 'stepped-down'))).toEqual([
    1,
    'stepped-down',
    'Your last problem in arrays and strings went badly, so this one is easier.',
  ]);
  expect(reasonAt(level(2))).toEqual([
    2,
    'at-your-level',
    'The next problem in arrays and strings at your level (difficulty 2).',
  ]);
});

test('below a level that mastery does not bear out, problems are easier, and the reason says so', () => {
  const catalogue = [1, 2, 3, 4].flatMap((d) => shelf('arrays-strings', d as Difficulty, 3));
  const chosenAt = (state: DifficultyState, rating: number) => {
    const [task] = select({
      catalogue,
      modules: facts({ 'arrays-strings': { completed: 4, difficulty: state } }),
      mastery: new Map([['arrays-strings', mastery(rating)]]),
    });
    return [task?.difficulty, task?.reason.code, task?.reason.text];
  };
  expect(chosenAt(level(4, 'stepped-up'), 1500)).toEqual([
    2,
    'within-reach',
    'Your results in arrays and strings so far fit difficulty 2 better than 4.',
  ]);
  expect(chosenAt(level(4, 'stepped-up'), 1900).slice(0, 2)).toEqual([4, 'stepped-up']);
  expect(chosenAt(level(4, 'stepped-down'), 1500).slice(0, 2)).toEqual([2, 'stepped-down']);
});

test('when a difficulty has run out the nearest one is taken, the easier of two', () => {
  const catalogue = [
    problem('a', 'arrays-strings', 2),
    problem('b', 'arrays-strings', 4),
    problem('c', 'arrays-strings', 5),
  ];
  const modules = facts({ 'arrays-strings': { completed: 1, difficulty: level(3) } });
  const chosen = select({ catalogue, modules, wanted: 5 });
  expect(ids(chosen)).toEqual(['a', 'b', 'c']);
  expect(chosen[0]?.reason).toEqual({
    code: 'nearest-left',
    text: 'No problem of difficulty 3 is left in arrays and strings; difficulty 2 is the nearest.',
  });
});

test('before a problem that is two steps too hard, the next module opens early and finished ones go on', () => {
  const catalogue = [
    problem('arrays-hard', 'arrays-strings', 4),
    problem('arrays-easy', 'arrays-strings', 1),
    problem('hashing-hard', 'hashing', 5),
    problem('trees-easy', 'trees-graphs', 2),
  ];
  const chosen = select({ catalogue, wanted: 9 });
  expect(ids(chosen)).toEqual(['arrays-easy', 'trees-easy', 'arrays-hard', 'hashing-hard']);
  expect(chosen[1]?.reason.code).toBe('opened-early');
});

test('a module whose target is reached rests until the others are done', () => {
  const modules = facts({ 'arrays-strings': { completed: 8, difficulty: level(1) } });
  const catalogue = [...shelf('arrays-strings', 1, 12), ...shelf('hashing', 1, 2)];
  const chosen = select({ catalogue, modules, wanted: 3 });
  expect(chosen.map((task) => task.module)).toEqual(['hashing', 'hashing', 'arrays-strings']);
  expect(chosen[2]?.reason.code).toBe('extra-practice');
});

test('the weakest topic comes first and says so; the tasks for it make room for the others', () => {
  const catalogue = [
    ...shelf('hashing', 1, 1, 'grouping'),
    ...shelf('hashing', 2, 4, 'hash-map'),
    problem('sets', 'hashing', 2, 'hash-set'),
  ];
  const known = new Map([
    ['hashing', mastery(1500)],
    ['hash-map', mastery(1300)],
    ['hash-set', mastery(1380)],
  ]);
  const modules = facts({ hashing: { completed: 1, difficulty: level(2) } });
  const chosen = select({ catalogue, modules, mastery: known, wanted: 4, config: { modules: ['hashing'] } });
  expect(ids(chosen)).toEqual(['hashing-2-0', 'hashing-2-1', 'sets', 'hashing-2-2']);
  expect(chosen[0]?.reason).toEqual({
    code: 'weakest-topic',
    text: 'Your weakest topic in hashing is hash map.',
  });
  expect(chosen[2]?.reason.text).toBe('Among your weaker topics in hashing is hash set.');
});

test('a topic without evidence counts like its module and is named as new', () => {
  const catalogue = [problem('a', 'hashing', 1, 'hash-map'), problem('b', 'hashing', 1, 'hash-set')];
  const known = new Map([
    ['hashing', mastery(1300)],
    ['hash-map', mastery(1350)],
  ]);
  const modules = facts({ hashing: { completed: 1, difficulty: level(1) } });
  const [task] = select({ catalogue, modules, mastery: known, config: { modules: ['hashing'] } });
  expect(task).toMatchObject({
    problem_id: 'b',
    reason: { code: 'new-topic', text: 'You have not met hash set yet.' },
  });
});

test('nothing that the path has seen comes again, nor another problem of its group', () => {
  const grouped = (id: string, group: string) => ({
    ...problem(id, 'arrays-strings', 1),
    equivalence_group: group,
  });
  const catalogue = [
    grouped('sort-a', 'sort-a'),
    grouped('sort-b', 'sort-a'),
    grouped('max-b', 'max-a'),
    grouped('max-c', 'max-a'),
  ];
  expect(ids(select({ catalogue, seen: new Set(['sort-a']), wanted: 9 }))).toEqual(['max-b']);
  expect(ids(select({ catalogue, seen: new Set(['sort-b']), wanted: 9 }))).toEqual(['max-b']);
});

test('days fill up from today with tasks_per_day, less their reviews, but never without new work', () => {
  const chosen = select({
    catalogue: shelf('arrays-strings', 1, 8),
    config: { tasks_per_day: 3 },
    planned: [
      { module: 'arrays-strings', topic_tags: [], scheduled_at: '2026-03-10T05:00:00.000Z', open: false },
    ],
    reviewsDue: [...Array<string>(9).fill('2026-03-11'), '2026-03-12'],
    wanted: 6,
  });
  expect(chosen.map((task) => task.scheduled_at)).toEqual([
    '2026-03-10T09:01:00.000Z',
    '2026-03-10T09:02:00.000Z',
    '2026-03-11T04:00:00.000Z',
    '2026-03-12T04:00:00.000Z',
    '2026-03-12T04:01:00.000Z',
    '2026-03-13T04:00:00.000Z',
  ]);
});

test("a new day begins at four in the learner's morning", () => {
  const chosen = select({
    catalogue: shelf('arrays-strings', 1, 3),
    config: { tasks_per_day: 1 },
    zone: 'Asia/Kolkata',
    wanted: 2,
  });
  expect(chosen[1]?.scheduled_at).toBe('2026-03-10T22:30:00.000Z');
});

const bank = fc.uniqueArray(
  fc.record({
    n: fc.nat(999),
    module: fc.constantFrom(...Module.options),
    difficulty: fc.integer({ min: 1, max: 5 }).map((d) => d as Difficulty),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
    group: fc.option(fc.constantFrom('g1', 'g2', 'g3')),
  }),
  { selector: ({ n }) => n, maxLength: 60 },
);

test('any input gives distinct unseen problems, each with a reason, no day above the cap, and the same again', () => {
  const input = fc.record({
    bank,
    seen: fc.array(fc.nat(999), { maxLength: 30 }),
    wanted: fc.integer({ min: 0, max: 50 }),
    perDay: fc.integer({ min: 1, max: 6 }),
    zone: fc.constantFrom('UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'),
    completed: fc.array(fc.nat(12), { minLength: 14, maxLength: 14 }),
    levels: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 14, maxLength: 14 }),
    reviews: fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(input, ({ bank: drawn, seen, wanted, perDay, zone, completed, levels, reviews }) => {
      const catalogue = drawn.map(({ n, module, difficulty, tags, group }) => ({
        ...problem(`p${n}`, module, difficulty, ...tags),
        equivalence_group: group,
      }));
      const calendar = calendarOf(zone);
      const wish: Wish = {
        catalogue,
        zone,
        wanted,
        seen: new Set(seen.map((n) => `p${n}`)),
        config: { tasks_per_day: perDay },
        reviewsDue: reviews.map((days) =>
          new Date(Date.parse(NOW) + days * 86_400_000).toISOString().slice(0, 10),
        ),
        modules: new Map(
          Module.options.map((module, i) => [
            module,
            { completed: completed[i] ?? 0, difficulty: level((levels[i] ?? 1) as Difficulty) },
          ]),
        ),
      };
      const chosen = select(wish);
      const groups = new Map(catalogue.map((p) => [p.problem_id, p.equivalence_group ?? p.problem_id]));
      const met = new Set([...(wish.seen ?? [])].map((id) => groups.get(id) ?? id));
      for (const task of chosen) {
        const key = groups.get(task.problem_id) ?? '';
        expect(met.has(key)).toBe(false);
        met.add(key);
        expect(SelectionReason.safeParse(task.reason).success).toBe(true);
        expect(Date.parse(task.scheduled_at)).toBeGreaterThanOrEqual(Date.parse(NOW));
      }
      const left = new Set([...groups.values()].filter((key) => !met.has(key)));
      expect(chosen.length === wanted || left.size === 0).toBe(true);
      const days = chosen.map(({ scheduled_at }) => calendar.dayOf(Date.parse(scheduled_at)));
      expect(
        Math.max(0, ...[...Map.groupBy(days, (day) => day).values()].map((list) => list.length)),
      ).toBeLessThanOrEqual(perDay);
      expect(select({ ...wish, catalogue: catalogue.toReversed() })).toEqual(chosen);
    }),
    { numRuns: 400 },
  );
}, 30_000);

test('a catalogue of 2,300 problems takes milliseconds', () => {
  const catalogue = Array.from({ length: 2300 }, (_, n) => {
    const module = Module.options[n % 14] ?? 'design';
    return problem(`p${n}`, module, ((n % 5) + 1) as Difficulty, `tag-${n % 90}`, `tag-${(n * 7) % 90}`);
  });
  const known = new Map(Array.from({ length: 90 }, (_, n) => [`tag-${n}`, mastery(1200 + 7 * n)]));
  const seen = new Set(catalogue.slice(0, 1000).map((p) => p.problem_id));
  const wish: Wish = {
    catalogue,
    mastery: known,
    seen,
    wanted: 8,
    config: { unlocked_modules: [...Module.options] },
  };
  select(wish);
  const times = Array.from({ length: 20 }, () => {
    const started = performance.now();
    expect(select(wish)).toHaveLength(8);
    return performance.now() - started;
  }).toSorted((a, b) => a - b);
  expect(times[10]).toBeLessThan(50);
});
