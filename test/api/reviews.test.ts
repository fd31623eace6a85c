import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Progress } from '#contract/progress.ts';
import { DueReviewPage, GradedTask } from '#contract/reviews.ts';
import type { Task } from '#contract/tasks.ts';
import { addDays, dayKey, dueDayOf } from '#domain/calendar.ts';
import { inDatabase, type Learner, newLearner, roundTrips, runCron } from '../support/api.ts';
import { cardOf, DAY, seedCards, seedPath, seedReviews } from '../support/review-bench.ts';
import { PLATEAU } from '../support/submissions.ts';

const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

/** Cards graded good so many days ago: each is due three days after that. */
async function withCards(daysAgo: readonly number[], config: object = {}) {
  const learner = await newLearner('seeded');
  const path = await seedPath(inDatabase, learner.id, config);
  const cards = daysAgo.map((days, index) => ({
    problem_id: index === 0 ? PLATEAU : `gone-${index}`,
    state: cardOf([['good', ago(days)]]).state,
  }));
  await seedCards(inDatabase, learner.id, path, cards);
  return { learner, path, cards };
}

async function dueOf(learner: Learner, query = '') {
  const answer = await learner.call<DueReviewPage>(`/v1/study-tasks/review-due${query}`);
  expect(answer.status).toBe(200);
  return { ...answer, page: DueReviewPage.parse(answer.body) };
}

test('what is due comes with its problem, its state and its plan, in one round trip', async () => {
  const { learner, cards } = await withCards([6, 9, 1], { reviews_per_day: 1 });
  const { page, requestId } = await dueOf(learner);
  expect(await roundTrips(requestId)).toBe(1);
  expect(page.next_cursor).toBeNull();
  expect(page.data.map(({ problem_id, overdue_days }) => [problem_id, overdue_days])).toEqual([
    ['gone-1', 6],
    [PLATEAU, 3],
  ]);
  const [oldest, newer] = page.data;
  expect(newer).toMatchObject({
    module: 'hashing',
    topic_tags: ['hash-map'],
    difficulty: 2,
    due_at: cards[0]?.state.due,
    state: { stability: cards[0]?.state.stability, reps: 1, lapses: 0 },
    task: null,
    problem: { problem_id: PLATEAU, title: expect.any(String) },
  });
  expect(newer?.problem).not.toHaveProperty('statement');
  expect(oldest?.problem).toBeNull();
  expect(oldest?.state.retrievability).toBeLessThan(newer?.state.retrievability ?? 0);
  // One a day: the least remembered today, the other tomorrow.
  const today = dayKey(Date.now(), 'UTC');
  expect(dayKey(oldest?.planned_at ?? '', 'UTC')).toBe(today);
  expect(newer?.planned_at?.slice(0, 10)).toBe(addDays(today, 1));

  const ahead = await dueOf(learner, '?within=7d');
  expect(ahead.page.data.map(({ problem_id }) => problem_id)).toEqual(['gone-1', PLATEAU, 'gone-2']);
  expect(ahead.page.data[2]).toMatchObject({ overdue_days: 0, due_at: cards[2]?.state.due });
});

test('the cron makes the task that the list then shows and /next gives out', async () => {
  const { learner } = await withCards([6]);
  await runCron();
  const { page } = await dueOf(learner);
  const [item] = page.data;
  expect(item?.task).toMatchObject({ kind: 'review', status: 'scheduled', problem_id: PLATEAU });
  expect(item?.planned_at).toBe(item?.task?.scheduled_at);
  const next = await learner.call<{ task: Task }>('/v1/study-tasks/next');
  expect(next.body.task.id).toBe(item?.task?.id);
  await runCron();
  expect((await dueOf(learner)).page.data[0]?.task?.id).toBe(item?.task?.id);
});

test('pages follow each other under one window; queries and cursors of others are refused', async () => {
  const { learner } = await withCards([4, 5, 6, 7, 8]);
  const first = await dueOf(learner, '?limit=2&within=1d');
  expect(first.headers.get('link')).toContain('rel="next"');
  const seen = first.page.data.map(({ problem_id }) => problem_id);
  let cursor = first.page.next_cursor;
  while (cursor !== null) {
    const { page } = await dueOf(learner, `?limit=2&within=1d&cursor=${cursor}`);
    seen.push(...page.data.map(({ problem_id }) => problem_id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(['gone-4', 'gone-3', 'gone-2', 'gone-1', PLATEAU]);
  for (const query of [
    'within=7',
    'within=91d',
    'within=-1d',
    'within=',
    'limit=0',
    'limit=201',
    'other=1',
    'within=1d&within=2d',
  ]) {
    const { status, body } = await learner.call(`/v1/study-tasks/review-due?${query}`);
    expect([query, status, body.code]).toEqual([query, 400, 'invalid-query']);
  }
  const stranger = await newLearner();
  const stolen = await stranger.call(
    `/v1/study-tasks/review-due?limit=2&within=1d&cursor=${first.page.next_cursor}`,
  );
  expect([stolen.status, stolen.body.code]).toEqual([400, 'invalid-cursor']);
  expect((await dueOf(stranger)).page).toEqual({ data: [], next_cursor: null });
});

test('a learner grades, grades again, and takes the review back', async () => {
  const learner = await newLearner('seeded');
  const path = await seedPath(inDatabase, learner.id);
  const { logs } = cardOf([
    ['good', ago(9)],
    ['good', ago(0.01)],
  ]);
  const task = await seedReviews(inDatabase, learner.id, path, PLATEAU, logs);
  const route = `/v1/study-tasks/${task}/grade`;
  const graded = await learner.post<GradedTask>(route, { grade: 'again' });
  expect(graded.status).toBe(200);
  expect(GradedTask.parse(graded.body)).toMatchObject({
    grade: 'again',
    source: 'learner',
    state: { lapses: 1 },
  });
  expect(Date.parse(graded.body.due_at ?? '')).toBeLessThan(Date.parse(logs[1]?.after.due ?? ''));
  expect(graded.headers.get('etag')).toBe(`"${graded.body.task.version}"`);
  const repeated = await learner.post<GradedTask>(route, { grade: 'again' });
  expect([repeated.status, repeated.body.task.version]).toEqual([200, graded.body.task.version]);

  const review = route.replace('/grade', '/review');
  const undone = await learner.call<GradedTask>(review, { method: 'DELETE' });
  expect([undone.status, undone.body.due_at, undone.body.grade]).toEqual([200, logs[0]?.after.due, null]);
  expect((await learner.events(task)).map(({ event_type }) => event_type)).toEqual([
    'metadata_changed',
    'graded',
    'grade_undone',
  ]);
  // Due again, but dealt with today.
  await runCron();
  expect((await dueOf(learner)).page.data).toMatchObject([{ problem_id: PLATEAU, task: null }]);

  const wrong = await learner.post(route, { grade: 'perfect' });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'validation']);
  const other = await learner.newTask(path, PLATEAU);
  const none = await learner.post(`/v1/study-tasks/${other}/grade`, { grade: 'good' });
  expect([none.status, none.body.code]).toEqual([409, 'not-graded']);
  const nothing = await learner.call(`/v1/study-tasks/${other}/review`, { method: 'DELETE' });
  expect([nothing.status, nothing.body.code]).toEqual([409, 'not-graded']);
  const stranger = await newLearner();
  for (const id of [task, randomUUID(), 'x']) {
    const answers = [
      await stranger.post(`/v1/study-tasks/${id}/grade`, { grade: 'good' }),
      await stranger.call(`/v1/study-tasks/${id}/review`, { method: 'DELETE' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([404, 'not-found']));
  }
});

test('progress tells what is due, what is coming and what was remembered', async () => {
  const { learner, path } = await withCards([6, 9, 1], { reviews_per_day: 1 });
  const { logs, state } = cardOf([
    ['good', ago(9)],
    ['again', ago(4)],
    ['good', ago(3)],
  ]);
  const dueAgain = dueDayOf(state) <= dayKey(Date.now(), 'UTC');
  await seedReviews(inDatabase, learner.id, path, 'reviewed', logs);
  const answer = await learner.call<Progress>(`/v1/study-paths/${path}/progress`);
  expect(await roundTrips(answer.requestId)).toBe(1);
  const { reviews } = Progress.parse(answer.body);
  expect(reviews.due_now).toBe(2 + (dueAgain ? 1 : 0));
  expect(reviews.forecast.days).toHaveLength(90);
  expect(reviews.forecast.days[0]).toMatchObject({ planned: 1, date: dayKey(Date.now(), 'UTC') });
  expect(reviews.forecast.spans).toMatchObject([
    { days: 7, due: 4, planned: 4, backlog: 0 },
    { days: 30, due: 4 },
    { days: 90, due: 4 },
  ]);
  expect(reviews.retention.find(({ period }) => period === 'week')).toEqual({
    period: 'week',
    young: { reviews: 2, passed: 1, rate: 0.5 },
    mature: { reviews: 0, passed: 0, rate: null },
    all: { reviews: 2, passed: 1, rate: 0.5 },
  });
});
