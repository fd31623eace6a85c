import type { Client } from 'pg';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { cardOf, DAY } from '../support/review-bench.ts';

/** A learner whom a request can be about. */
export type Reader = { learner: string; pathId: string; taskId: string };
/** A task that nobody has started yet. */
export type Fresh = { learner: string; taskId: string };

/** Tasks of each reader: all but the last few are done, one is under way. */
const HISTORY = 100;
const AHEAD = 6;
const CARDS = 10;
const STARTERS = 64;

const CONFIG = JSON.stringify(PathConfig.parse({ time_zone: 'Europe/Berlin' }));

/** `made (id, version, at)` gets its events, the last part of a statement that begins with `with`. */
const LOGGED = `logged as (
  insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
  select id, seq, (array['created', 'started', 'status_changed'])[seq], '{}', '{"type": "learner"}', at
  from made, generate_series(1, version) seq order by id, seq)`;

/** Learners with 100 tasks each of the bank's problems, ten cards, and mastery of five topics. */
export async function seedReaders(
  client: Client,
  learners: number,
  problems: readonly ProblemSummary[],
): Promise<Reader[]> {
  await client.query(
    `with path as (
       insert into study_paths (user_id, config) select 'reader-' || n, $1 from generate_series(1, $2::integer) n
       returning id, user_id
     ), problem as (
       select p.*, row_number() over () - 1 as place from jsonb_to_recordset($3) as p(problem_id text, module text,
         topic_tags jsonb, difficulty integer)
     ), made as (
       insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, started_at,
         completed_at, expires_at, status, score, time_spent_seconds, attempts, version, metadata, created_at)
       select path.id, p.problem_id, p.module, array(select jsonb_array_elements_text(p.topic_tags)), p.difficulty,
         at, case when s.state <> 'scheduled' then at + interval '1 hour' end,
         case when s.state = 'completed' then at + interval '2 hours' end, timestamptz '2199-01-01', s.state,
         case when s.state = 'completed' then (n % 11) / 10.0 end, case when s.state = 'completed' then 1200 end,
         case when s.state = 'completed' then 1 else 0 end,
         case s.state when 'completed' then 3 when 'in_progress' then 2 else 1 end,
         case when s.state = 'completed' then jsonb_build_object('first_score', (n % 11) / 10.0) else '{}' end, at
       from path, generate_series(1, $4::integer) n
       join problem p on p.place = n % (select count(*) from problem),
       lateral (select date_trunc('minute', now()) + (n - $4 + $5) * interval '7 hours' as at,
         case when n < $4 - $5 then 'completed' when n = $4 - $5 then 'in_progress' else 'scheduled' end as state) s
       returning id, version, scheduled_at as at
     ), ${LOGGED}, known as (
       insert into mastery (user_id, topic, rating, n, reason, rule_version, updated_at)
       select user_id, topic, 1200 + 60 * place, 2 + place, 'first-evidence', 1, now()
       from path, unnest(array['arrays', 'hashing', 'heaps', 'graphs', 'trees']) with ordinality t(topic, place)
     )
     insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, rule_version,
       updated_at)
     select user_id, c->>'problem_id', id, c->>'module', '{}', 2, 
       last_day_of(c->'state') + (c->'state'->>'scheduled_days')::integer, c->'state', 1, now()
     from path, jsonb_array_elements($6::jsonb) c`,
    [CONFIG, learners, JSON.stringify(problems), HISTORY, AHEAD, JSON.stringify(cardsOf(problems))],
  );
  const { rows } = await client.query<Reader>(
    `select p.user_id as learner, p.id as "pathId", t.id as "taskId"
     from study_paths p join study_tasks t on t.path_id = p.id and t.status = 'in_progress'
     where p.user_id like 'reader-%' order by p.user_id`,
  );
  return rows;
}

function cardsOf(problems: readonly ProblemSummary[]) {
  return problems.slice(0, CARDS).map(({ problem_id, module }, place) => {
    const reviewed = new Date(Date.now() - (place + 1) * DAY).toISOString();
    return { problem_id, module, state: cardOf([['good', reviewed]]).state };
  });
}

/** Scheduled tasks of 64 learners, in an order in which neighbours are of different learners. */
export async function seedFresh(
  client: Client,
  tasks: number,
  { problem_id, module, difficulty }: ProblemSummary,
): Promise<Fresh[]> {
  await client.query(
    `with path as (
       insert into study_paths (user_id, config) select 'starter-' || n, $1 from generate_series(1, $2::integer) n
       returning id
     ), made as (
       insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at, created_at)
       select path.id, $4, $5, array['two-pointers', 'sorting'], $6, at, timestamptz '2199-01-01', at
       from path, generate_series(1, $3::integer) n,
         lateral (select date_trunc('minute', now()) - n * interval '1 minute' as at) s
       returning id, version, scheduled_at as at
     ), ${LOGGED}
     select from made limit 1`,
    [CONFIG, STARTERS, Math.ceil(tasks / STARTERS), problem_id, module, difficulty],
  );
  const { rows } = await client.query<Fresh>(
    `select p.user_id as learner, t.id as "taskId" from study_paths p join study_tasks t on t.path_id = p.id
     where p.user_id like 'starter-%' order by t.scheduled_at, p.user_id`,
  );
  return rows;
}
