import { type SQL, sql } from 'drizzle-orm';
import { iso, isReplanned } from './fragments.ts';
import { param } from './statement.ts';

/** Days for which a problem that was skipped is not offered again, as long as there is anything else. */
const REST_DAYS = 14;

const now = param('now', 'timestamptz');

/**
 * Whether the task of that alias is open: one past its time is not, though the cron has yet to expire it, unless a
 * submission is being judged or it has a result.
 */
export function isOpen(alias: string): SQL {
  const a = sql.raw(alias);
  return sql`${a}.status in ('scheduled', 'in_progress')
    and (${a}.expires_at > ${now} or ${a}.pending_evaluations > 0 or ${a}.score is not null)`;
}

/** Rows of `study_tasks` as `ft`: the learner's tasks that can have a result, of all paths. */
function tasksOf(learner: SQL): SQL {
  return sql`study_paths fp join study_tasks ft on ft.path_id = fp.id
    where fp.user_id = ${learner} and ft.kind <> 'lesson'`;
}

const lastTried = sql`coalesce(ft.completed_at, ft.started_at, ft.created_at)`;

/** JSON `LearnerFacts`; `learner` is an expression without an alias of one letter. Parameter: `now`. */
export function learnerFacts(learner: SQL): SQL {
  return sql`jsonb_build_object(
    'mastery', (select coalesce(jsonb_object_agg(m.topic, jsonb_build_object('rating', m.rating, 'n', m.n,
        'reason', m.reason, 'rule_version', m.rule_version, 'version', m.version)), '{}')
      from mastery m where m.user_id = ${learner}),
    'problems', jsonb_build_object(
      'solved', (select coalesce(jsonb_object_agg(w.module, w.ids), '{}') from (
        select ft.module, jsonb_agg(distinct ft.problem_id) as ids from ${tasksOf(learner)} and ft.score = 1
        group by ft.module) w),
      'attempted', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', w.problem_id, 'task_id', w.task_id)
          order by w.at, w.problem_id), '[]') from (
        select ft.problem_id, max(${lastTried}) as at, (array_agg(ft.id order by ${lastTried} desc))[1] as task_id
        from ${tasksOf(learner)} and ft.score is not null group by ft.problem_id having max(ft.score) < 1) w),
      'skipped', (select coalesce(jsonb_agg(w.problem_id order by w.at, w.problem_id), '[]') from (
        select ft.problem_id, max(fe.occurred_at) as at from task_events fe, ${tasksOf(learner)}
          and ft.status = 'skipped' and not ${isReplanned('ft')} and fe.task_id = ft.id
          and fe.event_type = 'status_changed' and fe.occurred_at > ${now} - ${sql.raw(`interval '${REST_DAYS} days'`)}
        group by ft.problem_id) w)),
    'due', (select coalesce(jsonb_agg(r.due_day), '[]') from (
      select q.due_day from review_queue q
      where q.user_id = ${learner} and q.due_day < (${now} at time zone 'UTC')::date + 60
      order by q.due_day limit 1000) r),
    'reviewed', (select coalesce(jsonb_agg(${iso('ft.completed_at')}), '[]') from ${tasksOf(learner)}
      and ft.kind = 'review' and ft.status = 'completed' and ft.completed_at > ${now} - interval '2 days'))`;
}

/** SQL expressions that name a path, its config and its learner; no alias of one letter, for those are taken. */
type Home = { path: string; learner: string };

/**
 * JSON of what `PathFacts` has beyond the learner's. Nothing in it is locked: a `plan_version` that is still the same when
 * tasks are inserted vouches for the rest. Parameter: `now`.
 */
export function ownFacts(home: string): SQL {
  const path = sql.raw(home);
  return sql`jsonb_build_object(
    'version', (select hp.plan_version from study_paths hp where hp.id = ${path}),
    'modules', (select coalesce(jsonb_object_agg(s.module, jsonb_build_object('difficulty', s.difficulty,
        'successes', s.successes, 'reason', s.reason, 'rule_version', s.rule_version, 'version', s.version)), '{}')
      from module_states s where s.path_id = ${path}),
    'tasks', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'problem_id', o.problem_id, 'module', o.module,
        'topic_tags', o.topic_tags, 'scheduled_at', ${iso('o.scheduled_at')}, 'open', o.status <> 'completed',
        'replaceable', o.status = 'scheduled' and o.hints_used = 0 and o.metadata ? 'reason_code')), '[]')
      from study_tasks o where o.path_id = ${path} and o.kind = 'problem' and ((${isOpen('o')})
        or (o.status = 'completed' and o.scheduled_at >= ${now} - interval '2 days'))))`;
}

/** JSON `PathFacts`, in one snapshot. Parameter: `now`. */
export function pathFacts({ path, learner }: Home): SQL {
  return sql`(${ownFacts(path)} || ${learnerFacts(sql.raw(learner))})`;
}

/** How many problems of a path are open, scheduled or in progress. Parameter: `now`. */
export function openProblems(path: string): SQL {
  return sql`(select count(*) from study_tasks o
    where o.path_id = ${sql.raw(path)} and o.kind = 'problem' and ${isOpen('o')})`;
}

/** `horizon` of a config; paths from before that key have its default. */
export function horizon(config: SQL): SQL {
  return sql`coalesce((${config}->>'horizon')::integer, 8)`;
}

/** Learners with a request in the last 26 hours: no local day is longer, so their days are looked at one by one. */
export const activeLearners = sql`select ap.user_id from study_paths ap
  where ap.last_request_at > ${now} - interval '26 hours'`;
