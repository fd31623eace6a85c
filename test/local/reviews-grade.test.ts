import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ReviewGrade, ReviewLog, type ReviewState } from '#contract/learning.ts';
import { GradedTask } from '#contract/reviews.ts';
import { calendarOf, dueDayOf } from '#domain/calendar.ts';
import { regrade, replay } from '#domain/reviews/fsrs.ts';
import type { Context } from '#worker/context.ts';
import { gradeTask, undoGrade, undoReview } from '#worker/reviews/grade.ts';
import { type EvaluationBench, evaluationBench, typesOf } from '../support/evaluation-bench.ts';
import { cardOf, DAY, seedPath, seedReviews } from '../support/review-bench.ts';

const START = '2026-01-01T10:00:00.000Z';
const NOW = '2026-03-10T12:00:00.000Z';
const at = (days: number) => new Date(Date.parse(START) + days * DAY).toISOString();

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

const ctx = (now = NOW) =>
  ({ db: bench.db, now, requestId: 'test', actor: { type: 'learner' } }) as unknown as Context;

async function seeded(history: readonly (readonly [ReviewGrade, string])[]) {
  const learner = `learner-${randomUUID()}`;
  const path = await seedPath(bench.rows, learner);
  const { state, logs } = cardOf(history);
  return { learner, path, state, logs, task: await seedReviews(bench.rows, learner, path, 'two-sum', logs) };
}

async function stored(learner: string) {
  const [card] = await bench.rows(
    'select state, due_day, task_id, version from review_queue where user_id = $1',
    [learner],
  );
  const logs = await bench.rows(
    'select seq, log, undone_at is not null as undone, task_id from review_log where user_id = $1 order by seq',
    [learner],
  );
  const entries = logs.map(({ seq, log, undone, task_id }) => ({
    seq,
    log: ReviewLog.parse(log),
    undone,
    task_id,
  }));
  return { card, logs: entries };
}

const HISTORY = [
  ['good', at(0)],
  ['good', at(3)],
] as const;

test('a learner’s grade replaces that of the evidence, as if it had been given at once', async () => {
  const { learner, task, logs } = await seeded(HISTORY);
  const expected = regrade(logs[1] as ReviewLog, 'again', calendarOf('UTC'));
  const answer = await gradeTask(ctx(), learner, task, 'again');
  expect(GradedTask.parse(answer)).toMatchObject({
    grade: 'again',
    source: 'learner',
    due_at: expected.state.due,
    state: { stability: expected.state.stability, lapses: 1, reps: 2 },
    task: { version: 2 },
  });
  const after = await stored(learner);
  expect(after.card).toMatchObject({ state: expected.state, version: 2 });
  expect(after.logs.map(({ seq, undone, task_id }) => [seq, undone, task_id === task])).toEqual([
    [1, false, false],
    [2, true, true],
    [3, false, true],
  ]);
  expect(after.logs[2]?.log).toEqual(expected.log);
  const events = await bench.checkedLog(task);
  expect(events.at(-1)).toMatchObject({
    event_type: 'graded',
    payload: { problem_id: 'two-sum', review: 3, grade: 'again', source: 'learner', ...expected.state },
  });

  const repeated = await gradeTask(ctx(), learner, task, 'again');
  expect(repeated).toEqual(answer);
  expect(await stored(learner)).toEqual(after);
});

test('undoing a grade brings back the one of the evidence, once; without one it changes nothing', async () => {
  const { learner, task, logs, state } = await seeded(HISTORY);
  const evidence = logs.at(-1);
  const asked = await undoGrade(ctx(), learner, task);
  expect(asked).toMatchObject({ grade: evidence?.grade, source: 'evidence', due_at: evidence?.after.due });
  expect((await stored(learner)).logs).toHaveLength(logs.length);

  await gradeTask(ctx(), learner, task, 'again');
  const undone = GradedTask.parse(await undoGrade(ctx(), learner, task));
  expect(undone).toMatchObject({ grade: evidence?.grade, source: 'evidence', due_at: evidence?.after.due });
  const after = await stored(learner);
  expect(after.card).toMatchObject({ state });
  expect(after.logs.map(({ undone: gone }) => gone).slice(-3)).toEqual([true, true, false]);
  expect(await undoGrade(ctx(), learner, task)).toEqual(undone);
  expect(await stored(learner)).toEqual(after);
  expect(typesOf(await bench.checkedLog(task)).slice(-2)).toEqual(['graded', 'graded']);
  expect(await undoReview(ctx(), learner, task)).toMatchObject({ grade: null, source: null });
  expect(await undoGrade(ctx(), learner, task)).toMatchObject({ grade: null, source: null });
});

test('undo restores the state before, once, and the task can be graded again', async () => {
  const { learner, task, logs, state } = await seeded(HISTORY);
  const undone = await undoReview(ctx(), learner, task);
  expect(GradedTask.parse(undone)).toMatchObject({ grade: null, source: null, due_at: logs[0]?.after.due });
  const after = await stored(learner);
  expect(after.card).toMatchObject({ state: logs[0]?.after, task_id: task });
  expect(after.logs.map(({ undone }) => undone)).toEqual([false, true]);
  expect(await undoReview(ctx(), learner, task)).toEqual(undone);
  expect(await stored(learner)).toEqual(after);
  expect(typesOf(await bench.checkedLog(task))).toEqual(['metadata_changed', 'grade_undone']);

  await gradeTask(ctx(), learner, task, 'good');
  expect((await stored(learner)).card).toMatchObject({ state });
});

test('undoing the first review of a problem forgets the card; a grade brings it back', async () => {
  const { learner, task, state } = await seeded([['good', at(0)]]);
  expect(await undoReview(ctx(), learner, task)).toMatchObject({ due_at: null, state: null });
  expect((await stored(learner)).card).toBeUndefined();
  await gradeTask(ctx(), learner, task, 'good');
  const again = await stored(learner);
  expect(again.card).toMatchObject({ state });
  expect(again.logs.map(({ seq, undone }) => [seq, undone])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test('only the newest review changes; without one there is nothing to change; others find nothing', async () => {
  const { learner, task, path } = await seeded(HISTORY);
  const [older] = await bench.rows('select task_id from review_log where user_id = $1 and seq = 1', [
    learner,
  ]);
  const fails = (code: string) => expect.objectContaining({ name: 'AppError', code });
  await expect(gradeTask(ctx(), learner, String(older?.task_id), 'easy')).rejects.toEqual(
    fails('reviewed-since'),
  );
  await expect(undoReview(ctx(), learner, String(older?.task_id))).rejects.toEqual(fails('reviewed-since'));
  await expect(gradeTask(ctx(), 'stranger', task, 'easy')).rejects.toEqual(fails('not-found'));
  await expect(undoReview(ctx(), 'stranger', task)).rejects.toEqual(fails('not-found'));
  const [fresh] = await bench.rows(
    `insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at)
     values ($1, 'other', 'heaps', 1, now(), now()) returning id`,
    [path],
  );
  await expect(gradeTask(ctx(), learner, String(fresh?.id), 'easy')).rejects.toEqual(fails('not-graded'));
  await expect(undoReview(ctx(), learner, String(fresh?.id))).rejects.toEqual(fails('not-graded'));
  // What came later is undone: then the older one is the newest that counts.
  await undoReview(ctx(), learner, task);
  expect(await gradeTask(ctx(), learner, String(older?.task_id), 'easy')).toMatchObject({ grade: 'easy' });
});

test('of grades given at once one wins, whole, and the log stays without gaps', async () => {
  const { learner, task } = await seeded(HISTORY);
  const grades = ['again', 'hard', 'easy', 'again', 'hard', 'easy'] as const;
  await Promise.all([
    ...grades.map((grade) => gradeTask(ctx(), learner, task, grade)),
    undoReview(ctx(), learner, task),
  ]);
  const { card, logs } = await stored(learner);
  const counting = logs.filter(({ undone }) => !undone).map(({ log }) => log);
  expect(card?.state).toEqual(replay(counting));
  expect(logs.map(({ seq }) => seq)).toEqual(logs.map((_, index) => index + 1));
  await bench.checkedLog(task);
});

test('1,000 random histories replayed from the log agree with the stored cards, and undo is exact', async () => {
  const grade = fc.constantFrom(...ReviewGrade.options);
  const histories = fc.sample(
    fc.array(fc.tuple(grade, fc.integer({ min: 0, max: 40 * DAY })), { minLength: 1, maxLength: 12 }),
    { numRuns: 1000, seed: 4 },
  );
  const learner = `learner-${randomUUID()}`;
  const path = await seedPath(bench.rows, learner);
  const tasks: string[] = [];
  for (const [index, history] of histories.entries()) {
    let when = Date.parse(START);
    const { logs } = cardOf(
      history.map(([mark, wait]) => {
        when += wait;
        return [mark, new Date(when).toISOString()] as const;
      }),
    );
    tasks.push(await seedReviews(bench.rows, learner, path, `p-${index}`, logs));
  }
  const read = () =>
    bench.rows(
      `select q.problem_id, q.state, q.due_day::text as due_day,
         (select jsonb_agg(l.log order by l.seq) from review_log l
          where l.user_id = q.user_id and l.problem_id = q.problem_id and l.undone_at is null) as logs
       from review_queue q where q.user_id = $1`,
      [learner],
    );
  const cards = await read();
  expect(cards).toHaveLength(1000);
  for (const { state, due_day, logs } of cards) {
    expect(replay(logs as ReviewLog[])).toEqual(state);
    expect(due_day).toBe(dueDayOf(state as ReviewState));
  }
  const before = new Map(cards.map((card) => [card.problem_id, card]));
  const picked = tasks.slice(0, 100);
  for (const [index, task] of picked.entries()) {
    await gradeTask(ctx('2036-01-01T00:00:00.000Z'), learner, task, ReviewGrade.options[index % 4] ?? 'good');
    await undoReview(ctx('2036-01-01T00:00:00.000Z'), learner, task);
  }
  const after = new Map((await read()).map((card) => [card.problem_id, card]));
  for (const index of picked.keys()) {
    const logs = before.get(`p-${index}`)?.logs as ReviewLog[];
    const card = after.get(`p-${index}`);
    expect(card?.state ?? null).toEqual(logs.at(-1)?.before ?? null);
    expect(card?.logs ?? []).toEqual(logs.slice(0, -1));
  }
});
