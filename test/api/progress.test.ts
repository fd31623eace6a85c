import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CurrentPath } from '#contract/paths.ts';
import { Progress } from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import { dayKey } from '#domain/calendar.ts';
import { inDatabase, type Learner, newLearner, roundTrips, stack, withFaults } from '../support/api.ts';
import { PLATEAU, submitFor } from '../support/submissions.ts';

const DAY = 86_400_000;

async function progressOf(learner: Learner, pathId: string) {
  const answer = await learner.call<Progress>(`/v1/study-paths/${pathId}/progress`);
  expect(answer.status).toBe(200);
  expect(Progress.parse(answer.body)).toEqual(answer.body);
  return answer.body;
}

test('progress of a new path: its tasks, all 14 modules, nothing practised', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath({ time_zone: 'Pacific/Kiritimati' });
  const progress = await progressOf(learner, path.id);
  expect(progress).toMatchObject({
    path_id: path.id,
    time_zone: 'Pacific/Kiritimati',
    totals: {
      tasks: 8,
      by_status: { scheduled: 8, completed: 0 },
      first_try: { n: 0, rate: null },
      mean_score: null,
    },
    practice: { days: 0, current_streak: 0, longest_streak: 0, last_day: null },
    upcoming_reviews: { overdue: 0 },
  });
  expect(progress.modules.map(({ module }) => module)).toEqual(Module.options);
  const today = dayKey(Date.now(), 'Pacific/Kiritimati');
  expect(progress.practice.today).toBe(today);
  expect(progress.upcoming_reviews.days.map(({ reviews }) => reviews)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(progress.upcoming_reviews.days[0]?.date).toBe(today);
});

test('what a learner does shows in modules, topics, practice and reviews, in one round trip', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const first = await learner.newTask(path.id, PLATEAU);
  const again = await learner.newTask(path.id, PLATEAU, { retry_of: first });
  const third = await learner.newTask(path.id, PLATEAU);
  const lesson = await learner.newTask(path.id, 'lesson-on-heaps', {
    kind: 'lesson',
    module: 'heaps',
    difficulty: 1,
    topic_tags: ['priority-queue'],
  });
  for (const days of [0, 2, 2, 10]) {
    const scheduled_at = new Date(Date.now() + days * DAY).toISOString();
    await learner.newTask(path.id, PLATEAU, { kind: 'review', scheduled_at });
  }
  await submitFor(learner, first, 'WA');
  await submitFor(learner, first, 'AC');
  await submitFor(learner, again, 'AC');
  await submitFor(learner, third, 'WA');
  await learner.post(`/v1/study-tasks/${lesson}/start`);
  await learner.call(`/v1/study-tasks/${lesson}`, { method: 'PATCH', body: { status: 'completed' } });

  const answer = await learner.call<Progress>(`/v1/study-paths/${path.id}/progress`);
  expect(await roundTrips(answer.requestId)).toBe(1);
  const progress = await progressOf(learner, path.id);
  const [row] = await inDatabase<{ mean: number; tag: string }>(
    `select avg(score) as mean, min(topic_tags[1]) as tag from study_tasks where path_id = $1 and score is not null`,
    [path.id],
  );
  const bank = (await (await fetch(`${stack.bank}/v1/modules`)).json()) as {
    data: { module: string; problems: number }[];
  };
  const size = bank.data.find(({ module }) => module === 'arrays-strings')?.problems ?? 0;
  expect(size).toBeGreaterThan(1);

  const arrays = progress.modules.find(({ module }) => module === 'arrays-strings');
  expect(arrays).toMatchObject({
    tasks: 15,
    by_status: { scheduled: 12, in_progress: 0, completed: 3, skipped: 0, expired: 0 },
    // One problem has one first attempt, and that one failed.
    first_try: { n: 1, rate: 0 },
    eventual: { n: 3, rate: 2 / 3 },
    // One problem, three times.
    problems_solved: 1,
    problems_attempted: 0,
    module_size: size,
    completion_rate: 1 / size,
  });
  expect(arrays?.mean_score).toBeCloseTo(Number(row?.mean), 12);
  expect(progress.modules.find(({ module }) => module === 'heaps')).toMatchObject({
    tasks: 1,
    by_status: { completed: 1 },
    eventual: { n: 0, rate: null },
    problems_solved: 0,
    completion_rate: 0,
  });
  expect(progress.totals).toMatchObject({
    tasks: 16,
    by_status: { completed: 4 },
    eventual: { n: 3, rate: 2 / 3 },
  });
  expect(progress.topics.find(({ topic }) => topic === row?.tag)).toMatchObject({
    not_enough_data: false,
    first_try: { n: 1, rate: null },
    // The same problem again on the same day is no first attempt.
    mastery: { level: 'unknown', n: 1, reason: 'first-evidence' },
  });
  expect(arrays?.mastery).toMatchObject({ n: 1, rating: expect.any(Number) });
  expect(progress.topics.find(({ topic }) => topic === 'priority-queue')).toMatchObject({
    tasks: 1,
    not_enough_data: true,
    eventual: { n: 0, rate: null },
    mastery: { level: 'unknown', rating: null, n: 0, reason: null },
  });
  expect(progress.practice).toMatchObject({ days: 1, current_streak: 1, longest_streak: 1 });
  expect(progress.practice.last_day).toBe(progress.practice.today);
  expect(progress.upcoming_reviews.overdue).toBe(0);
  expect(progress.upcoming_reviews.days.map(({ reviews }) => reviews)).toEqual([1, 0, 2, 0, 0, 0, 0]);

  const current = await learner.call<CurrentPath>('/v1/study-paths/current');
  expect(current.body.progress).toMatchObject({
    tasks: 16,
    by_status: progress.totals.by_status,
    accuracy: 2 / 3,
    hints_used: progress.totals.hints_used,
    time_spent_seconds: progress.totals.time_spent_seconds,
  });
  expect(current.body.progress.mean_score).toBeCloseTo(progress.totals.mean_score ?? -1, 12);
});

test("another learner's path, an unknown one and a malformed id are all the same 404", async () => {
  const [owner, stranger] = [await newLearner(), await newLearner()];
  const { path } = await owner.newPath();
  const answers = await Promise.all(
    [path.id, randomUUID(), 'current-ish'].map((id) => stranger.call(`/v1/study-paths/${id}/progress`)),
  );
  for (const { status, body } of answers) {
    expect([status, body.code]).toEqual([404, 'not-found']);
    expect({ ...body, request_id: '', instance: '' }).toEqual({
      ...answers[1]?.body,
      request_id: '',
      instance: '',
    });
  }
});

test('a bank that is down costs nobody the progress', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath();
  await withFaults(stack.bank, [{ path: '/v1/modules', kind: 'status', status: 500 }], async () => {
    const progress = await progressOf(learner, path.id);
    expect(progress.totals.tasks).toBe(8);
    // The isolate may still hold the sizes from before: then they serve on.
    for (const { module_size, completion_rate } of progress.modules)
      expect(completion_rate === null).toBe(module_size === null || module_size === 0);
  });
});

test('as_of answers for a moment of the past; what lies in the future or before the path is refused', async () => {
  const learner = await newLearner();
  const { path, tasks } = await learner.newPath();
  const route = `/v1/study-paths/${path.id}/progress`;
  const before = new Date(Date.parse(path.created_at) - 60_000).toISOString();
  const [clock] = await inDatabase<{ at: string }>('select iso_instant(clock_timestamp()) as at');
  const then = (await learner.call<Progress>(route)).body;
  await new Promise((resolve) => setTimeout(resolve, 5));
  await learner.post(`/v1/study-tasks/${tasks[0]?.id}/start`);
  const past = await learner.call<Progress>(`${route}?as_of=${clock?.at}`);
  expect(past.status).toBe(200);
  expect(past.body).toEqual(then);
  expect((await learner.call<Progress>(route)).body.totals.by_status).toMatchObject({ in_progress: 1 });

  expect((await learner.call(`${route}?as_of=${before}`)).body.code).toBe('not-found');
  for (const wrong of ['2199-01-01T00:00:00Z', '1999-12-31T23:59:59Z', 'yesterday', '2026-11-20']) {
    const refused = await learner.call(`${route}?as_of=${wrong}`);
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid-query' },
    });
  }
  const other = await newLearner();
  expect((await other.call(`${route}?as_of=${clock?.at}`)).body.code).toBe('not-found');
});
