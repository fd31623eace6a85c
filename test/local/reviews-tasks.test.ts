import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { reviewFigures } from '#domain/reviews/figures.ts';
import { UpstreamError } from '#worker/clients/http.ts';
import type { Context } from '#worker/context.ts';
import { dueReviews } from '#worker/jobs/due-reviews.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { createLogger, type LogFields } from '#worker/log.ts';
import { progressRecord } from '#worker/progress/store.ts';
import { type EvaluationBench, evaluationBench, system } from '../support/evaluation-bench.ts';
import { untilBlocked } from '../support/postgres.ts';
import { cardOf, DAY, seedCards, seedPath } from '../support/review-bench.ts';

const NOW = '2026-03-10T12:00:00.000Z';
const later = (days: number, from = NOW) => new Date(Date.parse(from) + days * DAY).toISOString();

let bench: EvaluationBench;
let lines: LogFields[] = [];
beforeAll(async () => {
  bench = await evaluationBench();
});
afterAll(() => bench.close());

/** @param bank problems that it holds; null while it is unavailable. */
async function cron(now: string, bank: readonly string[] | null = null): Promise<number> {
  const ctx = {
    db: bench.db,
    now,
    requestId: 'cron-test',
    actor: { type: 'system', job: 'due-reviews' },
    log: createLogger({}, (line) => lines.push(JSON.parse(line))),
    problemBank: {
      async list() {
        if (bank === null) throw new UpstreamError('problem-bank', 'network');
        return bank.map((problem_id) => ({ problem_id }));
      },
    },
  } as unknown as Context;
  return (await dueReviews.run(ctx)).made ?? 0;
}

/** A learner with cards that were all graded good so many days before NOW: due three days after it. */
async function learnerWith(daysAgo: readonly number[], config: object = {}) {
  const learner = `learner-${randomUUID()}`;
  const path = await seedPath(bench.rows, learner, config);
  const cards = daysAgo.map((days, index) => ({
    problem_id: `p-${String(index).padStart(3, '0')}`,
    state: cardOf([['good', later(-days)]]).state,
  }));
  await seedCards(bench.rows, learner, path, cards);
  return { learner, path };
}

const tasksOf = (path: string) =>
  bench.rows(
    `select t.id, t.problem_id, t.kind, t.status, t.metadata->>'reason' as reason, t.topic_tags, t.difficulty, q.task_id
     from study_tasks t left join review_queue q on q.task_id = t.id where t.path_id = $1 order by t.scheduled_at, t.problem_id`,
    [path],
  );

const finish = (path: string, status: string, at: string) =>
  bench.rows(
    `with changed as (
       update study_tasks set status = $2, version = version + 1 where path_id = $1 and status = 'scheduled'
       returning id, version, $2 as status)
     insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     select id, version, 'status_changed', jsonb_build_object('from', 'scheduled', 'to', status, 'at', $3::text,
       'reason', null, 'time_spent_seconds', null), '{"type":"learner"}', $3::timestamptz from changed`,
    [path, status, at],
  );

test('the review of a problem that has left the bank rests until it is back', async () => {
  const { path } = await learnerWith([5, 6]);
  expect(await cron(NOW, ['p-001', 'other'])).toBe(1);
  expect(await tasksOf(path)).toMatchObject([{ problem_id: 'p-001' }]);
  expect(await cron(NOW, ['p-000', 'p-001'])).toBe(1);
});

test('a learner without a request since the day began gets no review from the cron', async () => {
  const { path } = await learnerWith([5]);
  const here = (at: string) =>
    bench.rows('update study_paths set last_request_at = $2 where id = $1', [path, at]);
  const today = `${NOW.slice(0, 10)}T04:00:00.000Z`;
  await here(new Date(Date.parse(today) - 1).toISOString());
  expect(await cron(NOW)).toBe(0);
  await here(today);
  expect(await cron(NOW)).toBe(1);
});

test('a card that is due becomes one review task with its event and its reason; one that is not does not', async () => {
  const { path } = await learnerWith([5, 1]);
  expect(await cron(NOW)).toBe(1);
  const [task, ...others] = await tasksOf(path);
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    problem_id: 'p-000',
    kind: 'review',
    status: 'scheduled',
    topic_tags: ['hash-map'],
    difficulty: 2,
    reason: 'Due for review: 5 days since you last worked on this problem.',
  });
  expect(task?.task_id).toBe(task?.id);
  const [created] = await bench.checkedLog(String(task?.id));
  expect(created).toMatchObject({
    event_type: 'created',
    payload: { kind: 'review', metadata: { reason: task?.reason } },
  });
  expect(await cron(NOW)).toBe(0);
  expect(await cron(later(0.001))).toBe(0);
});

test('a day has room for so many: the least remembered come first, the rest on the days after', async () => {
  const { path } = await learnerWith([4, 9, 6, 8, 5, 7], { reviews_per_day: 2 });
  const days: unknown[][] = [];
  for (let day = 0; day < 4; day += 1) {
    await cron(later(day));
    await cron(later(day + 0.2));
    const found = await tasksOf(path);
    days.push(found.slice(days.flat().length).map(({ problem_id }) => problem_id));
  }
  expect(days).toEqual([['p-001', 'p-003'], ['p-002', 'p-005'], ['p-000', 'p-004'], []]);
});

test('reviews that are turned off stay off, and a review made by hand takes a place', async () => {
  const off = await learnerWith([9, 9], { reviews_per_day: 0 });
  const one = await learnerWith([9, 9], { reviews_per_day: 2 });
  await bench.rows(
    `insert into study_tasks (path_id, kind, problem_id, module, difficulty, scheduled_at, expires_at)
     values ($1, 'review', 'other', 'heaps', 1, '2026-03-10T08:00:00Z', '2026-03-20T08:00:00Z')`,
    [one.path],
  );
  await cron(NOW);
  expect(await tasksOf(off.path)).toEqual([]);
  expect((await tasksOf(one.path)).map(({ problem_id }) => problem_id)).toEqual(['other', 'p-000']);
});

test.each(['skipped', 'expired'])('a review that was %s comes again on another day', async (status) => {
  const { path } = await learnerWith([9]);
  await cron(NOW);
  if (status === 'skipped') await finish(path, status, later(0.1));
  const over = status === 'expired' ? later(8) : later(0.1);
  await expireTasks(bench.db, { ...system, now: over, limit: 500 });
  await cron(over);
  expect((await tasksOf(path)).map((task) => task.status)).toEqual([status]);
  await cron(later(1, over));
  expect((await tasksOf(path)).map((task) => task.status)).toEqual([status, 'scheduled']);
});

/** Reviews that the forecast promises for today and the two days after it. */
async function promised(learner: string, path: string, now: string): Promise<number[]> {
  const record = await progressRecord(bench.db, learner, path, now);
  if (record === undefined) throw new Error('the path is not there');
  const { forecast } = reviewFigures(record.memory, record.config, now);
  return forecast.days.slice(0, 3).map(({ planned }) => planned);
}

test('a review that was skipped today is promised for tomorrow, when the cron makes it', async () => {
  const { learner, path } = await learnerWith([9]);
  expect(await promised(learner, path, NOW)).toEqual([1, 0, 0]);
  await cron(NOW);
  await finish(path, 'skipped', later(0.1));
  expect(await promised(learner, path, later(0.1))).toEqual([0, 1, 0]);
  expect(await promised(learner, path, later(1))).toEqual([1, 0, 0]);
});

test('a review made by hand for later today takes a place of today in the forecast, as with the cron', async () => {
  const { learner, path } = await learnerWith([9, 8], { reviews_per_day: 2 });
  await bench.rows(
    `insert into study_tasks (path_id, kind, problem_id, module, difficulty, scheduled_at, expires_at)
     values ($1, 'review', 'other', 'heaps', 1, '2026-03-10T20:00:00Z', '2026-03-20T08:00:00Z')`,
    [path],
  );
  expect(await promised(learner, path, NOW)).toEqual([1, 1, 0]);
  expect(await cron(NOW)).toBe(1);
});

test('days are the learner’s: a card seen in the night in Tokyo waits for no day of London', async () => {
  // Seen on 11 March at 06:00 in Tokyo, which is still the 10th in UTC; due two days later, on the 13th.
  const [learner, seen] = [`learner-${randomUUID()}`, '2026-03-10T21:00:00.000Z'];
  const path = await seedPath(bench.rows, learner, { time_zone: 'Asia/Tokyo', reviews_per_day: 1 });
  const { state } = cardOf([['hard', seen]], { time_zone: 'Asia/Tokyo', day_start_hour: 4 });
  expect(state.scheduled_days).toBe(2);
  await seedCards(bench.rows, learner, path, [
    { problem_id: 'a', state },
    { problem_id: 'b', state },
  ]);
  // The 13th begins at four in the morning, which is the evening of the 12th in London.
  await cron('2026-03-12T18:59:59.000Z');
  expect(await tasksOf(path)).toHaveLength(0);
  await cron('2026-03-12T19:00:00.000Z');
  await cron('2026-03-13T18:59:00.000Z');
  expect(await tasksOf(path)).toHaveLength(1);
  await cron('2026-03-13T19:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(2);
});

const moveTo = (path: string, time_zone: string) =>
  bench.rows('update study_paths set config = config || $2 where id = $1', [
    path,
    JSON.stringify({ time_zone }),
  ]);

test('what failed at half past nine in the evening is due when the next day begins', async () => {
  const learner = `learner-${randomUUID()}`;
  const path = await seedPath(bench.rows, learner, { time_zone: 'Europe/Berlin' });
  const { state } = cardOf([['again', '2026-03-10T20:30:00.000Z']], {
    time_zone: 'Europe/Berlin',
    day_start_hour: 4,
  });
  await seedCards(bench.rows, learner, path, [{ problem_id: 'a', state }]);
  await cron('2026-03-11T02:59:59.000Z');
  expect(await tasksOf(path)).toEqual([]);
  await cron('2026-03-11T03:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(1);
});

test('a flight westwards, on which a day comes again, neither withholds its reviews nor grants it twice', async () => {
  const { path } = await learnerWith([9, 8, 7, 6, 5], { time_zone: 'Asia/Tokyo', reviews_per_day: 2 });
  // 10 March in Tokyo from 19:00 UTC on the 9th, in Los Angeles from 11:00 UTC on the 10th.
  await cron('2026-03-09T20:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(2);
  await moveTo(path, 'America/Los_Angeles');
  await cron('2026-03-10T12:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(2);
  await bench.rows(`update study_paths set config = config || '{"reviews_per_day": 3}' where id = $1`, [
    path,
  ]);
  await cron('2026-03-10T13:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(3);
  await cron('2026-03-11T12:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(5);
});

test('a flight eastwards brings the next day’s reviews as early as its day begins', async () => {
  const { path } = await learnerWith([9, 8, 7], { time_zone: 'America/Los_Angeles', reviews_per_day: 1 });
  await cron('2026-03-10T12:00:00.000Z');
  await moveTo(path, 'Asia/Tokyo');
  await cron('2026-03-10T19:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(2);
  await cron('2026-03-11T18:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(2);
  await cron('2026-03-11T19:00:00.000Z');
  expect(await tasksOf(path)).toHaveLength(3);
});

test('places of a day that lost a task are given again', async () => {
  const { path } = await learnerWith([9, 8, 7], { reviews_per_day: 2 });
  await cron(NOW);
  const [first] = await tasksOf(path);
  await bench.rows('update review_queue set task_id = null where path_id = $1', [path]);
  await bench.dropTasks('id', String(first?.id));
  await cron(later(0.1));
  expect(await tasksOf(path)).toHaveLength(2);
});

test('a zone that the runtime does not know counts as UTC and is told of', async () => {
  const { path } = await learnerWith([9]);
  await bench.rows(`update study_paths set config = config || '{"time_zone":"Mars/Olympus"}' where id = $1`, [
    path,
  ]);
  lines = [];
  await cron(NOW);
  expect(await tasksOf(path)).toHaveLength(1);
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'time-zone-unknown', time_zone: 'Mars/Olympus' }),
  );
  await bench.rows(`update study_paths set config = config - 'time_zone' where id = $1`, [path]);
});

test('reviews go to the newest path, under its config', async () => {
  const { learner, path } = await learnerWith([9, 8]);
  await bench.rows(`update study_paths set created_at = '2026-01-01T00:00:00Z' where id = $1`, [path]);
  const newest = await seedPath(bench.rows, learner, { reviews_per_day: 1 });
  await cron(NOW);
  expect(await tasksOf(path)).toEqual([]);
  expect((await tasksOf(newest)).map(({ problem_id }) => problem_id)).toEqual(['p-000']);
});

// The second run sees a more urgent card that came meanwhile, but none of the tasks that the first one is making.
test.each([2, 10])(
  'a run that overtakes another makes no card twice and keeps to %i a day',
  async (perDay) => {
    const { learner, path } = await learnerWith([6, 5], { reviews_per_day: perDay });
    await bench.rows(
      `insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at)
     values ($1, 'counted', 'hashing', 1, $2, '2099-01-01')`,
      [path, NOW],
    );
    // Both runs end at the sums of this path, so that a lock there stops them with all of their rows written.
    const holder = new pg.Client({ connectionString: bench.postgresUrl });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('begin');
    await holder.query('select 1 from progress_counters where path_id = $1 for update', [path]);
    const first = cron(NOW);
    await untilBlocked(bench.adminUrl, 1);
    const { state } = cardOf([['good', later(-9)]]);
    await seedCards(bench.rows, learner, path, [{ problem_id: 'urgent', state }]);
    const second = cron(NOW);
    await untilBlocked(bench.adminUrl, 2);
    await holder.query('commit');
    expect([await first, await second]).toEqual([2, 0]);
    const names = async () => (await tasksOf(path)).map(({ problem_id }) => problem_id);
    expect(await names()).toEqual(['counted', 'p-000', 'p-001']);
    await cron(NOW);
    expect(await names()).toEqual(['counted', 'p-000', 'p-001', ...(perDay > 2 ? ['urgent'] : [])]);
  },
);

test('in 30 races of four runs no card gets two tasks and no day more than its share', async () => {
  const learners = await Promise.all(
    Array.from({ length: 20 }, () => learnerWith([4, 5, 6, 7, 8], { reviews_per_day: 3 })),
  );
  const paths = learners.map(({ path }) => path);
  for (let day = 0; day < 30; day += 1) {
    const now = later(day);
    const made = await Promise.all([cron(now), cron(now), cron(now), cron(now)]);
    const [row] = await bench.rows(
      `select coalesce(max(n), 0)::integer as most, coalesce(sum(n), 0)::integer as all from (
         select count(*) as n from study_tasks where path_id = any($1) and scheduled_at = $2 group by path_id) day`,
      [paths, now],
    );
    expect(row?.most).toBeLessThanOrEqual(3);
    // What one run leaves to another is done by then or by the next one.
    const rest = await cron(now);
    expect(made.reduce((sum, count) => sum + count, rest)).toBeGreaterThanOrEqual(Number(row?.all));
    await finish(paths[day % paths.length] ?? '', 'skipped', now);
  }
  const doubles = await bench.rows(
    `select problem_id from study_tasks where path_id = any($1) and status = 'scheduled'
     group by path_id, problem_id having count(*) > 1`,
    [paths],
  );
  expect(doubles).toEqual([]);
  const sameDay = await bench.rows(
    `select problem_id from study_tasks where path_id = any($1) group by path_id, problem_id, scheduled_at::date
     having count(*) > 1`,
    [paths],
  );
  expect(sameDay).toEqual([]);
});
