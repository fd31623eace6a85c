import { sql } from 'drizzle-orm';
import type { ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import type { PlanRecord } from '#domain/reviews/plan.ts';
import type { Database } from '../db/client.ts';
import { taskJson } from '../db/fragments.ts';
import { planOf } from '../db/reviews.ts';
import { param, statement } from '../db/statement.ts';

const OPEN = sql.raw(`('scheduled', 'in_progress')`);

export type DueRow = {
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: Difficulty;
  state: ReviewState;
  task: Task | null;
};

export type DueRecord = {
  /** Config of the learner's newest path, as stored; null without a path. */
  config: unknown;
  plan: PlanRecord;
  rows: DueRow[];
};

type DueParams = {
  learner_id: string;
  now: string;
  until: string;
  after_day: string;
  after_id: string;
  limit: number;
};

const learnerId = param('learner_id', 'text');

const listDue = statement<DueParams, DueRecord>(
  'list-due-reviews',
  'read',
  sql`with page as (
    select q.* from review_queue q
    where q.user_id = ${learnerId} and q.due_day <= ${param('until', 'date')}
      and (q.due_day, q.problem_id) > (${param('after_day', 'date')}, ${param('after_id', 'text')})
    order by q.due_day, q.problem_id limit ${param('limit', 'integer')}
  )
  select
    (select p.config from study_paths p where p.user_id = ${learnerId}
     order by p.created_at desc, p.id desc limit 1) as config,
    ${planOf(learnerId)} as plan,
    (select coalesce(jsonb_agg(jsonb_build_object('problem_id', page.problem_id, 'module', page.module,
        'topic_tags', page.topic_tags, 'difficulty', page.difficulty, 'state', page.state,
        'task', case when t.status in ${OPEN} then ${taskJson('t')} end) order by page.due_day, page.problem_id), '[]')
     from page left join study_tasks t on t.id = page.task_id) as rows`,
);

/** Place in the list: the day on which the last row before it falls due, and its problem. */
export type DueKey = readonly [day: string, problemId: string];

/**
 * The learner's cards that are due by the day `until`, in the order of their days, beyond `after`; with what a plan of all of
 * them needs, in the same round trip.
 */
export async function dueReviews(
  db: Database,
  learnerId: string,
  page: { now: string; until: string; after: DueKey | null; limit: number },
): Promise<DueRecord> {
  const { now, until, limit } = page;
  const [after_day, after_id] = page.after ?? ['-infinity', ''];
  const params = { learner_id: learnerId, now, until, after_day, after_id, limit };
  const [row] = await db.query(listDue, params);
  if (row === undefined) throw new TypeError('a query without a from clause answers one row');
  return row;
}
