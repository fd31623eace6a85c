import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { PathConfig } from '#contract/paths.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import type { Failure } from '#worker/db/failures.ts';
import { seedsJson } from '#worker/db/insert-tasks.ts';
import { failOverdue } from '#worker/evaluations/store-claims.ts';
import { requestRerun } from '#worker/evaluations/store-rerun.ts';
import { storeSubmission } from '#worker/evaluations/store-submission.ts';
import { countHint } from '#worker/hints/store.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { storePath } from '#worker/paths/store.ts';
import { startTask, storeBatch } from '#worker/tasks/store.ts';
import { evaluationBench, judged, patched, stamp, submission } from './evaluation-bench.ts';

export type Learner = { learner: string; path: string; tasks: string[] };
type Verb = (who: Learner, task: string, at: string, roll: number) => Promise<unknown>;

const MODULES = ['hashing', 'heaps', 'greedy'] as const;
export const TAGS = ['array', 'two-pointers', 'greedy', 'trie'];

export function seed(index: number, change: Partial<TaskSeed> = {}): TaskSeed {
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
export const taskOf = ({ tasks }: Learner, pick: number) => tasks[pick % tasks.length] ?? '';

/** A database of its own with learners of many tasks, and everything that can happen to those. */
export async function progressBench() {
  /** Every statement that failed, also those that were sent again: a deadlock would hide behind its repetition. */
  const failures: Failure[] = [];
  const bench = await evaluationBench(({ failure }) => {
    // A guard that refuses is no failure: what was decided is decided again.
    if (failure !== null && failure.kind !== 'refused') failures.push(failure);
  });

  async function newLearner(seeds: TaskSeed[], config: object = {}): Promise<Learner> {
    const [learner, path] = [`learner-${randomUUID()}`, randomUUID()];
    const home = { id: path, track_id: 'coding-interview-meta', config: PathConfig.parse(config) };
    await storePath(bench.db, learner, home, seeds, {
      actor: { type: 'learner' },
      requestId: 'test',
      now: stamp.now,
    });
    return { learner, path, tasks: seeds.map(({ id }) => id) };
  }
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
       count(case when t.kind in ('problem', 'review') and t.metadata->>'repeat' is null then t.score end)::integer
         as first_results,
       count(case when t.kind in ('problem', 'review') and (t.metadata->>'first_score')::float8 = 1
         and t.metadata->>'repeat' is null then 1 end)::integer
         as solved_first,
       count(case when t.kind in ('problem', 'review') and t.score = 1 then 1 end)::integer as solved,
       round(coalesce(sum(t.score) filter (where t.kind in ('problem', 'review')), 0)::numeric, 9)::text as score_sum,
       sum(t.hints_used)::integer as hints_used, coalesce(sum(t.time_spent_seconds), 0)::integer as time_spent_seconds,
       case names.scope when 'module' then count(distinct case when t.score is not null and t.kind <> 'lesson'
         then t.problem_id end)::integer else 0 end as problems_tried,
       case names.scope when 'module' then count(distinct case when t.score = 1 and t.kind <> 'lesson'
         then t.problem_id end)::integer else 0 end as problems_solved
     from study_tasks t cross join lateral (
       select 'module' as scope, t.module as name union select 'topic', unnest(t.topic_tags)) names
     where t.path_id = $1 and t.metadata->>'replanned' is null group by names.scope, names.name order by names.scope, names.name`,
      [path],
    );
  }

  async function kept(path: string) {
    return bench.rows(
      `select scope, name, tasks, scheduled, in_progress, completed, skipped, expired, judged, first_results, solved_first, solved,
       round(score_sum, 9)::text as score_sum, hints_used::integer, time_spent_seconds::integer, problems_tried,
       problems_solved
     from progress_counters where path_id = $1 and tasks <> 0 order by scope, name`,
      [path],
    );
  }

  /** Days and quarters of an hour with practice: from the bits that are kept, and from submissions and lessons. */
  async function practised(path: string) {
    const [row] = await bench.rows(
      `select
       (select coalesce(jsonb_agg(jsonb_build_array(d.day, extract(epoch from (d.day - 1) at time zone 'UTC') + slot * 900)
          order by d.day, slot), '[]')
        from practice_days d cross join generate_series(0, 287) slot
        where d.path_id = $1 and get_bit(d.quarters, slot) = 1) as kept,
       (select coalesce(jsonb_agg(distinct jsonb_build_array(day, floor(extract(epoch from at) / 900) * 900)), '[]') from (
          select min(e.created_at) as at, min(e.day) as day from task_evaluations e join study_tasks t on t.id = e.task_id
          where t.path_id = $1 group by e.submission_id
          union all
          select completed_at, completed_day from study_tasks
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
  const verbs: Record<string, Verb> = {
    start: ({ learner }, task, at) =>
      startTask(bench.db, learner, task, { ...stamp, now: at, if_versions: null }),
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
      countHint(bench.db, learner, task, { ...stamp, now: at, hint_id: randomUUID(), level: 1, quota: null }),
    skip: ({ learner }, task, at) => patched(bench.db, learner, task, { status: 'skipped' }, at),
    read: ({ learner }, task, at) => patched(bench.db, learner, task, { status: 'completed' }, at),
    note: ({ learner }, task, at) => patched(bench.db, learner, task, { metadata: { note: 'x' } }, at),
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

  return { ...bench, failures, newLearner, kept, counted, expectRight, verbs };
}

export type ProgressBench = Awaited<ReturnType<typeof progressBench>>;
