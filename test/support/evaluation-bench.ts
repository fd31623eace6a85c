import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Actor, TaskFact } from '#contract/events.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { PatchTask, Task } from '#contract/tasks.ts';
import type { TaskStatus } from '#contract/vocabulary.ts';
import { STANDARD_CALENDAR } from '#domain/calendar.ts';
import type { Judged } from '#domain/evaluations/settle.ts';
import { createDatabase, type Database, type Observe } from '#worker/db/client.ts';
import { dayParams } from '#worker/db/learner-day.ts';
import { AppError } from '#worker/errors.ts';
import { decideResult } from '#worker/evaluations/decide.ts';
import type { StoredEvaluation } from '#worker/evaluations/store.ts';
import { storeSettlement } from '#worker/evaluations/store-settlement.ts';
import { type NewSubmission, storeSubmission } from '#worker/evaluations/store-submission.ts';
import { changeTask } from '#worker/tasks/verbs.ts';
import { startMigratedDatabase } from './postgres.ts';
import { sqlOverHttp } from './sql-http.ts';

export const NOW = '2026-03-01T10:00:00.000Z';
export const SOON = '2026-03-01T10:01:30.000Z';
export const LATER = '2026-03-01T10:05:00.000Z';
const ACTOR: Actor = { type: 'learner' };
export const stamp = { now: NOW, actor: JSON.stringify(ACTOR), request_id: 'test' };
export const system = { ...stamp, actor: JSON.stringify({ type: 'system', job: 'test' }) };

export type TaskSeed = {
  status?: TaskStatus;
  kind?: string;
  expires_at?: string;
  config?: object;
  /** A path that there is already; else it gets a new one, of a new learner unless this one is named. */
  path?: string;
  learner?: string;
  problem_id?: string;
  module?: string;
  topic_tags?: readonly string[];
  difficulty?: number;
  scheduled_at?: string;
};

/** Changes a task as PATCH does. @returns null when the task does not take the change. */
export async function patched(
  db: Database,
  learner: string,
  task: string,
  change: PatchTask,
  at: string,
): Promise<Task | null> {
  const ctx = { db, actor: ACTOR, requestId: stamp.request_id, now: at };
  try {
    return await changeTask(ctx, learner, task, change, null);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

export function submission(task: string, change: Partial<NewSubmission> = {}): NewSubmission {
  return {
    ...stamp,
    ...dayParams(STANDARD_CALENDAR, change.now ?? NOW),
    task_id: task,
    submission_id: randomUUID(),
    evaluation_id: randomUUID(),
    language: 'python',
    sealed_code: 'sealed',
    code_bytes: 10,
    reported_seconds: null,
    known: null,
    unsupported: [],
    next_redrive_at: SOON,
    ...change,
  };
}

export const judged = (passed: number, total = 4): Judged => ({
  verdict: passed === total ? 'AC' : 'WA',
  passed,
  total,
  runtime_ms: 5,
  memory_mb: 9.5,
  error_message: null,
  tests: [],
  hidden: {
    total,
    passed,
    first_failed: passed === total ? null : { number: passed + 1, verdict: 'WA' },
  },
  content_hash: 'c'.repeat(64),
  tests_hash: 't'.repeat(64),
  engine: 'judge 1',
});

export const typesOf = (log: TaskFact[]) => log.map((fact) => fact.event_type);

/**
 * A migrated database of its own, with what tests of evaluations do to it: `db` is the Worker's, `rows` the owner's.
 */
export async function evaluationBench(observe?: Observe) {
  const server = await startMigratedDatabase();
  const client = createDatabase({ url: server.workerUrl, fetchEndpoint: server.fetchEndpoint });
  const db = client.forRequest('test', observe);
  const post = sqlOverHttp(server);

  async function rows(query: string, params: unknown[] = []): Promise<Record<string, unknown>[]> {
    const { status, answer } = await post({ query, params });
    if (status !== 200) throw new Error(answer.message);
    return answer.rows as Record<string, unknown>[];
  }

  /** Takes tasks out of the database with their events, through the door that erasure takes. */
  async function dropTasks(column: 'id' | 'path_id', value: string) {
    const { status, answer } = await post({
      queries: [
        { query: `select set_config('study_paths.log_change', 'allowed', true)` },
        {
          query: `with events as (delete from task_events where task_id in (select id from study_tasks where ${column} = $1))
            delete from study_tasks where ${column} = $1`,
          params: [value],
        },
      ],
    });
    if (status !== 200) throw new Error(answer.message);
  }

  /** One task, by default of a new learner with one path; its log begins with its `created` event. */
  async function newTask({
    status = 'scheduled',
    kind = 'problem',
    expires_at = SOON,
    config = {},
    learner = `learner-${randomUUID()}`,
    path,
    problem_id = 'two-sum',
    module = 'hashing',
    topic_tags = [],
    difficulty = 1,
    scheduled_at = '2026-03-01T09:00:00.000Z',
  }: TaskSeed = {}) {
    const [home, task] = [path ?? randomUUID(), randomUUID()];
    const started = status === 'scheduled' ? null : '2026-03-01T09:50:00.000Z';
    const completed = status === 'completed' ? '2026-03-01T09:55:00.000Z' : null;
    if (path === undefined) {
      const text = JSON.stringify(PathConfig.parse(config));
      await rows('insert into study_paths (id, user_id, config) values ($1, $2, $3)', [home, learner, text]);
    }
    const created = { kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at };
    await rows(
      `with task as (
         insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at,
           status, started_at, completed_at)
         select $1, $2, x.kind, x.problem_id, x.module, x.topic_tags, x.difficulty, x.scheduled_at, x.expires_at, $4, $5,
           $6
         from jsonb_to_record($3::jsonb) as x(kind text, problem_id text, module text, topic_tags text[],
           difficulty integer, scheduled_at timestamptz, expires_at timestamptz)
         returning id
       )
       insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
       select id, 1, 'created', $3::jsonb || jsonb_build_object('path_id', $2::uuid, 'metadata', '{}'::jsonb),
         '{"type":"learner"}', now() from task`,
      [task, home, JSON.stringify(created), status, started, completed],
    );
    return { learner, task, path: home };
  }

  async function submitted(learner: string, task: string, change: Partial<NewSubmission> = {}) {
    const stored = await storeSubmission(db, learner, submission(task, change));
    if (stored?.outcome !== 'stored') throw new Error(`not stored: ${stored?.outcome}`);
    return stored;
  }

  /** One decision and one write; `catalogue` is what the bank holds, null while it is down. */
  function settle(
    seen: StoredEvaluation,
    outcome: Judged,
    {
      now = LATER,
      catalogue = null,
      sealed_output = 'sealed output',
    }: { now?: string; catalogue?: readonly ProblemSummary[] | null; sealed_output?: string } = {},
  ) {
    const decision = decideResult({ now, newId: randomUUID }, seen, outcome, catalogue);
    const write = { judged: outcome, sealed_output, ...decision };
    return storeSettlement(db, seen, write, { actor: ACTOR, requestId: stamp.request_id, now });
  }

  /** Every event is a fact of the contract, seq has no gap, and the newest one is the task's version. */
  async function checkedLog(task: string): Promise<TaskFact[]> {
    const events = await rows(
      `select e.seq, e.event_type, e.schema_version, event_payload(e.event_type, e.payload, e.personal) as payload, t.version
       from task_events e join study_tasks t on t.id = e.task_id where t.id = $1 order by e.seq`,
      [task],
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.version).toBe(events.length);
    return events.map((event) => TaskFact.parse(event));
  }

  const { connectionString, fetchEndpoint, postgresUrl, adminUrl, workerUrl, close } = server;
  return {
    db,
    rows,
    dropTasks,
    newTask,
    submitted,
    settle,
    checkedLog,
    connectionString,
    fetchEndpoint,
    postgresUrl,
    adminUrl,
    workerUrl,
    close,
  };
}

export type EvaluationBench = Awaited<ReturnType<typeof evaluationBench>>;
