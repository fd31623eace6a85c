-- Refuses the transaction that calls it: nothing of what it sent happens. The reason is for the Worker, which then reads
-- again and decides again: 'stale' (a row has changed), 'gone' (it is not the learner's), 'settled' (a result came first) or a
-- reason of the statement that asks. Null refuses nothing.
create function refuse(reason text) returns void language plpgsql as $$
begin
  if reason is not null then
    raise exception 'refused' using errcode = 'SP001', detail = reason;
  end if;
end $$;
--> statement-breakpoint
-- The first statement of every write that was decided on rows read before: locks them in one order for everybody (tasks by
-- id, the path, the evaluation, topics by name, the module, the card) and refuses unless each has the version it was read with.
-- A version of 0 is a row that was not there. Keys: learner, tasks [{id, version}], path {id, version?}, evaluation {id},
-- topics {topic: version}, level {module, version}, card {problem_id, version}.
create function guard(wanted jsonb) returns void language plpgsql as $$
declare
  learner text := wanted->>'learner';
  seen integer;
  state text;
  asked record;
begin
  for asked in select x.id, x.version from jsonb_to_recordset(wanted->'tasks') as x(id uuid, version integer) order by x.id loop
    select t.version into seen from study_tasks t join study_paths p on p.id = t.path_id
      where t.id = asked.id and p.user_id = learner for update of t;
    if not found then perform refuse('gone'); end if;
    if seen <> asked.version then state := 'stale'; end if;
  end loop;
  if wanted ? 'path' then
    select p.plan_version into seen from study_paths p
      where p.id = (wanted->'path'->>'id')::uuid and p.user_id = learner for no key update;
    if not found then perform refuse('gone'); end if;
    if seen <> (wanted->'path'->>'version')::integer then state := 'stale'; end if;
  end if;
  if wanted ? 'evaluation' then
    perform from task_evaluations e where e.id = (wanted->'evaluation'->>'id')::uuid and e.status = 'pending' for update;
    if not found then
      perform refuse(case when exists (select from task_evaluations e where e.id = (wanted->'evaluation'->>'id')::uuid)
        then 'settled' else 'gone' end);
    end if;
  end if;
  if state is not null then perform refuse(state); end if;
  perform from mastery m join jsonb_each_text(wanted->'topics') w on w.key = m.topic
    where m.user_id = learner order by m.topic for update of m;
  if exists (select from jsonb_each_text(wanted->'topics') w left join mastery m on m.user_id = learner and m.topic = w.key
      where coalesce(m.version, 0) <> w.value::integer) then
    perform refuse('stale');
  end if;
  if wanted ? 'level' then
    select s.version into seen from module_states s
      where s.path_id = (wanted->'path'->>'id')::uuid and s.module = wanted->'level'->>'module' for update;
    if coalesce(seen, 0) <> (wanted->'level'->>'version')::integer then perform refuse('stale'); end if;
  end if;
  if wanted ? 'card' then
    select q.version into seen from review_queue q
      where q.user_id = learner and q.problem_id = wanted->'card'->>'problem_id' for update;
    if coalesce(seen, 0) <> (wanted->'card'->>'version')::integer then perform refuse('stale'); end if;
  end if;
end $$;
--> statement-breakpoint
-- Which tasks take a command that is written without being read first: the rows of TASK_COMMANDS (src/domain/tasks/lifecycle.ts).
CREATE TABLE "task_transitions" (
	"command" varchar(20) NOT NULL,
	"kind" varchar(20) NOT NULL,
	"status" varchar(20) NOT NULL,
	CONSTRAINT "task_transitions_command_kind_status_pk" PRIMARY KEY("command","kind","status")
);
--> statement-breakpoint
insert into task_transitions (command, kind, status)
select x.command, k.kind, s.status from (values
    ('start', array['problem', 'review', 'lesson'], array['scheduled']),
    ('submit', array['problem', 'review'], array['scheduled', 'in_progress', 'completed']),
    ('evaluate', array['problem', 'review'], array['scheduled', 'in_progress', 'completed']),
    ('hint', array['problem', 'review', 'lesson'], array['scheduled', 'in_progress', 'completed'])
  ) x(command, kinds, statuses) cross join unnest(x.kinds) k(kind) cross join unnest(x.statuses) s(status);
--> statement-breakpoint
grant select on task_transitions to study_paths_worker;
