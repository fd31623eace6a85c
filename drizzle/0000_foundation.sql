CREATE TABLE "idempotency_keys" (
	"user_id" varchar(255) NOT NULL,
	"key" varchar(255) NOT NULL,
	"fingerprint" varchar(64) NOT NULL,
	"seed" uuid NOT NULL,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"response_status" smallint,
	"response_body" text,
	"response_headers" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "study_paths" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"track_id" varchar(100) DEFAULT 'coding-interview-meta' NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
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
	CONSTRAINT "study_tasks_kind" CHECK (kind in ('problem', 'review', 'lesson')),
	CONSTRAINT "study_tasks_module" CHECK (module in ('introduction', 'arrays-strings', 'hashing', 'linked-lists', 'stacks-queues', 'trees-graphs', 'sorting-searching', 'heaps', 'greedy', 'dynamic-programming', 'recursion-backtracking', 'bit-manipulation', 'math-geometry', 'design')),
	CONSTRAINT "study_tasks_status" CHECK (status in ('scheduled', 'in_progress', 'completed', 'skipped', 'expired')),
	CONSTRAINT "study_tasks_difficulty" CHECK (difficulty between 1 and 5),
	CONSTRAINT "study_tasks_score" CHECK (score between 0 and 1),
	CONSTRAINT "study_tasks_counters" CHECK (hints_used >= 0 and attempts >= 0 and pending_evaluations >= 0),
	CONSTRAINT "study_tasks_version" CHECK (version >= 1),
	CONSTRAINT "study_tasks_time_spent" CHECK (time_spent_seconds >= 0),
	CONSTRAINT "study_tasks_started" CHECK (status <> 'in_progress' or started_at is not null),
	CONSTRAINT "study_tasks_completed" CHECK ((status = 'completed') = (completed_at is not null))
);
--> statement-breakpoint
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
	"error_message" text,
	"tests" jsonb,
	"content_hash" varchar(64),
	"tests_hash" varchar(64),
	"engine" varchar(100),
	"time_spent_seconds" integer,
	"redrives" integer DEFAULT 0 NOT NULL,
	"next_redrive_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"evaluated_at" timestamp (3) with time zone,
	CONSTRAINT "task_evaluations_run" UNIQUE("submission_id","run"),
	CONSTRAINT "task_evaluations_language" CHECK (language in ('python', 'javascript')),
	CONSTRAINT "task_evaluations_status" CHECK (status in ('pending', 'evaluated', 'failed')),
	CONSTRAINT "task_evaluations_verdict" CHECK (verdict in ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')),
	CONSTRAINT "task_evaluations_settled" CHECK ((status = 'pending') = (verdict is null)),
	CONSTRAINT "task_evaluations_passed" CHECK (test_cases_passed between 0 and test_cases_total),
	CONSTRAINT "task_evaluations_score" CHECK (score between 0 and 1),
	CONSTRAINT "task_evaluations_order" CHECK (attempt >= 1 and run >= 1 and redrives >= 0)
);
--> statement-breakpoint
CREATE TABLE "task_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"task_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"event_type" varchar(40) NOT NULL,
	"schema_version" smallint DEFAULT 1 NOT NULL,
	"payload" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"request_id" varchar(100),
	"sealed" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_events_seq" UNIQUE("task_id","seq"),
	CONSTRAINT "task_events_seq_positive" CHECK (seq >= 1)
);
--> statement-breakpoint
ALTER TABLE "study_tasks" ADD CONSTRAINT "study_tasks_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_evaluations" ADD CONSTRAINT "task_evaluations_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_task_fk" FOREIGN KEY ("task_id") REFERENCES "public"."study_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_study_paths_user" ON "study_paths" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_schedule" ON "study_tasks" USING btree ("path_id","scheduled_at","id");--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_module" ON "study_tasks" USING btree ("path_id","module","status","scheduled_at","id");--> statement-breakpoint
CREATE INDEX "idx_study_tasks_path_status" ON "study_tasks" USING btree ("path_id","status","scheduled_at","id");--> statement-breakpoint
CREATE INDEX "idx_study_tasks_problem" ON "study_tasks" USING btree ("problem_id");--> statement-breakpoint
CREATE INDEX "idx_study_tasks_expiry" ON "study_tasks" USING btree ("expires_at") WHERE status in ('scheduled', 'in_progress') and pending_evaluations = 0;--> statement-breakpoint
CREATE INDEX "idx_task_evaluations_task" ON "task_evaluations" USING btree ("task_id","created_at");--> statement-breakpoint
CREATE INDEX "idx_task_evaluations_pending" ON "task_evaluations" USING btree ("next_redrive_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "idx_task_events_task" ON "task_events" USING btree ("task_id","created_at");