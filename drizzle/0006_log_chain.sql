-- The log becomes a chain. Rows from before are set aside and come back in their order, so that the triggers chain them.
create temporary table old_task_events on commit drop as select * from task_events;--> statement-breakpoint
create temporary table old_erasures on commit drop as select * from erasures;--> statement-breakpoint
truncate task_events, erasures;--> statement-breakpoint
CREATE SEQUENCE "public"."log_positions" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "learner_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"seq" integer NOT NULL,
	"position" bigint DEFAULT nextval('log_positions') NOT NULL,
	"event_type" varchar(40) NOT NULL,
	"schema_version" smallint DEFAULT 1 NOT NULL,
	"payload" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"request_id" varchar(100),
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "learner_events_seq" UNIQUE("user_id","seq")
);
--> statement-breakpoint
CREATE TABLE "path_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"path_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"position" bigint DEFAULT nextval('log_positions') NOT NULL,
	"event_type" varchar(40) NOT NULL,
	"schema_version" smallint DEFAULT 1 NOT NULL,
	"payload" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"request_id" varchar(100),
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "path_events_seq" UNIQUE("path_id","seq")
);
--> statement-breakpoint
ALTER TABLE "task_events" DROP CONSTRAINT "task_events_task_fk";
--> statement-breakpoint
ALTER TABLE "task_events" ALTER COLUMN "created_at" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "heads" "bytea";--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "seq" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "prev_hash" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "hash" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "study_tasks" ADD COLUMN "log_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "study_tasks" ADD COLUMN "log_hash" "bytea";--> statement-breakpoint
ALTER TABLE "task_events" ADD COLUMN "position" bigint DEFAULT nextval('log_positions') NOT NULL;--> statement-breakpoint
ALTER TABLE "task_events" ADD COLUMN "prev_hash" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "task_events" ADD COLUMN "hash" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "task_events" ADD COLUMN "personal" jsonb;--> statement-breakpoint
ALTER TABLE "path_events" ADD CONSTRAINT "path_events_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_seq" UNIQUE("seq");--> statement-breakpoint
-- Every verb writes a task's row once and the log once more (the head): room on the page keeps the second one cheap.
alter table study_tasks set (fillfactor = 85);
--> statement-breakpoint
-- An instant as the API writes it.
create function iso_instant(at timestamptz) returns text language sql stable strict as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint
-- Sorts, as bytes, like UTF-16 code units: characters above U+FFFF come before U+E000 to U+FFFF. Not strict, or the
-- planner could not inline it.
create function utf16_order(t text) returns text language sql immutable parallel safe as $$
  select case when octet_length(t) = length(t) then t else regexp_replace(
    replace(t, U&'\+10FFFF', U&'\+10FFFF\0001'), U&'([\E000-\FFFF])', U&'\+10FFFF' || '\1', 'g') end
$$;
--> statement-breakpoint
-- A number by its decimal digits, written as ECMAScript writes numbers: the same text for whatever JSON.stringify wrote.
-- Digits that a double cannot hold are refused, because whoever replays the log reads doubles.
create function canonical_number(n numeric) returns text language plpgsql immutable strict parallel safe as $$
declare
  whole text := split_part(trim_scale(abs(n))::text, '.', 1);
  fraction text := split_part(trim_scale(abs(n))::text, '.', 2);
  digits text := rtrim(ltrim(whole || fraction, '0'), '0');
  count integer := length(digits);
  -- The decimal point stands behind so many of the digits.
  point integer := case when whole <> '0' then length(whole) else length(ltrim(fraction, '0')) - length(fraction) end;
  sign text := case when n < 0 then '-' else '' end;
begin
  if n = 0 then return '0'; end if;
  if count > 17 or n::double precision = 0 then
    raise exception 'a number of the log has more digits than a double' using errcode = '22003';
  end if;
  if point between 1 and 21 then
    if count <= point then return sign || rpad(digits, point, '0'); end if;
    return sign || left(digits, point) || '.' || substr(digits, point + 1);
  end if;
  if point between -5 and 0 then return sign || '0.' || repeat('0', -point) || digits; end if;
  return sign || left(digits, 1) || case when count > 1 then '.' || substr(digits, 2) else '' end
    || 'e' || case when point > 0 then '+' else '-' end || abs(point - 1);
end $$;
--> statement-breakpoint
-- RFC 8785 (JSON Canonicalization Scheme).
create function canonical_json(v jsonb) returns text language plpgsql immutable strict parallel safe as $$
begin
  case jsonb_typeof(v)
  when 'object' then
    return coalesce((
      select '{' || string_agg(to_json(key)::text || ':' || case
          when jsonb_typeof(value) in ('string', 'boolean', 'null')
            or jsonb_typeof(value) = 'number' and value::text ~ '^(0|-?[1-9][0-9]{0,14})$' then value::text
          else canonical_json(value) end,
        ',' order by utf16_order(key) collate "C") || '}'
      from jsonb_each(v)), '{}');
  when 'array' then
    return coalesce((
      select '[' || string_agg(canonical_json(value), ',' order by place) || ']'
      from jsonb_array_elements(v) with ordinality a(value, place)), '[]');
  when 'number' then
    if v::text ~ '^(0|-?[1-9][0-9]{0,14})$' then return v::text; end if;
    return canonical_number(v::numeric);
  else
    return v::text;
  end case;
end $$;
--> statement-breakpoint
create function sha256_of(t text) returns bytea language sql immutable strict parallel safe as $$
  select sha256(convert_to(t, 'UTF8'))
$$;
--> statement-breakpoint
-- What is hashed of an event behind the hash in front of it: its canonical JSON with `stream`, the kind and id of whom
-- it is about. Keys stand in their order already.
create function event_text(stream text, seq integer, id uuid, "position" bigint, event_type text,
  schema_version smallint, payload jsonb, actor jsonb, request_id text, occurred_at timestamptz, recorded_at timestamptz)
returns text language sql stable as $$
  select '{"actor":'
    || case actor when '{"type": "learner"}' then '{"type":"learner"}' else canonical_json(actor) end
    || ',"event_type":' || to_json(event_type)::text
    || ',"id":"' || id || '","occurred_at":"' || iso_instant(occurred_at) || '","payload":' || canonical_json(payload)
    || ',"position":' || "position" || ',"recorded_at":"' || iso_instant(recorded_at)
    || '","request_id":' || coalesce(to_json(request_id)::text, 'null') || ',"schema_version":' || schema_version
    || ',"seq":' || seq || ',"stream":' || to_json(stream)::text || '}'
$$;
--> statement-breakpoint
-- The payload as the API shows it: with what was typed, as long as that has not been erased.
create function event_payload(event_type text, payload jsonb, personal jsonb) returns jsonb
language sql immutable parallel safe as $$
  select case when payload ? 'personal_sha256' then payload - 'personal_sha256' || coalesce(personal - 'salt',
    case event_type when 'status_changed' then '{"reason": null}'::jsonb else '{"metadata": {}}'::jsonb end)
  else payload end
$$;
--> statement-breakpoint
-- Puts an event behind the one in front of it, which may be a row of the same statement, or archived: then the task
-- knows its hash. What somebody typed moves out of the payload, into the hash go its digest and a salt's.
create function chain_task_event() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  prior_hash bytea := decode(repeat('00', 32), 'hex');
  prior_at timestamptz := '-infinity';
  typed text := case when new.event_type in ('created', 'metadata_changed') and new.payload->'metadata' <> '{}'
      then 'metadata'
    when new.event_type = 'status_changed' and new.payload->>'reason' is not null then 'reason' end;
begin
  if new.seq > 1 then
    select e.hash, e.created_at into prior_hash, prior_at from task_events e
    where e.task_id = new.task_id and e.seq = new.seq - 1;
    if not found then
      select t.log_hash, '-infinity' into prior_hash, prior_at from study_tasks t
      where t.id = new.task_id and t.log_seq = new.seq - 1;
    end if;
    if prior_hash is null then
      raise exception 'event % of task % has none in front of it', new.seq, new.task_id using errcode = '23514';
    end if;
  end if;
  new.created_at := coalesce(new.created_at, greatest(date_trunc('milliseconds', clock_timestamp()), prior_at));
  if new.created_at < prior_at then
    raise exception 'event % of task % was recorded before the one in front of it', new.seq, new.task_id
      using errcode = '23514';
  end if;
  new.personal := null;
  if typed is not null then
    new.personal := jsonb_build_object('salt', gen_random_uuid(), typed, new.payload->typed);
    new.payload := new.payload - typed
      || jsonb_build_object('personal_sha256', encode(sha256_of(canonical_json(new.personal)), 'hex'));
  end if;
  new.prev_hash := prior_hash;
  new.hash := sha256(prior_hash || convert_to(event_text('task:' || new.task_id, new.seq, new.id, new."position",
    new.event_type, new.schema_version, new.payload, new.actor, new.request_id, new.occurred_at, new.created_at), 'UTF8'));
  return new;
end $$;
--> statement-breakpoint
-- The newest event of a task by the task's version becomes its head; an event behind the version is none of the task's.
create function note_task_head() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update study_tasks t set log_seq = new.seq, log_hash = new.hash where t.id = new.task_id and t.version = new.seq;
  if not found and not exists (select from study_tasks t where t.id = new.task_id and t.version > new.seq) then
    raise exception 'event % is not the newest one by the version of task %', new.seq, new.task_id
      using errcode = '23514';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- At commit no task has moved without the log. The owner alone may mend a row by hand, and `log:verify` will tell of it.
create function require_task_head() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from study_tasks t where t.id = new.id and t.version <> t.log_seq)
    and current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
    raise exception 'task % has changed without an event', new.id using errcode = '23514';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Events of paths and learners are numbered here: their writers know no version. One lock per stream keeps them apart.
create function chain_stream_event() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  stream text := case tg_table_name when 'path_events' then 'path:' || (to_jsonb(new)->>'path_id')
    else 'learner:' || (to_jsonb(new)->>'user_id') end;
  prior_hash bytea;
  prior_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended(stream, 5071965));
  if tg_table_name = 'path_events' then
    select e.seq, e.hash, e.created_at into new.seq, prior_hash, prior_at from path_events e
    where e.path_id = new.path_id order by e.seq desc limit 1;
  else
    select e.seq, e.hash, e.created_at into new.seq, prior_hash, prior_at from learner_events e
    where e.user_id = new.user_id order by e.seq desc limit 1;
  end if;
  new.seq := coalesce(new.seq, 0) + 1;
  new.created_at := greatest(coalesce(new.created_at, date_trunc('milliseconds', clock_timestamp())), prior_at);
  new.prev_hash := coalesce(prior_hash, decode(repeat('00', 32), 'hex'));
  new.hash := sha256(new.prev_hash || convert_to(event_text(stream, new.seq, new.id, new."position", new.event_type,
    new.schema_version, new.payload, new.actor, new.request_id, new.occurred_at, new.created_at), 'UTF8'));
  return new;
end $$;
--> statement-breakpoint
create function tombstone_text(seq integer, id uuid, scope text, removed jsonb, heads bytea, erased_at timestamptz)
returns text language sql stable as $$
  select canonical_json(jsonb_build_object('seq', seq, 'id', id, 'scope', scope, 'removed', removed,
    'heads', encode(heads, 'hex'), 'erased_at', iso_instant(erased_at)))
$$;
--> statement-breakpoint
create function chain_erasure() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  prior_hash bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('erasures', 5071965));
  select e.seq, e.hash into new.seq, prior_hash from erasures e order by e.seq desc limit 1;
  new.seq := coalesce(new.seq, 0) + 1;
  new.prev_hash := coalesce(prior_hash, decode(repeat('00', 32), 'hex'));
  new.hash := sha256(new.prev_hash
    || convert_to(tombstone_text(new.seq, new.id, new.scope, new.removed, new.heads, new.erased_at), 'UTF8'));
  return new;
end $$;
--> statement-breakpoint
create trigger task_events_chain before insert on task_events for each row execute function chain_task_event();
--> statement-breakpoint
create trigger task_events_heads after insert on task_events for each row execute function note_task_head();
--> statement-breakpoint
create trigger path_events_chain before insert on path_events for each row execute function chain_stream_event();
--> statement-breakpoint
create trigger learner_events_chain before insert on learner_events for each row execute function chain_stream_event();
--> statement-breakpoint
create trigger erasures_chain before insert on erasures for each row execute function chain_erasure();
--> statement-breakpoint
-- The log's own note on a task is no progress.
drop trigger study_tasks_progress_update on study_tasks;
--> statement-breakpoint
create trigger study_tasks_progress_update after update on study_tasks
  referencing old table as removed new table as added for each statement when (pg_trigger_depth() = 0)
  execute function count_task_changes();
--> statement-breakpoint
insert into task_events (id, task_id, seq, event_type, schema_version, payload, actor, request_id, sealed, occurred_at,
  created_at)
select id, task_id, seq, event_type, schema_version, payload, actor, request_id, sealed, occurred_at,
  max(created_at) over (partition by task_id order by seq)
from old_task_events order by task_id, seq;
--> statement-breakpoint
insert into erasures (id, scope, removed, erased_at) select id, scope, removed, erased_at from old_erasures order by erased_at;
--> statement-breakpoint
insert into path_events (path_id, event_type, payload, actor, occurred_at)
select id, 'path_created', jsonb_build_object('track_id', track_id, 'config', config),
  '{"type": "system", "job": "migration"}', created_at
from study_paths where user_id <> '' order by created_at, id;
--> statement-breakpoint
create constraint trigger study_tasks_logged after insert or update of version on study_tasks
  deferrable initially deferred for each row when (new.version <> new.log_seq) execute function require_task_head();
