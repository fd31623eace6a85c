import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expireTasks } from '#worker/jobs/store.ts';
import { detachRows, removeDetached } from '#worker/privacy/store.ts';
import { startTask } from '#worker/tasks/store.ts';
import { NOW, stamp } from '../support/evaluation-bench.ts';
import {
  type Learner,
  type ProgressBench,
  progressBench,
  seed,
  TAGS,
  taskOf,
} from '../support/progress-bench.ts';

let bench: ProgressBench;
let someone: Learner;
beforeAll(async () => {
  bench = await progressBench();
});
beforeEach(async () => {
  someone = await bench.newLearner(Array.from({ length: 12 }, (_, index) => seed(index)));
});
afterAll(() => bench.close());

/** What `DELETE /v1/study-paths/{id}` does. */
async function deletePath({ learner, path }: Learner): Promise<void> {
  await detachRows(bench.db, learner, { ...stamp, pathId: path, erasureId: randomUUID() });
  while (await removeDetached(bench.db, [path]));
}

/** What random ways seldom reach: every score there is, full ones too, and tasks that nobody came back to. */
const SOLVED_AND_EXPIRED = [
  ...[0, 1, 2, 3].flatMap((pick) => [
    { verb: 'submit', pick, roll: 0, minutes: 1 },
    { verb: 'settle', pick, roll: pick, minutes: 1 },
  ]),
  ...Array.from({ length: 12 }, () => ({ verb: 'expire', pick: 0, roll: 0, minutes: 3000 })),
];

test('whatever learners and crons do, the sums are those of the tasks', async () => {
  const reached = new Set<unknown>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('first_attempt', 'until_passed'),
      fc.array(
        fc.record({
          verb: fc.constantFrom(...Object.keys(bench.verbs), 'submit', 'settle', 'settle', 'start', 'read'),
          pick: fc.nat(30),
          roll: fc.nat(30),
          minutes: fc.nat(3000),
        }),
        { minLength: 20, maxLength: 60 },
      ),
      async (completion, steps) => {
        const who = await bench.newLearner(
          Array.from({ length: 6 }, (_, index) => seed(index)),
          { completion },
        );
        let at = Date.parse(NOW);
        for (const { verb, pick, roll, minutes } of steps) {
          at += minutes * 60_000;
          await bench.verbs[verb]?.(who, taskOf(who, pick), new Date(at).toISOString(), roll);
        }
        await bench.expectRight(who.path);
        for (const row of await bench.kept(who.path))
          for (const [key, value] of Object.entries(row))
            if (typeof value === 'number' && value > 0) reached.add(key);
      },
    ),
    { numRuns: 25, examples: [['first_attempt', SOLVED_AND_EXPIRED]] },
  );
  // Every sum has been more than nothing in some run: none of them was right for want of trying.
  expect([...reached].toSorted()).toEqual([
    'completed',
    'expired',
    'first_results',
    'hints_used',
    'in_progress',
    'judged',
    'problems_solved',
    'problems_tried',
    'scheduled',
    'skipped',
    'solved',
    'solved_first',
    'tasks',
    'time_spent_seconds',
  ]);
});

test('a change of what nobody sums touches no row of the sums', async () => {
  const xmin = () =>
    bench.rows('select name, xmin::text from progress_counters where path_id = $1 order by 1', [
      someone.path,
    ]);
  const before = await xmin();
  await bench.rows(
    `update study_tasks set attempts = attempts + 1, expires_at = expires_at + interval '1 day',
       metadata = metadata || '{"note":1}' where path_id = $1`,
    [someone.path],
  );
  expect(await xmin()).toEqual(before);
  expect(before).not.toEqual([]);
});

test('a change that no verb makes is summed as well: module, kind, tags, path, a task deleted', async () => {
  const other = await bench.newLearner([]);
  const [first, second, third, fourth] = someone.tasks;
  await bench.rows(`update study_tasks set module = 'design', topic_tags = '{new,array}' where id = $1`, [
    first,
  ]);
  await bench.rows(`update study_tasks set kind = 'lesson' where id = $1`, [second]);
  await bench.rows('update study_tasks set path_id = $2 where id = $1', [third, other.path]);
  await bench.dropTasks('id', fourth ?? '');
  await bench.expectRight(someone.path);
  await bench.expectRight(other.path);
});

test('tasks of a path that an erasure empties are not summed any more', async () => {
  const before = await bench.kept(someone.path);
  await bench.rows(`update study_paths set user_id = '' where id = $1`, [someone.path]);
  await bench.dropTasks('path_id', someone.path);
  expect(await bench.kept(someone.path)).toEqual(before);
  expect(await removeDetached(bench.db, [someone.path])).toBe(false);
  expect(await bench.kept(someone.path)).toEqual([]);
});

test('twenty writers of one path at once: nobody fails, nobody is thrown back, every sum is right', async () => {
  const seeds = Array.from({ length: 20 }, (_, index) => seed(index, { topic_tags: TAGS.toReversed() }));
  const who = await bench.newLearner(seeds);
  bench.failures.length = 0;
  await Promise.all(
    seeds.map(async ({ id }, index) => {
      const at = new Date(Date.parse(NOW) + index * 1_000_000).toISOString();
      for (const verb of ['hint', 'start', 'submit', 'settle', 'read', 'hint', 'submit', 'settle', 'add'])
        await bench.verbs[verb]?.(who, id, at, index);
    }),
  );
  expect(bench.failures).toEqual([]);
  expect(who.tasks).toHaveLength(60);
  await bench.expectRight(who.path);
});

test('two crons expire the same 5,000 tasks of 40 paths while their learners start some', async () => {
  const learners = await Promise.all(
    Array.from({ length: 40 }, () =>
      bench.newLearner(Array.from({ length: 125 }, (_, index) => seed(index))),
    ),
  );
  const late = '2026-03-20T00:00:00.000Z';
  bench.failures.length = 0;
  async function cron() {
    let expired = 0;
    for (let changed = 500; changed === 500; expired += changed)
      changed = await expireTasks(bench.db, { ...stamp, now: late, limit: 500 });
    return expired;
  }
  const crons = Promise.all([cron(), cron()]);
  const starts = Promise.all(
    learners.map(({ learner, tasks }) =>
      startTask(bench.db, learner, tasks[0] ?? '', {
        ...stamp,
        now: late,
        if_versions: null,
      }),
    ),
  );
  const [counts, started] = [await crons, await starts];
  const kept = started.filter((row) => row?.changed !== null).length;
  expect(counts[0] + counts[1] + (await cron())).toBeGreaterThanOrEqual(5000 - kept);
  expect(bench.failures).toEqual([]);
  for (const { path } of learners) await bench.expectRight(path);
});

test('a path that is deleted takes its sums along, also while it is being used', async () => {
  const who = await bench.newLearner(Array.from({ length: 20 }, (_, index) => seed(index)));
  const at = '2026-03-02T10:00:00.000Z';
  const use = who.tasks.map(async (task, index) => {
    for (const verb of ['start', 'submit', 'settle', 'hint', 'submit'])
      await bench.verbs[verb]?.(who, task, at, index);
  });
  const gone = deletePath(who);
  const [, ...uses] = await Promise.allSettled([gone, ...use]);
  await gone;
  expect(uses.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(
    await bench.rows(
      `select (select count(*) from progress_counters where path_id = $1)
         + (select count(*) from tried_problems where path_id = $1)
         + (select count(*) from solved_problems where path_id = $1)
         + (select count(*) from practice_days where path_id = $1) as left`,
      [who.path],
    ),
  ).toEqual([{ left: '0' }]);
});
