import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TaskFact } from '#contract/events.ts';
import { PathConfig } from '#contract/paths.ts';
import { Evaluation } from '#contract/submissions.ts';
import { Task } from '#contract/tasks.ts';
import type { TaskStatus } from '#contract/vocabulary.ts';
import { migrate } from '#local/migrate.ts';
import type { RunningDatabase } from '#local/neon/index.ts';
import { createDatabase, type Database } from '#worker/db/client.ts';
import { CompletionRules, decideSettlement, type Judged } from '#worker/evaluations/domain.ts';
import type { StoredEvaluation } from '#worker/evaluations/store.ts';
import { claimPending, failOverdue } from '#worker/evaluations/store-claims.ts';
import { requestRerun } from '#worker/evaluations/store-rerun.ts';
import { storeSettlement } from '#worker/evaluations/store-settlement.ts';
import { type NewSubmission, storeSubmission } from '#worker/evaluations/store-submission.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

const NOW = '2026-03-01T10:00:00.000Z';
const SOON = '2026-03-01T10:01:30.000Z';
const LATER = '2026-03-01T10:05:00.000Z';
const stamp = { now: NOW, actor: JSON.stringify({ type: 'learner' }), request_id: 'test' };
const system = { ...stamp, actor: JSON.stringify({ type: 'system', job: 'test' }) };

let server: RunningDatabase;
let db: Database;
let rows: (query: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;

beforeAll(async () => {
  server = await startTestDatabase();
  const directory = new URL('../../drizzle', import.meta.url).pathname;
  await migrate({ databaseUrl: server.connectionString, fetchEndpoint: server.fetchEndpoint, directory });
  const client = createDatabase({ url: server.connectionString, fetchEndpoint: server.fetchEndpoint });
  db = client.forRequest('test');
  const post = sqlOverHttp(server);
  rows = async (query, params = []) => {
    const { status, answer } = await post({ query, params });
    if (status !== 200) throw new Error(answer.message);
    return answer.rows as Record<string, unknown>[];
  };
});
afterAll(() => server.close());

type Seed = { status?: TaskStatus; kind?: string; expires_at?: string; config?: object };

/** A learner with one path and one task, whose log begins with its `created` event. */
async function newTask({
  status = 'scheduled',
  kind = 'problem',
  expires_at = SOON,
  config = {},
}: Seed = {}) {
  const [learner, path, task] = [`learner-${randomUUID()}`, randomUUID(), randomUUID()];
  const started = status === 'scheduled' ? null : '2026-03-01T09:50:00.000Z';
  const completed = status === 'completed' ? '2026-03-01T09:55:00.000Z' : null;
  await rows('insert into study_paths (id, user_id, config) values ($1, $2, $3)', [
    path,
    learner,
    JSON.stringify(PathConfig.parse(config)),
  ]);
  await rows(
    `insert into study_tasks (id, path_id, kind, problem_id, module, difficulty, scheduled_at, expires_at, status,
       started_at, completed_at) values ($1, $2, $3, 'two-sum', 'hashing', 1, $4, $5, $6, $7, $8)`,
    [task, path, kind, '2026-03-01T09:00:00Z', expires_at, status, started, completed],
  );
  await rows(
    `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     values ($1, 1, 'created', $2, '{"type":"learner"}', now())`,
    [
      task,
      JSON.stringify({
        path_id: path,
        kind,
        problem_id: 'two-sum',
        module: 'hashing',
        topic_tags: [],
        difficulty: 1,
        scheduled_at: '2026-03-01T09:00:00.000Z',
        expires_at,
        metadata: {},
      }),
    ],
  );
  return { learner, task };
}

function submission(task: string, change: Partial<NewSubmission> = {}): NewSubmission {
  return {
    ...stamp,
    task_id: task,
    submission_id: randomUUID(),
    evaluation_id: randomUUID(),
    language: 'python',
    sealed_code: 'sealed',
    code_bytes: 10,
    reported_seconds: null,
    unsupported: [],
    next_redrive_at: SOON,
    ...change,
  };
}

async function submitted(learner: string, task: string, change: Partial<NewSubmission> = {}) {
  const stored = await storeSubmission(db, learner, submission(task, change));
  if (stored?.outcome !== 'stored') throw new Error(`not stored: ${stored?.outcome}`);
  return stored;
}

const judged = (passed: number, total = 4): Judged => ({
  verdict: passed === total ? 'AC' : 'WA',
  passed,
  total,
  runtime_ms: 5,
  memory_mb: 9.5,
  error_message: null,
  tests: [{ number: 1, hidden: true, verdict: passed === total ? 'AC' : 'WA' }],
  content_hash: 'c'.repeat(64),
  tests_hash: 't'.repeat(64),
  engine: 'judge 1',
});

function settle(seen: StoredEvaluation, outcome: Judged) {
  const { task, evaluation, submitted_at, reported_seconds } = seen;
  return storeSettlement(db, seen.learner_id, {
    ...stamp,
    now: LATER,
    task_id: task.id,
    evaluation_id: evaluation.id,
    expected_version: task.version,
    judged: outcome,
    settlement: decideSettlement(
      task,
      CompletionRules.parse(seen.config),
      { ...evaluation, submitted_at, reported_seconds },
      outcome,
      LATER,
    ),
  });
}

/** Every event is a fact of the contract, seq has no gap, and the newest one is the task's version. */
async function checkedLog(task: string): Promise<TaskFact[]> {
  const events = await rows(
    'select seq, event_type, schema_version, payload from task_events where task_id = $1 order by seq',
    [task],
  );
  const [row] = await rows('select version from study_tasks where id = $1', [task]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(row?.version).toBe(events.length);
  return events.map((event) => TaskFact.parse(event));
}

const typesOf = (log: TaskFact[]) => log.map((fact) => fact.event_type);

test('a submission starts its scheduled task and gives it a day', async () => {
  const { learner, task } = await newTask();
  const stored = await submitted(learner, task, { reported_seconds: 30 });
  Task.parse(stored.task);
  Evaluation.parse(stored.evaluation);
  expect(stored.task).toMatchObject({
    status: 'in_progress',
    started_at: NOW,
    expires_at: '2026-03-02T10:00:00.000Z',
    attempts: 1,
    pending_evaluations: 1,
    version: 3,
  });
  expect(stored.evaluation).toMatchObject({ status: 'pending', attempt: 1, run: 1, created_at: NOW });
  expect(stored).toMatchObject({ learner_id: learner, submitted_at: NOW, reported_seconds: 30 });
  expect(typesOf(await checkedLog(task))).toEqual(['created', 'started', 'submitted']);
});

test('a start and an expiry beyond the day stay as they are', async () => {
  const { learner, task } = await newTask({
    status: 'in_progress',
    expires_at: '2026-03-08T00:00:00.000Z',
  });
  const stored = await submitted(learner, task);
  expect(stored.task).toMatchObject({
    started_at: '2026-03-01T09:50:00.000Z',
    expires_at: '2026-03-08T00:00:00.000Z',
  });
  expect(typesOf(await checkedLog(task))).toEqual(['created', 'submitted']);
});

test.each([
  [{ status: 'skipped' }, { outcome: 'refused', status: 'skipped' }],
  [{ status: 'expired' }, { outcome: 'refused', status: 'expired' }],
  [{ kind: 'lesson' }, { outcome: 'refused', kind: 'lesson' }],
] as const)('a task that is %o takes no code', async (seed, outcome) => {
  const { learner, task } = await newTask(seed);
  expect(await storeSubmission(db, learner, submission(task))).toMatchObject(outcome);
  expect(typesOf(await checkedLog(task))).toEqual(['created']);
});

test('a language that the problem does not take is refused before anything is stored', async () => {
  const { learner, task } = await newTask();
  const wish = submission(task, { unsupported: ['other', 'two-sum'] });
  expect(await storeSubmission(db, learner, wish)).toEqual({ outcome: 'unsupported' });
  expect(typesOf(await checkedLog(task))).toEqual(['created']);
});

test("another learner's task is unknown to every statement", async () => {
  const { learner, task } = await newTask();
  const stored = await submitted(learner, task);
  const foreign = 'somebody-else';
  expect(await storeSubmission(db, foreign, submission(task))).toBeUndefined();
  expect(await settle({ ...stored, learner_id: foreign }, judged(4))).toBeUndefined();
  const wish = {
    ...stamp,
    task_id: task,
    submission_id: null,
    evaluation_id: randomUUID(),
    next_redrive_at: SOON,
  };
  expect(await requestRerun(db, foreign, wish)).toBeUndefined();
  expect(typesOf(await checkedLog(task))).toEqual(['created', 'started', 'submitted']);
});

test('the same submission again answers what is stored, also while the first one is on its way', async () => {
  const { learner, task } = await newTask();
  const same = submission(task);
  const both = await Promise.all([1, 2, 3].map(() => storeSubmission(db, learner, same)));
  expect(both.map((answer) => answer?.outcome).sort()).toEqual(['repeated', 'repeated', 'stored']);
  expect(await storeSubmission(db, learner, same)).toMatchObject({
    outcome: 'repeated',
    evaluation: { id: same.evaluation_id },
    task: { attempts: 1, version: 3 },
  });
  await checkedLog(task);
});

test('a result is written with its events, summary and score', async () => {
  const { learner, task } = await newTask({ status: 'in_progress' });
  const settled = await settle(await submitted(learner, task), judged(3));
  expect(settled).toMatchObject({
    outcome: 'settled',
    task: {
      status: 'completed',
      score: 0.75,
      completed_at: LATER,
      time_spent_seconds: 600,
      pending_evaluations: 0,
    },
    evaluation: {
      status: 'evaluated',
      verdict: 'WA',
      test_cases_passed: 3,
      score: 0.75,
      evaluated_at: LATER,
    },
  });
  Task.parse(settled?.task);
  expect(Evaluation.parse(settled?.evaluation).tests).toEqual(judged(3).tests);
  expect(settled?.task.metadata).toMatchObject({ first_score: 0.75, evaluation: { attempts: 1 } });
  expect(typesOf(await checkedLog(task))).toEqual(['created', 'submitted', 'evaluated', 'status_changed']);
});

test('a decision on an old version is stale and writes nothing; decided again it settles', async () => {
  const { learner, task } = await newTask({ status: 'in_progress' });
  const first = await submitted(learner, task);
  await submitted(learner, task);
  const stale = await settle(first, judged(2));
  expect(stale).toMatchObject({ outcome: 'stale', task: { version: 3, attempts: 2 } });
  if (stale === undefined) throw new Error('gone');
  expect(await settle(stale, judged(2))).toMatchObject({
    outcome: 'settled',
    task: { pending_evaluations: 1 },
  });
  await checkedLog(task);
});

test('of ten results at once the first wins, the others answer it', async () => {
  const { learner, task } = await newTask({ status: 'in_progress' });
  const stored = await submitted(learner, task);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => settle(stored, judged(i % 5))));
  const outcomes = answers.map((answer) => answer?.outcome);
  expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already')).toHaveLength(9);
  expect(new Set(answers.map((answer) => answer?.evaluation.score)).size).toBe(1);
  expect(typesOf(await checkedLog(task))).toEqual(['created', 'submitted', 'evaluated', 'status_changed']);
});

test('a result for a deleted task is dropped', async () => {
  const { learner, task } = await newTask();
  const stored = await submitted(learner, task);
  await rows('delete from study_tasks where id = $1', [task]);
  expect(await settle(stored, judged(4))).toBeUndefined();
});

test('twenty submissions at once are attempts 1 to 20, and all of them settle', async () => {
  const { learner, task } = await newTask();
  const stored = await Promise.all(Array.from({ length: 20 }, () => submitted(learner, task)));
  const attempts = stored.map(({ evaluation }) => evaluation.attempt).sort((a, b) => a - b);
  expect(attempts).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  await Promise.all(
    stored.map(async (mine, i) => {
      let seen: StoredEvaluation = mine;
      for (;;) {
        const written = await settle(seen, judged(i % 5));
        if (written === undefined) throw new Error('gone');
        if (written.outcome === 'settled') return;
        seen = written;
      }
    }),
  );
  const log = await checkedLog(task);
  expect(log.filter((fact) => fact.event_type === 'evaluated')).toHaveLength(20);
  expect(log.filter((fact) => fact.event_type === 'status_changed')).toHaveLength(1);
  const [row] = await rows(
    'select status, score, attempts, pending_evaluations from study_tasks where id = $1',
    [task],
  );
  expect(row).toEqual({ status: 'completed', score: 1, attempts: 20, pending_evaluations: 0 });
});

test('a rerun of a settled submission is its next run and keeps the first time and code', async () => {
  const { learner, task } = await newTask();
  const first = await submitted(learner, task);
  await settle(first, judged(1));
  const wish = {
    ...stamp,
    now: LATER,
    task_id: task,
    submission_id: first.evaluation.submission_id,
    evaluation_id: randomUUID(),
    next_redrive_at: LATER,
  };
  const again = await requestRerun(db, learner, wish);
  expect(again).toMatchObject({
    outcome: 'requested',
    evaluation: { id: wish.evaluation_id, attempt: 1, run: 2, status: 'pending', created_at: LATER },
    task: { attempts: 1, pending_evaluations: 1 },
    submitted_at: NOW,
    sealed_code: 'sealed',
  });
  // The same request once more, and another one while that run is pending, add nothing.
  expect(await requestRerun(db, learner, wish)).toMatchObject({ outcome: 'found' });
  const other = { ...wish, evaluation_id: randomUUID() };
  expect(await requestRerun(db, learner, other)).toMatchObject({
    outcome: 'found',
    evaluation: { run: 2 },
  });
  if (again?.outcome !== 'requested') throw new Error('not requested');
  expect(await settle(again, judged(4))).toMatchObject({
    outcome: 'settled',
    task: { score: 1, metadata: { first_score: 0.25 } },
  });
  // Sent again after its result came, it answers that result.
  expect(await requestRerun(db, learner, wish)).toMatchObject({
    outcome: 'found',
    evaluation: { run: 2, status: 'evaluated' },
  });
  expect(typesOf(await checkedLog(task)).slice(-2)).toEqual(['evaluation_requested', 'evaluated']);
});

test('without a submission the newest pending or failed one is taken, and nothing when all have results', async () => {
  const { learner, task } = await newTask();
  const wish = () => ({
    ...stamp,
    task_id: task,
    submission_id: null,
    evaluation_id: randomUUID(),
    next_redrive_at: SOON,
  });
  expect(await requestRerun(db, learner, wish())).toEqual({ outcome: 'nothing' });
  const first = await submitted(learner, task);
  expect(await requestRerun(db, learner, wish())).toMatchObject({
    outcome: 'found',
    evaluation: { id: first.evaluation.id },
  });
  await failOverdue(db, { ...system, before: NOW, cause: 'test', limit: 500 });
  const rerun = await requestRerun(db, learner, wish());
  expect(rerun).toMatchObject({ outcome: 'requested', evaluation: { attempt: 1, run: 2 } });
  if (rerun?.outcome !== 'requested') throw new Error('not requested');
  await settle(rerun, judged(4));
  expect(await requestRerun(db, learner, wish())).toEqual({ outcome: 'nothing' });
  const unknown = { ...wish(), submission_id: randomUUID() };
  expect(await requestRerun(db, learner, unknown)).toEqual({ outcome: 'nothing' });
  await checkedLog(task);
});

test('five reruns at once make one run', async () => {
  const { learner, task } = await newTask();
  const first = await submitted(learner, task);
  await settle(first, judged(1));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      requestRerun(db, learner, {
        ...stamp,
        task_id: task,
        submission_id: first.evaluation.submission_id,
        evaluation_id: randomUUID(),
        next_redrive_at: SOON,
      }),
    ),
  );
  expect(answers.map((answer) => answer?.outcome).sort()).toEqual([
    'found',
    'found',
    'found',
    'found',
    'requested',
  ]);
  await checkedLog(task);
});

test('claims take what is due once, and put it off longer each time', async () => {
  await rows(`update task_evaluations set next_redrive_at = '2099-01-01T00:00:00Z' where status = 'pending'`);
  const { learner, task } = await newTask();
  const mine = await Promise.all(Array.from({ length: 12 }, () => submitted(learner, task)));
  const claim = (now: string) => claimPending(db, { now, leastPauseSeconds: 90, limit: 5 });
  expect(await claim('2026-03-01T10:01:29.000Z')).toEqual([]);
  const claimed = (await Promise.all([claim(SOON), claim(SOON), claim(SOON), claim(SOON)])).flat();
  const rest = await claim(SOON);
  const ids = [...claimed, ...rest].map(({ evaluation }) => evaluation.id).sort();
  expect(ids).toEqual(mine.map(({ evaluation }) => evaluation.id).sort());
  expect(claimed[0]).toMatchObject({ learner_id: learner, sealed_code: 'sealed', submitted_at: NOW });
  const pauses: unknown[] = [];
  let now = SOON;
  for (let turn = 0; turn < 9; turn += 1) {
    const [row] = await rows(
      `select to_char(next_redrive_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
       from task_evaluations where id = $1`,
      [ids[0]],
    );
    pauses.push((Date.parse(String(row?.at)) - Date.parse(now)) / 1000);
    now = String(row?.at);
    await Promise.all([claim(now), claim(now), claim(now), claim(now)]);
    await claim(now);
  }
  expect(pauses).toEqual([90, 90, 120, 240, 480, 960, 1920, 3600, 3600]);
});

test('what nobody could judge fails with IE and changes nothing else of its task', async () => {
  const { learner, task } = await newTask();
  const settled = await settle(await submitted(learner, task), judged(2));
  await submitted(learner, task);
  await submitted(learner, task);
  const young = await submitted(learner, task, { now: LATER });
  const fail = () => failOverdue(db, { ...system, before: NOW, cause: 'test', limit: 500 });
  const counts = await Promise.all([fail(), fail(), fail()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
  const log = await checkedLog(task);
  expect(typesOf(log).slice(-2)).toEqual(['evaluation_failed', 'evaluation_failed']);
  expect(log.slice(-2).map(({ payload }) => 'attempt' in payload && payload.attempt)).toEqual([2, 3]);
  const [row] = await rows(
    'select status, score, pending_evaluations, metadata from study_tasks where id = $1',
    [task],
  );
  expect(row).toEqual({
    status: 'completed',
    score: 0.5,
    pending_evaluations: 1,
    metadata: settled?.task.metadata,
  });
  const failed = await rows(
    `select status, verdict from task_evaluations where task_id = $1 and attempt in (2, 3)`,
    [task],
  );
  expect(failed).toEqual(Array(2).fill({ status: 'failed', verdict: 'IE' }));
  // The one that is young enough still gets its result.
  expect(await settle({ ...young, task: { ...young.task, version: log.length } }, judged(4))).toMatchObject({
    outcome: 'settled',
  });
});

test('in 200 races of a submission with expiry each task either expires or is judged', async () => {
  const outcomes = { expired: 0, submitted: 0 };
  for (let batch = 0; batch < 10; batch += 1) {
    const tasks = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        newTask({ status: i % 2 === 0 ? 'scheduled' : 'in_progress', expires_at: NOW }),
      ),
    );
    const expiry = () => expireTasks(db, { ...system, limit: 500 });
    const half = tasks.length / 2;
    const submit = ({ learner, task }: (typeof tasks)[number]) =>
      storeSubmission(db, learner, submission(task));
    await Promise.all([
      ...tasks.slice(0, half).map(submit),
      expiry(),
      ...tasks.slice(half).map(submit),
      expiry(),
    ]);
    for (const { task } of tasks) {
      const types = typesOf(await checkedLog(task));
      const [row] = await rows(
        'select status, pending_evaluations as pending from study_tasks where id = $1',
        [task],
      );
      if (row?.status === 'expired') {
        expect(row.pending).toBe(0);
        expect(types).toEqual(['created', 'status_changed']);
        outcomes.expired += 1;
      } else {
        expect(row).toEqual({ status: 'in_progress', pending: 1 });
        expect(types.at(-1)).toBe('submitted');
        outcomes.submitted += 1;
      }
    }
  }
  expect(outcomes.expired + outcomes.submitted).toBe(200);
  expect(Math.min(outcomes.expired, outcomes.submitted)).toBeGreaterThan(0);
});
