import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Progress } from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import { createProblemBank, type ProblemBank } from '#worker/clients/problem-bank.ts';
import type { Context } from '#worker/context.ts';
import { createLogger, type LogFields } from '#worker/log.ts';
import { currentPath } from '#worker/paths/store.ts';
import { showProgress } from '#worker/progress/show.ts';
import { progressRecord } from '#worker/progress/store.ts';
import { NOW } from '../support/evaluation-bench.ts';
import { type Learner, type ProgressBench, progressBench, seed, taskOf } from '../support/progress-bench.ts';

let bench: ProgressBench;
let someone: Learner;
beforeAll(async () => {
  bench = await progressBench();
});
beforeEach(async () => {
  someone = await bench.newLearner(Array.from({ length: 12 }, (_, index) => seed(index)));
});
afterAll(() => bench.close());

test("progress is the learner's own, and the current path tells the same figures", async () => {
  await bench.verbs.submit?.(someone, taskOf(someone, 0), NOW, 0);
  await bench.verbs.settle?.(someone, taskOf(someone, 0), NOW, 3);
  const { learner, path: id } = someone;
  expect(await progressRecord(bench.db, 'somebody-else', id, NOW)).toBeUndefined();
  expect(await progressRecord(bench.db, learner, randomUUID(), NOW)).toBeUndefined();
  const record = await progressRecord(bench.db, learner, id, NOW);
  expect(record?.calendars).toMatchObject([{ path_id: id, time_zone: 'UTC', day_start_hour: 4 }]);
  expect(record?.modules.map(({ tasks }) => tasks)).toEqual([4, 4, 4]);
  expect(record?.days).toEqual([{ date: '2026-03-01', quarters: 1 }]);
  const { progress } = (await currentPath(bench.db, learner, null)) ?? {};
  expect(progress).toEqual({
    tasks: 12,
    by_status: { scheduled: 11, in_progress: 0, completed: 1, skipped: 0, expired: 0 },
    solved: 1,
    attempted: 0,
    accuracy: 1,
    mean_score: 1,
    hints_used: 0,
    time_spent_seconds: 0,
  });
});

test('without the bank progress lacks the sizes of modules and nothing else', async () => {
  const seen: LogFields[] = [];
  const bank = (respond: () => Promise<Response>) =>
    createProblemBank({ fetcher: { fetch: respond }, url: 'http://bank.invalid', apiKey: 'key' });
  const show = (problemBank: ProblemBank) =>
    showProgress(
      {
        db: bench.db,
        problemBank,
        now: NOW,
        requestId: 'test',
        log: createLogger({}, (line) => seen.push(JSON.parse(line))),
      } as Context,
      someone.learner,
      someone.path,
    );
  const down = await show(bank(() => Promise.reject(new TypeError('connection refused'))));
  const sizes = { data: Module.options.map((module) => ({ module, problems: 8 })) };
  const up = await show(bank(() => Promise.resolve(Response.json(sizes))));
  expect(
    down.modules.every(
      ({ module_size, completion_rate }) => module_size === null && completion_rate === null,
    ),
  ).toBe(true);
  expect(up.modules.map(({ module_size }) => module_size)).toEqual(Module.options.map(() => 8));
  const without = (progress: Progress) => ({
    ...progress,
    modules: progress.modules.map((module) => ({ ...module, module_size: null, completion_rate: null })),
  });
  expect(without(up)).toEqual(down);
  expect(seen).toEqual([expect.objectContaining({ level: 'warn', event: 'module-sizes-unavailable' })]);
});

test('scheduled reviews are counted by the quarter of an hour, those long overdue together', async () => {
  const review = (scheduled_at: string, kind: TaskSeed['kind'] = 'review') => seed(0, { kind, scheduled_at });
  const who = await bench.newLearner([
    review('2026-02-01T00:00:00.000Z'),
    review('2026-02-20T00:00:00.000Z'),
    review('2026-03-01T09:59:59.000Z'),
    review('2026-03-02T00:05:00.000Z'),
    review('2026-03-02T00:14:00.000Z'),
    review('2026-03-02T00:14:00.000Z', 'problem'),
    review('2026-03-30T00:00:00.000Z'),
  ]);
  await bench.verbs.skip?.(who, taskOf(who, 4), NOW, 0);
  const record = await progressRecord(bench.db, who.learner, who.path, NOW);
  const found = record?.reviews.map(({ day, at, reviews }) => [day, new Date(at).toISOString(), reviews]);
  expect(found?.toSorted()).toEqual([
    [null, '2026-02-27T10:00:00.000Z', 2],
    [null, '2026-03-01T09:45:00.000Z', 1],
    [null, '2026-03-02T00:00:00.000Z', 1],
  ]);
});
