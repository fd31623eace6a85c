import { type SQL, sql } from 'drizzle-orm';
import type { ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import type { Database } from '../db/client.ts';
import { iso, taskJson } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';

/** Cards that one plan looks at, those due first: months of reviews at any rate that somebody keeps up. */
const MOST_CARDS = 1000;

/** Days ahead that a plan looks at; no list or forecast asks for more. */
const PLANNED_DAYS = 91;

/** The last event of the task that was made of a card, and the learner's last day that its events name. */
export type Handled = { at: string | null; day: string | null };

/** What a plan of a learner's reviews is made of. */
export type PlanRecord = {
  /** Cards without a review that stands ready. */
  cards: { problem_id: string; state: ReviewState; handled: Handled | null }[];
  /** Review tasks of the days around now: the day that each was made for, and when it is scheduled. */
  taken: { day: string | null; at: string }[];
};

const OPEN = sql.raw(`('scheduled', 'in_progress')`);
const now = param('now', 'timestamptz');

/**
 * `Handled` of a card with a task that is due by now in some zone; null for the others, which nothing keeps from their
 * day.
 */
const handled = sql`case when q.task_id is not null and q.due_day <= (${now} at time zone 'UTC')::date + 1 then (
  select jsonb_build_object('at', ${iso('max(e.occurred_at)')}, 'day', max(e.payload->>'day'))
  from task_events e where e.task_id = q.task_id) end`;

/** `PlanRecord` of a learner as JSON. Parameter: `now`. */
export function planOf(learner: SQL): SQL {
  return sql`jsonb_build_object('cards',
    (select coalesce(jsonb_agg(jsonb_build_object('problem_id', c.problem_id, 'state', c.state,
        'handled', c.handled)), '[]')
     from (select q.problem_id, q.state, ${handled} as handled from review_queue q left join study_tasks t on t.id = q.task_id
           where q.user_id = ${learner}
             and q.due_day <= (${now} at time zone 'UTC')::date + ${sql.raw(String(PLANNED_DAYS))}
             and (t.id is null or t.status not in ${OPEN})
           order by q.due_day limit ${sql.raw(String(MOST_CARDS))}) c),
    'taken', (select coalesce(jsonb_agg(jsonb_build_object('day', t.metadata->'review_day',
        'at', ${iso('t.scheduled_at')})), '[]')
      from study_paths own join study_tasks t on t.path_id = own.id
      where own.user_id = ${learner} and t.kind = 'review'
        and t.scheduled_at > ${now} - interval '3 days' and t.scheduled_at < ${now} + interval '3 days'))`;
}

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
