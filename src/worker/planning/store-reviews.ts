import { sql } from 'drizzle-orm';
import { PathConfig } from '#contract/paths.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso } from '../db/fragments.ts';
import { calendarOfConfig } from '../db/learner-day.ts';
import { activeLearners } from '../db/learning.ts';
import { param, statement } from '../db/statement.ts';

/** A calendar and its present day, with the instants that bound it. */
export type CalendarDay = CalendarRule & { day: string; starts: string; ends: string };

const now = param('now', 'timestamptz');
/** Null for the reviews of all learners. */
const learnerId = param('learner_id', 'text');
/** No day of any calendar is further ahead. */
const lastDay = sql`((${now} at time zone 'UTC')::date + 1)`;

/** Problems that the bank holds; null while it cannot say. The review of one that has left it rests. */
const known = param('known', 'text[]');

/** Keys that a path's config may lack count as their defaults. */
const standard = PathConfig.parse({});
const perDayOf = sql`coalesce((p.config->>'reviews_per_day')::integer, ${sql.raw(String(standard.reviews_per_day))})`;
const expiryOf = sql`coalesce((p.config->>'expiry_hours')::integer, ${sql.raw(String(standard.expiry_hours))})`;

const findCalendars = statement<{ now: string }, CalendarRule>(
  'find-review-calendars',
  'read',
  sql`select distinct c->>'time_zone' as time_zone, (c->>'day_start_hour')::integer as day_start_hour
  from study_paths p cross join lateral (select ${calendarOfConfig('p.config')} as c) rule
  where p.user_id in (${activeLearners})
    and p.user_id in (select user_id from review_queue where due_day <= ${lastDay})`,
);

/** Calendars of all learners who sent a request lately and may have something due. */
export function calendarsWithReviews(db: Database, now: string): Promise<CalendarRule[]> {
  return db.query(findCalendars, { now });
}

/** Largest `reviews_per_day`. */
const MOST_OF_A_DAY = 100;

type MakeParams = EventParams & {
  days: string;
  limit: number;
  learner_id: string | null;
  known: readonly string[] | null;
};

const today = sql`jsonb_to_recordset(${param('days', 'jsonb')}) as z(time_zone text, day_start_hour integer, day date,
  starts timestamptz, ends timestamptz)`;

/** What is due, each learner's least remembered first. */
const ranked = sql`(select due.*, row_number() over (partition by due.user_id
    order by due.days / (due.state->>'stability')::double precision desc, due.due_day, due.problem_id) as rank
  from due) ranked`;

/** The places of each learner's day that no task has, by the ids that their tasks would have. */
const free = sql`(select day.*, row_number() over (partition by day.user_id order by day.place) as rank
  from (select learner.user_id, learner.day, place,
      overlay(overlay(md5(learner.user_id || ' ' || learner.day || ' ' || place) placing '8' from 13)
        placing '8' from 17)::uuid as made_id
    from learner cross join generate_series(1, learner.per_day) place where learner.taken < learner.per_day) day
  where not exists (select from study_tasks t where t.id = day.made_id)) free`;

/**
 * Rows that others write decide here, so two runs at once are separated by what they write: a card by its version, read
 * again under its lock, and the places of a learner's day by the ids of their tasks, which two runs make alike. Tasks are
 * inserted in the order of those ids, so that one run waits for another and none for each other. A day is the learner's
 * by its key, which each task notes: when it comes again on a flight westwards, its places are still taken.
 */
const makeTasks = statement<MakeParams, { made: number }>(
  'make-review-tasks',
  'idempotent',
  sql`with waiting as materialized (
    select q.*, last_day_of(q.state) as last_day
    from review_queue q left join study_tasks t on t.id = q.task_id
    where q.due_day <= ${lastDay} and (${known} is null or q.problem_id = any(${known}))
      and case when ${learnerId} is null then q.user_id in (${activeLearners}) else q.user_id = ${learnerId} end
      and (t.id is null or t.status not in ('scheduled', 'in_progress'))
  ), learner as materialized (
    select u.user_id, p.id as path_id, ${perDayOf} as per_day, ${expiryOf} as expiry_hours, z.day, z.starts,
      (select count(*) from study_paths own join study_tasks t on t.path_id = own.id
       where own.user_id = u.user_id and t.kind = 'review' and t.scheduled_at > ${now} - interval '3 days'
         and case when t.metadata ? 'review_day' then t.metadata->>'review_day' = z.day::text
           else t.scheduled_at >= z.starts and t.scheduled_at < z.ends end)::integer as taken
    from (select distinct user_id from waiting) u
    cross join lateral (select * from study_paths x where x.user_id = u.user_id
      order by x.created_at desc, x.id desc limit 1) p
    cross join lateral (select ${calendarOfConfig('p.config')} as c) rule
    join ${today} on z.time_zone = c->>'time_zone' and z.day_start_hour = (c->>'day_start_hour')::integer
      and (${learnerId} is not null or p.last_request_at >= z.starts)
  ), due as (
    select waiting.*, learner.path_id as target, learner.per_day, learner.expiry_hours, learner.day, learner.taken,
      greatest(0, learner.day - waiting.last_day) as days
    from waiting join learner on learner.user_id = waiting.user_id
    where waiting.due_day <= learner.day and learner.taken < learner.per_day and waiting.last_day < learner.day
      and not exists (select from task_events e where e.task_id = waiting.task_id
        and (e.occurred_at >= learner.starts or e.payload->>'day' >= learner.day::text))
  ), chosen as materialized (
    select ranked.*, free.made_id from ${ranked} join ${free} on free.user_id = ranked.user_id and free.rank = ranked.rank
    where ranked.taken + ranked.rank <= ranked.per_day
    order by ranked.rank, ranked.due_day limit ${param('limit', 'integer')}
  ), locked as materialized (
    select q.user_id, q.problem_id from review_queue q
    join chosen c on c.user_id = q.user_id and c.problem_id = q.problem_id
    where q.version = c.version for update of q skip locked
  ), made as (
    insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at,
      metadata, created_at)
    select c.made_id, c.target, 'review', c.problem_id, c.module, c.topic_tags, c.difficulty, ${now},
      ${now} + make_interval(hours => c.expiry_hours), jsonb_build_object('reason', 'Due for review: '
        || case when c.days <= 1 then '1 day' else c.days || ' days' end || ' since you last worked on this problem.',
        'review_day', c.day),
      ${now}
    from chosen c join locked l on l.user_id = c.user_id and l.problem_id = c.problem_id
    order by c.made_id
    on conflict (id) do nothing
    returning *
  ), created as (${appendEvents(sql`select m.id as task_id, m.version as seq, 'created' as event_type,
    jsonb_build_object('path_id', m.path_id, 'kind', m.kind, 'problem_id', m.problem_id, 'module', m.module,
      'topic_tags', m.topic_tags, 'difficulty', m.difficulty, 'scheduled_at', ${iso('m.scheduled_at')},
      'expires_at', ${iso('m.expires_at')}, 'metadata', m.metadata, 'card_version', c.version + 1) as payload
    from made m join chosen c on c.made_id = m.id`)}
  ), marked as (
    update review_queue q set task_id = made.id, version = q.version + 1, updated_at = ${now}
    from made join chosen c on c.made_id = made.id
    where q.user_id = c.user_id and q.problem_id = c.problem_id
  )
  select count(*)::integer as made from made`,
);

/**
 * Makes up to `limit` review tasks out of cards that are due today, each learner's least remembered first, at most
 * `reviews_per_day` of the learner's newest path on a day, and none for a problem that was dealt with on that day.
 * A card whose task was skipped or has expired comes again. A learner without a request since the day began is away and
 * gets none.
 * @returns how many.
 */
export async function makeReviewTasks(
  db: Database,
  params: EventParams & { days: readonly CalendarDay[]; limit: number; known: readonly string[] | null },
): Promise<number> {
  const days = JSON.stringify(params.days);
  const [row] = await db.query(makeTasks, { ...params, days, learner_id: null });
  return row?.made ?? 0;
}

/** The same for one learner, on the present day of the newest path's calendar, which has room for at most 100 reviews. */
export async function makeReviewTasksOf(
  db: Database,
  learnerId: string,
  { day, ...params }: EventParams & { day: CalendarDay; known: readonly string[] | null },
): Promise<number> {
  const days = JSON.stringify([day]);
  const [row] = await db.query(makeTasks, { ...params, days, limit: MOST_OF_A_DAY, learner_id: learnerId });
  return row?.made ?? 0;
}
