-- Keeps progress_counters, completed_problems and practice_months in the transaction of the change, whoever makes it.
-- The triggers run once per statement, so that a cron's batch of 500 tasks costs one round of sums. Rows are locked in
-- one order everywhere (problems, counters by path, scope and name, then months): two writers wait, never deadlock.

-- What a task adds to the sums. Tasks that are alike here are summed up with a weight; a change of anything else about
-- a task (attempts, pending evaluations, times, version) adds and takes away the same and touches no row.
create type progress_part as (
  path_id uuid,
  module text,
  topic_tags text[],
  status text,
  score numeric,
  solved_first boolean,
  hints_used integer,
  time_spent_seconds integer,
  completed_problem text,
  practised_at timestamptz
);
--> statement-breakpoint
-- Lessons are not judged and complete no problem; having read one is practice. A submission is practice by its own row.
create function progress_part_of(t study_tasks) returns progress_part language sql immutable as $$
  select row(t.path_id, t.module, t.topic_tags, t.status,
    case when t.kind <> 'lesson' then t.score::numeric end,
    coalesce(t.kind <> 'lesson' and t.score is not null and t.metadata->'first_score' = '1'::jsonb, false),
    t.hints_used, coalesce(t.time_spent_seconds, 0),
    case when t.kind <> 'lesson' and t.status = 'completed' then t.problem_id end,
    case when t.kind = 'lesson' then t.completed_at end)::progress_part
$$;
--> statement-breakpoint
-- Bits are only ever set: practice that was counted stays counted, and doing it twice is harmless.
create function mark_practice(path_ids uuid[], instants timestamptz[]) returns void language plpgsql as $$
begin
  insert into practice_months as m (path_id, month, slots)
  select path_id, month, bit_or(set_bit(repeat('0', 2976)::bit(2976), slot, 1))
  from (
    select path_id, date_trunc('month', at)::date as month,
      floor(extract(epoch from at - date_trunc('month', at)) / 900)::integer as slot
    from (select path_id, instant at time zone 'UTC' as at from unnest(path_ids, instants) as p(path_id, instant)) utc
  ) practised
  group by path_id, month order by path_id, month
  on conflict (path_id, month) do update set slots = m.slots | excluded.slots
    where m.slots | excluded.slots <> m.slots;
end $$;
--> statement-breakpoint
create function add_progress(weights bigint[], parts progress_part[]) returns void language plpgsql as $$
begin
  with part as (
    select * from unnest(weights, parts) as p(weight)
  ), first_completions as (
    insert into completed_problems (path_id, module, problem_id)
    select distinct path_id, module, completed_problem from part
    where completed_problem is not null and weight > 0
    order by path_id, module, completed_problem
    on conflict do nothing
    returning path_id, module
  ), share as (
    select path_id, scope, name, weight, status, score, solved_first, hints_used, time_spent_seconds, 0 as problems
    from part cross join lateral (
      select 'module' as scope, module as name
      union all
      select distinct 'topic', tag from unnest(topic_tags) tag
    ) names
    union all
    select path_id, 'module', module, 0, null, null, false, 0, 0, 1 from first_completions
  )
  insert into progress_counters as c (path_id, scope, name, tasks, scheduled, in_progress, completed, skipped,
    expired, judged, solved_first, solved, score_sum, hints_used, time_spent_seconds, problems_completed)
  select path_id, scope, name, sum(weight),
    coalesce(sum(weight) filter (where status = 'scheduled'), 0),
    coalesce(sum(weight) filter (where status = 'in_progress'), 0),
    coalesce(sum(weight) filter (where status = 'completed'), 0),
    coalesce(sum(weight) filter (where status = 'skipped'), 0),
    coalesce(sum(weight) filter (where status = 'expired'), 0),
    coalesce(sum(weight) filter (where score is not null), 0),
    coalesce(sum(weight) filter (where solved_first), 0),
    coalesce(sum(weight) filter (where score = 1), 0),
    coalesce(sum(weight * score), 0), sum(weight * hints_used), sum(weight * time_spent_seconds), sum(problems)
  from share group by path_id, scope, name order by path_id, scope, name
  on conflict (path_id, scope, name) do update set
    tasks = c.tasks + excluded.tasks,
    scheduled = c.scheduled + excluded.scheduled,
    in_progress = c.in_progress + excluded.in_progress,
    completed = c.completed + excluded.completed,
    skipped = c.skipped + excluded.skipped,
    expired = c.expired + excluded.expired,
    judged = c.judged + excluded.judged,
    solved_first = c.solved_first + excluded.solved_first,
    solved = c.solved + excluded.solved,
    score_sum = c.score_sum + excluded.score_sum,
    hints_used = c.hints_used + excluded.hints_used,
    time_spent_seconds = c.time_spent_seconds + excluded.time_spent_seconds,
    problems_completed = c.problems_completed + excluded.problems_completed;

  if exists (select from unnest(parts) where practised_at is not null) then
    perform mark_practice(array_agg(path_id), array_agg(practised_at))
    from unnest(weights, parts) as p(weight) where practised_at is not null and weight > 0;
  end if;
end $$;
--> statement-breakpoint
-- Grouping, not joining old to new rows: a plan that was cached for one row stays right for a hundred thousand.
create function count_task_changes() returns trigger language plpgsql as $$
declare
  weights bigint[];
  parts progress_part[];
begin
  if tg_op = 'INSERT' then
    select array_agg(weight), array_agg(part) into weights, parts from (
      select count(*) as weight, progress_part_of(t::study_tasks) as part from added t group by part
    ) changed;
  elsif tg_op = 'UPDATE' then
    select array_agg(weight), array_agg(part) into weights, parts from (
      select sum(sign)::bigint as weight, part from (
        select 1 as sign, progress_part_of(t::study_tasks) as part from added t
        union all
        select -1, progress_part_of(t::study_tasks) from removed t
      ) signed group by part having sum(sign) <> 0
    ) changed;
  else
    -- A path that is deleted takes its sums along: by now it is gone, or nobody's while an erasure empties it by and by.
    select array_agg(weight), array_agg(part) into weights, parts from (
      select -count(*) as weight, progress_part_of(t::study_tasks) as part from removed t
      where exists (select from study_paths p where p.id = t.path_id and p.user_id <> '') group by part
    ) changed;
  end if;
  if parts is not null then
    perform add_progress(weights, parts);
  end if;
  return null;
end $$;
--> statement-breakpoint
-- A submission practises when the learner sends it; judging it again later (run 2 and on) does not.
create function mark_submissions() returns trigger language plpgsql as $$
begin
  perform mark_practice(array_agg(t.path_id), array_agg(e.created_at))
  from added e join study_tasks t on t.id = e.task_id where e.run = 1;
  return null;
end $$;
--> statement-breakpoint
-- All sums of a path as one object, a key per row; sums that came back to nothing are as good as absent.
create function progress_snapshot(target uuid) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from (
    select scope || ' ' || name as key, to_jsonb(c) as value from progress_counters c
    where path_id = target and tasks <> 0
    union all
    select 'problem ' || module || ' ' || problem_id, 'true'::jsonb from completed_problems where path_id = target
    union all
    select 'month ' || month, to_jsonb(slots::text) from practice_months where path_id = target
  ) rows
$$;
--> statement-breakpoint
-- Makes the sums of a path anew from its tasks and evaluations and answers how many rows were different before.
-- All tasks are locked first, as a writer does with its one: until the end nobody changes what is being summed.
create function rebuild_progress(target uuid) returns integer language plpgsql as $$
declare
  before jsonb;
begin
  perform from study_paths where id = target for update;
  perform from study_tasks where path_id = target order by id for update;
  before := progress_snapshot(target);
  delete from completed_problems where path_id = target;
  delete from progress_counters where path_id = target;
  delete from practice_months where path_id = target;
  perform add_progress(array_agg(weight), array_agg(part)) from (
    select count(*) as weight, progress_part_of(t) as part from study_tasks t where t.path_id = target group by part
  ) tasks;
  perform mark_practice(array_agg(t.path_id), array_agg(e.created_at))
  from study_tasks t join task_evaluations e on e.task_id = t.id where t.path_id = target and e.run = 1;
  return (
    select count(*) from jsonb_each(before) b full join jsonb_each(progress_snapshot(target)) a using (key)
    where a.value is distinct from b.value
  );
end $$;
--> statement-breakpoint
create trigger study_tasks_progress_insert after insert on study_tasks
  referencing new table as added for each statement execute function count_task_changes();
--> statement-breakpoint
create trigger study_tasks_progress_update after update on study_tasks
  referencing old table as removed new table as added for each statement execute function count_task_changes();
--> statement-breakpoint
create trigger study_tasks_progress_delete after delete on study_tasks
  referencing old table as removed for each statement execute function count_task_changes();
--> statement-breakpoint
create trigger task_evaluations_practice after insert on task_evaluations
  referencing new table as added for each statement execute function mark_submissions();
--> statement-breakpoint
-- What was there before the triggers.
select rebuild_progress(id) from study_paths order by id;
