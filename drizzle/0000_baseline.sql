-- The schema of Study Paths: role, tables, functions, triggers, grants.
--
-- Columns, constraints and indexes are those that drizzle-kit generates from src/worker/db/schema, sorted by subject.
-- A file that has run is never edited: later changes are migrations of their own.

-- =====================================================================================================================
-- 1. Role
-- =====================================================================================================================

-- The role that the Worker runs as, with the grants at the end of this file. It belongs to the whole server, so another
-- database may have made it. It gets its password outside of migrations.
do $$
begin
  if not exists (select from pg_roles where rolname = 'study_paths_worker') then
    create role study_paths_worker nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- a migration of another database on this server made it first
  when insufficient_privilege then
    raise exception 'the Worker needs a role of its own: let somebody who may run "create role study_paths_worker"'
      using errcode = '42501';
end $$;
--> statement-breakpoint
-- =====================================================================================================================
-- 2. Tables
-- =====================================================================================================================

-- ---- Paths and tasks ------------------------------------------------------------------------------------------------

-- An erased path has an empty `user_id` until its rows are removed.
CREATE TABLE "study_paths" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"track_id" varchar(100) DEFAULT 'coding-interview-meta' NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"plan_version" integer DEFAULT 1 NOT NULL,
	"last_request_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"planned_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "idx_study_paths_user" ON "study_paths" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "idx_study_paths_last_request" ON "study_paths" USING btree ("last_request_at");
--> statement-breakpoint
-- Each change of a task updates its row twice, the second time for the log (`log_seq`, `log_hash`). Free space on the
-- page keeps that update cheap.
CREATE TABLE "study_tasks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"path_id" uuid NOT NULL,
	"kind" varchar(20) DEFAULT 'problem' NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	"module" varchar(50) NOT NULL,
	"topic_tags" text[] DEFAULT '{}' NOT NULL,
	"difficulty" integer NOT NULL,
	"scheduled_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"completed_day" date,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"status" varchar(20) DEFAULT 'scheduled' NOT NULL,
	"score" double precision,
	"time_spent_seconds" integer,
	"hints_used" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"pending_evaluations" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"log_seq" integer DEFAULT 0 NOT NULL,
	"log_hash" "bytea",
	CONSTRAINT "study_tasks_kind" CHECK (kind in ('problem', 'review', 'lesson')),
	CONSTRAINT "study_tasks_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "study_tasks_status" CHECK (status in ('scheduled', 'in_progress', 'completed', 'skipped', 'expired')),
	CONSTRAINT "study_tasks_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "study_tasks_score" CHECK (score between 0 and 1),
	CONSTRAINT "study_tasks_counters" CHECK (hints_used >= 0 and attempts >= 0 and pending_evaluations >= 0),
	CONSTRAINT "study_tasks_version" CHECK (version >= 1),
	CONSTRAINT "study_tasks_time_spent" CHECK (time_spent_seconds >= 0),
	CONSTRAINT "study_tasks_started" CHECK (status <> 'in_progress' or started_at is not null),
	CONSTRAINT "study_tasks_completed" CHECK ((status = 'completed') = (completed_at is not null)),
	CONSTRAINT "study_tasks_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
) WITH (fillfactor = 85);
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_schedule" ON "study_tasks" USING btree ("path_id","scheduled_at","id");
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_module" ON "study_tasks" USING btree ("path_id","module","status","scheduled_at","id");
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_status" ON "study_tasks" USING btree ("path_id","status","scheduled_at","id");
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_problem" ON "study_tasks" USING btree ("problem_id");
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_expiry" ON "study_tasks" USING btree ("expires_at") WHERE status in ('scheduled', 'in_progress') and pending_evaluations = 0 and score is null;
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_completed" ON "study_tasks" USING btree ("path_id","kind","completed_at") WHERE status = 'completed';
--> statement-breakpoint
CREATE INDEX "idx_study_tasks_reviews" ON "study_tasks" USING btree ("path_id","scheduled_at") WHERE status = 'scheduled' and kind = 'review';
--> statement-breakpoint
-- ---- Submissions and hints ------------------------------------------------------------------------------------------

CREATE TABLE "task_evaluations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"run" integer DEFAULT 1 NOT NULL,
	"language" varchar(20) NOT NULL,
	"code" text NOT NULL,
	"status" varchar(20) DEFAULT 'pending' NOT NULL,
	"verdict" varchar(4),
	"test_cases_passed" integer,
	"test_cases_total" integer,
	"score" double precision,
	"runtime_ms" double precision,
	"memory_mb" double precision,
	"output" text,
	"hidden" jsonb,
	"content_hash" varchar(64),
	"tests_hash" varchar(64),
	"engine" varchar(100),
	"time_spent_seconds" integer,
	"redrives" integer DEFAULT 0 NOT NULL,
	"judge_faults" integer DEFAULT 0 NOT NULL,
	"next_redrive_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"day" date,
	"evaluated_at" timestamp (3) with time zone,
	CONSTRAINT "task_evaluations_run" UNIQUE("submission_id","run"),
	CONSTRAINT "task_evaluations_language" CHECK (language in ('python', 'javascript')),
	CONSTRAINT "task_evaluations_status" CHECK (status in ('pending', 'evaluated', 'failed')),
	CONSTRAINT "task_evaluations_verdict" CHECK (verdict in ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')),
	CONSTRAINT "task_evaluations_settled" CHECK ((status = 'pending') = (verdict is null)),
	CONSTRAINT "task_evaluations_passed" CHECK (test_cases_passed between 0 and test_cases_total),
	CONSTRAINT "task_evaluations_score" CHECK (score between 0 and 1),
	CONSTRAINT "task_evaluations_order" CHECK (attempt >= 1 and run >= 1 and redrives >= 0 and judge_faults >= 0),
	CONSTRAINT "task_evaluations_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_task_evaluations_task" ON "task_evaluations" USING btree ("task_id","created_at");
--> statement-breakpoint
CREATE INDEX "idx_task_evaluations_pending" ON "task_evaluations" USING btree ("next_redrive_at") WHERE status = 'pending';
--> statement-breakpoint
CREATE TABLE "task_transcripts" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"hint_id" text NOT NULL,
	"sealed" text NOT NULL,
	CONSTRAINT "task_transcripts_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_task_transcripts_task" ON "task_transcripts" USING btree ("task_id");
--> statement-breakpoint
-- ---- Requests and imports -------------------------------------------------------------------------------------------

CREATE TABLE "idempotency_keys" (
	"user_id" varchar(255) NOT NULL,
	"key" varchar(255) NOT NULL,
	"fingerprint" varchar(64) NOT NULL,
	"seed" uuid NOT NULL,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"response_status" smallint,
	"response_body" text,
	"response_output" varchar(20),
	"response_headers" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE INDEX "idx_idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");
--> statement-breakpoint
-- The parts of a file wait here until one transaction imports all of them, or none.
CREATE TABLE "import_parts" (
	"import_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"place" integer NOT NULL,
	"rows" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_parts_import_id_place_pk" PRIMARY KEY("import_id","place")
);
--> statement-breakpoint
-- ---- The log --------------------------------------------------------------------------------------------------------

-- One order of all events of tasks, paths and learners.
CREATE SEQUENCE "public"."log_positions" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;
--> statement-breakpoint
-- No cascade from tasks or paths to events: only the functions for erasure and archive delete them.
CREATE TABLE "task_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"task_id" uuid NOT NULL,
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
	"personal" jsonb,
	CONSTRAINT "task_events_seq" UNIQUE("task_id","seq"),
	CONSTRAINT "task_events_seq_positive" CHECK (seq >= 1),
	CONSTRAINT "task_events_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE no action ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_task_events_task" ON "task_events" USING btree ("task_id","created_at");
--> statement-breakpoint
CREATE INDEX "idx_task_events_created" ON "task_events" USING btree ("created_at");
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
	CONSTRAINT "path_events_seq" UNIQUE("path_id","seq"),
	CONSTRAINT "path_events_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE no action ON UPDATE no action
);
--> statement-breakpoint
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
CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" varchar(20) NOT NULL,
	"removed" jsonb NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL,
	"heads" "bytea",
	"seq" integer NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "erasures_seq" UNIQUE("seq"),
	CONSTRAINT "erasures_scope" CHECK (scope in ('path', 'learner'))
);
--> statement-breakpoint
-- ---- The archive of old events --------------------------------------------------------------------------------------

-- No foreign key to the path: an erasure deletes the path before the objects in the bucket.
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
CREATE INDEX "idx_event_archives_path" ON "event_archives" USING btree ("path_id");
--> statement-breakpoint
CREATE INDEX "idx_event_archives_unsettled" ON "event_archives" USING btree ("started_at") WHERE state <> 'stored';
--> statement-breakpoint
CREATE TABLE "archived_tasks" (
	"task_id" uuid NOT NULL,
	"first_seq" integer NOT NULL,
	"last_seq" integer NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"last_hash" "bytea" NOT NULL,
	"archive_id" uuid NOT NULL,
	CONSTRAINT "archived_tasks_task_id_first_seq_pk" PRIMARY KEY("task_id","first_seq"),
	CONSTRAINT "archived_tasks_range" CHECK (first_seq >= 1 and last_seq >= first_seq),
	CONSTRAINT "archived_tasks_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action,
	CONSTRAINT "archived_tasks_archive_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."event_archives"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_archived_tasks_archive" ON "archived_tasks" USING btree ("archive_id");
--> statement-breakpoint
CREATE TABLE "archived_texts" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"archive_id" uuid NOT NULL,
	"personal" jsonb NOT NULL,
	CONSTRAINT "archived_texts_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action,
	CONSTRAINT "archived_texts_archive_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."event_archives"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_archived_texts_archive" ON "archived_texts" USING btree ("archive_id","task_id");
--> statement-breakpoint
CREATE INDEX "idx_archived_texts_task" ON "archived_texts" USING btree ("task_id");
--> statement-breakpoint
-- ---- What a learner has learned -------------------------------------------------------------------------------------

CREATE TABLE "mastery" (
	"user_id" varchar(255) NOT NULL,
	"topic" text NOT NULL,
	"rating" double precision NOT NULL,
	"n" integer NOT NULL,
	"reason" varchar(30) NOT NULL,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mastery_user_id_topic_pk" PRIMARY KEY("user_id","topic"),
	CONSTRAINT "mastery_rating" CHECK (rating between 0 and 3000),
	CONSTRAINT "mastery_n" CHECK (n >= 0),
	CONSTRAINT "mastery_reason" CHECK (reason in ('first-evidence', 'solved-harder', 'solved-expected', 'partly-above', 'partly-below', 'missed-expected', 'missed-easier', 'review-failed')),
	CONSTRAINT "mastery_versions" CHECK (rule_version >= 1 and version >= 1)
);
--> statement-breakpoint
CREATE TABLE "module_states" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"difficulty" integer NOT NULL,
	"successes" integer NOT NULL,
	"reason" varchar(30) NOT NULL,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "module_states_path_id_module_pk" PRIMARY KEY("path_id","module"),
	CONSTRAINT "module_states_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "module_states_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "module_states_successes" CHECK (successes between 0 and 1),
	CONSTRAINT "module_states_reason" CHECK (reason in ('start', 'stepped-up', 'stepped-down', 'held', 'at-top', 'at-bottom')),
	CONSTRAINT "module_states_versions" CHECK (rule_version >= 1 and version >= 1),
	CONSTRAINT "module_states_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE TABLE "review_queue" (
	"user_id" varchar(255) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"topic_tags" text[] DEFAULT '{}' NOT NULL,
	"difficulty" integer NOT NULL,
	"due_day" date NOT NULL,
	"state" jsonb NOT NULL,
	"task_id" uuid,
	"rule_version" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_queue_user_id_problem_id_pk" PRIMARY KEY("user_id","problem_id"),
	CONSTRAINT "review_queue_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "review_queue_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "review_queue_versions" CHECK (rule_version >= 1 and version >= 1),
	CONSTRAINT "review_queue_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action,
	CONSTRAINT "review_queue_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE set null ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_review_queue_due" ON "review_queue" USING btree ("due_day");
--> statement-breakpoint
CREATE INDEX "idx_review_queue_user_due" ON "review_queue" USING btree ("user_id","due_day","problem_id");
--> statement-breakpoint
CREATE INDEX "idx_review_queue_path" ON "review_queue" USING btree ("path_id");
--> statement-breakpoint
CREATE INDEX "idx_review_queue_task" ON "review_queue" USING btree ("task_id") WHERE task_id is not null;
--> statement-breakpoint
CREATE TABLE "review_log" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	"task_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"log" jsonb NOT NULL,
	"undone_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_log_seq" UNIQUE("user_id","problem_id","seq"),
	CONSTRAINT "review_log_seq_positive" CHECK (seq >= 1),
	CONSTRAINT "review_log_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE INDEX "idx_review_log_task" ON "review_log" USING btree ("task_id");
--> statement-breakpoint
-- ---- Sums for the progress of a path --------------------------------------------------------------------------------

CREATE TABLE "progress_counters" (
	"path_id" uuid NOT NULL,
	"scope" varchar(10) NOT NULL,
	"name" text NOT NULL,
	"tasks" integer NOT NULL,
	"scheduled" integer NOT NULL,
	"in_progress" integer NOT NULL,
	"completed" integer NOT NULL,
	"skipped" integer NOT NULL,
	"expired" integer NOT NULL,
	"judged" integer NOT NULL,
	"first_results" integer NOT NULL,
	"solved_first" integer NOT NULL,
	"solved" integer NOT NULL,
	"score_sum" numeric NOT NULL,
	"hints_used" bigint NOT NULL,
	"time_spent_seconds" bigint NOT NULL,
	"problems_tried" integer NOT NULL,
	"problems_solved" integer NOT NULL,
	CONSTRAINT "progress_counters_path_id_scope_name_pk" PRIMARY KEY("path_id","scope","name"),
	CONSTRAINT "progress_counters_scope" CHECK (scope in ('module', 'topic')),
	CONSTRAINT "progress_counters_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE TABLE "tried_problems" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	CONSTRAINT "tried_problems_path_id_module_problem_id_pk" PRIMARY KEY("path_id","module","problem_id"),
	CONSTRAINT "tried_problems_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE TABLE "solved_problems" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	CONSTRAINT "solved_problems_path_id_module_problem_id_pk" PRIMARY KEY("path_id","module","problem_id"),
	CONSTRAINT "solved_problems_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
);
--> statement-breakpoint
CREATE TABLE "practice_days" (
	"path_id" uuid NOT NULL,
	"day" date NOT NULL,
	"quarters" bit(288) NOT NULL,
	CONSTRAINT "practice_days_path_id_day_pk" PRIMARY KEY("path_id","day"),
	CONSTRAINT "practice_days_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action
);
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
    ('evaluate', array['problem', 'review'], array['scheduled', 'in_progress', 'completed'])
  ) x(command, kinds, statuses) cross join unnest(x.kinds) k(kind) cross join unnest(x.statuses) s(status);
--> statement-breakpoint
-- =====================================================================================================================
-- 3. Functions
-- =====================================================================================================================

-- ---- Days and search ------------------------------------------------------------------------------------------------

-- The day of an instant by the standard calendar: UTC, a day begins at four o'clock. For rows and events without a
-- stored day, which imports of older exports bring.
create function standard_day(at timestamptz) returns date language sql immutable parallel safe as $$
  select ((at at time zone 'UTC') - interval '4 hours')::date
$$;
--> statement-breakpoint
-- The day of the last review of a card.
create function last_day_of(state jsonb) returns date language sql stable parallel safe as $$
  select coalesce((state->>'day')::date, standard_day((state->>'last_review')::timestamptz))
$$;
--> statement-breakpoint
-- Text as search compares it; the same rule as `folded` in src/domain/tasks/search.ts. Nearly every id is ASCII and
-- takes the short way.
create function fold_search(t text) returns text language sql immutable parallel safe as $$
  select case when octet_length(t) = length(t) then lower(replace(t, '`', ''''))
  else normalize(
    replace(replace(replace(replace(translate(
      lower(regexp_replace(normalize(
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(t,
          '[\u2010-\u2015\u2043\u2212\u02D7\uFE31\uFE32\uFE58\uFE63\uFF0D]', '-', 'g'),
          '[`\u00B4\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE\u2018-\u201B\u2032\u2035\uA78C\uFF07\uFF40]', '''', 'g'),
          '[\u00AB\u00BB\u201C-\u201F\u2033\u2036\uFF02]', '"', 'g'),
          '[\u00AD\u200B-\u200F\u2060\uFEFF]', '', 'g'), NFKD),
        '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g')),
      'ıςøđðħł', 'iσoddhl'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC) end
$$;
--> statement-breakpoint
-- ---- Progress sums --------------------------------------------------------------------------------------------------

-- What a task adds to the sums. Equal parts are added once, with a weight. A change of any other column adds and
-- subtracts the same part and so touches no sum.
create type progress_part as (
  path_id uuid,
  module text,
  topic_tags text[],
  status text,
  score numeric,
  solved_first boolean,
  hints_used integer,
  time_spent_seconds integer,
  tried_problem text,
  practised_at timestamptz,
  practised_day date,
  first_result boolean
);
--> statement-breakpoint
-- A task that a change of the path's config has replaced counts nowhere: the learner neither saw nor skipped it.
create function is_replanned(status text, metadata jsonb) returns boolean language sql immutable parallel safe as $$
  select status = 'skipped' and metadata ? 'replanned'
$$;
--> statement-breakpoint
-- Lessons have no result; a lesson that was read counts as practice. A problem is tried by its first result and solved
-- by a score of 1. Only a result without `repeat` is a first attempt: retries and reviews are none.
create function progress_part_of(t study_tasks) returns progress_part language sql immutable as $$
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
-- Marks quarters of an hour in which a learner practised. Bits are only set, so that repeating a call changes nothing.
-- A day of any time zone lies between one day before its date in UTC and two days after it.
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
-- Adds parts with their weights. Every caller locks rows in one order: tried problems, solved problems, counters by
-- path, scope and name, then days. Two writers wait for each other but never deadlock.
create function add_progress(weights bigint[], parts progress_part[]) returns void language plpgsql as $$
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
-- Runs once per statement: a job that changes 500 tasks updates the sums once. It groups rows instead of joining old to
-- new ones, because a plan cached for one row must also suit 100,000.
create function count_task_changes() returns trigger language plpgsql as $$
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
    -- The sums of a deleted or erased path are deleted with the path.
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
-- The first run of an evaluation is practice of the learner; judging the same code again is not.
create function mark_submissions() returns trigger language plpgsql as $$
begin
  perform mark_practice(array_agg(t.path_id), array_agg(coalesce(e.day, standard_day(e.created_at))),
    array_agg(e.created_at))
  from added e join study_tasks t on t.id = e.task_id where e.run = 1;
  return null;
end $$;
--> statement-breakpoint
-- All sums of a path as one object with a key per row. Sums of zero tasks count as absent.
create function progress_snapshot(target uuid) returns jsonb language sql stable as $$
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
-- Makes the sums of a path again from tasks and evaluations; returns how many rows differed before. It locks the path
-- and all its tasks first, so that none of them changes while they are summed up.
create function rebuild_progress(target uuid) returns integer language plpgsql as $$
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
-- ---- Canonical text of events ---------------------------------------------------------------------------------------

-- An instant as the API writes it.
create function iso_instant(at timestamptz) returns text language sql stable strict as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint
-- A sort key: compared as bytes it orders text by UTF-16 code units, where characters above U+FFFF come before U+E000
-- to U+FFFF. Not strict, because the planner inlines only functions that are not.
create function utf16_order(t text) returns text language sql immutable parallel safe as $$
  select case when octet_length(t) = length(t) then t else regexp_replace(
    replace(t, U&'\+10FFFF', U&'\+10FFFF\0001'), U&'([\E000-\FFFF])', U&'\+10FFFF' || '\1', 'g') end
$$;
--> statement-breakpoint
-- A number as ECMAScript writes it, so that the text equals what JSON.stringify wrote. A number with more digits than a
-- double holds is refused: programs that replay the log read doubles.
create function canonical_number(n numeric) returns text language plpgsql immutable strict parallel safe as $$
declare
  whole text := split_part(trim_scale(abs(n))::text, '.', 1);
  fraction text := split_part(trim_scale(abs(n))::text, '.', 2);
  digits text := rtrim(ltrim(whole || fraction, '0'), '0');
  count integer := length(digits);
  -- How many digits are before the decimal point.
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
-- JSON in the canonical form of RFC 8785 (JSON Canonicalization Scheme).
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
-- SHA-256 of the UTF-8 text.
create function sha256_of(t text) returns bytea language sql immutable strict parallel safe as $$
  select sha256(convert_to(t, 'UTF8'))
$$;
--> statement-breakpoint
-- The text of an event that is hashed together with the previous hash: canonical JSON with `stream`, the kind and id of
-- what the event is about. The keys are written in canonical order.
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
-- The payload as the API shows it: with the text that a person typed, unless that has been erased.
create function event_payload(event_type text, payload jsonb, personal jsonb) returns jsonb
language sql immutable parallel safe as $$
  select case when payload ? 'personal_sha256' then payload - 'personal_sha256' || coalesce(personal - 'salt',
    case event_type when 'status_changed' then '{"reason": null}'::jsonb else '{"metadata": {}}'::jsonb end)
  else payload end
$$;
--> statement-breakpoint
-- The text of an erasure that is hashed together with the previous hash.
create function tombstone_text(seq integer, id uuid, scope text, removed jsonb, heads bytea, erased_at timestamptz)
returns text language sql stable as $$
  select canonical_json(jsonb_build_object('seq', seq, 'id', id, 'scope', scope, 'removed', removed,
    'heads', encode(heads, 'hex'), 'erased_at', iso_instant(erased_at)))
$$;
--> statement-breakpoint
-- ---- Chains of events -----------------------------------------------------------------------------------------------

-- Links an event to the previous one, which may be in the same statement, or archived: then the task has its hash. Text
-- that a person typed moves to `personal` with a salt, and only the digest of both is hashed, so that the text can be
-- erased.
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
-- Stores the newest event in the task's row. The number of the newest event is the task's version; an event with a
-- higher number is refused.
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
-- Refuses to commit a task that changed without an event. Only the owner may repair a row by hand; `log:verify` then
-- reports the difference.
create function require_task_head() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from study_tasks t where t.id = new.id and t.version <> t.log_seq)
    and current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
    raise exception 'task % has changed without an event', new.id using errcode = '23514';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Numbers and links an event of a path or a learner. Their writers know no number, so one lock per stream orders them.
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
-- Numbers and links the record of an erasure.
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
-- ---- Guards of the log ----------------------------------------------------------------------------------------------

-- Refuses to change or delete events, except in functions that run as the owner and allow it for themselves. They set
-- the variable with set_config: a `set` clause of a function needs a superuser for a custom variable.
create function refuse_log_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' or coalesce(current_setting('study_paths.log_change', true), '') <> 'allowed'
    or current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
    raise exception 'the log is append-only: no % of %', lower(tg_op), tg_table_name using errcode = '42501';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Where a change of an event is allowed, only typed text may change: everything that was hashed stays.
create function refuse_history_change() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'personal' <> to_jsonb(old) - 'personal' then
    raise exception 'the log is append-only: event % has happened', old.id using errcode = '42501';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- ---- Erasure --------------------------------------------------------------------------------------------------------

-- Deletes up to `most` tasks of erased paths with everything that belongs to them, and empty paths; true when more may
-- be left. It locks the tasks first: a submission that is still running adds an event to its task when it ends.
create function remove_erased(path_ids uuid[], most integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  picked uuid[];
  before text := coalesce(current_setting('study_paths.log_change', true), '');
  more boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('remove_erased', 5071965));
  perform set_config('study_paths.log_change', 'allowed', true);
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
  perform set_config('study_paths.log_change', before, true);
  return more;
end $$;
--> statement-breakpoint
-- Deletes the events of a learner; returns how many.
create function remove_learner_events(learner text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  removed integer;
  before text := coalesce(current_setting('study_paths.log_change', true), '');
begin
  perform set_config('study_paths.log_change', 'allowed', true);
  delete from learner_events where user_id = learner;
  get diagnostics removed = row_count;
  perform set_config('study_paths.log_change', before, true);
  return removed;
end $$;
--> statement-breakpoint
-- The mastery of a learner at this moment. Being volatile, it also sees rows that other transactions committed after the
-- calling statement began: the event that records what remains known must hold them.
create function mastery_now(learner text) returns jsonb language plpgsql volatile set search_path = public, pg_temp as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('topic', m.topic, 'rating', m.rating, 'n', m.n, 'reason', m.reason,
      'rule_version', m.rule_version, 'version', m.version, 'updated_at', iso_instant(m.updated_at)) order by m.topic), '[]')
    from mastery m where m.user_id = learner);
end $$;
--> statement-breakpoint
-- ---- Archive --------------------------------------------------------------------------------------------------------

-- The chains that a manifest lists, with hashes as bytes.
create function manifest_chains(chains jsonb)
returns table (task_id uuid, first_seq integer, last_seq integer, prev_hash bytea, last_hash bytea)
language sql immutable strict parallel safe as $$
  select x.task_id, x.first_seq, x.last_seq, decode(x.prev_hash, 'hex'), decode(x.last_hash, 'hex')
  from jsonb_to_recordset(chains) as x(task_id uuid, first_seq integer, last_seq integer, prev_hash text, last_hash text)
$$;
--> statement-breakpoint
-- Stores the manifest of an object and deletes the events in it, or does neither and returns false: for events that are
-- not, with these hashes, the oldest of their task, for an erased path and for an abandoned attempt. One call per path
-- at a time; a repeated call returns true.
create function archive_events(archive uuid, object_sha256 text, object_bytes integer, object_events integer, chains jsonb)
returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  attempt event_archives;
  removed integer;
  before text := coalesce(current_setting('study_paths.log_change', true), '');
begin
  select * into attempt from event_archives a where a.id = archive for update;
  if attempt.state = 'stored' then return true; end if;
  if attempt.state is distinct from 'writing' then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('archive:' || attempt.path_id, 5071965));
  -- Until the end, no one writes to these tasks or erases text in them.
  perform from study_tasks t where t.id in (select c.task_id from manifest_chains(chains) c) order by t.id for update;
  -- An erasure of the path waits for this transaction, or has finished and is seen here.
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
  perform set_config('study_paths.log_change', 'allowed', true);
  delete from task_events e using manifest_chains(chains) c
  where e.task_id = c.task_id and e.seq between c.first_seq and c.last_seq;
  get diagnostics removed = row_count;
  perform set_config('study_paths.log_change', before, true);
  if removed <> object_events then raise exception 'archived % events, removed %', object_events, removed; end if;
  update event_archives a set state = 'stored', sha256 = object_sha256, bytes = object_bytes, events = object_events
  where a.id = archive;
  return true;
end $$;
--> statement-breakpoint
-- Abandons an attempt to write an object, unless the archive has it; true when the object is to be deleted.
create function abandon_archive(archive uuid) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  update event_archives a set state = 'dropping' where a.id = archive and a.state = 'writing';
  select not exists (select from event_archives a where a.id = archive and a.state = 'stored');
$$;
--> statement-breakpoint
-- Objects to delete from the bucket: of erased or deleted paths, and of attempts that began before `abandoned_before`.
-- From now on they cannot become part of the archive; each call returns them until forget_archives.
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
-- Forgets objects that were deleted from the bucket, but none that the archive has; returns how many.
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
-- ---- Import ---------------------------------------------------------------------------------------------------------

-- A digest of what a learner has learned and of the paths it belongs to: it changes when any of these rows does.
create function learning_seen(learner text) returns text language sql volatile set search_path = public, pg_temp as $$
  select encode(sha256_of(concat_ws(' ',
    (select string_agg(p.id::text, ',' order by p.id) from study_paths p where p.user_id = learner),
    (select string_agg(m.topic || ':' || m.version, ',' order by m.topic) from mastery m where m.user_id = learner),
    (select string_agg(s.path_id || ':' || s.module || ':' || s.version, ',' order by s.path_id, s.module)
     from module_states s join study_paths p on p.id = s.path_id where p.user_id = learner),
    (select string_agg(q.problem_id || ':' || q.version, ',' order by q.problem_id)
     from review_queue q where q.user_id = learner),
    (select count(*) || ':' || count(l.undone_at) from review_log l where l.user_id = learner),
    (select count(*) from learner_events e where e.user_id = learner))), 'hex')
$$;
--> statement-breakpoint
-- Locks what a learner has learned until the transaction ends, in the order in which results lock it. Fails when it has
-- changed since `seen`.
create function hold_learner(learner text, seen text) returns void language plpgsql
set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('import:' || learner, 5071965));
  perform from study_paths where user_id = learner order by id for no key update;
  perform from mastery where user_id = learner order by topic for update;
  perform from module_states s join study_paths p on p.id = s.path_id where p.user_id = learner
    order by s.path_id, s.module for update of s;
  perform from review_queue where user_id = learner order by problem_id for update;
  if learning_seen(learner) <> seen then
    raise exception 'the learner has gone on meanwhile' using errcode = '40001';
  end if;
end $$;
--> statement-breakpoint
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
-- =====================================================================================================================
-- 4. Triggers
-- =====================================================================================================================

-- ---- Progress sums --------------------------------------------------------------------------------------------------

-- The sums change in the transaction of the change, whichever program makes it.
create trigger study_tasks_progress_insert after insert on study_tasks
  referencing new table as added for each statement execute function count_task_changes();
--> statement-breakpoint
-- Not for an update from another trigger: when the log stores its newest event in the task, no sum changes.
create trigger study_tasks_progress_update after update on study_tasks
  referencing old table as removed new table as added for each statement when (pg_trigger_depth() = 0)
  execute function count_task_changes();
--> statement-breakpoint
create trigger study_tasks_progress_delete after delete on study_tasks
  referencing old table as removed for each statement execute function count_task_changes();
--> statement-breakpoint
create trigger task_evaluations_practice after insert on task_evaluations
  referencing new table as added for each statement execute function mark_submissions();
--> statement-breakpoint
-- ---- Chains of events -----------------------------------------------------------------------------------------------

-- Each new event is numbered and hashed by the database, not by the program that writes it.
create trigger task_events_chain before insert on task_events for each row execute function chain_task_event();
--> statement-breakpoint
create trigger path_events_chain before insert on path_events for each row execute function chain_stream_event();
--> statement-breakpoint
create trigger learner_events_chain before insert on learner_events for each row execute function chain_stream_event();
--> statement-breakpoint
create trigger erasures_chain before insert on erasures for each row execute function chain_erasure();
--> statement-breakpoint
-- After the insert: a row that `on conflict` drops must not become the newest event.
create trigger task_events_heads after insert on task_events for each row execute function note_task_head();
--> statement-breakpoint
-- At commit, because a statement may write the task before its event.
create constraint trigger study_tasks_logged after insert or update of version on study_tasks
  deferrable initially deferred for each row when (new.version <> new.log_seq) execute function require_task_head();
--> statement-breakpoint
-- ---- Guards of the log ----------------------------------------------------------------------------------------------

-- Per statement, so that a statement that matches no row is refused as well.
create trigger task_events_append_only before update or delete on task_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger path_events_append_only before update or delete on path_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger learner_events_append_only before update or delete on learner_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger erasures_append_only before update or delete on erasures
  for each statement execute function refuse_log_change();
--> statement-breakpoint
-- No one needs to empty a log: truncate is always refused.
create trigger task_events_no_truncate before truncate on task_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger path_events_no_truncate before truncate on path_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger learner_events_no_truncate before truncate on learner_events
  for each statement execute function refuse_log_change();
--> statement-breakpoint
create trigger erasures_no_truncate before truncate on erasures
  for each statement execute function refuse_log_change();
--> statement-breakpoint
-- Erasing typed text is the one allowed update. Records of erasures hold no such text.
create trigger task_events_history before update on task_events for each row execute function refuse_history_change();
--> statement-breakpoint
create trigger path_events_history before update on path_events for each row execute function refuse_history_change();
--> statement-breakpoint
create trigger learner_events_history before update on learner_events
  for each row execute function refuse_history_change();
--> statement-breakpoint
-- These triggers also fire in a session with session_replication_role = replica, which switches ordinary triggers off.
alter table study_tasks
  enable always trigger study_tasks_logged;
--> statement-breakpoint
alter table task_events
  enable always trigger task_events_chain,
  enable always trigger task_events_heads,
  enable always trigger task_events_append_only,
  enable always trigger task_events_no_truncate,
  enable always trigger task_events_history;
--> statement-breakpoint
alter table path_events
  enable always trigger path_events_chain,
  enable always trigger path_events_append_only,
  enable always trigger path_events_no_truncate,
  enable always trigger path_events_history;
--> statement-breakpoint
alter table learner_events
  enable always trigger learner_events_chain,
  enable always trigger learner_events_append_only,
  enable always trigger learner_events_no_truncate,
  enable always trigger learner_events_history;
--> statement-breakpoint
alter table erasures
  enable always trigger erasures_chain,
  enable always trigger erasures_append_only,
  enable always trigger erasures_no_truncate;
--> statement-breakpoint
-- =====================================================================================================================
-- 5. Grants
-- =====================================================================================================================

-- Functions that run with the rights of the owner are not for everyone, as functions are by default.
revoke execute on function note_task_head(), remove_erased(uuid[], integer), remove_learner_events(text),
  archive_events(uuid, text, integer, integer, jsonb), abandon_archive(uuid),
  take_dropped_archives(uuid[], timestamptz, integer), forget_archives(uuid[]) from public;
--> statement-breakpoint
-- The Worker calls them; note_task_head is for its trigger alone.
grant execute on function remove_erased(uuid[], integer), remove_learner_events(text),
  archive_events(uuid, text, integer, integer, jsonb), abandon_archive(uuid),
  take_dropped_archives(uuid[], timestamptz, integer), forget_archives(uuid[]) to study_paths_worker;
--> statement-breakpoint
-- Needed where an administrator has revoked it from everyone.
grant usage on schema public to study_paths_worker;
--> statement-breakpoint
-- The default of `position` draws from it.
grant usage on sequence log_positions to study_paths_worker;
--> statement-breakpoint
-- The Worker reads every table.
grant select on study_paths, study_tasks, task_evaluations, task_transcripts, idempotency_keys, import_parts,
  task_events, path_events, learner_events, erasures, event_archives, archived_tasks, archived_texts, mastery, module_states,
  review_queue, review_log, progress_counters, tried_problems, solved_problems, practice_days, task_transitions to study_paths_worker;
--> statement-breakpoint
-- It changes what is made from the log or is stored for a while.
grant insert, update, delete on task_evaluations, idempotency_keys, mastery, module_states, review_queue, review_log,
  progress_counters, tried_problems, solved_problems, practice_days to study_paths_worker;
--> statement-breakpoint
-- The parts of an import are written once and then deleted.
grant insert, delete on import_parts to study_paths_worker;
--> statement-breakpoint
-- Only remove_erased deletes a path.
grant insert, update on study_paths to study_paths_worker;
--> statement-breakpoint
-- Only the owner encrypts transcripts again, when keys change.
grant insert on task_transcripts to study_paths_worker;
--> statement-breakpoint
-- All columns of a task but `log_seq` and `log_hash`, which the log alone sets. Only remove_erased deletes a task.
grant insert (id, path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at, completed_at,
    completed_day, expires_at, status, score, time_spent_seconds, hints_used, attempts, pending_evaluations, version,
    metadata, created_at),
  update (path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, started_at, completed_at,
    completed_day, expires_at, status, score, time_spent_seconds, hints_used, attempts, pending_evaluations, version,
    metadata)
  on study_tasks to study_paths_worker;
--> statement-breakpoint
-- Events are only added. Numbers that the database counts, and hashes, are columns that the Worker cannot write.
grant insert (id, task_id, seq, event_type, schema_version, payload, actor, request_id, occurred_at, created_at)
  on task_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, path_id, event_type, schema_version, payload, actor, request_id, occurred_at, created_at)
  on path_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, user_id, event_type, schema_version, payload, actor, request_id, occurred_at, created_at)
  on learner_events to study_paths_worker;
--> statement-breakpoint
grant insert (id, scope, removed, erased_at, heads) on erasures to study_paths_worker;
--> statement-breakpoint
-- An object is noted before it is written; its state changes only through the functions of the archive.
grant insert (id, path_id, month, object_key, started_at) on event_archives to study_paths_worker;
