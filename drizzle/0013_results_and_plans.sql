CREATE TABLE "solved_problems" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	CONSTRAINT "solved_problems_path_id_module_problem_id_pk" PRIMARY KEY("path_id","module","problem_id")
);
--> statement-breakpoint
CREATE TABLE "tried_problems" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	CONSTRAINT "tried_problems_path_id_module_problem_id_pk" PRIMARY KEY("path_id","module","problem_id")
);
--> statement-breakpoint
DROP TABLE "completed_problems" CASCADE;--> statement-breakpoint
DROP INDEX "idx_study_tasks_expiry";--> statement-breakpoint
ALTER TABLE "progress_counters" ADD COLUMN "problems_tried" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "progress_counters" ADD COLUMN "problems_solved" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "study_paths" ADD COLUMN "last_request_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "study_paths" ADD COLUMN "planned_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "solved_problems" ADD CONSTRAINT "solved_problems_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tried_problems" ADD CONSTRAINT "tried_problems_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_study_paths_last_request" ON "study_paths" USING btree ("last_request_at");--> statement-breakpoint
CREATE INDEX "idx_study_tasks_completed" ON "study_tasks" USING btree ("path_id","kind","completed_at") WHERE status = 'completed';--> statement-breakpoint
CREATE INDEX "idx_study_tasks_expiry" ON "study_tasks" USING btree ("expires_at") WHERE status in ('scheduled', 'in_progress') and pending_evaluations = 0 and score is null;--> statement-breakpoint
ALTER TABLE "progress_counters" ALTER COLUMN "problems_tried" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "progress_counters" ALTER COLUMN "problems_solved" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "progress_counters" DROP COLUMN "problems_completed";
--> statement-breakpoint
alter type progress_part rename attribute completed_problem to tried_problem;
--> statement-breakpoint
-- A task that a change of the path's config has replaced counts nowhere: the learner neither saw nor skipped it.
create function is_replanned(status text, metadata jsonb) returns boolean language sql immutable parallel safe as $$
  select status = 'skipped' and metadata ? 'replanned'
$$;
--> statement-breakpoint
-- Lessons are not judged and try no problem; a problem is tried by its first result and solved by a score of 1.
create or replace function progress_part_of(t study_tasks) returns progress_part language sql immutable as $$
  select row(t.path_id, t.module, t.topic_tags, t.status,
    case when t.kind <> 'lesson' then t.score::numeric end,
    coalesce(t.kind <> 'lesson' and t.score is not null and t.metadata->'first_score' = '1'::jsonb, false),
    t.hints_used, coalesce(t.time_spent_seconds, 0),
    case when t.kind <> 'lesson' and t.score is not null then t.problem_id end,
    case when t.kind = 'lesson' then t.completed_at end,
    case when t.kind = 'lesson' then coalesce(t.completed_day, standard_day(t.completed_at)) end)::progress_part
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
    select path_id, scope, name, weight, status, score, solved_first, hints_used, time_spent_seconds, 0 as tried, 0 as passed
    from part cross join lateral (
      select 'module' as scope, module as name
      union all
      select distinct 'topic', tag from unnest(topic_tags) tag
    ) names
    union all
    select path_id, 'module', module, 0, null, null, false, 0, 0, 1, 0 from first_results
    union all
    select path_id, 'module', module, 0, null, null, false, 0, 0, 0, 1 from first_solves
  )
  insert into progress_counters as c (path_id, scope, name, tasks, scheduled, in_progress, completed, skipped,
    expired, judged, solved_first, solved, score_sum, hints_used, time_spent_seconds, problems_tried,
    problems_solved)
  select path_id, scope, name, sum(weight),
    coalesce(sum(weight) filter (where status = 'scheduled'), 0),
    coalesce(sum(weight) filter (where status = 'in_progress'), 0),
    coalesce(sum(weight) filter (where status = 'completed'), 0),
    coalesce(sum(weight) filter (where status = 'skipped'), 0),
    coalesce(sum(weight) filter (where status = 'expired'), 0),
    coalesce(sum(weight) filter (where score is not null), 0),
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
create or replace function count_task_changes() returns trigger language plpgsql as $$
declare
  weights bigint[];
  parts progress_part[];
begin
  if tg_op = 'INSERT' then
    select array_agg(weight), array_agg(part) into weights, parts from (
      select count(*) as weight, progress_part_of(t::study_tasks) as part from added t
      where not is_replanned(t.status, t.metadata) group by part
    ) changed;
  elsif tg_op = 'UPDATE' then
    select array_agg(weight), array_agg(part) into weights, parts from (
      select sum(sign)::bigint as weight, part from (
        select 1 as sign, progress_part_of(t::study_tasks) as part from added t
        where not is_replanned(t.status, t.metadata)
        union all
        select -1, progress_part_of(t::study_tasks) from removed t
        where not is_replanned(t.status, t.metadata)
      ) signed group by part having sum(sign) <> 0
    ) changed;
  else
    -- A path that is deleted takes its sums along: by now it is gone, or nobody's while an erasure empties it by and by.
    select array_agg(weight), array_agg(part) into weights, parts from (
      select -count(*) as weight, progress_part_of(t::study_tasks) as part from removed t
      where not is_replanned(t.status, t.metadata)
        and exists (select from study_paths p where p.id = t.path_id and p.user_id <> '') group by part
    ) changed;
  end if;
  if parts is not null then
    perform add_progress(weights, parts);
  end if;
  return null;
end $$;
--> statement-breakpoint
create or replace function progress_snapshot(target uuid) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from (
    select scope || ' ' || name as key, to_jsonb(c) as value from progress_counters c
    where path_id = target and tasks <> 0
    union all
    select 'tried ' || module || ' ' || problem_id, 'true'::jsonb from tried_problems where path_id = target
    union all
    select 'solved ' || module || ' ' || problem_id, 'true'::jsonb from solved_problems where path_id = target
    union all
    select 'day ' || day, to_jsonb(quarters::text) from practice_days where path_id = target
  ) rows
$$;
--> statement-breakpoint
create or replace function rebuild_progress(target uuid) returns integer language plpgsql as $$
declare
  before jsonb;
begin
  perform from study_paths where id = target for update;
  perform from study_tasks where path_id = target order by id for update;
  before := progress_snapshot(target);
  delete from tried_problems where path_id = target;
  delete from solved_problems where path_id = target;
  delete from progress_counters where path_id = target;
  delete from practice_days where path_id = target;
  perform add_progress(array_agg(weight), array_agg(part)) from (
    select count(*) as weight, progress_part_of(t) as part from study_tasks t
    where t.path_id = target and not is_replanned(t.status, t.metadata) group by part
  ) tasks;
  perform mark_practice(array_agg(t.path_id), array_agg(coalesce(e.day, standard_day(e.created_at))),
    array_agg(e.created_at))
  from study_tasks t join task_evaluations e on e.task_id = t.id where t.path_id = target and e.run = 1;
  return (
    select count(*) from jsonb_each(before) b full join jsonb_each(progress_snapshot(target)) a using (key)
    where a.value is distinct from b.value
  );
end $$;
--> statement-breakpoint
grant select, insert, update, delete on tried_problems, solved_problems to study_paths_worker;
--> statement-breakpoint
select rebuild_progress(id) from study_paths order by id;
