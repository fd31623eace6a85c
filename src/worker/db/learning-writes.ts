import { type SQL, sql } from 'drizzle-orm';
import { dueDayOf } from '#domain/calendar.ts';
import type { LearningWrites } from '#domain/learning/decide.ts';
import { param } from './statement.ts';

const learning = param('learning', 'jsonb');
const now = param('now', 'timestamptz');

/** The JSON text that `lockedLearning` and `writtenLearning` read. */
export function writesJson({ mastery, module, card }: LearningWrites): string {
  return JSON.stringify({
    mastery,
    module: module === null ? [] : [module],
    card: card === null ? [] : [{ ...card, due_day: dueDayOf(card.state), version: card.log.rule_version }],
  });
}

/** Whether parameter `learning` holds any row to write. */
export const learntAnything = sql`(jsonb_array_length(${learning}->'mastery') + jsonb_array_length(${learning}->'module')
  + jsonb_array_length(${learning}->'card') > 0)`;

/** A list of parameter `learning` as rows. */
function rowsOf(list: 'mastery' | 'module' | 'card', columns: string): SQL {
  return sql`jsonb_to_recordset(${learning}->${sql.raw(`'${list}'`)}) as x(${sql.raw(columns)})`;
}

const topics = rowsOf(
  'mastery',
  'topic text, seen integer, rating double precision, n integer, reason text, version integer',
);
const levels = rowsOf(
  'module',
  'module text, seen integer, difficulty integer, successes integer, reason text, version integer',
);
const cards = rowsOf(
  'card',
  'seen integer, due_day date, state jsonb, version integer, review integer, log jsonb',
);

/**
 * CTEs that lock the rows that parameter `learning` is about, in one order for everybody (topics by name, the module,
 * the card), and `unchanged`: one row if each still has the version that the decision saw. `task` is the CTE of the
 * locked task. A row that another path's result inserts meanwhile is met by its insert, which breaks the primary key.
 */
export function lockedLearning(task: string): SQL {
  const t = sql.raw(task);
  return sql`topics_now as materialized (
    select m.topic, m.version from ${t} l cross join ${topics}
    join mastery m on m.user_id = l.learner_id and m.topic = x.topic order by m.topic for update of m
  ), level_now as materialized (
    select s.version from ${t} l cross join ${levels}
    join module_states s on s.path_id = l.path_id and s.module = x.module
    where (select count(*) from topics_now) >= 0 for update of s
  ), card_now as materialized (
    select q.version from ${t} l join review_queue q on q.user_id = l.learner_id and q.problem_id = l.problem_id
    where jsonb_array_length(${learning}->'card') = 1 and (select count(*) from level_now) >= 0 for update of q
  ), unchanged as materialized (
    select 1 where not exists (select 1 from ${topics} left join topics_now using (topic)
        where x.seen <> coalesce(topics_now.version, 0))
      and not exists (select 1 from ${levels} where x.seen <> coalesce((select version from level_now), 0))
      and not exists (select 1 from ${cards} where x.seen <> coalesce((select version from card_now), 0))
  )`;
}

/** CTEs that write parameter `learning` for the single row of CTE `changed`, if there is one. */
export const writtenLearning = sql`topics_added as (
    insert into mastery (user_id, topic, rating, n, reason, rule_version, version, updated_at)
    select c.learner_id, x.topic, x.rating, x.n, x.reason, x.version, 1, ${now}
    from changed c cross join ${topics} where x.seen = 0 order by x.topic
  ), topics_set as (
    update mastery m set rating = x.rating, n = x.n, reason = x.reason, rule_version = x.version,
      version = x.seen + 1, updated_at = ${now}
    from changed c cross join ${topics} where m.user_id = c.learner_id and m.topic = x.topic and x.seen > 0
  ), level_added as (
    insert into module_states (path_id, module, difficulty, successes, reason, rule_version, version, updated_at)
    select c.path_id, x.module, x.difficulty, x.successes, x.reason, x.version, 1, ${now}
    from changed c cross join ${levels} where x.seen = 0
  ), level_set as (
    update module_states s set difficulty = x.difficulty, successes = x.successes, reason = x.reason,
      rule_version = x.version, version = x.seen + 1, updated_at = ${now}
    from changed c cross join ${levels} where s.path_id = c.path_id and s.module = x.module and x.seen > 0
  ), card_added as (
    insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, rule_version,
      version, updated_at)
    select c.learner_id, c.problem_id, c.path_id, c.module, c.topic_tags, c.difficulty, x.due_day, x.state, x.version, 1,
      ${now}
    from changed c cross join ${cards} where x.seen = 0
  ), card_set as (
    update review_queue q set path_id = c.path_id, module = c.module, topic_tags = c.topic_tags,
      difficulty = c.difficulty, due_day = x.due_day, state = x.state,
      task_id = case when q.task_id = c.id then null else q.task_id end,
      rule_version = x.version, version = x.seen + 1, updated_at = ${now}
    from changed c cross join ${cards}
    where q.user_id = c.learner_id and q.problem_id = c.problem_id and x.seen > 0
  ), reviewed as (
    insert into review_log (user_id, problem_id, task_id, seq, log, created_at)
    select c.learner_id, c.problem_id, c.id, x.review, x.log, ${now} from changed c cross join ${cards}
  )`;
