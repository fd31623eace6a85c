-- A submission that had begun before its path was erased holds its task and adds an event when it ends. Whoever removes
-- the task waits for it first: between two deletes it would come too late for the one and in the way of the other.
create or replace function remove_erased(path_ids uuid[], most integer) returns boolean
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
  perform from study_tasks where id = any(picked) order by id for update;
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
