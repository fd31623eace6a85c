-- Who may do what with the log: the Worker's role appends, nobody changes, and only the functions of the owner remove.

-- The door is open while a function sets it, and only for the table's owner, as whom they run. What was hashed stays as
-- it is behind the door too. The functions set it themselves: a `set` clause with a name of ours needs a superuser.
create function refuse_log_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' or coalesce(current_setting('study_paths.log_door', true), '') <> 'open'
    or current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
    raise exception 'the log is append-only: no % of %', lower(tg_op), tg_table_name using errcode = '42501';
  end if;
  return null;
end $$;
--> statement-breakpoint
create function refuse_history_change() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'personal' - 'sealed' <> to_jsonb(old) - 'personal' - 'sealed' then
    raise exception 'the log is append-only: event % has happened', old.id using errcode = '42501';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger task_events_append_only before update or delete on task_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger task_events_no_truncate before truncate on task_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger task_events_history before update on task_events for each row execute function refuse_history_change();
--> statement-breakpoint
create trigger path_events_append_only before update or delete on path_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger path_events_no_truncate before truncate on path_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger path_events_history before update on path_events for each row execute function refuse_history_change();
--> statement-breakpoint
create trigger learner_events_append_only before update or delete on learner_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger learner_events_no_truncate before truncate on learner_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger learner_events_history before update on learner_events
  for each row execute function refuse_history_change();
--> statement-breakpoint
create trigger erasures_append_only before update or delete on erasures
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger erasures_no_truncate before truncate on erasures
  for each statement execute function refuse_log_change();
--> statement-breakpoint
-- Also for a session that plays replica, which switches ordinary triggers off.
do $$
declare
  guard record;
begin
  for guard in select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
      and (c.relname in ('task_events', 'path_events', 'learner_events', 'erasures') or t.tgname = 'study_tasks_logged')
  loop
    execute format('alter table public.%I enable always trigger %I', guard.relname, guard.tgname);
  end loop;
end $$;
--> statement-breakpoint
-- Removes up to `most` tasks of paths that are nobody's with all that hangs on them, and the paths once they are empty;
-- true when there may be more. One call at a time.
create function remove_erased(path_ids uuid[], most integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  picked uuid[];
  door text := coalesce(current_setting('study_paths.log_door', true), '');
  more boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('remove_erased', 5071965));
  perform set_config('study_paths.log_door', 'open', true);
  select array_agg(t.id) into picked from (
    select x.id from study_paths p join study_tasks x on x.path_id = p.id
    where p.user_id = '' and (path_ids is null or p.id = any(path_ids)) limit most
  ) t;
  delete from task_events where task_id = any(picked);
  delete from study_tasks where id = any(picked);
  more := coalesce(cardinality(picked) = most, false);
  if not more then
    delete from path_events e using study_paths p
    where p.id = e.path_id and p.user_id = '' and (path_ids is null or p.id = any(path_ids));
    delete from study_paths p where p.user_id = '' and (path_ids is null or p.id = any(path_ids));
  end if;
  perform set_config('study_paths.log_door', door, true);
  return more;
end $$;
--> statement-breakpoint
-- What a learner knows apart from tasks; answers how many events that were.
create function remove_learner_events(learner text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  removed integer;
  door text := coalesce(current_setting('study_paths.log_door', true), '');
begin
  perform set_config('study_paths.log_door', 'open', true);
  delete from learner_events where user_id = learner;
  get diagnostics removed = row_count;
  perform set_config('study_paths.log_door', door, true);
  return removed;
end $$;
--> statement-breakpoint
-- The learner's mastery at this very moment, whatever the statement around it has seen: rows of before an erasure.
create function mastery_now(learner text) returns jsonb language plpgsql volatile set search_path = public, pg_temp as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('topic', m.topic, 'rating', m.rating, 'n', m.n, 'reason', m.reason,
      'rule_version', m.rule_version, 'version', m.version, 'updated_at', iso_instant(m.updated_at)) order by m.topic), '[]')
    from mastery m where m.user_id = learner);
end $$;
--> statement-breakpoint
do $$
begin
  if not exists (select from pg_roles where rolname = 'study_paths_worker') then
    create role study_paths_worker nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- another database of this server was faster
  when insufficient_privilege then
    raise exception 'the Worker needs a role of its own: let somebody who may run "create role study_paths_worker"'
      using errcode = '42501';
end $$;
--> statement-breakpoint
revoke execute on function remove_erased(uuid[], integer), remove_learner_events(text), note_task_head() from public;
--> statement-breakpoint
grant execute on function remove_erased(uuid[], integer), remove_learner_events(text) to study_paths_worker;
--> statement-breakpoint
grant usage on schema public to study_paths_worker;
--> statement-breakpoint
grant usage on sequence log_positions to study_paths_worker;
--> statement-breakpoint
grant select on idempotency_keys, study_paths, study_tasks, task_events, path_events, learner_events, task_evaluations,
  erasures, mastery, module_states, review_queue, review_log, progress_counters, completed_problems, practice_months
  to study_paths_worker;
--> statement-breakpoint
grant insert, update, delete on idempotency_keys, task_evaluations, mastery, module_states, review_queue, review_log,
  progress_counters, completed_problems, practice_months to study_paths_worker;
--> statement-breakpoint
grant insert, update on study_paths to study_paths_worker;
--> statement-breakpoint
-- Neither the log's note on a task nor what the log makes itself.
grant insert (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at, completed_at,
    expires_at, status, score, time_spent_seconds, hints_used, attempts, pending_evaluations, version, metadata, created_at),
  update (path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at, completed_at, expires_at,
    status, score, time_spent_seconds, hints_used, attempts, pending_evaluations, version, metadata)
  on study_tasks to study_paths_worker;
--> statement-breakpoint
grant insert (id, task_id, seq, event_type, schema_version, payload, actor, request_id, sealed, occurred_at, created_at)
  on task_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, path_id, event_type, schema_version, payload, actor, request_id, occurred_at, created_at)
  on path_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, user_id, event_type, schema_version, payload, actor, request_id, occurred_at, created_at)
  on learner_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, scope, removed, erased_at, heads) on erasures to study_paths_worker;
