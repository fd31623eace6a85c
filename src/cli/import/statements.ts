const ACTOR = `'{"type": "system", "job": "import"}'::jsonb`;

/**
 * What of a learner is here, as JSON. Only tasks with a first score have a result; it came with the earliest judging that
 * is one, and a CE was one only under the rules of old, where no other result came first.
 */
export const FIND_LEARNER = `select jsonb_build_object(
  'seen', learning_seen($1::text),
  'config', (select config from study_paths where user_id = $1 order by created_at desc, id desc limit 1),
  'events', (select count(*) from learner_events where user_id = $1),
  'mastery', (select coalesce(jsonb_agg(jsonb_build_object('topic', topic, 'rating', rating, 'n', n, 'reason', reason,
      'rule_version', rule_version, 'version', version, 'updated_at', iso_instant(updated_at))), '[]')
    from mastery where user_id = $1),
  'module_states', (select coalesce(jsonb_agg(jsonb_build_object('path_id', m.path_id, 'module', m.module,
      'difficulty', m.difficulty, 'successes', m.successes, 'reason', m.reason, 'rule_version', m.rule_version,
      'version', m.version, 'updated_at', iso_instant(m.updated_at))), '[]')
    from module_states m join study_paths p on p.id = m.path_id where p.user_id = $1),
  'review_queue', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', problem_id, 'path_id', path_id,
      'module', module, 'topic_tags', topic_tags, 'difficulty', difficulty, 'state', state, 'task_id', task_id,
      'rule_version', rule_version, 'version', version, 'updated_at', iso_instant(updated_at))), '[]')
    from review_queue where user_id = $1),
  'review_log', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'problem_id', problem_id, 'task_id', task_id,
      'seq', seq, 'log', log, 'undone_at', iso_instant(undone_at), 'created_at', iso_instant(created_at))), '[]')
    from review_log where user_id = $1),
  'results', (select coalesce(jsonb_agg(r), '[]') from (
      select distinct on (t.problem_id) t.problem_id, t.difficulty, (t.metadata->>'first_score')::double precision as score,
        (select array_agg(distinct tag) from unnest(t.topic_tags || t.module::text) tag) as topics,
        coalesce((select iso_instant(min(e.evaluated_at)) from task_evaluations e
          where e.task_id = t.id and e.verdict not in ('IE', 'CE')), iso_instant(t.created_at)) as at
      from study_paths p join study_tasks t on t.path_id = p.id
      where p.user_id = $1 and t.kind <> 'lesson' and t.metadata ? 'first_score'
      order by t.problem_id, 5) r)) as learner`;

/** Which of these ids of paths and tasks are here, and whether they are this learner's. */
export const FIND_IDS = `select id, user_id = $2 as own from study_paths where id = any($1::uuid[])
  union all
  select t.id, p.user_id = $2 from study_tasks t join study_paths p on p.id = t.path_id where t.id = any($1::uuid[])`;

export const HOLD_LEARNER = 'select hold_learner($1::text, $2::text)';

export const STORE_PART =
  'insert into import_parts (import_id, user_id, place, rows) values ($1::uuid, $2::text, $3::integer, $4::jsonb)';
/** Takes the parts of an import away, and those that some import has left a day ago. */
export const DROP_PARTS = `delete from import_parts where import_id = $1::uuid or created_at < now() - interval '1 day'`;

/** The rows of part `$2` of import `$1` as `x`. */
const partOf = (
  columns: string,
) => `import_parts part cross join lateral jsonb_to_recordset(part.rows) as x(${columns})
  where part.import_id = $1::uuid and part.place = $2::integer`;

const EVENT = `id uuid, seq integer, event_type text, schema_version smallint, payload jsonb, actor jsonb, request_id text,
  occurred_at timestamptz, created_at timestamptz`;

/**
 * Writes one part; `$1` and `$2` name it, and `$3`, where it is used, is the learner. Events are written in the order of
 * their places, which gives them their new ones.
 */
export const WRITE_PART = {
  paths: `insert into study_paths (id, user_id, track_id, config, created_at, updated_at)
    select id, $3::text, track_id, config, x.created_at, updated_at
    from ${partOf('id uuid, track_id text, config jsonb, created_at timestamptz, updated_at timestamptz')}`,

  path_events: `insert into path_events (id, path_id, event_type, schema_version, payload, actor, request_id, occurred_at,
      created_at)
    select id, path_id, event_type, schema_version, payload, actor, request_id, occurred_at, x.created_at
    from ${partOf(`path_id uuid, ${EVENT}`)} order by path_id, seq`,

  tasks: `insert into study_tasks (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at,
      completed_at, completed_day, expires_at, status, score, time_spent_seconds, hints_used, attempts,
      pending_evaluations, version, metadata, created_at)
    select x.* from ${partOf(`id uuid, path_id uuid, kind text, problem_id text, module text, topic_tags text[],
      difficulty integer, scheduled_at timestamptz, started_at timestamptz, completed_at timestamptz, completed_day date,
      expires_at timestamptz, status text, score double precision, time_spent_seconds integer, hints_used integer,
      attempts integer, pending_evaluations integer, version integer, metadata jsonb, created_at timestamptz`)}`,

  evaluations: `insert into task_evaluations (id, task_id, submission_id, attempt, run, language, code, status, verdict,
      test_cases_passed, test_cases_total, score, runtime_ms, memory_mb, output, hidden, content_hash, engine,
      time_spent_seconds, next_redrive_at, created_at, day, evaluated_at)
    select x.id, x.task_id, x.submission_id, x.attempt, x.run, x.language, x.code, x.status, x.verdict,
      x.test_cases_passed, x.test_cases_total, x.score, x.runtime_ms, x.memory_mb, x.output,
      nullif(x.hidden, 'null'), x.content_hash, x.engine, x.time_spent_seconds, now(), x.created_at, x.day,
      x.evaluated_at
    from ${partOf(`id uuid, task_id uuid, submission_id uuid, attempt integer, run integer, language text, code text,
      status text, verdict text, test_cases_passed integer, test_cases_total integer, score double precision,
      runtime_ms double precision, memory_mb double precision, output text, hidden jsonb, content_hash text, engine text,
      time_spent_seconds integer, created_at timestamptz, day date, evaluated_at timestamptz`)}`,

  events: `with events as (
      insert into task_events (id, task_id, seq, event_type, schema_version, payload, actor, request_id, occurred_at,
        created_at)
      select id, task_id, seq, event_type, schema_version, payload, actor, request_id, occurred_at, x.created_at
      from ${partOf(`task_id uuid, "position" bigint, ${EVENT}`)} order by x."position" returning 1
    ), transcripts as (
      insert into task_transcripts (event_id, task_id, hint_id, sealed)
      select id, task_id, payload->>'hint_id', sealed
      from ${partOf('id uuid, task_id uuid, payload jsonb, sealed text')} and sealed is not null
    )
    select count(*) from events`,

  learner_events: `insert into learner_events (id, user_id, event_type, schema_version, payload, actor, request_id,
      occurred_at, created_at)
    select id, $3::text, event_type, schema_version, payload, actor, request_id, occurred_at, x.created_at
    from ${partOf(EVENT)} order by seq`,

  mastery: `insert into mastery (user_id, topic, rating, n, reason, rule_version, version, updated_at)
    select $3::text, topic, rating, n, reason, rule_version, version, updated_at
    from ${partOf(`topic text, rating double precision, n integer, reason text, rule_version integer, version integer,
      updated_at timestamptz`)}
    on conflict (user_id, topic) do update set rating = excluded.rating, n = excluded.n, reason = excluded.reason,
      rule_version = excluded.rule_version, version = excluded.version, updated_at = excluded.updated_at`,

  module_states: `insert into module_states (path_id, module, difficulty, successes, reason, rule_version, version,
      updated_at)
    select path_id, module, difficulty, successes, reason, rule_version, version, updated_at
    from ${partOf(`path_id uuid, module text, difficulty integer, successes integer, reason text, rule_version integer,
      version integer, updated_at timestamptz`)}
    on conflict (path_id, module) do update set difficulty = excluded.difficulty, successes = excluded.successes,
      reason = excluded.reason, rule_version = excluded.rule_version, version = excluded.version,
      updated_at = excluded.updated_at`,

  review_queue: `insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state,
      task_id, rule_version, version, updated_at)
    select $3::text, problem_id, path_id, module, topic_tags, difficulty,
      last_day_of(state) + (state->>'scheduled_days')::integer, state, task_id, rule_version, version, updated_at
    from ${partOf(`problem_id text, path_id uuid, module text, topic_tags text[], difficulty integer, state jsonb,
      task_id uuid, rule_version integer, version integer, updated_at timestamptz`)}
    on conflict (user_id, problem_id) do update set path_id = excluded.path_id, module = excluded.module,
      topic_tags = excluded.topic_tags, difficulty = excluded.difficulty, due_day = excluded.due_day,
      state = excluded.state, task_id = excluded.task_id, rule_version = excluded.rule_version,
      version = excluded.version, updated_at = excluded.updated_at`,

  review_log: `insert into review_log (id, user_id, problem_id, task_id, seq, log, undone_at, created_at)
    select id, $3::text, problem_id, task_id, seq, log, undone_at, x.created_at
    from ${partOf(`id uuid, problem_id text, task_id uuid, seq integer, log jsonb, undone_at timestamptz,
      created_at timestamptz`)}`,
} as const;

/** A kind of rows that a part holds. */
export type PartKind = keyof typeof WRITE_PART;

/** What the learner knows since: the log goes on from here, whatever the events before it say. */
export const RECORD_LEARNT = `insert into learner_events (user_id, event_type, payload, actor, occurred_at)
  select $1::text, 'learning_restored', jsonb_build_object(
    'mastery', mastery_now($1::text),
    'modules', (select coalesce(jsonb_agg(jsonb_build_object('path_id', m.path_id, 'module', m.module,
        'difficulty', m.difficulty, 'successes', m.successes, 'reason', m.reason, 'rule_version', m.rule_version,
        'version', m.version, 'updated_at', iso_instant(m.updated_at))), '[]')
      from module_states m join study_paths p on p.id = m.path_id where p.user_id = $1::text),
    'cards', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', q.problem_id, 'path_id', q.path_id,
        'module', q.module, 'topic_tags', q.topic_tags, 'difficulty', q.difficulty, 'state', q.state,
        'ready_task_id', q.task_id, 'rule_version', q.rule_version, 'version', q.version,
        'updated_at', iso_instant(q.updated_at))), '[]')
      from review_queue q where q.user_id = $1::text),
    'reviews', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', l.problem_id, 'review', l.seq,
        'task_id', l.task_id)), '[]')
      from review_log l where l.user_id = $1::text)), ${ACTOR}, now()`;
