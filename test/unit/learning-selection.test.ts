import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DifficultyState, type MasteryState, SelectionReason } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { type Difficulty, Module } from '#contract/vocabulary.ts';
import { calendarOf } from '#domain/calendar.ts';
import { type SelectedTask, selectTasks } from '#domain/learning/selection.ts';
import {
  type History,
  type ModuleFacts,
  SelectionConfig,
  type SelectionInput,
} from '#domain/learning/selection-input.ts';
import { moduleTargets } from '#domain/learning/targets.ts';

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

type Wish = Partial<Omit<SelectionInput, 'config' | 'history'>> & {
  config?: object;
  zone?: string;
  history?: Partial<History>;
};
/** Target of every module unless a test is about targets. */
const GOAL = { module_target: 8 };
const NO_HISTORY: History = { solved: new Set(), attempted: [], skipped: [] };
const tried = (...ids: string[]) =>
  ids.map((problem_id) => ({ problem_id, task_id: `task of ${problem_id}` }));
const open = (problem_id: string, module: Module = 'arrays-strings') => ({
  problem_id,
  module,
  topic_tags: [],
  scheduled_at: NOW,
  open: true,
});
function select({ config = {}, zone = 'UTC', history = {}, ...wish }: Wish) {
  return selectTasks({
    now: NOW,
    calendar: calendarOf(zone),
    catalogue: [],
    modules: new Map(),
    mastery: new Map(),
    planned: [],
    reviewsDue: [],
    reviewsDone: [],
    wanted: 1,
    ...wish,
    history: { ...NO_HISTORY, ...history },
    config: SelectionConfig.parse({ ...GOAL, ...config }),
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
])('with %d of 8 arrays problems solved the next come from %j', (solved, expected) => {
  const modules = facts({ 'arrays-strings': { solved, difficulty: level(1) } });
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
      modules: facts({ 'arrays-strings': { solved: 2, difficulty: state } }),
    });
    return [task?.difficulty, task?.reason.code, task?.reason.text];
  };
  expect(reasonAt(level(3, 'stepped-up'))).toEqual([
    3,
    'stepped-up',
    'You solved two in a row in arrays and strings, so your level there is now 3.',
  ]);
  expect(reasonAt(level(1, 'stepped-down'))).toEqual([
    1,
    'stepped-down',
    'Your last new problem in arrays and strings passed less than half of its tests, so your level there is now 1.',
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
      modules: facts({ 'arrays-strings': { solved: 4, difficulty: state } }),
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
  const modules = facts({ 'arrays-strings': { solved: 1, difficulty: level(3) } });
  const chosen = select({ catalogue, modules, wanted: 5 });
  expect(ids(chosen)).toEqual(['a', 'b', 'c']);
  expect(chosen[0]?.reason).toEqual({
    code: 'nearest-left',
    text: 'No new problem of difficulty 3 is left in arrays and strings; difficulty 2 is the nearest.',
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
  expect(chosen[1]?.reason).toEqual({
    code: 'opened-early',
    text: 'The open modules have no new problem near your level left, so trees and graphs opens early.',
  });
});

test('a module that opens early because the goals are planned says so, and not that nothing is left', () => {
  const catalogue = [...shelf('arrays-strings', 1, 500), ...shelf('hashing', 1, 40)];
  const modules = facts({ 'arrays-strings': { solved: 3, difficulty: level(1) } });
  const chosen = select({ catalogue, modules, wanted: 6 });
  expect(chosen.map((task) => task.module)).toEqual([...Array(5).fill('arrays-strings'), 'hashing']);
  expect(chosen[5]?.reason).toEqual({
    code: 'opened-early',
    text: 'All that the goals of the open modules need is solved or planned, so hashing opens early.',
  });
});

test('a first problem in a module is one that was neither tried nor planned there', () => {
  const catalogue = shelf('arrays-strings', 1, 4);
  const reason = (wish: Wish) => select({ catalogue, ...wish })[0]?.reason;
  expect(reason({})).toEqual({
    code: 'new-module',
    text: 'Arrays and strings is open: this is your first problem in it.',
  });
  const held = facts({ 'arrays-strings': { solved: 0, difficulty: level(1) } });
  const again = reason({ modules: held, history: { attempted: tried('arrays-strings-1-0') } });
  expect(again?.code).toBe('at-your-level');
});

test('a goal that is not named is the part of 300 by size and weight, at least 8 and at most all of the module', () => {
  const catalogue = [
    ...shelf('arrays-strings', 1, 600),
    ...shelf('hashing', 1, 300),
    ...shelf('heaps', 1, 5),
    ...shelf('design', 1, 95),
  ];
  const byModule = Map.groupBy(catalogue, ({ module }) => module);
  const goals = (module_weights: Partial<Record<Module, number>>, module_target: number | null = null) =>
    Object.fromEntries(
      moduleTargets(['arrays-strings', 'hashing', 'heaps', 'design'], byModule, {
        module_target,
        module_weights,
      }),
    );
  expect(goals({})).toEqual({ 'arrays-strings': 180, hashing: 90, heaps: 5, design: 29 });
  expect(goals({ hashing: 4 })).toEqual({ 'arrays-strings': 95, hashing: 189, heaps: 5, design: 15 });
  expect(goals({}, 20)).toEqual({ 'arrays-strings': 20, hashing: 20, heaps: 5, design: 20 });
});

test('a module whose target is reached rests until the others are done', () => {
  const modules = facts({ 'arrays-strings': { solved: 8, difficulty: level(1) } });
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
  const modules = facts({ hashing: { solved: 1, difficulty: level(2) } });
  const chosen = select({ catalogue, modules, mastery: known, wanted: 4, config: { modules: ['hashing'] } });
  expect(ids(chosen)).toEqual(['hashing-2-0', 'hashing-2-1', 'sets', 'hashing-2-2']);
  expect(chosen[0]?.reason).toEqual({
    code: 'weakest-topic',
    text: 'Your weakest topic in hashing is hash map.',
  });
  expect(chosen[2]?.reason).toEqual({
    code: 'topic-turn',
    text: 'Next is hash set: with the tasks that are planned already, it needs practice most here.',
  });
});

test('a topic without evidence counts like its module and is named as new', () => {
  const catalogue = [problem('a', 'hashing', 1, 'hash-map'), problem('b', 'hashing', 1, 'hash-set')];
  const known = new Map([
    ['hashing', mastery(1300)],
    ['hash-map', mastery(1350)],
  ]);
  const modules = facts({ hashing: { solved: 1, difficulty: level(1) } });
  const [task] = select({ catalogue, modules, mastery: known, config: { modules: ['hashing'] } });
  expect(task).toMatchObject({
    problem_id: 'b',
    reason: { code: 'new-topic', text: 'You have not met hash set yet.' },
  });
});

test('what was seen rests, and so does what asks for the same function, until nothing else is left', () => {
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
  const chosen = select({ catalogue, history: { solved: new Set(['sort-a']) }, wanted: 9 });
  expect(ids(chosen)).toEqual(['max-b', 'max-c', 'sort-b']);
  expect(chosen.map(({ reason }) => reason.code)).toEqual(['new-module', 'same-function', 'same-function']);
  expect(ids(select({ catalogue, planned: [open('sort-b')], wanted: 1 }))).toEqual(['max-b']);
});

test('skipped problems come after all new ones, tried ones after those, least recently first; solved ones never', () => {
  const catalogue = shelf('arrays-strings', 1, 6);
  const id = (n: number) => `arrays-strings-1-${n}`;
  const history = {
    solved: new Set([id(0)]),
    attempted: tried(id(4), id(1)),
    skipped: [id(2)],
  };
  const chosen = select({ catalogue, history, planned: [open(id(5))], wanted: 9 });
  expect(chosen.map(({ problem_id, reason, retry_of }) => [problem_id, reason.code, retry_of])).toEqual([
    [id(3), 'at-your-level', null],
    [id(2), 'skipped-before', null],
    [id(4), 'retry', `task of ${id(4)}`],
    [id(1), 'retry', `task of ${id(1)}`],
  ]);
  for (const { reason } of chosen.slice(1)) expect(reason.text).toMatch(/^Nothing (else )?new is left/);
});

test('a module that is left out brings no retries either', () => {
  const catalogue = shelf('heaps', 1, 1);
  const history = { attempted: tried('heaps-1-0') };
  expect(ids(select({ catalogue, history }))).toEqual(['heaps-1-0']);
  expect(select({ catalogue, history, config: { modules: ['hashing'] } })).toEqual([]);
});

test('days fill up from today with tasks_per_day, less their reviews, but never without new work', () => {
  const chosen = select({
    catalogue: shelf('arrays-strings', 1, 8),
    config: { tasks_per_day: 3 },
    planned: [{ ...open('done'), scheduled_at: '2026-03-10T05:00:00.000Z', open: false }],
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

test('reviews that are done make no place for more new tasks today, and tomorrow is taken to bring as many', () => {
  const chosen = select({
    catalogue: shelf('arrays-strings', 1, 8),
    config: { tasks_per_day: 4 },
    reviewsDone: ['2026-03-10T08:00:00.000Z', '2026-03-10T08:30:00.000Z', '2026-03-09T08:00:00.000Z'],
    reviewsDue: ['2026-03-10'],
    wanted: 3,
  });
  expect(chosen.map((task) => task.scheduled_at)).toEqual([
    '2026-03-10T09:00:00.000Z',
    '2026-03-11T04:00:00.000Z',
    '2026-03-12T04:00:00.000Z',
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

test('any input gives distinct unsolved problems, all that there are, each with a reason, no day above the cap', () => {
  const input = fc.record({
    bank,
    solved: fc.array(fc.nat(999), { maxLength: 30 }),
    attempted: fc.uniqueArray(fc.nat(999), { maxLength: 30 }),
    skipped: fc.uniqueArray(fc.nat(999), { maxLength: 10 }),
    wanted: fc.integer({ min: 0, max: 50 }),
    perDay: fc.integer({ min: 1, max: 6 }),
    zone: fc.constantFrom('UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'),
    passed: fc.array(fc.nat(12), { minLength: 14, maxLength: 14 }),
    levels: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 14, maxLength: 14 }),
    reviews: fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(input, ({ bank: drawn, wanted, perDay, zone, passed, levels, reviews, ...seen }) => {
      const catalogue = drawn.map(({ n, module, difficulty, tags, group }) => ({
        ...problem(`p${n}`, module, difficulty, ...tags),
        equivalence_group: group,
      }));
      const calendar = calendarOf(zone);
      const solved = new Set(seen.solved.map((n) => `p${n}`));
      const attempted = tried(...seen.attempted.map((n) => `p${n}`)).filter((t) => !solved.has(t.problem_id));
      const known = new Set([...solved, ...attempted.map(({ problem_id }) => problem_id)]);
      const skipped = seen.skipped.map((n) => `p${n}`).filter((id) => !known.has(id));
      const history = { solved, attempted, skipped };
      const wish: Wish = {
        catalogue,
        zone,
        wanted,
        history,
        config: { tasks_per_day: perDay },
        reviewsDue: reviews.map((days) =>
          new Date(Date.parse(NOW) + days * 86_400_000).toISOString().slice(0, 10),
        ),
        modules: new Map(
          Module.options.map((module, i) => [
            module,
            { solved: passed[i] ?? 0, difficulty: level((levels[i] ?? 1) as Difficulty) },
          ]),
        ),
      };
      const chosen = select(wish);
      const left = catalogue.filter(({ problem_id }) => !solved.has(problem_id));
      expect(chosen).toHaveLength(Math.min(wanted, left.length));
      expect(new Set(ids(chosen)).size).toBe(chosen.length);
      const tier = ({ problem_id, retry_of }: SelectedTask) =>
        retry_of !== null ? 2 : skipped.includes(problem_id) ? 1 : 0;
      const tiers = chosen.map(tier);
      expect(tiers).toEqual(tiers.toSorted());
      for (const task of chosen) {
        expect(solved.has(task.problem_id)).toBe(false);
        expect(task.retry_of !== null).toBe(known.has(task.problem_id));
        expect(SelectionReason.safeParse(task.reason).success).toBe(true);
        expect(Date.parse(task.scheduled_at)).toBeGreaterThanOrEqual(Date.parse(NOW));
      }
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
  const solved = new Set(catalogue.slice(0, 1000).map((p) => p.problem_id));
  const wish: Wish = {
    catalogue,
    mastery: known,
    history: { solved },
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
