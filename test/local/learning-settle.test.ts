import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskFact } from '#contract/events.ts';
import { ReviewLog, ReviewState } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { dueDayOf } from '#domain/calendar.ts';
import type { Judged } from '#domain/evaluations/settle.ts';
import { undo } from '#domain/reviews/fsrs.ts';
import type { StoredEvaluation } from '#worker/evaluations/store.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  NOW,
  type TaskSeed,
  typesOf,
} from '../support/evaluation-bench.ts';

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

type SettleOptions = { now?: string; catalogue?: readonly ProblemSummary[] };

/** Decides and writes until it is written, as the verb does. */
async function settled(stored: StoredEvaluation, outcome: Judged, options: SettleOptions = {}) {
  let seen = stored;
  for (let tries = 1; tries <= 8; tries += 1) {
    const written = await bench.settle(seen, outcome, options);
    if (written?.outcome === 'settled') return tries;
    if (written?.outcome !== 'stale') throw new Error(`not settled: ${written?.outcome}`);
    seen = written;
  }
  throw new Error('never settled');
}

async function solved(seed: TaskSeed, outcome: Judged, options: SettleOptions = {}) {
  const made = await bench.newTask(seed);
  const { now = NOW } = options;
  await settled(await bench.submitted(made.learner, made.task, { now }), outcome, options);
  return made;
}

function payloadOf<Type extends TaskFact['event_type']>(log: readonly TaskFact[], type: Type) {
  const fact = log.find(({ event_type }) => event_type === type);
  if (fact?.event_type !== type) throw new Error(`no ${type}`);
  return fact.payload as Extract<TaskFact, { event_type: Type }>['payload'];
}

const masteryOf = (learner: string) =>
  bench.rows('select topic, rating, n, reason, version from mastery where user_id = $1 order by topic', [
    learner,
  ]);
const moduleOf = (path: string) =>
  bench.rows('select module, difficulty, successes, reason, version from module_states where path_id = $1', [
    path,
  ]);
async function cardOf(learner: string, problem = 'two-sum') {
  const [card] = await bench.rows('select * from review_queue where user_id = $1 and problem_id = $2', [
    learner,
    problem,
  ]);
  return card;
}

test('the first result feeds mastery, module and card, and its events say so; the second one nothing', async () => {
  const seed = { topic_tags: ['hash-map', 'hashing'], difficulty: 2 };
  const { learner, task, path } = await solved(seed, judged(4));
  const log = await bench.checkedLog(task);
  expect(typesOf(log)).toEqual([
    'created',
    'started',
    'submitted',
    'evaluated',
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
  const mastery = await masteryOf(learner);
  expect(mastery).toMatchObject([
    { topic: 'hash-map', n: 1, reason: 'first-evidence', version: 1 },
    { topic: 'hashing', n: 1, reason: 'first-evidence', version: 1 },
  ]);
  const { changes, level } = payloadOf(log, 'mastery_changed');
  expect(changes.toSorted((a, b) => (a.topic < b.topic ? -1 : 1))).toEqual(
    mastery.map((row) => ({ ...row, rating_before: null })),
  );
  expect(await moduleOf(path)).toMatchObject([
    { module: 'hashing', difficulty: 1, successes: 1, reason: 'held', version: 1 },
  ]);
  expect(level).toEqual({ difficulty: 1, successes: 1, reason: 'held', rule_version: 2, version: 1 });

  const card = await cardOf(learner);
  const state = ReviewState.parse(card?.state);
  expect(card).toMatchObject({ path_id: path, module: 'hashing', difficulty: 2, task_id: null, version: 1 });
  expect(card?.due_day).toBe(dueDayOf(state));
  expect(payloadOf(log, 'graded')).toEqual({
    problem_id: 'two-sum',
    review: 1,
    grade: 'good',
    source: 'evidence',
    ...state,
    params: expect.anything(),
    elapsed_days: null,
    retrievability: null,
    before: null,
    card_version: 1,
    ready_task_id: null,
    rule_version: 3,
  });
  const [row] = await bench.rows('select * from review_log where user_id = $1', [learner]);
  const entry = ReviewLog.parse(row?.log);
  expect(payloadOf(log, 'graded')).toMatchObject({
    params: entry.params,
    elapsed_days: null,
    retrievability: null,
  });
  expect(row).toMatchObject({ seq: 1, task_id: task, undone_at: null });
  expect([undo(entry), entry.after]).toEqual([null, state]);

  await settled(await bench.submitted(learner, task), judged(0));
  expect(await masteryOf(learner)).toEqual(mastery);
  expect(await cardOf(learner)).toEqual(card);
  expect(typesOf(await bench.checkedLog(task)).slice(7)).toEqual(['submitted', 'evaluated']);
});

test('two successes in a row make the module harder, a miss easier; the event names both difficulties', async () => {
  const { learner, path } = await solved({ problem_id: 'a' }, judged(4));
  const second = await solved({ learner, path, problem_id: 'b' }, judged(4));
  expect(await moduleOf(path)).toMatchObject([{ difficulty: 2, reason: 'stepped-up', version: 2 }]);
  const up = await bench.checkedLog(second.task);
  expect(typesOf(up).slice(-3)).toEqual(['mastery_changed', 'difficulty_changed', 'graded']);
  expect(payloadOf(up, 'difficulty_changed')).toEqual({
    module: 'hashing',
    from: 1,
    to: 2,
    reason: 'stepped-up',
    rule_version: 2,
  });
  const third = await solved({ learner, path, problem_id: 'c' }, judged(1));
  expect(payloadOf(await bench.checkedLog(third.task), 'difficulty_changed')).toMatchObject({
    from: 2,
    to: 1,
  });
  expect(await masteryOf(learner)).toMatchObject([{ topic: 'hashing', n: 3, version: 3 }]);
});

test('a passed review only grades the card; a failed one demotes the topics, and the card comes back sooner', async () => {
  const first = { topic_tags: ['hash-map'], difficulty: 2 };
  const { learner, path } = await solved(first, judged(4));
  const [mastery, modules] = [await masteryOf(learner), await moduleOf(path)];

  const passed = await bench.newTask({ ...first, learner, path, kind: 'review', status: 'in_progress' });
  await bench.rows('update review_queue set task_id = $1, version = version + 1 where user_id = $2', [
    passed.task,
    learner,
  ]);
  const day8 = '2026-03-09T10:00:00.000Z';
  await settled(await bench.submitted(learner, passed.task, { now: day8 }), judged(4), { now: day8 });
  expect([await masteryOf(learner), await moduleOf(path)]).toEqual([mastery, modules]);
  const kept = ReviewState.parse((await cardOf(learner))?.state);
  expect(await cardOf(learner)).toMatchObject({ task_id: null, version: 3 });
  expect(kept).toMatchObject({ reps: 2, lapses: 0, last_review: day8 });

  const failed = await bench.newTask({ ...first, learner, path, kind: 'review', status: 'in_progress' });
  const day30 = '2026-03-31T10:00:00.000Z';
  await settled(await bench.submitted(learner, failed.task, { now: day30 }), judged(1), { now: day30 });
  const log = await bench.checkedLog(failed.task);
  expect(typesOf(log).slice(-2)).toEqual(['mastery_changed', 'graded']);
  const after = await masteryOf(learner);
  for (const [index, { topic, rating }] of after.entries()) {
    expect(after[index]).toMatchObject({ topic, n: 1, reason: 'review-failed', version: 2 });
    expect(rating).toBeLessThan(Number(mastery[index]?.rating));
  }
  expect(await moduleOf(path)).toEqual(modules);
  const lapsed = ReviewState.parse((await cardOf(learner))?.state);
  expect(lapsed).toMatchObject({ reps: 3, lapses: 1 });
  expect(lapsed.scheduled_days).toBeLessThan(kept.scheduled_days);
  expect(payloadOf(log, 'graded')).toMatchObject({ review: 3, grade: 'again', due: lapsed.due });
  const logs = await bench.rows('select seq, log from review_log where user_id = $1 order by seq', [learner]);
  expect(logs.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(undo(ReviewLog.parse(logs[2]?.log))).toEqual(kept);
});

test('a review of a problem that was never tried is its first result: it makes a card and counts for mastery', async () => {
  const { learner, task } = await solved({ kind: 'review', status: 'in_progress' }, judged(0));
  expect(await masteryOf(learner)).toMatchObject([{ topic: 'hashing', n: 1, reason: 'first-evidence' }]);
  expect(await cardOf(learner)).toMatchObject({ version: 1 });
  expect(typesOf(await bench.checkedLog(task)).slice(-3)).toEqual([
    'status_changed',
    'mastery_changed',
    'graded',
  ]);
});

test('a result of the day before the last review is written all the same, and teaches nothing', async () => {
  const { learner, path } = await solved({}, judged(4), { now: '2026-03-05T10:00:00.000Z' });
  const before = [await cardOf(learner), await masteryOf(learner)];
  const review = await solved({ learner, path, kind: 'review', status: 'in_progress' }, judged(4), {
    now: '2026-03-04T10:00:00.000Z',
  });
  expect(typesOf(await bench.checkedLog(review.task)).slice(-2)).toEqual(['evaluated', 'status_changed']);
  expect([await cardOf(learner), await masteryOf(learner)]).toEqual(before);
});

test.each(['problem', 'review'])(
  'a %s solved again on the same day is no review and no first attempt',
  async (kind) => {
    const { learner, path } = await solved({}, judged(1), { now: '2026-03-05T21:30:00.000Z' });
    const before = [await cardOf(learner), await masteryOf(learner), await moduleOf(path)];
    // Half past two in the night still is the evening before.
    const again = await solved({ learner, path, kind, status: 'in_progress' }, judged(4), {
      now: '2026-03-06T02:30:00.000Z',
    });
    expect(typesOf(await bench.checkedLog(again.task)).slice(-2)).toEqual(['evaluated', 'status_changed']);
    expect([await cardOf(learner), await masteryOf(learner), await moduleOf(path)]).toEqual(before);
    expect(await bench.rows('select seq from review_log where user_id = $1', [learner])).toEqual([
      { seq: 1 },
    ]);
  },
);

test('a result counts for the day on which its code was sent, also when the judge is a day late', async () => {
  const { learner, task } = await bench.newTask();
  const sent = await bench.submitted(learner, task, { now: '2026-03-05T22:00:00.000Z' });
  await settled(sent, judged(1), { now: '2026-03-06T20:00:00.000Z' });
  expect(ReviewState.parse((await cardOf(learner))?.state)).toMatchObject({
    day: '2026-03-05',
    due: '2026-03-06T04:00:00.000Z',
  });
  const [row] = await bench.rows('select completed_day::text as day from study_tasks where id = $1', [task]);
  expect(row?.day).toBe('2026-03-05');
  expect(payloadOf(await bench.checkedLog(task), 'submitted')).toMatchObject({ day: '2026-03-05' });
});

test('a problem counts for mastery and level once per learner, whatever path, task and kind its repeats have', async () => {
  const seed = { topic_tags: ['hash-map'], difficulty: 1 };
  const { learner, path } = await solved(seed, judged(1));
  const known = [await masteryOf(learner), await moduleOf(path)];
  for (const [day, home] of [
    ['2026-03-04', { path }],
    ['2026-03-06', {}],
    ['2026-03-08', { kind: 'review', status: 'in_progress' }],
  ] as const) {
    const repeat = await bench.newTask({ ...seed, learner, ...home });
    const now = `${day}T10:00:00.000Z`;
    await settled(await bench.submitted(learner, repeat.task, { now }), judged(4), { now });
    expect(typesOf(await bench.checkedLog(repeat.task)).slice(-2)).toEqual(['status_changed', 'graded']);
    expect([await masteryOf(learner), await moduleOf(path)]).toEqual(known);
  }
  expect(ReviewState.parse((await cardOf(learner))?.state)).toMatchObject({ reps: 4 });
});

test('a CE teaches nothing, however often it comes, and the first result after it is the first attempt', async () => {
  const { learner, task, path } = await bench.newTask({ topic_tags: ['hash-map'] });
  const ce: Judged = { ...judged(0), verdict: 'CE', error_message: 'SyntaxError: invalid syntax' };
  for (let time = 1; time <= 3; time += 1) await settled(await bench.submitted(learner, task), ce);
  expect([await masteryOf(learner), await moduleOf(path), await cardOf(learner)]).toEqual([
    [],
    [],
    undefined,
  ]);
  const [row] = await bench.rows('select status, score, attempts, metadata from study_tasks where id = $1', [
    task,
  ]);
  expect(row).toEqual({ status: 'in_progress', score: null, attempts: 3, metadata: { compile_errors: 3 } });
  const [stored] = await bench.rows('select verdict from task_evaluations where task_id = $1 limit 1', [
    task,
  ]);
  expect(stored).toEqual({ verdict: 'CE' });

  await settled(await bench.submitted(learner, task), judged(4));
  const log = await bench.checkedLog(task);
  expect(payloadOf(log, 'graded')).toMatchObject({ grade: 'good' });
  expect(await masteryOf(learner)).toMatchObject([{ n: 1 }, { n: 1 }]);
  const [done] = await bench.rows('select status, score, metadata from study_tasks where id = $1', [task]);
  expect(done).toMatchObject({
    status: 'completed',
    score: 1,
    metadata: { first_score: 1, compile_errors: 3 },
  });
});

test('ten times: of the same problem in two paths at once one result counts for mastery', async () => {
  for (let round = 1; round <= 10; round += 1) {
    const one = await bench.newTask({ problem_id: 'one' });
    const { learner } = one;
    const two = await bench.newTask({ learner, problem_id: 'one' });
    const stored = await Promise.all([one.task, two.task].map((task) => bench.submitted(learner, task)));
    await Promise.all(stored.map((seen) => settled(seen, judged(4))));
    expect(await masteryOf(learner)).toMatchObject([{ topic: 'hashing', n: 1, version: 1 }]);
  }
});

test('a result that was given up teaches nothing, and the next one counts as the first', async () => {
  const { learner, task } = await bench.newTask({ topic_tags: ['hash-map'] });
  const lost = await bench.submitted(learner, task);
  await bench.rows(`update task_evaluations set status = 'failed', verdict = 'IE' where id = $1`, [
    lost.evaluation.id,
  ]);
  await settled(await bench.submitted(learner, task), judged(4));
  expect(await masteryOf(learner)).toHaveLength(2);
  // A judge that failed is no attempt of the learner.
  expect(payloadOf(await bench.checkedLog(task), 'graded')).toMatchObject({ grade: 'good' });
});

test('twenty times: results of tasks that share a topic, in one path and in two, and none is lost', async () => {
  let again = 0;
  for (let round = 1; round <= 20; round += 1) {
    const topic_tags = ['shared', `own-${round}`];
    const one = await bench.newTask({ topic_tags, problem_id: 'one' });
    const { learner, path } = one;
    const two = await bench.newTask({ learner, path, topic_tags, problem_id: 'two' });
    const other = await bench.newTask({ learner, topic_tags: ['shared'], problem_id: 'three' });
    const tasks = [one.task, two.task, other.task];
    const stored = await Promise.all(tasks.map((task) => bench.submitted(learner, task)));
    const tries = await Promise.all(stored.map((seen, index) => settled(seen, judged(index === 1 ? 1 : 4))));
    again += tries.filter((count) => count > 1).length;
    expect(await masteryOf(learner)).toMatchObject([
      { topic: 'hashing', n: 3, version: 3 },
      { topic: `own-${round}`, n: 2, version: 2 },
      { topic: 'shared', n: 3, version: 3 },
    ]);
    const log = await bench.rows(
      'select problem_id, array_agg(seq order by seq) as seqs from review_log where user_id = $1 group by 1 order by 1',
      [learner],
    );
    expect(log).toEqual([
      { problem_id: 'one', seqs: [1] },
      { problem_id: 'three', seqs: [1] },
      { problem_id: 'two', seqs: [1] },
    ]);
    for (const task of tasks) await bench.checkedLog(task);
  }
  expect(again, 'some met each other').toBeGreaterThan(0);
});
