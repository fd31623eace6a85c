import { type SQL, sql } from 'drizzle-orm';
import { iso } from '../db/fragments.ts';
import { param } from '../db/statement.ts';

const now = param('now', 'timestamptz');

/** Whether the task of that alias stands ready: one past its time does not, though the cron has yet to expire it. */
function isOpen(alias: string): SQL {
  const a = sql.raw(alias);
  return sql`${a}.status in ('scheduled', 'in_progress') and (${a}.expires_at > ${now} or ${a}.pending_evaluations > 0)`;
}

/** SQL expressions that name a path, its config and its learner; no alias of one letter, for those are taken. */
type Home = { path: string; config: string; learner: string };

/**
 * JSON `PathFacts`. Nothing in it is locked, so that all of it is of one snapshot: a `plan_version` that is still the
 * same when tasks are inserted vouches for the rest. Parameter: `now`.
 */
export function pathFacts(home: Home): SQL {
  const [path, config, learner] = [sql.raw(home.path), sql.raw(home.config), sql.raw(home.learner)];
  return sql`jsonb_build_object(
    'version', (select hp.plan_version from study_paths hp where hp.id = ${path}),
    'mastery', (select coalesce(jsonb_object_agg(m.topic, jsonb_build_object('rating', m.rating, 'n', m.n,
        'reason', m.reason, 'rule_version', m.rule_version, 'version', m.version)), '{}')
      from mastery m where m.user_id = ${learner}),
    'modules', (select coalesce(jsonb_object_agg(s.module, jsonb_build_object('difficulty', s.difficulty,
        'successes', s.successes, 'reason', s.reason, 'rule_version', s.rule_version, 'version', s.version)), '{}')
      from module_states s where s.path_id = ${path}),
    'completed', (select coalesce(jsonb_object_agg(c.name, c.problems_completed), '{}')
      from progress_counters c where c.path_id = ${path} and c.scope = 'module'),
    'tasks', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'module', o.module,
        'topic_tags', o.topic_tags, 'scheduled_at', ${iso('o.scheduled_at')}, 'open', o.status <> 'completed')), '[]')
      from study_tasks o where o.path_id = ${path} and o.kind = 'problem' and ((${isOpen('o')})
        or (o.status = 'completed' and o.scheduled_at >= ${now} - interval '2 days'))),
    'due', (select coalesce(jsonb_agg(r.due_day), '[]') from (
      select q.due_day from review_queue q
      where q.user_id = ${learner} and q.due_day < (${now} at time zone 'UTC')::date + 60
      order by q.due_day limit 1000) r),
    'seen', case when ${openProblems(home.path)} <= ${horizon(config)}
      then (select coalesce(jsonb_agg(distinct x.problem_id), '[]') from study_tasks x where x.path_id = ${path})
      else '[]' end)`;
}

/** How many problems of a path stand ready, scheduled or in progress. Parameter: `now`. */
export function openProblems(path: string): SQL {
  return sql`(select count(*) from study_tasks o
    where o.path_id = ${sql.raw(path)} and o.kind = 'problem' and ${isOpen('o')})`;
}

/** `horizon` of a config; paths from before that key have its default. */
export function horizon(config: SQL): SQL {
  return sql`coalesce((${config}->>'horizon')::integer, 8)`;
}

/** JSON `LearningFacts` of a task row with `path_config` and `learner_id`; null unless a result can change anything. */
export function learningFacts(task: string): SQL {
  const t = (column: string) => sql.raw(`${task}.${column}`);
  const home = { path: `${task}.path_id`, config: `${task}.path_config`, learner: `${task}.learner_id` };
  return sql`case when ${t('status')} = 'in_progress' then jsonb_build_object(
    'path', ${pathFacts(home)},
    'card', (select jsonb_build_object('version', q.version, 'state', q.state, 'task_id', q.task_id)
      from review_queue q
      where q.user_id = ${t('learner_id')} and q.problem_id = ${t('problem_id')}),
    'reviews', (select coalesce(max(g.seq), 0) from review_log g
      where g.user_id = ${t('learner_id')} and g.problem_id = ${t('problem_id')}),
    'counted', exists (select 1 from completed_problems d
      where d.path_id = ${t('path_id')} and d.module = ${t('module')} and d.problem_id = ${t('problem_id')})) end`;
}
