-- Days of the learner are stored when something happens: with a submission, with the end of a task, with a review. What
-- is made of them (streaks, days of practice, when a review is due) no longer follows from a time zone at reading.
CREATE TABLE "practice_days" (
	"path_id" uuid NOT NULL,
	"day" date NOT NULL,
	"quarters" bit(288) NOT NULL,
	CONSTRAINT "practice_days_path_id_day_pk" PRIMARY KEY("path_id","day")
);
--> statement-breakpoint
DROP INDEX "idx_review_queue_due";--> statement-breakpoint
DROP INDEX "idx_review_queue_user_due";--> statement-breakpoint
ALTER TABLE "review_queue" ADD COLUMN "due_day" date;--> statement-breakpoint
ALTER TABLE "study_tasks" ADD COLUMN "completed_day" date;--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD COLUMN "day" date;--> statement-breakpoint
ALTER TABLE "practice_days" ADD CONSTRAINT "practice_days_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- The day of an instant by the standard calendar (UTC, days from four o'clock on): for what was written before days
-- were stored, here and in the replay of the log alike.
create function standard_day(at timestamptz) returns date language sql immutable parallel safe as $$
  select ((at at time zone 'UTC') - interval '4 hours')::date
$$;
--> statement-breakpoint
-- The day of a card's last review.
create function last_day_of(state jsonb) returns date language sql stable parallel safe as $$
  select coalesce((state->>'day')::date, standard_day((state->>'last_review')::timestamptz))
$$;
--> statement-breakpoint
update review_queue set due_day = last_day_of(state) + (state->>'scheduled_days')::integer;
--> statement-breakpoint
ALTER TABLE "review_queue" ALTER COLUMN "due_day" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "review_queue" DROP COLUMN "due";--> statement-breakpoint
CREATE INDEX "idx_review_queue_due" ON "review_queue" USING btree ("due_day");--> statement-breakpoint
CREATE INDEX "idx_review_queue_user_due" ON "review_queue" USING btree ("user_id","due_day","problem_id");
--> statement-breakpoint
alter type progress_part add attribute practised_day date;
--> statement-breakpoint
create or replace function progress_part_of(t study_tasks) returns progress_part language sql immutable as $$
  select row(t.path_id, t.module, t.topic_tags, t.status,
    case when t.kind <> 'lesson' then t.score::numeric end,
    coalesce(t.kind <> 'lesson' and t.score is not null and t.metadata->'first_score' = '1'::jsonb, false),
    t.hints_used, coalesce(t.time_spent_seconds, 0),
    case when t.kind <> 'lesson' and t.status = 'completed' then t.problem_id end,
    case when t.kind = 'lesson' then t.completed_at end,
    case when t.kind = 'lesson' then coalesce(t.completed_day, standard_day(t.completed_at)) end)::progress_part
$$;
--> statement-breakpoint
drop function mark_practice(uuid[], timestamptz[]);
--> statement-breakpoint
-- Bits are only ever set: practice that was counted stays counted, and doing it twice is harmless. No zone's day begins
-- earlier than a day before its date in UTC, or ends later than two days after it.
create function mark_practice(path_ids uuid[], days date[], instants timestamptz[]) returns void language plpgsql as $$
begin
  insert into practice_days as d (path_id, day, quarters)
  select path_id, day, bit_or(set_bit(repeat('0', 288)::bit(288), slot, 1))
  from (
    select path_id, day, least(287, greatest(0,
      floor(extract(epoch from (at at time zone 'UTC') - (day - 1)) / 900)::integer)) as slot
    from unnest(path_ids, days, instants) as p(path_id, day, at)
  ) practised
  group by path_id, day order by path_id, day
  on conflict (path_id, day) do update set quarters = d.quarters | excluded.quarters
    where d.quarters | excluded.quarters <> d.quarters;
end $$;
--> statement-breakpoint
create or replace function add_progress(weights bigint[], parts progress_part[]) returns void language plpgsql as $$
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
    perform mark_practice(array_agg(path_id), array_agg(practised_day), array_agg(practised_at))
    from unnest(weights, parts) as p(weight) where practised_at is not null and weight > 0;
  end if;
end $$;
--> statement-breakpoint
create or replace function mark_submissions() returns trigger language plpgsql as $$
begin
  perform mark_practice(array_agg(t.path_id), array_agg(coalesce(e.day, standard_day(e.created_at))),
    array_agg(e.created_at))
  from added e join study_tasks t on t.id = e.task_id where e.run = 1;
  return null;
end $$;
--> statement-breakpoint
create or replace function progress_snapshot(target uuid) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from (
    select scope || ' ' || name as key, to_jsonb(c) as value from progress_counters c
    where path_id = target and tasks <> 0
    union all
    select 'problem ' || module || ' ' || problem_id, 'true'::jsonb from completed_problems where path_id = target
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
  delete from completed_problems where path_id = target;
  delete from progress_counters where path_id = target;
  delete from practice_days where path_id = target;
  perform add_progress(array_agg(weight), array_agg(part)) from (
    select count(*) as weight, progress_part_of(t) as part from study_tasks t where t.path_id = target group by part
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
DROP TABLE "practice_months" CASCADE;--> statement-breakpoint
grant select, insert, update, delete on practice_days to study_paths_worker;
--> statement-breakpoint
grant insert (completed_day), update (completed_day) on study_tasks to study_paths_worker;
--> statement-breakpoint
-- What was practised before.
select rebuild_progress(id) from study_paths order by id;
