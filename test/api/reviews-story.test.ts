import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskEvent } from '#contract/events.ts';
import type { TaskPage } from '#contract/history.ts';
import type { NextTask } from '#contract/paths.ts';
import type { DueReviewPage, GradedTask } from '#contract/reviews.ts';
import { inDatabase, type Learner, newLearner } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { DAY } from '../support/review-bench.ts';
import { PLATEAU, submitFor } from '../support/submissions.ts';

const HOUR = DAY / 24;
const DAY_ZERO = new Date('2026-03-02T09:00:00.000Z');

let worker: Awaited<ReturnType<typeof startClockedWorker>>;
beforeAll(async () => {
  worker = await startClockedWorker({ at: DAY_ZERO });
});
afterAll(() => worker.close());

function after(instant: string, ms: number): Date {
  return new Date(Date.parse(instant) + ms);
}

async function cardOf(learner: Learner) {
  const { body } = await learner.call<DueReviewPage>('/v1/study-tasks/review-due?within=90d');
  const found = body.data.find(({ problem_id }) => problem_id === PLATEAU);
  if (found === undefined) throw new Error('the problem has no card');
  return found;
}

/** Reviews of the problem, oldest first. */
async function reviewsOf(learner: Learner) {
  const { body } = await learner.call<TaskPage>('/v1/study-tasks?kind=review&order=asc&limit=200');
  return body.data.filter(({ problem_id }) => problem_id === PLATEAU);
}

async function nextOf(learner: Learner) {
  const { status, body } = await learner.call<NextTask>('/v1/study-tasks/next');
  expect(status).toBe(200);
  return body.task;
}

const find = <Type extends TaskEvent['event_type']>(events: TaskEvent[], type: Type) =>
  events.find((event): event is Extract<TaskEvent, { event_type: Type }> => event.event_type === type);

/** Types of the events, and the one day on which all of them happened. */
function story(events: TaskEvent[]): { day: string | undefined; types: string[] } {
  const days = new Set(events.map(({ occurred_at }) => occurred_at.slice(0, 10)));
  expect(days.size).toBe(1);
  return { day: [...days][0], types: events.map(({ event_type }) => event_type) };
}

const JUDGED = ['started', 'submitted', 'evaluated', 'status_changed'];

test('a problem solved on day 0 comes back when it is due, is failed then, comes back sooner, and its events tell so', async () => {
  worker.travelTo(DAY_ZERO);
  const learner = await newLearner('story', worker.url);
  const { path } = await learner.newPath({ reviews_per_day: 1 });
  const solved = await learner.newTask(path.id, PLATEAU, { scheduled_at: DAY_ZERO.toISOString() });
  await submitFor(learner, solved, 'AC');
  const first = await cardOf(learner);
  expect(first).toMatchObject({ task: null, overdue_days: 0, state: { reps: 1, lapses: 0 } });
  expect(first.problem?.problem_id).toBe(PLATEAU);
  const interval = Date.parse(first.due_at) - DAY_ZERO.getTime();
  expect(interval).toBeGreaterThanOrEqual(2 * DAY);

  // An hour early there is nothing to review, and the path goes on with new work.
  worker.travelTo(after(first.due_at, -HOUR));
  await worker.cron();
  expect(await reviewsOf(learner)).toEqual([]);
  expect((await nextOf(learner)).kind).toBe('problem');

  // When it is due, it comes first, once.
  const dueDay = after(first.due_at, HOUR);
  worker.travelTo(dueDay);
  await cardOf(learner);
  await worker.cron();
  await worker.cron();
  const [comeback, ...others] = await reviewsOf(learner);
  expect(others).toEqual([]);
  const review = comeback?.id ?? '';
  expect(await nextOf(learner)).toMatchObject({ id: review, kind: 'review' });
  const due = await cardOf(learner);
  expect(due.task?.id).toBe(review);
  expect(due.state.retrievability).toBeLessThan(0.93);

  // It is failed on that day, and the next interval is counted from that day.
  await submitFor(learner, review, 'WA');
  const second = await cardOf(learner);
  expect(second).toMatchObject({ task: null, state: { reps: 2, lapses: 1 } });
  expect(second.state.stability).toBeLessThan(first.state.stability);
  const shorter = Date.parse(second.due_at) - dueDay.getTime();
  expect(shorter).toBeGreaterThan(0);
  expect(shorter).toBeLessThan(interval);
  await worker.cron();
  expect(await reviewsOf(learner)).toHaveLength(1);

  // It comes back sooner, and is solved.
  const lastDay = after(second.due_at, HOUR);
  worker.travelTo(lastDay);
  await cardOf(learner);
  await worker.cron();
  const again = await nextOf(learner);
  expect(again).toMatchObject({ kind: 'review', problem_id: PLATEAU, status: 'scheduled' });
  expect(again.metadata.reason).toBe('Due for review: 1 day since you last worked on this problem.');
  await submitFor(learner, again.id, 'AC');
  const third = await cardOf(learner);
  expect(third.state).toMatchObject({ reps: 3, lapses: 1 });
  expect(Date.parse(third.due_at) - lastDay.getTime()).toBeGreaterThan(shorter);

  // The events tell the whole story, each on its day.
  const [begin, failed, end] = await Promise.all([solved, review, again.id].map((id) => learner.events(id)));
  if (begin === undefined || failed === undefined || end === undefined) throw new Error('no events');
  const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);
  expect(story(begin)).toEqual({
    day: dayOf(DAY_ZERO),
    types: ['created', ...JUDGED, 'mastery_changed', 'graded'],
  });
  expect(story(failed)).toEqual({
    day: dayOf(dueDay),
    types: ['created', ...JUDGED, 'mastery_changed', 'graded'],
  });
  expect(story(end)).toEqual({ day: dayOf(lastDay), types: ['created', ...JUDGED, 'graded'] });
  expect(find(begin, 'graded')?.payload).toMatchObject({ review: 1, source: 'evidence', due: first.due_at });
  expect(find(failed, 'created')).toMatchObject({
    actor: { type: 'system', job: 'due-reviews' },
    payload: { kind: 'review', metadata: { reason: comeback?.metadata.reason } },
  });
  expect(find(failed, 'graded')?.payload).toMatchObject({ review: 2, grade: 'again', due: second.due_at });
  expect(find(end, 'graded')?.payload).toMatchObject({ review: 3, due: third.due_at });
  const log = await inDatabase(
    `select seq, log->>'reviewed_at' as at, (log->>'elapsed_days')::integer as days
     from review_log where user_id = $1 and problem_id = $2 order by seq`,
    [learner.id, PLATEAU],
  );
  expect(log.map(({ seq, at, days }) => [seq, String(at).slice(0, 10), days])).toEqual([
    [1, dayOf(DAY_ZERO), null],
    [2, dayOf(dueDay), Math.round(interval / DAY)],
    [3, dayOf(lastDay), 1],
  ]);

  // The learner knows better than the tests how it went, and may take that back too.
  const graded = await learner.post<GradedTask>(`/v1/study-tasks/${again.id}/grade`, { grade: 'again' });
  expect(graded.body).toMatchObject({ grade: 'again', source: 'learner', state: { lapses: 2 } });
  const undone = await learner.call<GradedTask>(`/v1/study-tasks/${again.id}/review`, { method: 'DELETE' });
  expect(undone.body).toMatchObject({ due_at: second.due_at, state: { stability: second.state.stability } });
});
