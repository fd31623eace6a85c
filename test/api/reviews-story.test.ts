import { expect, test } from 'vitest';
import type { TaskEvent } from '#contract/events.ts';
import type { TaskPage } from '#contract/history.ts';
import type { DueReviewPage, GradedTask } from '#contract/reviews.ts';
import { inDatabase, type Learner, newLearner, runCron } from '../support/api.ts';
import { DAY } from '../support/review-bench.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const HOUR = DAY / 24;

async function submit(learner: Learner, task: string, verdict: 'AC' | 'WA'): Promise<void> {
  const code = { language: 'javascript', code: PLATEAU_CODE.javascript[verdict] };
  const answer = await learner.post<Judged>(`/v1/study-tasks/${task}/submit`, code);
  expect([answer.status, answer.body.evaluation?.verdict]).toEqual([200, verdict]);
}

async function reviewOf(learner: Learner) {
  const { body } = await learner.call<DueReviewPage>('/v1/study-tasks/review-due?within=90d');
  const found = body.data.find(({ problem_id }) => problem_id === PLATEAU);
  if (found === undefined) throw new Error('the problem has no card');
  return found;
}

/** Reviews of the problem, oldest first. */
async function reviewTasks(learner: Learner) {
  const { body } = await learner.call<TaskPage>('/v1/study-tasks?kind=review&order=asc&limit=200');
  return body.data.filter(({ problem_id }) => problem_id === PLATEAU);
}

const find = <Type extends TaskEvent['event_type']>(events: TaskEvent[], type: Type) =>
  events.find((event): event is Extract<TaskEvent, { event_type: Type }> => event.event_type === type);

test('a problem solved today comes back when it is due, is failed, and comes back sooner', async () => {
  const learner = await newLearner();
  const { path } = await learner.newPath({ reviews_per_day: 1 });
  const solved = await learner.newTask(path.id, PLATEAU);
  const dayZero = Date.now();
  await submit(learner, solved, 'AC');
  const first = await reviewOf(learner);
  const firstDays = (Date.parse(first.due_at) - dayZero) / DAY;
  expect(firstDays).toBeGreaterThanOrEqual(2);
  expect(first).toMatchObject({ task: null, state: { reps: 1, lapses: 0 } });
  expect(first.problem?.problem_id).toBe(PLATEAU);

  await runCron(new Date(Date.parse(first.due_at) - HOUR));
  expect(await reviewTasks(learner)).toEqual([]);
  await runCron(new Date(Date.parse(first.due_at) + HOUR));
  await runCron(new Date(Date.parse(first.due_at) + HOUR));
  const [comeback, ...others] = await reviewTasks(learner);
  expect(others).toEqual([]);
  const review = comeback?.id ?? '';
  expect((await reviewOf(learner)).task?.id).toBe(review);

  await submit(learner, review, 'WA');
  const second = await reviewOf(learner);
  expect(second).toMatchObject({ task: null, state: { reps: 2, lapses: 1 } });
  const secondDays = (Date.parse(second.due_at) - dayZero) / DAY;
  expect(secondDays).toBeLessThan(firstDays);
  expect(second.state.stability).toBeLessThan(first.state.stability);

  await runCron(new Date(Date.parse(second.due_at) + HOUR));
  const tasks = await reviewTasks(learner);
  expect(tasks.map(({ status }) => status).sort()).toEqual(['completed', 'scheduled']);
  expect(tasks.find(({ status }) => status === 'scheduled')?.metadata.reason).toBe(
    'Due for review: 1 day since you last worked on this problem.',
  );

  const [begin, end] = [await learner.events(solved), await learner.events(review)];
  expect(find(begin, 'graded')?.payload).toMatchObject({ review: 1, source: 'evidence', due: first.due_at });
  expect(['good', 'easy']).toContain(find(begin, 'graded')?.payload.grade);
  expect(end[0]).toMatchObject({
    event_type: 'created',
    actor: { type: 'system', job: 'due-reviews' },
    payload: {
      kind: 'review',
      metadata: { reason: expect.stringMatching(/^Due for review: \d+ days? since/) },
    },
  });
  expect(end.map(({ event_type }) => event_type)).toEqual(
    expect.arrayContaining(['submitted', 'evaluated', 'graded', 'status_changed']),
  );
  expect(find(end, 'graded')?.payload).toMatchObject({ review: 2, grade: 'again', due: second.due_at });

  // The learner knows better: it was only a slip.
  const graded = await learner.post<GradedTask>(`/v1/study-tasks/${review}/grade`, { grade: 'good' });
  expect(graded.body).toMatchObject({ grade: 'good', source: 'learner', state: { lapses: 0 } });
  expect(Date.parse(graded.body.due_at ?? '')).toBeGreaterThan(Date.parse(second.due_at));
  const undone = await learner.call<GradedTask>(`/v1/study-tasks/${review}/grade`, { method: 'DELETE' });
  expect(undone.body).toMatchObject({ due_at: first.due_at, state: { stability: first.state.stability } });
  const log = await inDatabase(
    `select seq, log->>'grade' as grade, log->>'source' as source, undone_at is not null as undone
     from review_log where user_id = $1 and problem_id = $2 order by seq`,
    [learner.id, PLATEAU],
  );
  expect(log).toEqual([
    { seq: 1, grade: find(begin, 'graded')?.payload.grade, source: 'evidence', undone: false },
    { seq: 2, grade: 'again', source: 'evidence', undone: true },
    { seq: 3, grade: 'good', source: 'learner', undone: true },
  ]);
});
