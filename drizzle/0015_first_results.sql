-- A problem has one first attempt per learner: results of retries and reviews are none.
ALTER TABLE "progress_counters" ADD COLUMN "first_results" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "progress_counters" ALTER COLUMN "first_results" DROP DEFAULT;
--> statement-breakpoint
alter type progress_part add attribute first_result boolean;
--> statement-breakpoint
-- Before repeats were marked, the first result of each task counted: what was stored then stays so.
create or replace function progress_part_of(t study_tasks) returns progress_part language sql immutable as $$
  select row(t.path_id, t.module, t.topic_tags, t.status,
    case when t.kind <> 'lesson' then t.score::numeric end,
    coalesce(is_first and t.metadata->'first_score' = '1'::jsonb, false),
    t.hints_used, coalesce(t.time_spent_seconds, 0),
    case when t.kind <> 'lesson' and t.score is not null then t.problem_id end,
    case when t.kind = 'lesson' then t.completed_at end,
    case when t.kind = 'lesson' then coalesce(t.completed_day, standard_day(t.completed_at)) end,
    is_first)::progress_part
  from (select t.kind <> 'lesson' and t.score is not null and not t.metadata ? 'repeat') attempt(is_first)
$$;
--> statement-breakpoint
create or replace function add_progress(weights bigint[], parts progress_part[]) returns void language plpgsql as $$
begin
  with part as (
    select * from unnest(weights, parts) as p(weight)
  ), first_results as (
    insert into tried_problems (path_id, module, problem_id)
    select distinct path_id, module, tried_problem from part
    where tried_problem is not null and weight > 0
    order by path_id, module, tried_problem
    on conflict do nothing
    returning path_id, module
  ), first_solves as (
    insert into solved_problems (path_id, module, problem_id)
    select distinct path_id, module, tried_problem from part
    where tried_problem is not null and weight > 0 and score = 1
    order by path_id, module, tried_problem
    on conflict do nothing
    returning path_id, module
  ), share as (
    select path_id, scope, name, weight, status, score, first_result, solved_first, hints_used, time_spent_seconds,
      0 as tried, 0 as passed
    from part cross join lateral (
      select 'module' as scope, module as name
      union all
      select distinct 'topic', tag from unnest(topic_tags) tag
    ) names
    union all
    select path_id, 'module', module, 0, null, null, false, false, 0, 0, 1, 0 from first_results
    union all
    select path_id, 'module', module, 0, null, null, false, false, 0, 0, 0, 1 from first_solves
  )
  insert into progress_counters as c (path_id, scope, name, tasks, scheduled, in_progress, completed, skipped,
    expired, judged, first_results, solved_first, solved, score_sum, hints_used, time_spent_seconds, problems_tried,
    problems_solved)
  select path_id, scope, name, sum(weight),
    coalesce(sum(weight) filter (where status = 'scheduled'), 0),
    coalesce(sum(weight) filter (where status = 'in_progress'), 0),
    coalesce(sum(weight) filter (where status = 'completed'), 0),
    coalesce(sum(weight) filter (where status = 'skipped'), 0),
    coalesce(sum(weight) filter (where status = 'expired'), 0),
    coalesce(sum(weight) filter (where score is not null), 0),
    coalesce(sum(weight) filter (where first_result), 0),
    coalesce(sum(weight) filter (where solved_first), 0),
    coalesce(sum(weight) filter (where score = 1), 0),
    coalesce(sum(weight * score), 0), sum(weight * hints_used), sum(weight * time_spent_seconds), sum(tried),
    sum(passed)
  from share group by path_id, scope, name order by path_id, scope, name
  on conflict (path_id, scope, name) do update set
    tasks = c.tasks + excluded.tasks,
    scheduled = c.scheduled + excluded.scheduled,
    in_progress = c.in_progress + excluded.in_progress,
    completed = c.completed + excluded.completed,
    skipped = c.skipped + excluded.skipped,
    expired = c.expired + excluded.expired,
    judged = c.judged + excluded.judged,
    first_results = c.first_results + excluded.first_results,
    solved_first = c.solved_first + excluded.solved_first,
    solved = c.solved + excluded.solved,
    score_sum = c.score_sum + excluded.score_sum,
    hints_used = c.hints_used + excluded.hints_used,
    time_spent_seconds = c.time_spent_seconds + excluded.time_spent_seconds,
    problems_tried = c.problems_tried + excluded.problems_tried,
    problems_solved = c.problems_solved + excluded.problems_solved;

  if exists (select from unnest(parts) where practised_at is not null) then
    perform mark_practice(array_agg(path_id), array_agg(practised_day), array_agg(practised_at))
    from unnest(weights, parts) as p(weight) where practised_at is not null and weight > 0;
  end if;
end $$;
--> statement-breakpoint
select rebuild_progress(id) from study_paths order by id;
