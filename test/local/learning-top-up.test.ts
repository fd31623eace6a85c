import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SelectionCode } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import { SELECTION_RULE_VERSION } from '#domain/learning/selection.ts';
import type { StoredEvaluation } from '#worker/evaluations/store.ts';
import { topUpPaths } from '#worker/planning/top-up.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  LATER,
  patched,
  typesOf,
} from '../support/evaluation-bench.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

const HORIZON = 4;
const PATH = { config: { horizon: HORIZON }, module: 'arrays-strings' };

/** Forty problems of two modules, of every difficulty. */
const catalogue = Array.from(
  { length: 40 },
  (_, index): ProblemSummary => ({
    problem_id: `p-${String(index).padStart(2, '0')}`,
    title: `Problem ${index}`,
    module: index % 2 === 0 ? 'arrays-strings' : 'hashing',
    topic_tags: [`topic-${index % 7}`],
    difficulty: ((Math.floor(index / 2) % 5) + 1) as Difficulty,
    languages: ['python'],
    expected_minutes: 20,
    content_hash: 'c',
  }),
);

type PathTask = {
  id: string;
  problem_id: string;
  status: string;
  metadata: { reason?: string; reason_code?: string; rule_version?: number; retry_of?: string };
};

async function tasksOf(path: string): Promise<PathTask[]> {
  const found = await bench.rows(
    'select id, problem_id, status, metadata from study_tasks where path_id = $1 order by scheduled_at, id',
    [path],
  );
  return found as PathTask[];
}

const openOf = (tasks: readonly PathTask[]) =>
  tasks.filter(({ status }) => status === 'scheduled' || status === 'in_progress');

async function expectSound(path: string) {
  const tasks = await tasksOf(path);
  const open = openOf(tasks).map(({ problem_id }) => problem_id);
  expect(new Set(open).size).toBe(open.length);
  expect(openOf(tasks).length).toBeLessThanOrEqual(HORIZON);
  return tasks;
}

async function solve(learner: string, task: string, passed: number, bank: readonly ProblemSummary[] | null) {
  let seen: StoredEvaluation = await bench.submitted(learner, task);
  for (;;) {
    const written = await bench.settle(seen, judged(passed), { catalogue: bank });
    if (written === undefined) throw new Error('gone');
    if (written.outcome === 'settled') return;
    seen = written;
  }
}

const here = (path: string, at: string) =>
  bench.rows('update study_paths set last_request_at = $2 where id = $1', [path, at]);

const skip = (learner: string, task: string, now: string) =>
  patched(bench.db, learner, task, { status: 'skipped' }, now);

function cron(now = LATER, bank: readonly ProblemSummary[] = catalogue) {
  return topUpPaths({
    db: bench.db,
    problemBank: { list: async () => [...bank] },
    now,
    newId: () => randomUUID(),
    actor: { type: 'system', job: 'top-up-paths' },
    requestId: 'cron',
  });
}

test('each completion tops the path up to its horizon; no problem comes twice, each says why', async () => {
  const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
  let next: string | undefined = task;
  for (let round = 1; round <= 12 && next !== undefined; round += 1) {
    await solve(learner, next, round % 3 === 0 ? 1 : 4, catalogue);
    const open = openOf(await expectSound(path));
    expect(open).toHaveLength(HORIZON);
    next = open[0]?.id;
  }
  const tasks = await tasksOf(path);
  expect(tasks).toHaveLength(12 + HORIZON);
  for (const { id, metadata } of tasks) {
    const [created] = await bench.checkedLog(id);
    if (id === task) continue;
    const { reason, reason_code, rule_version } = metadata;
    expect(SelectionCode.options).toContain(reason_code);
    expect(reason).toMatch(/\.$/);
    expect(rule_version).toBe(SELECTION_RULE_VERSION);
    const why = { reason, reason_code, rule_version };
    expect(created?.payload).toMatchObject({ path_id: path, kind: 'problem', metadata: why });
  }
  expect(tasks.map(({ metadata }) => metadata.reason_code)).toContain('stepped-up');
});

test('two results at once, fifteen times: never too many tasks, never the same problem', async () => {
  for (let round = 1; round <= 15; round += 1) {
    const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
    const other = await bench.newTask({ ...PATH, learner, path, problem_id: 'p-02' });
    await Promise.all([task, other.task].map((id) => solve(learner, id, 4, catalogue)));
    expect(openOf(await expectSound(path))).toHaveLength(HORIZON);
  }
});

test('a bank that holds nothing unsolved adds nothing; a verdict does not need the bank', async () => {
  const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
  await solve(learner, task, 4, catalogue.slice(0, 1));
  expect(await tasksOf(path)).toHaveLength(1);
  const other = await bench.newTask({ ...PATH, learner, path, problem_id: 'p-02' });
  await solve(learner, other.task, 4, null);
  expect(await tasksOf(path)).toHaveLength(2);
  expect(typesOf(await bench.checkedLog(other.task))).toContain('mastery_changed');
});

test('in a path that waits for a pass the first result teaches, and only the pass brings the next tasks', async () => {
  const config = { horizon: HORIZON, completion: 'until_passed' };
  const { learner, task, path } = await bench.newTask({ ...PATH, config, problem_id: 'p-00' });
  await solve(learner, task, 1, catalogue);
  expect(await tasksOf(path)).toHaveLength(1);
  const mastery = () => bench.rows('select * from mastery where user_id = $1', [learner]);
  const learnt = await mastery();
  expect(learnt).toMatchObject([{ topic: 'arrays-strings', n: 1 }]);
  await solve(learner, task, 4, catalogue);
  expect(openOf(await expectSound(path))).toHaveLength(HORIZON);
  expect(await mastery()).toEqual(learnt);
});

test('the cron adds what is missing, also when it runs four times at once', async () => {
  await cron();
  const paths: string[] = [];
  for (let learners = 1; learners <= 5; learners += 1) {
    const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
    await solve(learner, task, 4, null);
    paths.push(path);
  }
  const reports = await Promise.all(Array.from({ length: 4 }, () => cron()));
  expect(reports.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(5 * HORIZON);
  expect(reports.reduce((sum, report) => sum + report.paths, 0)).toBe(5);
  for (const path of paths) expect(openOf(await expectSound(path))).toHaveLength(HORIZON);
  expect(await cron()).toEqual({ paths: 0, tasks: 0 });
});

test('only the newest path of a learner is topped up', async () => {
  const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
  await solve(learner, task, 4, null);
  await bench.rows(`update study_paths set created_at = created_at - interval '1 day' where id = $1`, [path]);
  const newer = await bench.newTask({ ...PATH, learner, problem_id: 'p-00' });
  await solve(learner, newer.task, 4, null);
  expect(await cron()).toEqual({ paths: 1, tasks: HORIZON });
  expect([await tasksOf(path), await tasksOf(newer.path)].map(({ length }) => length)).toEqual([
    1,
    1 + HORIZON,
  ]);
});

test('a learner without a request since the local day began gets nothing from the cron', async () => {
  const config = { ...PATH.config, time_zone: 'America/Los_Angeles' };
  const { path } = await bench.newTask({ ...PATH, config, problem_id: 'p-00', status: 'skipped' });
  // In Los Angeles the day begins at 11:00 UTC.
  await here(path, '2026-03-10T10:59:59.999Z');
  await cron('2026-03-10T11:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(1);
  await here(path, '2026-03-10T11:00:00.000Z');
  await cron('2026-03-11T10:59:59.000Z');
  expect(openOf(await tasksOf(path))).toHaveLength(HORIZON);
});

test('problems come again that expired, or were skipped long ago; solved ones of any path never', async () => {
  const bank = catalogue.filter(({ module }) => module === 'hashing').slice(0, 5);
  const [solved, expired, skipped, recent, fresh] = bank.map(({ problem_id }) => problem_id);
  if (fresh === undefined) throw new Error('too small a bank');
  const seed = { config: { horizon: 9, modules: ['hashing'] }, module: 'hashing' };
  const first = await bench.newTask({ ...seed, problem_id: solved ?? '' });
  const { learner } = first;
  await solve(learner, first.task, 4, null);
  const { path } = await bench.newTask({ ...seed, learner, problem_id: expired ?? '', status: 'expired' });
  for (const [problem_id, day] of [
    [skipped, '2026-02-14'],
    [recent, '2026-02-16'],
  ]) {
    const { task } = await bench.newTask({ ...seed, learner, path, problem_id: problem_id ?? '' });
    await skip(learner, task, `${day}T10:00:00.000Z`);
  }
  await cron(LATER, bank);
  const open = openOf(await tasksOf(path));
  expect(open.map(({ problem_id }) => problem_id).toSorted()).toEqual(
    [expired, skipped, recent, fresh].toSorted(),
  );
  const reasons = new Map(open.map(({ problem_id, metadata }) => [problem_id, metadata.reason_code]));
  expect(reasons.get(recent ?? '')).toBe('skipped-before');
  expect([...reasons.values()].filter((code) => code === 'skipped-before')).toHaveLength(1);
});

test('when nothing new is left, what was tried and not solved comes back as a retry of its last task', async () => {
  const bank = catalogue.slice(0, 2);
  const { learner, task, path } = await bench.newTask({ ...PATH, problem_id: 'p-00' });
  const other = await bench.newTask({ ...PATH, learner, path, problem_id: 'p-01' });
  await solve(learner, other.task, 1, null);
  await solve(learner, task, 1, bank);
  const retries = openOf(await tasksOf(path));
  expect(retries.map(({ problem_id, metadata }) => [problem_id, metadata])).toEqual([
    ['p-01', expect.objectContaining({ reason_code: 'retry', retry_of: other.task })],
    ['p-00', expect.objectContaining({ reason_code: 'retry', retry_of: task })],
  ]);
});
