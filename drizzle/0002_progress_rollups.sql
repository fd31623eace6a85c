CREATE TABLE "completed_problems" (
	"path_id" uuid NOT NULL,
	"module" varchar(50) NOT NULL,
	"problem_id" varchar(100) NOT NULL,
	CONSTRAINT "completed_problems_path_id_module_problem_id_pk" PRIMARY KEY("path_id","module","problem_id")
);
--> statement-breakpoint
CREATE TABLE "practice_months" (
	"path_id" uuid NOT NULL,
	"month" date NOT NULL,
	"slots" bit(2976) NOT NULL,
	CONSTRAINT "practice_months_path_id_month_pk" PRIMARY KEY("path_id","month")
);
--> statement-breakpoint
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
	"solved_first" integer NOT NULL,
	"solved" integer NOT NULL,
	"score_sum" numeric NOT NULL,
	"hints_used" bigint NOT NULL,
	"time_spent_seconds" bigint NOT NULL,
	"problems_completed" integer NOT NULL,
	CONSTRAINT "progress_counters_path_id_scope_name_pk" PRIMARY KEY("path_id","scope","name"),
	CONSTRAINT "progress_counters_scope" CHECK (scope in ('module', 'topic'))
);
--> statement-breakpoint
ALTER TABLE "completed_problems" ADD CONSTRAINT "completed_problems_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_months" ADD CONSTRAINT "practice_months_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "progress_counters" ADD CONSTRAINT "progress_counters_path_fk" FOREIGN KEY ("path_id") REFERENCES "public"."study_paths"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_study_tasks_reviews" ON "study_tasks" USING btree ("path_id","scheduled_at") WHERE status = 'scheduled' and kind = 'review';