import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PathConfig } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import { migrate } from '#local/migrate.ts';
import { rebuildRollups } from '#local/rebuild-rollups.ts';
import { createProblemBank, type ProblemBank } from '#worker/clients/problem-bank.ts';
import type { Context } from '#worker/context.ts';
import type { Failure } from '#worker/db/failures.ts';
import { param, statement } from '#worker/db/statement.ts';
import { failOverdue } from '#worker/evaluations/store-claims.ts';
import { requestRerun } from '#worker/evaluations/store-rerun.ts';
import { storeSubmission } from '#worker/evaluations/store-submission.ts';
import { countHint } from '#worker/hints/store.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { createLogger, type LogFields } from '#worker/log.ts';
import { currentPath, storePath } from '#worker/paths/store.ts';
import { showProgress } from '#worker/progress/show.ts';
import { progressRecord } from '#worker/progress/store.ts';
import { seedsJson, type TaskSeed } from '#worker/tasks/index.ts';
import { patchTask, startTask, storeBatch } from '#worker/tasks/store.ts';
import {
  type EvaluationBench,
  evaluationBench,
  judged,
  NOW,
  stamp,
  submission,
} from '../support/evaluation-bench.ts';
import { startTestDatabase } from '../support/postgres.ts';

const DRIZZLE = new URL('../../drizzle', import.meta.url).pathname;
const PATH = '0a0a0a0a-0000-4000-8000-000000000001';

/** Every statement that failed, also those that were sent again: a deadlock would hide behind its repetition. */
const failures: Failure[] = [];
let bench: EvaluationBench;
beforeAll(async () => {
  bench = await evaluationBench(({ failure }) => {
    if (failure !== null) failures.push(failure);
  });
});
afterAll(() => bench.close());

const MODULES = ['hashing', 'heaps', 'greedy'] as const;
const TAGS = ['array', 'two-pointers', 'greedy', 'trie'];

type Learner = { learner: string; path: string; tasks: string[] };
let someone: Learner;

function seed(index: number, change: Partial<TaskSeed> = {}): TaskSeed {
  return {
    id: randomUUID(),
    kind: (['problem', 'problem', 'review', 'lesson'] as const)[index % 4] ?? 'problem',
    // Fewer problems than tasks: retries and reviews meet one again.
    problem_id: `problem-${index % 5}`,
    module: MODULES[index % 3] ?? 'heaps',
    // A tag that is named twice counts once.
    topic_tags: [TAGS[index % 4] ?? '', TAGS[index % 3] ?? '', TAGS[index % 4] ?? ''].slice(0, index % 4),
    difficulty: 2,
    scheduled_at: '2026-03-01T09:00:00.000Z',
    retry_of: null,
    metadata: {},
    ...change,
  };
}

async function newLearner(seeds: TaskSeed[], config: object = {}): Promise<Learner> {
  const [learner, path] = [`learner-${randomUUID()}`, randomUUID()];
  await storePath(bench.db, learner, {
    ...stamp,
    path_id: path,
    track_id: 'coding-interview-meta',
    config: JSON.stringify(PathConfig.parse(config)),
    tasks: seedsJson(seeds),
  });
  return { learner, path, tasks: seeds.map(({ id }) => id) };
}

beforeEach(async () => {
  someone = await newLearner(Array.from({ length: 12 }, (_, index) => seed(index)));
});

const deletePath = statement<{ path_id: string }, never>(
  'delete-path',
  'idempotent',
  sql`delete from study_paths where id = ${param('path_id', 'uuid')}`,
);

/** The sums made from the tasks alone, in other words than the triggers use. */
async function counted(path: string) {
  return bench.rows(
    `select names.scope, names.name, count(*)::integer as tasks,
       count(case t.status when 'scheduled' then 1 end)::integer as scheduled,
       count(case t.status when 'in_progress' then 1 end)::integer as in_progress,
       count(case t.status when 'completed' then 1 end)::integer as completed,
       count(case t.status when 'skipped' then 1 end)::integer as skipped,
       count(case t.status when 'expired' then 1 end)::integer as expired,
       count(case when t.kind in ('problem', 'review') then t.score end)::integer as judged,
       count(case when t.kind in ('problem', 'review') and (t.metadata->>'first_score')::float8 = 1 then 1 end)::integer
         as solved_first,
       count(case when t.kind in ('problem', 'review') and t.score = 1 then 1 end)::integer as solved,
       round(coalesce(sum(t.score) filter (where t.kind in ('problem', 'review')), 0)::numeric, 9)::text as score_sum,
       sum(t.hints_used)::integer as hints_used, coalesce(sum(t.time_spent_seconds), 0)::integer as time_spent_seconds,
       case names.scope when 'module' then count(distinct case when t.status = 'completed' and t.kind <> 'lesson'
         then t.problem_id end)::integer else 0 end as problems_completed
     from study_tasks t cross join lateral (
       select 'module' as scope, t.module as name union select 'topic', unnest(t.topic_tags)) names
     where t.path_id = $1 group by names.scope, names.name order by names.scope, names.name`,
    [path],
  );
}

async function kept(path: string) {
  return bench.rows(
    `select scope, name, tasks, scheduled, in_progress, completed, skipped, expired, judged, solved_first, solved,
       round(score_sum, 9)::text as score_sum, hints_used::integer, time_spent_seconds::integer, problems_completed
     from progress_counters where path_id = $1 and tasks <> 0 order by scope, name`,
    [path],
  );
}

/** Quarters of an hour with practice, as instants: from the bitmaps, and from submissions and lessons. */
async function practised(path: string) {
  const [row] = await bench.rows(
    `select
       (select coalesce(jsonb_agg(extract(epoch from m.month at time zone 'UTC') + slot * 900
          order by m.month, slot), '[]')
        from practice_months m cross join generate_series(0, 2975) slot
        where m.path_id = $1 and get_bit(m.slots, slot) = 1) as kept,
       (select coalesce(jsonb_agg(distinct floor(extract(epoch from at) / 900) * 900), '[]') from (
          select min(e.created_at) as at from task_evaluations e join study_tasks t on t.id = e.task_id
          where t.path_id = $1 group by e.submission_id
          union all
          select completed_at from study_tasks
          where path_id = $1 and kind = 'lesson' and status = 'completed') p) as counted`,
    [path],
  );
  return row;
}

async function expectRight(path: string) {
  expect(await kept(path)).toEqual(await counted(path));
  const days = await practised(path);
  expect(days?.kept).toEqual(days?.counted);
  expect(await bench.rows('select rebuild_progress($1) as differed', [path])).toEqual([{ differed: 0 }]);
}

const taskOf = ({ tasks }: Learner, pick: number) => tasks[pick % tasks.length] ?? '';

async function judgeNewest({ learner }: Learner, task: string, at: string, passed: number) {
  const [pending] = await bench.rows(
    `select id, submission_id from task_evaluations where task_id = $1 and status = 'pending' limit 1`,
    [task],
  );
  if (pending === undefined) return;
  const found = await requestRerun(bench.db, learner, {
    ...stamp,
    now: at,
    task_id: task,
    submission_id: String(pending.submission_id),
    evaluation_id: randomUUID(),
    next_redrive_at: at,
  });
  if (found?.outcome === 'found') await bench.settle(found, judged(passed, 3));
}

/** What can happen to a task, as the Worker does it. `roll` decides what a verb leaves open. */
const VERBS: Record<string, (who: Learner, task: string, at: string, roll: number) => Promise<unknown>> = {
  start: ({ learner }, task, at) =>
    startTask(bench.db, learner, task, { ...stamp, now: at, startable: ['scheduled'] }),
  submit: ({ learner }, task, at) => storeSubmission(bench.db, learner, submission(task, { now: at })),
  settle: (who, task, at, roll) => judgeNewest(who, task, at, roll % 4),
  rerun: ({ learner }, task, at) =>
    requestRerun(bench.db, learner, {
      ...stamp,
      now: at,
      task_id: task,
      submission_id: null,
      evaluation_id: randomUUID(),
      next_redrive_at: at,
    }),
  hint: ({ learner }, task, at) =>
    countHint(bench.db, learner, task, { ...stamp, now: at, hint_id: randomUUID(), level: 1 }),
  skip: ({ learner }, task, at) => patchTo(learner, task, at, 'skipped', ['scheduled', 'in_progress'], ANY),
  read: ({ learner }, task, at) => patchTo(learner, task, at, 'completed', ['in_progress'], ['lesson']),
  note: ({ learner }, task, at) => patchTo(learner, task, at, null, [], []),
  expire: (_who, _task, at) => expireTasks(bench.db, { ...stamp, now: at, limit: 3 }),
  give_up: (_who, _task, at) =>
    failOverdue(bench.db, { ...stamp, now: at, before: at, cause: 'late', limit: 2 }),
  add: async (who, _task, at, roll) => {
    const seeds = [seed(roll), seed(roll + 1)];
    await storeBatch(bench.db, who.learner, {
      ...stamp,
      now: at,
      path_id: who.path,
      tasks: seedsJson(seeds),
    });
    who.tasks.push(...seeds.map(({ id }) => id));
  },
};
const ANY = ['problem', 'review', 'lesson'];

function patchTo(
  learner: string,
  task: string,
  at: string,
  to: string | null,
  from: string[],
  kinds: string[],
) {
  return patchTask(bench.db, learner, task, {
    ...stamp,
    now: at,
    if_version: null,
    to_status: to,
    from_statuses: from,
    kinds,
    reason: null,
    patch: to === null ? '{"note":"x"}' : null,
    reported: null,
    metadata_limit: 16_384,
  });
}

test('whatever learners and crons do, the sums are those of the tasks', async () => {
  const reached = new Set<unknown>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('first_attempt', 'until_passed'),
      fc.array(
        fc.record({
          verb: fc.constantFrom(...Object.keys(VERBS), 'submit', 'settle', 'settle', 'start', 'read'),
          pick: fc.nat(30),
          roll: fc.nat(30),
          minutes: fc.nat(3000),
        }),
        { minLength: 20, maxLength: 60 },
      ),
      async (completion, steps) => {
        const who = await newLearner(
          Array.from({ length: 6 }, (_, index) => seed(index)),
          { completion },
        );
        let at = Date.parse(NOW);
        for (const { verb, pick, roll, minutes } of steps) {
          at += minutes * 60_000;
          await VERBS[verb]?.(who, taskOf(who, pick), new Date(at).toISOString(), roll);
        }
        await expectRight(who.path);
        for (const row of await kept(who.path))
          for (const [key, value] of Object.entries(row))
            if (typeof value === 'number' && value > 0) reached.add(key);
      },
    ),
    { numRuns: 25 },
  );
  // Every sum has been more than nothing in some run: none of them was right for want of trying.
  expect([...reached].toSorted()).toEqual([
    'completed',
    'expired',
    'hints_used',
    'in_progress',
    'judged',
    'problems_completed',
    'scheduled',
    'skipped',
    'solved',
    'solved_first',
    'tasks',
    'time_spent_seconds',
  ]);
});

test('a change of what nobody sums touches no row of the sums', async () => {
  const xmin = () =>
    bench.rows('select name, xmin::text from progress_counters where path_id = $1 order by 1', [
      someone.path,
    ]);
  const before = await xmin();
  await bench.rows(
    `update study_tasks set attempts = attempts + 1, version = version + 1, expires_at = expires_at + interval '1 day',
       metadata = metadata || '{"note":1}' where path_id = $1`,
    [someone.path],
  );
  expect(await xmin()).toEqual(before);
  expect(before).not.toEqual([]);
});

test('a change that no verb makes is summed as well: module, kind, tags, path, a task deleted', async () => {
  const other = await newLearner([]);
  const [first, second, third, fourth] = someone.tasks;
  await bench.rows(`update study_tasks set module = 'design', topic_tags = '{new,array}' where id = $1`, [
    first,
  ]);
  await bench.rows(`update study_tasks set kind = 'lesson' where id = $1`, [second]);
  await bench.rows('update study_tasks set path_id = $2 where id = $1', [third, other.path]);
  await bench.rows('delete from study_tasks where id = $1', [fourth]);
  await expectRight(someone.path);
  await expectRight(other.path);
});

test('tasks of a path that an erasure empties are not summed any more', async () => {
  const before = await kept(someone.path);
  await bench.rows(`update study_paths set user_id = '' where id = $1`, [someone.path]);
  await bench.rows('delete from study_tasks where path_id = $1', [someone.path]);
  expect(await kept(someone.path)).toEqual(before);
  await bench.rows('delete from study_paths where id = $1', [someone.path]);
  expect(await kept(someone.path)).toEqual([]);
});

test('twenty writers of one path at once: nobody fails, nobody is thrown back, every sum is right', async () => {
  const seeds = Array.from({ length: 20 }, (_, index) => seed(index, { topic_tags: TAGS.toReversed() }));
  const who = await newLearner(seeds);
  failures.length = 0;
  await Promise.all(
    seeds.map(async ({ id }, index) => {
      const at = new Date(Date.parse(NOW) + index * 1_000_000).toISOString();
      for (const verb of ['hint', 'start', 'submit', 'settle', 'read', 'hint', 'submit', 'settle', 'add'])
        await VERBS[verb]?.(who, id, at, index);
    }),
  );
  expect(failures).toEqual([]);
  expect(who.tasks).toHaveLength(60);
  await expectRight(who.path);
});

test('two crons expire the same 5,000 tasks of 40 paths while their learners start some', async () => {
  const learners = await Promise.all(
    Array.from({ length: 40 }, () => newLearner(Array.from({ length: 125 }, (_, index) => seed(index)))),
  );
  const late = '2026-03-20T00:00:00.000Z';
  failures.length = 0;
  async function cron() {
    let expired = 0;
    for (let changed = 500; changed === 500; expired += changed)
      changed = await expireTasks(bench.db, { ...stamp, now: late, limit: 500 });
    return expired;
  }
  const crons = Promise.all([cron(), cron()]);
  const starts = Promise.all(
    learners.map(({ learner, tasks }) =>
      startTask(bench.db, learner, tasks[0] ?? '', { ...stamp, now: late, startable: ['scheduled'] }),
    ),
  );
  const [counts, started] = [await crons, await starts];
  const kept = started.filter((row) => row?.changed !== null).length;
  expect(counts[0] + counts[1] + (await cron())).toBeGreaterThanOrEqual(5000 - kept);
  expect(failures).toEqual([]);
  for (const { path } of learners) await expectRight(path);
});

test('a path that is deleted takes its sums along, also while it is being used', async () => {
  const who = await newLearner(Array.from({ length: 20 }, (_, index) => seed(index)));
  const at = '2026-03-02T10:00:00.000Z';
  const use = who.tasks.map(async (task, index) => {
    for (const verb of ['start', 'submit', 'settle', 'hint', 'submit'])
      await VERBS[verb]?.(who, task, at, index);
  });
  const gone = bench.db.query(deletePath, { path_id: who.path });
  const [, ...uses] = await Promise.allSettled([gone, ...use]);
  await expect(gone).resolves.toBeDefined();
  expect(uses.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(
    await bench.rows(
      `select (select count(*) from progress_counters where path_id = $1)
         + (select count(*) from completed_problems where path_id = $1)
         + (select count(*) from practice_months where path_id = $1) as left`,
      [who.path],
    ),
  ).toEqual([{ left: '0' }]);
});

async function spoil(path: string) {
  await bench.rows(
    `update progress_counters set hints_used = hints_used + 1 where path_id = $1 and scope = 'topic'`,
    [path],
  );
  await bench.rows(`delete from progress_counters where path_id = $1 and name = 'heaps'`, [path]);
  await bench.rows(`insert into completed_problems values ($1, 'heaps', 'never-seen')`, [path]);
  await bench.rows(`insert into practice_months values ($1, '2020-02-01', repeat('01', 1488)::bit(2976))`, [
    path,
  ]);
}

test('rebuilding says how many rows were wrong, sets them right, and then finds nothing', async () => {
  const settings = { databaseUrl: bench.connectionString, fetchEndpoint: bench.fetchEndpoint };
  await rebuildRollups(settings);
  await spoil(someone.path);
  const topics = (await kept(someone.path)).filter(({ scope }) => scope === 'topic').length;
  const [all] = await bench.rows('select count(*)::integer as paths from study_paths');
  expect(await rebuildRollups(settings)).toEqual({ paths: all?.paths, differed: topics + 3 });
  await expectRight(someone.path);
  expect(await rebuildRollups(settings, [someone.path, randomUUID()])).toEqual({ paths: 1, differed: 0 });
});

test('the command rebuilds what it is told to, and refuses what is not an id', async () => {
  const file = new URL('../../src/local/rebuild-rollups.ts', import.meta.url).pathname;
  const command = (...args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [file, ...args], {
        env: { DATABASE_URL: bench.connectionString, NEON_FETCH_ENDPOINT: bench.fetchEndpoint },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      child.once('close', (code) => resolve({ code, out, err }));
    });
  await bench.rows('update progress_counters set tasks = tasks + 1 where path_id = $1', [someone.path]);
  const rows = (await kept(someone.path)).length;
  expect(await command(someone.path)).toEqual({
    code: 0,
    out: `rebuilt the sums of 1 paths; ${rows} rows were different before\n`,
    err: '',
  });
  expect(await command('everything')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('everything is not the id of a path'),
  });
});

test('the migration counts what was there before it', async () => {
  const server = await startTestDatabase();
  const older = mkdtempSync(path.join(os.tmpdir(), 'study-paths-older-'));
  try {
    cpSync(DRIZZLE, older, { recursive: true });
    const journal = path.join(older, 'meta', '_journal.json');
    const all = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
    const entries = all.entries.filter(({ tag }) => tag < '0002');
    writeFileSync(journal, JSON.stringify({ ...all, entries }));
    const target = { databaseUrl: server.connectionString, fetchEndpoint: server.fetchEndpoint };
    await migrate({ ...target, directory: older });
    const client = new pg.Client(server.postgresUrl);
    await client.connect();
    try {
      await client.query(`insert into study_paths (id, user_id) values ($1, 'somebody')`, [PATH]);
      await client.query(
        `insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at, status,
           started_at, completed_at, score, metadata)
         select $1, 'problem-' || n % 2, 'heaps', '{array}', 1, now(), now(), 'completed', now(), now(), n % 2,
           jsonb_build_object('first_score', 1) from generate_series(1, 4) n`,
        [PATH],
      );
      await client.query(
        `insert into task_evaluations (id, task_id, submission_id, attempt, language, code, next_redrive_at, created_at)
         select gen_random_uuid(), id, gen_random_uuid(), 1, 'python', 'sealed', now(), '2026-02-28T23:59:59.999Z'
         from study_tasks`,
      );
      await migrate({ ...target, directory: DRIZZLE });
      const { rows } = await client.query('select progress_snapshot($1) as sums', [PATH]);
      const sums = { tasks: 4, completed: 4, judged: 4, solved_first: 4, solved: 2, score_sum: 2 };
      expect(rows[0].sums).toMatchObject({
        'module heaps': { ...sums, problems_completed: 2 },
        'topic array': { ...sums, problems_completed: 0 },
        'problem heaps problem-0': true,
        'problem heaps problem-1': true,
        'month 2026-02-01': `${'0'.repeat(28 * 96 - 1)}1${'0'.repeat(3 * 96)}`,
      });
      expect(Object.keys(rows[0].sums)).toHaveLength(5);
    } finally {
      await client.end();
    }
  } finally {
    await server.close();
    rmSync(older, { recursive: true, force: true });
  }
});

test("progress is the learner's own, and the current path tells the same figures", async () => {
  await VERBS.submit?.(someone, taskOf(someone, 0), NOW, 0);
  await VERBS.settle?.(someone, taskOf(someone, 0), NOW, 3);
  const { learner, path: id } = someone;
  expect(await progressRecord(bench.db, 'somebody-else', id, NOW)).toBeUndefined();
  expect(await progressRecord(bench.db, learner, randomUUID(), NOW)).toBeUndefined();
  const record = await progressRecord(bench.db, learner, id, NOW);
  expect(record?.time_zone).toBe('UTC');
  expect(record?.modules.map(({ tasks }) => tasks)).toEqual([4, 4, 4]);
  expect(record?.months).toEqual([{ month: '2026-03-01', slots: expect.stringMatching(/^[0-9a-f]{744}$/) }]);
  const { progress } = (await currentPath(bench.db, learner, null)) ?? {};
  expect(progress).toEqual({
    tasks: 12,
    by_status: { scheduled: 11, in_progress: 0, completed: 1, skipped: 0, expired: 0 },
    accuracy: 1,
    mean_score: 1,
    hints_used: 0,
    time_spent_seconds: 0,
  });
});

test('without the bank progress lacks the sizes of modules and nothing else', async () => {
  const seen: LogFields[] = [];
  const bank = (respond: () => Promise<Response>) =>
    createProblemBank({ fetcher: { fetch: respond }, url: 'http://bank.invalid', apiKey: 'key' });
  const show = (problemBank: ProblemBank) =>
    showProgress(
      {
        db: bench.db,
        problemBank,
        now: NOW,
        requestId: 'test',
        log: createLogger({}, (line) => seen.push(JSON.parse(line))),
      } as Context,
      someone.learner,
      someone.path,
    );
  const down = await show(bank(() => Promise.reject(new TypeError('connection refused'))));
  const sizes = { data: Module.options.map((module) => ({ module, problems: 8 })) };
  const up = await show(bank(() => Promise.resolve(Response.json(sizes))));
  expect(
    down.modules.every(
      ({ module_size, completion_rate }) => module_size === null && completion_rate === null,
    ),
  ).toBe(true);
  expect(up.modules.map(({ module_size }) => module_size)).toEqual(Module.options.map(() => 8));
  const without = (progress: Progress) => ({
    ...progress,
    modules: progress.modules.map((module) => ({ ...module, module_size: null, completion_rate: null })),
  });
  expect(without(up)).toEqual(down);
  expect(seen).toEqual([expect.objectContaining({ level: 'warn', event: 'module-sizes-unavailable' })]);
});

test('scheduled reviews are counted by the quarter of an hour, those long overdue together', async () => {
  const review = (scheduled_at: string, kind: TaskSeed['kind'] = 'review') => seed(0, { kind, scheduled_at });
  const who = await newLearner([
    review('2026-02-01T00:00:00.000Z'),
    review('2026-02-20T00:00:00.000Z'),
    review('2026-03-01T09:59:59.000Z'),
    review('2026-03-02T00:05:00.000Z'),
    review('2026-03-02T00:14:00.000Z'),
    review('2026-03-02T00:14:00.000Z', 'problem'),
    review('2026-03-30T00:00:00.000Z'),
  ]);
  await VERBS.skip?.(who, taskOf(who, 4), NOW, 0);
  const record = await progressRecord(bench.db, who.learner, who.path, NOW);
  expect(record?.reviews.toSorted((a, b) => a.at - b.at)).toEqual([
    { at: Date.parse('2026-02-27T10:00:00Z'), reviews: 2 },
    { at: Date.parse('2026-03-01T09:45:00Z'), reviews: 1 },
    { at: Date.parse('2026-03-02T00:00:00Z'), reviews: 1 },
  ]);
});
