import { type SQL, sql } from 'drizzle-orm';
import { iso } from './fragments.ts';
import { param } from './statement.ts';

/** Cards that one plan looks at, those due first: months of reviews at any rate that somebody keeps up. */
const MOST_CARDS = 1000;

/** Days ahead that a plan looks at; no list or forecast asks for more. */
const PLANNED_DAYS = 91;

const OPEN = sql.raw(`('scheduled', 'in_progress')`);
const now = param('now', 'timestamptz');

/** Reviews that retention is counted over, the newest: a year of them at more than a dozen a day. */
const MOST_REVIEWS = 5000;

/** No zone's date is further ahead or back than a day. */
const todayUtc = sql`(${param('now', 'timestamptz')} at time zone 'UTC')::date`;

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

/** `ReviewRecord` of a learner as JSON. Parameter: `now`. */
export function reviewsOf(learner: SQL): SQL {
  return sql`jsonb_build_object(
    'due', (select coalesce(jsonb_agg(d), '[]') from (
      select greatest(q.due_day, ${todayUtc} - 2) as day, count(*)::integer as cards from review_queue q
      where q.user_id = ${learner} and q.due_day <= ${todayUtc} + 1 group by 1) d),
    'plan', ${planOf(learner)},
    'log', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', l.problem_id, 'grade', l.log->'grade',
        'reviewed_at', l.log->'reviewed_at', 'day', last_day_of(l.log->'after'), 'before',
        jsonb_build_object('scheduled_days', l.log->'before'->'scheduled_days'))), '[]')
      from (select * from review_log x
            where x.user_id = ${learner} and x.undone_at is null and jsonb_typeof(x.log->'before') = 'object'
            order by x.created_at desc limit ${sql.raw(String(MOST_REVIEWS))}) l))`;
}
