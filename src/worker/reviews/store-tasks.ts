import { sql } from 'drizzle-orm';
import { PathConfig } from '#contract/paths.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';

/** A time zone and its present local day: counted since 1970-01-01, with the instants that bound it. */
export type ZoneDay = { name: string; day: number; starts: string; ends: string };

const now = param('now', 'timestamptz');
/** Null for everybody's reviews. */
const learnerId = param('learner_id', 'text');

/** Keys that a path's config may lack count as their defaults. */
const standard = PathConfig.parse({});
/** Time zone of the path with alias `p`. */
export const zoneOf = sql`coalesce(p.config->>'time_zone', ${sql.raw(`'${standard.time_zone}'`)})`;
const perDayOf = sql`coalesce((p.config->>'reviews_per_day')::integer, ${sql.raw(String(standard.reviews_per_day))})`;
const expiryOf = sql`coalesce((p.config->>'expiry_hours')::integer, ${sql.raw(String(standard.expiry_hours))})`;

const findZones = statement<{ now: string }, { name: string }>(
  'find-review-zones',
  'read',
  sql`select distinct ${zoneOf} as name from study_paths p
  where p.user_id in (select user_id from review_queue where due <= ${now})`,
);

/** Time zones of everybody who has something due. */
export async function zonesWithReviews(db: Database, now: string): Promise<string[]> {
  const rows = await db.query(findZones, { now });
  return rows.map(({ name }) => name);
}

/** Largest `reviews_per_day`. */
const MOST_OF_A_DAY = 100;

type MakeParams = EventParams & { zones: string; limit: number; learner_id: string | null };

/**
 * Rows that others write decide here, so two runs at once are kept apart by what they write: a card by its version, read
 * anew under its lock, and the places of a learner's day by the ids of their tasks, which two runs make alike. Tasks are
 * inserted in the order of those ids, so that one run waits for another and none for each other.
 */
const makeTasks = statement<MakeParams, { made: number }>(
  'make-review-tasks',
  'idempotent',
  sql`with zone as (
    select * from jsonb_to_recordset(${param('zones', 'jsonb')}) as z(name text, day integer, starts timestamptz, ends timestamptz)
  ), due as materialized (
    select q.*, (q.state->>'last_review')::timestamptz as last_review,
      ((${now} at time zone 'UTC')::date - ((q.state->>'last_review')::timestamptz at time zone 'UTC')::date) as days
    from review_queue q left join study_tasks t on t.id = q.task_id
    where q.due <= ${now} and (${learnerId} is null or q.user_id = ${learnerId}) and (t.id is null or t.status not in ('scheduled', 'in_progress'))
  ), learner as materialized (
    select u.user_id, p.id as path_id, ${perDayOf} as per_day, ${expiryOf} as expiry_hours, z.day, z.starts,
      (select count(*) from study_paths own join study_tasks t on t.path_id = own.id
       where own.user_id = u.user_id and t.kind = 'review'
         and t.scheduled_at >= z.starts and t.scheduled_at < z.ends)::integer as taken
    from (select distinct user_id from due) u
    cross join lateral (select * from study_paths x where x.user_id = u.user_id
      order by x.created_at desc, x.id desc limit 1) p
    join zone z on z.name = ${zoneOf}
  ), ranked as (
    select due.*, learner.path_id as target, learner.per_day, learner.expiry_hours, learner.day, learner.taken +
      row_number() over (partition by due.user_id
        order by due.days / (due.state->>'stability')::double precision desc, due.due, due.problem_id) as place
    from due join learner on learner.user_id = due.user_id
    where learner.taken < learner.per_day and due.last_review < learner.starts
      and not exists (select from task_events e where e.task_id = due.task_id and e.occurred_at >= learner.starts)
  ), chosen as materialized (
    select *, overlay(overlay(md5(user_id || ' ' || day || ' ' || place) placing '8' from 13) placing '8' from 17)::uuid
      as made_id
    from ranked where place <= per_day order by place, due limit ${param('limit', 'integer')}
  ), locked as materialized (
    select q.user_id, q.problem_id from review_queue q
    join chosen c on c.user_id = q.user_id and c.problem_id = q.problem_id
    where q.version = c.version for update of q skip locked
  ), made as (
    insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at,
      metadata, created_at)
    select c.made_id, c.target, 'review', c.problem_id, c.module, c.topic_tags, c.difficulty, ${now},
      ${now} + make_interval(hours => c.expiry_hours), jsonb_build_object('reason', 'Due for review: '
        || case when c.days <= 1 then '1 day' else c.days || ' days' end || ' since you last worked on this problem.'),
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
 * Makes up to `limit` review tasks out of cards that are due, each learner's least remembered first, at most
 * `reviews_per_day` of the learner's newest path on a local day, and none for a problem that was dealt with on that day.
 * A card whose task was skipped or has expired comes again.
 * @returns how many.
 */
export async function makeReviewTasks(
  db: Database,
  params: EventParams & { zones: readonly ZoneDay[]; limit: number },
): Promise<number> {
  const zones = JSON.stringify(params.zones);
  const [row] = await db.query(makeTasks, { ...params, zones, learner_id: null });
  return row?.made ?? 0;
}

/** The same for one learner: `zone` is that of the newest path, which has room for at most 100 reviews a day. */
export async function makeReviewTasksOf(
  db: Database,
  learnerId: string,
  { zone, ...params }: EventParams & { zone: ZoneDay },
): Promise<number> {
  const zones = JSON.stringify([zone]);
  const [row] = await db.query(makeTasks, { ...params, zones, limit: MOST_OF_A_DAY, learner_id: learnerId });
  return row?.made ?? 0;
}
