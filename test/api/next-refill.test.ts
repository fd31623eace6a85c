import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NextTask } from '#contract/paths.ts';
import {
  inDatabase,
  type Learner,
  learnerAt,
  newLearner,
  roundTrips,
  stack,
  withFaults,
} from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { DAY } from '../support/review-bench.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const HORIZON = 6;
const BEGIN = new Date('2026-04-06T08:00:00.000Z');
/** Longer than the crons look back for active learners, and than any task of the first days lives. */
const BACK = new Date(BEGIN.getTime() + 45 * DAY);

let worker: Awaited<ReturnType<typeof startClockedWorker>>;
beforeAll(async () => {
  worker = await startClockedWorker({ at: BEGIN });
});
afterAll(() => worker.close());

type Open = { problem_id: string; kind: string; actor: { job?: string } };

/** Tasks that a learner may still do at `now`, with who made them. */
const openTasks = (path: string, now: Date) =>
  inDatabase<Open>(
    `select t.problem_id, t.kind, e.actor from study_tasks t join task_events e on e.task_id = t.id and e.seq = 1
     where t.path_id = $1 and t.status in ('scheduled', 'in_progress') and t.expires_at > $2 order by t.kind`,
    [path, now],
  );

/** A learner who has solved one problem, or none, and was then away until BACK. */
async function returning({ solved }: { solved: boolean }): Promise<[Learner, string]> {
  worker.travelTo(BEGIN);
  const learner = await newLearner('seeded', worker.url);
  const { path } = await learner.newPath({ horizon: HORIZON, initial_tasks: 5 });
  if (solved) {
    const task = await learner.newTask(path.id, PLATEAU, { scheduled_at: BEGIN.toISOString() });
    const code = { language: 'javascript', code: PLATEAU_CODE.javascript.AC };
    expect((await learner.post(`/v1/study-tasks/${task}/submit`, code)).status).toBe(200);
  }
  worker.travelTo(BACK);
  return [learner, path.id];
}

const next = (learner: Learner) => learner.call<NextTask>('/v1/study-tasks/next');

test('whoever comes back after weeks finds the review first and new problems behind it, without any cron', async () => {
  const [learner, path] = await returning({ solved: true });
  const first = await next(learner);
  expect(first).toMatchObject({ status: 200, body: { task: { kind: 'review', problem_id: PLATEAU } } });
  expect(first.body.problem?.problem_id).toBe(PLATEAU);
  const open = await openTasks(path, BACK);
  expect(open.map(({ kind }) => kind)).toEqual([...Array(HORIZON).fill('problem'), 'review']);
  expect(open.map(({ actor }) => actor.job)).toEqual([...Array(HORIZON).fill('top-up-paths'), 'due-reviews']);
  const again = await next(learner);
  expect(again.body.task.id).toBe(first.body.task.id);
  expect(await roundTrips(again.requestId)).toBe(1);
  expect(await openTasks(path, BACK)).toEqual(open);
});

test('of eight requests at once each gets a task, and together they make one set of tasks', async () => {
  for (let round = 1; round <= 3; round += 1) {
    const [learner, path] = await returning({ solved: true });
    const answers = await Promise.all(Array.from({ length: 8 }, () => next(learner)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const open = await openTasks(path, BACK);
    expect(open.filter(({ kind }) => kind === 'problem')).toHaveLength(HORIZON);
    expect(open.filter(({ kind }) => kind === 'review')).toHaveLength(1);
    expect(new Set(open.map(({ problem_id }) => problem_id)).size).toBe(open.length);
  }
});

test('while the bank is down due reviews come all the same, and 204 where there are none; then the path fills', async () => {
  const fresh = await startClockedWorker({ at: BACK });
  try {
    const [idler, idlePath] = await returning({ solved: false });
    const [solver, busyPath] = await returning({ solved: true });
    const idle = learnerAt(idler, fresh.url);
    const busy = learnerAt(solver, fresh.url);
    await withFaults(stack.bank, [{ path: '/v1/problems', kind: 'status', status: 503 }], async () => {
      expect((await next(idle)).status).toBe(204);
      expect(await openTasks(idlePath, BACK)).toEqual([]);
      expect(await next(busy)).toMatchObject({
        status: 200,
        body: { task: { kind: 'review', problem_id: PLATEAU }, problem: null },
      });
      expect(await openTasks(busyPath, BACK)).toHaveLength(1);
    });
    // The client of the bank asks again a second after a failure.
    await expect.poll(async () => (await next(idle)).status, { timeout: 20_000 }).toBe(200);
    expect(await openTasks(idlePath, BACK)).toHaveLength(HORIZON);
  } finally {
    await fresh.close();
  }
});

test('a path for which the bank holds nothing new stays empty', async () => {
  worker.travelTo(BEGIN);
  const learner = await newLearner('seeded', worker.url);
  const { path } = await learner.newPath({ horizon: HORIZON });
  const bank = await inDatabase(
    `update study_paths set config = config || '{"modules": ["design"], "module_weights": {"design": 0}}'
     where id = $1 returning id`,
    [path.id],
  );
  expect(bank).toHaveLength(1);
  worker.travelTo(BACK);
  const answer = await next(learner);
  expect(answer.status).toBe(204);
  expect(await roundTrips(answer.requestId)).toBe(3);
  expect(await openTasks(path.id, BACK)).toEqual([]);
  // By the stack's own clock everything is over, too.
  expect((await next(learnerAt(learner, stack.worker))).status).toBe(204);
});
