CREATE TABLE "archived_tasks" (
	"task_id" uuid NOT NULL,
	"first_seq" integer NOT NULL,
	"last_seq" integer NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"last_hash" "bytea" NOT NULL,
	"archive_id" uuid NOT NULL,
	CONSTRAINT "archived_tasks_task_id_first_seq_pk" PRIMARY KEY("task_id","first_seq"),
	CONSTRAINT "archived_tasks_range" CHECK (first_seq >= 1 and last_seq >= first_seq)
);
--> statement-breakpoint
CREATE TABLE "archived_texts" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"archive_id" uuid NOT NULL,
	"personal" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_archives" (
	"id" uuid PRIMARY KEY NOT NULL,
	"path_id" uuid NOT NULL,
	"month" date NOT NULL,
	"object_key" text NOT NULL,
	"state" varchar(10) DEFAULT 'writing' NOT NULL,
	"sha256" varchar(64),
	"bytes" integer,
	"events" integer,
	"started_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "event_archives_key" UNIQUE("object_key"),
	CONSTRAINT "event_archives_state" CHECK (state in ('writing', 'stored', 'dropping')),
	CONSTRAINT "event_archives_stored" CHECK (state <> 'stored' or (sha256 is not null and bytes > 0 and events > 0))
);
--> statement-breakpoint
ALTER TABLE "archived_tasks" ADD CONSTRAINT "archived_tasks_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "archived_tasks" ADD CONSTRAINT "archived_tasks_archive_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."event_archives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "archived_texts" ADD CONSTRAINT "archived_texts_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "archived_texts" ADD CONSTRAINT "archived_texts_archive_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."event_archives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_archived_tasks_archive" ON "archived_tasks" USING btree ("archive_id");--> statement-breakpoint
CREATE INDEX "idx_archived_texts_archive" ON "archived_texts" USING btree ("archive_id","task_id");--> statement-breakpoint
CREATE INDEX "idx_archived_texts_task" ON "archived_texts" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "idx_event_archives_path" ON "event_archives" USING btree ("path_id");--> statement-breakpoint
CREATE INDEX "idx_event_archives_unsettled" ON "event_archives" USING btree ("started_at") WHERE state <> 'stored';--> statement-breakpoint
CREATE INDEX "idx_task_events_created" ON "task_events" USING btree ("created_at");--> statement-breakpoint
-- The chains that a manifest names, hashes as bytes.
create function manifest_chains(chains jsonb)
returns table (task_id uuid, first_seq integer, last_seq integer, prev_hash bytea, last_hash bytea)
language sql immutable strict parallel safe as $$
  select x.task_id, x.first_seq, x.last_seq, decode(x.prev_hash, 'hex'), decode(x.last_hash, 'hex')
  from jsonb_to_recordset(chains) as x(task_id uuid, first_seq integer, last_seq integer, prev_hash text, last_hash text)
$$;
--> statement-breakpoint
-- Removes events from the log that an object of the archive holds, and writes that object's manifest, or does neither.
-- Refused are events that are not, whole and with these hashes, the beginning of what is left of their task's chain, and
-- objects whose path is gone, or which were abandoned. One call per path at a time; true again for what is done.
create function archive_events(archive uuid, object_sha256 text, object_bytes integer, object_events integer, chains jsonb)
returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  attempt event_archives;
  removed integer;
  door text := coalesce(current_setting('study_paths.log_door', true), '');
begin
  select * into attempt from event_archives a where a.id = archive for update;
  if attempt.state = 'stored' then return true; end if;
  if attempt.state is distinct from 'writing' then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('archive:' || attempt.path_id, 5071965));
  -- Nobody writes to these tasks, or erases what was typed in them, meanwhile.
  perform from study_tasks t where t.id in (select c.task_id from manifest_chains(chains) c) order by t.id for update;
  -- An erasure of the path waits for this, or this finds it erased.
  perform from study_paths p where p.id = attempt.path_id and p.user_id <> '' for share;
  if not found then return false; end if;
  if object_events is distinct from (select sum(c.last_seq - c.first_seq + 1) from manifest_chains(chains) c) or exists (
    select from manifest_chains(chains) c
    left join study_tasks t on t.id = c.task_id and t.path_id = attempt.path_id
    left join lateral (
      select count(*) as events, min(e.seq) as first_seq, max(e.seq) as last_seq,
        (array_agg(e.prev_hash order by e.seq))[1] as prev_hash,
        (array_agg(e.hash order by e.seq desc))[1] as last_hash
      from task_events e where e.task_id = c.task_id and e.seq <= c.last_seq
    ) found on true
    where t.id is null or found.events <> c.last_seq - c.first_seq + 1
      or (found.first_seq, found.last_seq, found.prev_hash, found.last_hash)
        is distinct from (c.first_seq, c.last_seq, c.prev_hash, c.last_hash)
  ) then
    return false;
  end if;
  insert into archived_tasks (task_id, first_seq, last_seq, prev_hash, last_hash, archive_id)
  select c.task_id, c.first_seq, c.last_seq, c.prev_hash, c.last_hash, archive from manifest_chains(chains) c;
  insert into archived_texts (event_id, task_id, archive_id, personal)
  select e.id, e.task_id, archive, e.personal
  from manifest_chains(chains) c join task_events e on e.task_id = c.task_id and e.seq between c.first_seq and c.last_seq
  where e.personal is not null;
  perform set_config('study_paths.log_door', 'open', true);
  delete from task_events e using manifest_chains(chains) c
  where e.task_id = c.task_id and e.seq between c.first_seq and c.last_seq;
  get diagnostics removed = row_count;
  perform set_config('study_paths.log_door', door, true);
  if removed <> object_events then raise exception 'archived % events, removed %', object_events, removed; end if;
  update event_archives a set state = 'stored', sha256 = object_sha256, bytes = object_bytes, events = object_events
  where a.id = archive;
  return true;
end $$;
--> statement-breakpoint
-- Gives up an attempt, unless it is part of the archive; true when its object is to be deleted.
create function abandon_archive(archive uuid) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  update event_archives a set state = 'dropping' where a.id = archive and a.state = 'writing';
  select not exists (select from event_archives a where a.id = archive and a.state = 'stored');
$$;
--> statement-breakpoint
-- Objects to delete from the bucket: of paths that are nobody's or gone, and of attempts to write that began before
-- `abandoned_before`. They can no longer become part of the archive; they are answered until forget_archives.
create function take_dropped_archives(path_ids uuid[], abandoned_before timestamptz, most integer)
returns table (id uuid, object_key text)
language sql security definer set search_path = public, pg_temp as $$
  update event_archives a set state = 'dropping'
  where a.id in (
    select x.id from event_archives x
    where (path_ids is null or x.path_id = any(path_ids))
      and (x.state = 'dropping' or (x.state = 'writing' and x.started_at < abandoned_before)
        or (x.state = 'stored'
          and not exists (select from study_paths p where p.id = x.path_id and p.user_id <> '')))
    order by x.id limit most for update
  )
  returning a.id, a.object_key
$$;
--> statement-breakpoint
-- Forgets objects that were deleted from the bucket, never one that is part of the archive; answers how many.
create function forget_archives(ids uuid[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  forgotten integer;
begin
  delete from event_archives a where a.id = any(ids) and a.state = 'dropping';
  get diagnostics forgotten = row_count;
  return forgotten;
end $$;
--> statement-breakpoint
revoke execute on function archive_events(uuid, text, integer, integer, jsonb), abandon_archive(uuid),
  take_dropped_archives(uuid[], timestamptz, integer), forget_archives(uuid[]) from public;
--> statement-breakpoint
grant execute on function archive_events(uuid, text, integer, integer, jsonb), abandon_archive(uuid),
  take_dropped_archives(uuid[], timestamptz, integer), forget_archives(uuid[]) to study_paths_worker;
--> statement-breakpoint
grant select on event_archives, archived_tasks, archived_texts to study_paths_worker;
--> statement-breakpoint
grant insert (id, path_id, month, object_key, started_at) on event_archives to study_paths_worker;
