import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PathPage } from '#contract/history.ts';
import type { CurrentPath, NextTask } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import type { DueReview, DueReviewPage } from '#contract/reviews.ts';
import { addDays, calendarOf, dayKey, dayOfKey, daysBetween } from '#domain/calendar.ts';
import { ownProblems } from '#services/problem-bank/problems/index.ts';
import { inDatabase, type Learner, newLearner } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { cardOf, seedCards } from '../support/review-bench.ts';
import { PLATEAU, submitFor } from '../support/submissions.ts';

let worker: Awaited<ReturnType<typeof startClockedWorker>>;
beforeAll(async () => {
  worker = await startClockedWorker({ at: new Date('2026-03-01T09:00:00.000Z') });
});
afterAll(() => worker.close());

const at = (instant: string) => worker.travelTo(new Date(instant));

async function someone(config: Record<string, unknown>, now: string, name = 'days') {
  at(now);
  const learner = await newLearner(name, worker.url);
  const { path } = await learner.newPath(config);
  return { learner, path: path.id };
}

/** Practice without a judge: a lesson that is read to its end. */
async function read(learner: Learner, path: string, instant: string): Promise<string> {
  at(instant);
  const lesson = await learner.newTask(path, 'a-lesson', {
    kind: 'lesson',
    module: 'heaps',
    difficulty: 1,
    scheduled_at: instant,
  });
  await learner.post(`/v1/study-tasks/${lesson}/start`);
  const done = await learner.call(`/v1/study-tasks/${lesson}`, {
    method: 'PATCH',
    body: { status: 'completed' },
  });
  expect(done.status).toBe(200);
  return lesson;
}

async function progressOf(learner: Learner, path: string): Promise<Progress> {
  const { status, body } = await learner.call<Progress>(`/v1/study-paths/${path}/progress`);
  expect(status).toBe(200);
  return body;
}

async function move(learner: Learner, path: string, config: Record<string, unknown>, now: string) {
  at(now);
  const { status } = await learner.call(`/v1/study-paths/${path}`, { method: 'PATCH', body: { config } });
  expect(status).toBe(200);
}

async function dueBy(learner: Learner, within = 0): Promise<DueReview[]> {
  const { status, body } = await learner.call<DueReviewPage>(
    `/v1/study-tasks/review-due?within=${within}d&limit=200`,
  );
  expect(status).toBe(200);
  return body.data;
}

test('half past midnight belongs to the evening before, and its day is stored with the event', async () => {
  const { learner, path } = await someone({ time_zone: 'Europe/Berlin' }, '2026-05-01T10:00:00.000Z');
  await read(learner, path, '2026-05-01T20:00:00.000Z');
  const late = await read(learner, path, '2026-05-02T22:30:00.000Z');
  await read(learner, path, '2026-05-03T18:00:00.000Z');
  expect((await progressOf(learner, path)).practice).toMatchObject({
    days: 3,
    current_streak: 3,
    today: '2026-05-03',
    activity: [{ date: '2026-05-01' }, { date: '2026-05-02' }, { date: '2026-05-03' }],
  });
  const events = await learner.events(late);
  expect(events.at(-1)).toMatchObject({ event_type: 'status_changed', payload: { day: '2026-05-02' } });
  const { body } = await learner.call<{ task: { completed_day: string } }>(`/v1/study-tasks/${late}`);
  expect(body.task.completed_day).toBe('2026-05-02');
});

test('the night in which clocks are put back is one night', async () => {
  const { learner, path } = await someone({ time_zone: 'America/New_York' }, '2026-10-30T12:00:00.000Z');
  // 22:00 on 31 October, then 01:30 for the second time, then the evening of 1 November.
  await read(learner, path, '2026-11-01T02:00:00.000Z');
  await read(learner, path, '2026-11-01T06:30:00.000Z');
  await read(learner, path, '2026-11-02T02:00:00.000Z');
  expect((await progressOf(learner, path)).practice).toMatchObject({
    days: 2,
    current_streak: 2,
    last_day: '2026-11-01',
  });
});

test('a change of zone or of the hour at which a day begins rewrites no day that was', async () => {
  const { learner, path } = await someone({ time_zone: 'Asia/Tokyo' }, '2026-05-01T00:00:00.000Z');
  const days = [0, 1, 2, 3, 4, 5].map((day) => addDays('2026-05-01', day));
  for (const [index, day] of days.entries())
    await read(learner, path, `${day}T${index % 2 === 0 ? '13:30' : '00:30'}:00.000Z`);
  const before = (await progressOf(learner, path)).practice;
  expect(before).toMatchObject({ days: 6, current_streak: 6 });
  const moment = await inDatabase<{ at: string }>('select iso_instant(clock_timestamp()) as at');
  for (const config of [{ time_zone: 'America/Los_Angeles' }, { day_start_hour: 0 }, { time_zone: 'UTC' }]) {
    await move(learner, path, config, '2026-05-06T15:00:00.000Z');
    const { practice } = await progressOf(learner, path);
    expect({ ...practice, today: '' }).toEqual({ ...before, today: '' });
  }
  expect(moment).toHaveLength(1);
});

test('a flight westwards repeats a day, one eastwards cuts one off: neither breaks a streak', async () => {
  const west = await someone({ time_zone: 'Asia/Tokyo' }, '2026-12-08T00:00:00.000Z');
  await read(west.learner, west.path, '2026-12-09T10:00:00.000Z');
  await read(west.learner, west.path, '2026-12-10T02:00:00.000Z');
  await move(west.learner, west.path, { time_zone: 'America/Los_Angeles' }, '2026-12-10T16:00:00.000Z');
  await read(west.learner, west.path, '2026-12-10T20:00:00.000Z');
  await read(west.learner, west.path, '2026-12-11T20:00:00.000Z');
  expect((await progressOf(west.learner, west.path)).practice).toMatchObject({ days: 3, current_streak: 3 });

  const east = await someone({ time_zone: 'Pacific/Honolulu' }, '2026-12-08T20:00:00.000Z');
  await read(east.learner, east.path, '2026-12-10T05:00:00.000Z');
  await read(east.learner, east.path, '2026-12-11T06:00:00.000Z');
  // 22:00 on the 10th becomes 22:00 on the 11th.
  await move(east.learner, east.path, { time_zone: 'Pacific/Kiritimati' }, '2026-12-11T08:00:00.000Z');
  await read(east.learner, east.path, '2026-12-12T06:00:00.000Z');
  expect((await progressOf(east.learner, east.path)).practice).toMatchObject({
    days: 3,
    current_streak: 3,
    last_day: '2026-12-12',
  });
});

test('a new path keeps the learner’s days, has no figures of its own yet, and leads to the older one', async () => {
  const { learner, path } = await someone({ time_zone: 'Europe/Berlin' }, '2026-06-01T10:00:00.000Z');
  await read(learner, path, '2026-06-01T18:00:00.000Z');
  await read(learner, path, '2026-06-02T18:00:00.000Z');
  at('2026-06-02T19:00:00.000Z');
  const second = await learner.newPath({ time_zone: 'Europe/Berlin' });
  const { body } = await learner.call<CurrentPath>('/v1/study-paths/current');
  expect(body).toMatchObject({
    path: { id: second.path.id },
    progress: { tasks: 8, by_status: { completed: 0 }, accuracy: null, mean_score: null },
    practice: { days: 2, current_streak: 2, longest_streak: 2, last_day: '2026-06-02', today: '2026-06-02' },
  });
  const fresh = await progressOf(learner, second.path.id);
  expect(fresh).toMatchObject({
    totals: { by_status: { completed: 0 }, first_try: { n: 0, rate: null }, mean_score: null },
    practice: { days: 2, current_streak: 2, activity: [{ date: '2026-06-01' }, { date: '2026-06-02' }] },
  });
  for (const { all, young, mature } of fresh.reviews.retention)
    for (const row of [all, young, mature]) expect(row).toEqual({ reviews: 0, passed: 0, rate: null });
  expect((await progressOf(learner, path)).totals.by_status.completed).toBe(2);
  const { body: list } = await learner.call<PathPage>('/v1/study-paths');
  expect(list.data.map(({ id }) => id)).toEqual([second.path.id, path]);
});

test('what fails at half past nine in the evening is due when the next day begins, and solving it again that night is no review', async () => {
  const { learner, path } = await someone(
    { time_zone: 'America/Los_Angeles', reviews_per_day: 5 },
    '2026-03-03T04:00:00.000Z',
  );
  const task = await learner.newTask(path, PLATEAU, { scheduled_at: '2026-03-03T04:00:00.000Z' });
  at('2026-03-03T05:30:00.000Z');
  await submitFor(learner, task, 'WA');
  const mastery = () =>
    inDatabase('select topic, n, rating, version from mastery where user_id = $1 order by topic', [
      learner.id,
    ]);
  const before = await mastery();
  // An hour later it is another day in UTC, and the same evening in Los Angeles.
  const again = await learner.newTask(path, PLATEAU, {
    retry_of: task,
    scheduled_at: '2026-03-03T05:30:00.000Z',
  });
  at('2026-03-03T08:15:00.000Z');
  await submitFor(learner, again, 'AC');
  expect(await mastery()).toEqual(before);
  expect((await learner.events(again)).map(({ event_type }) => event_type)).not.toContain('graded');
  expect(await dueBy(learner)).toEqual([]);
  const [card] = await dueBy(learner, 1);
  expect(card).toMatchObject({
    due_on: '2026-03-03',
    due_at: '2026-03-03T12:00:00.000Z',
    state: { reps: 1 },
  });

  at('2026-03-03T11:59:00.000Z');
  await worker.cron();
  expect(await dueBy(learner)).toEqual([]);
  at('2026-03-03T12:00:00.000Z');
  // The crons plan for a day that has a request.
  await worker.cron();
  expect(await dueBy(learner)).toMatchObject([{ task: null }]);
  await worker.cron();
  const [due] = await dueBy(learner);
  expect(due).toMatchObject({ due_on: '2026-03-03', overdue_days: 0, task: { kind: 'review' } });
  const next = await learner.call<NextTask>('/v1/study-tasks/next');
  expect(next.body.task.id).toBe(due?.task?.id);
  // The review itself is one, a day after the last result.
  await submitFor(learner, due?.task?.id ?? '', 'AC');
  const graded = (await learner.events(due?.task?.id ?? '')).find(
    ({ event_type }) => event_type === 'graded',
  );
  expect(graded?.payload).toMatchObject({ review: 2, elapsed_days: 1, day: '2026-03-03' });
});

test.each(['Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu'])(
  'in %s the forecast, the list of what is due and the cron agree on every day',
  async (time_zone) => {
    const calendar = calendarOf(time_zone);
    const begin = '2026-04-01T10:00:00.000Z';
    const config = { time_zone, reviews_per_day: 100, expiry_hours: 1000 };
    const { learner, path } = await someone(config, begin, 'seeded');
    const rule = { time_zone, day_start_hour: 4 };
    const cards = Array.from({ length: 24 }, (_, index) => {
      const last = new Date(Date.parse(begin) - (index + 1) * 7 * 3_600_000).toISOString();
      const grade = (['again', 'hard', 'good', 'easy'] as const)[index % 4] ?? 'good';
      return { problem_id: ownProblems[index]?.problem_id ?? '', state: cardOf([[grade, last]], rule).state };
    });
    await seedCards(inDatabase, learner.id, path, cards);
    const today = dayKey(begin, time_zone);
    const { reviews } = await progressOf(learner, path);
    expect(reviews.forecast.days[0]?.date).toBe(today);
    expect(reviews.forecast.days.reduce((sum, { due }) => sum + due, 0)).toBe(24);

    for (const [ahead, { date, due, planned }] of reviews.forecast.days.slice(0, 10).entries()) {
      expect([date, due]).toEqual([addDays(today, ahead), planned]);
      // What the bar promises is what the list holds, seen from the first day and from the day itself.
      at(begin);
      const promised = await dueBy(learner, ahead);
      const listed = promised.filter(({ due_on }) => Math.max(0, daysBetween(today, due_on)) === ahead);
      const start = new Date(calendar.startOf(dayOfKey(date))).toISOString();
      at(ahead === 0 ? begin : start);
      const waiting = (await dueBy(learner)).filter(({ task }) => task === null);
      expect([date, listed.length, waiting.length]).toEqual([date, due, due]);
      expect((await progressOf(learner, path)).reviews.due_now).toBe((await dueBy(learner)).length);
      const count = async () => {
        const [row] = await inDatabase<{ n: number }>(
          `select count(*)::integer as n from study_tasks where path_id = $1 and kind = 'review'`,
          [path],
        );
        return row?.n ?? 0;
      };
      const made = await count();
      await worker.cron();
      expect([date, (await count()) - made]).toEqual([date, due]);
      expect((await dueBy(learner)).every(({ task }) => task !== null)).toBe(true);
    }
  },
);

test('a zone that does not exist and an hour out of range are refused', async () => {
  const { learner, path } = await someone({}, '2026-06-01T10:00:00.000Z');
  for (const config of [{ time_zone: 'Mars/Olympus' }, { day_start_hour: 13 }, { day_start_hour: 3.5 }]) {
    const [key] = Object.keys(config);
    const answers = [
      await learner.post<{ code: string; errors: { path: string }[] }>('/v1/study-paths', { config }),
      await learner.call<{ code: string; errors: { path: string }[] }>(`/v1/study-paths/${path}`, {
        method: 'PATCH',
        body: { config },
      }),
    ];
    for (const { status, body } of answers)
      expect([status, body.code, body.errors[0]?.path]).toEqual([422, 'validation', `config.${key}`]);
  }
});
